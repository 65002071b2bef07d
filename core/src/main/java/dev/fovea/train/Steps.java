package dev.fovea.train;

import dev.fovea.data.DataException;
import dev.fovea.data.Loader;
import java.util.stream.IntStream;

/**
 * How the batches of an epoch make updates.
 *
 * @param accumulate batches of an update; the last of an epoch may have fewer
 */
record Steps(Loader train, int accumulate) {

    /** Updates of an epoch. */
    int perEpoch() {
        return of(train.batches());
    }

    /** Updates that so many batches make, the last of them perhaps from fewer batches. */
    int of(int batches) {
        return (batches + accumulate - 1) / accumulate;
    }

    /** Whether the next batch, after {@code done}, completes those of an update. */
    boolean updatesAfter(int done) {
        return (done + 1) % accumulate == 0 || done + 1 == train.batches();
    }

    /** The share that {@code images} of the next batch, after {@code done}, are of all images of its update. */
    double share(int images, int done) {
        int first = done - done % accumulate;
        int end = Math.min(train.batches(), first + accumulate);
        return images / (double) IntStream.range(first, end).map(train::size).sum();
    }

    /**
     * The steps behind a resumed run must be those that this data makes.
     *
     * @throws DataException if they are not
     */
    void check(Progress progress, RunFolder folder) {
        long made = progress.step() - progress.batches() / accumulate;
        long epochs = progress.epoch() - 1;
        if (made != epochs * perEpoch()) {
            throw new DataException(
                    "%s: was trained with %s steps an epoch, this data makes %s. Resume it with the same data"
                            .formatted(folder.path(), epochs == 0 ? made : made / epochs, perEpoch()));
        }
    }
}
