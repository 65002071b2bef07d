package dev.fovea.cli;

import dev.fovea.io.Download;

/** Says once a second how far a download is. */
final class Fetching implements Download.Progress {

    private static final long EVERY = 1_000_000_000L;

    private final Output output;
    private long said;

    Fetching(Output output) {
        this.output = output;
    }

    @Override
    public void at(String file, long done, long total) {
        if (System.nanoTime() - said > EVERY || done == total) {
            said = System.nanoTime();
            output.say("%s  %,d of %,d kB", file, done / 1000, Math.max(done, total) / 1000);
        }
    }
}
