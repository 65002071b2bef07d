package dev.fovea.run;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.RegularFile;
import dev.fovea.train.RunFolder;
import dev.fovea.train.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What is asked of a run through its folder, also from another process: to wait, to go on, to stop. The run looks for it between
 * its steps.
 */
public final class RunControl implements BooleanSupplier {

    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final String PAUSE = "pause";
    private static final String STOP = "stop";

    private final RunFolder folder;
    private final BooleanSupplier stop;
    private final Consumer<Boolean> tell;
    private long looked = System.nanoTime();
    private boolean stopped;

    /**
     * Begins with nothing asked.
     *
     * @param stop asked as well, also during a pause
     * @param tell told when the run begins to wait, and when it goes on
     */
    RunControl(RunFolder folder, BooleanSupplier stop, Consumer<Boolean> tell) {
        this.folder = folder;
        this.stop = stop;
        this.tell = tell;
        AtomicFile.delete(folder.control());
    }

    /**
     * Has a run wait after the step under way; it keeps its memory.
     *
     * @throws IllegalArgumentException if it is not being trained
     */
    public static void pause(Path run) {
        AtomicFile.write(trained(run).control(), PAUSE);
    }

    /**
     * Has a run that waits go on.
     *
     * @throws IllegalArgumentException if it is not being trained
     */
    public static void goOn(Path run) {
        AtomicFile.delete(trained(run).control());
    }

    /**
     * Has a run stop after the step under way, as an interruption of its process does: it can be resumed.
     *
     * @throws IllegalArgumentException if it is not being trained
     */
    public static void stop(Path run) {
        AtomicFile.write(trained(run).control(), STOP);
    }

    /** What somebody asked of a run and it has not done yet, or goes on doing: {@code pause}, {@code stop}, or nothing. */
    public static String asked(Path run) {
        return wish(new RunFolder(run));
    }

    private static RunFolder trained(Path run) {
        var folder = new RunFolder(run);
        if (!RunLock.isHeld(folder)) {
            throw new IllegalArgumentException(run + ": is not being trained now. Resume it first");
        }
        return folder;
    }

    /** Whether the run is to stop; waits as long as it is to pause. */
    @Override
    public boolean getAsBoolean() {
        long now = System.nanoTime();
        if (now - looked > BETWEEN_LOOKS) {
            looked = now;
            look();
        }
        return stopped || stop.getAsBoolean();
    }

    private void look() {
        String wish = wish(folder);
        if (wish.equals(PAUSE)) {
            tell.accept(true);
            while (wish.equals(PAUSE) && !stop.getAsBoolean()) {
                LockSupport.parkNanos(BETWEEN_LOOKS);
                wish = wish(folder);
            }
            tell.accept(false);
        }
        stopped |= wish.equals(STOP);
    }

    private static String wish(RunFolder folder) {
        try {
            return Files.exists(folder.control())
                    ? RegularFile.text(folder.control()).strip()
                    : "";
        } catch (IOException e) {
            return ""; // it is being taken away
        }
    }
}
