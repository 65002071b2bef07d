package dev.fovea.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The loss or a weight became NaN or infinite; the message names epoch and rate, step or weight, and where the batch was
 * saved.
 */
public final class DivergedException extends RuntimeException {

    private final String reason;
    private final List<Path> batch;

    private DivergedException(String reason, List<Path> batch, String more) {
        super(reason + more);
        this.reason = reason;
        this.batch = batch;
    }

    /** @param rate base rate of the step */
    private static String reason(String what, double rate) {
        return String.format(
                Locale.ROOT,
                "training diverged: %s, with lr=%.4g. Lower optimizer.lr, or set update.gradientClip to 1.0",
                what,
                rate);
    }

    /** The loss of a batch is not finite. */
    static DivergedException ofLoss(int epoch, int step, double lr, double loss) {
        return new DivergedException(
                reason(
                        "loss=%s at epoch %s, step %s"
                                .formatted(Double.isNaN(loss) ? "NaN" : Double.toString(loss), epoch, step),
                        lr),
                List.of(),
                "");
    }

    /** A weight or statistic is not finite after an epoch whose losses were. */
    static DivergedException ofWeight(int epoch, String name, double lr) {
        return new DivergedException(
                reason("'%s' has values that are not finite after epoch %s".formatted(name, epoch), lr), List.of(), "");
    }

    /** The same, with the file in which its batch was saved. */
    DivergedException withBatch(Path file) {
        return new DivergedException(reason, List.of(file), ". The batch is in " + file);
    }

    /** The same, when its batch could not be saved. */
    DivergedException withoutBatch(String why) {
        return new DivergedException(reason, List.of(), ". The batch could not be saved (" + why + ")");
    }

    /** Where the batch was saved, images and labels by these names; nothing where there is none. */
    public Optional<Path> batch() {
        return batch.stream().findFirst();
    }

    /** The same, its batch moved to where it outlives the folder of its run: the folder for temporary files. */
    public DivergedException withBatchOutside() {
        if (batch.isEmpty()) {
            return this;
        }
        try {
            Path file = Files.createTempFile("fovea-diverged-batch-", ".safetensors");
            return withBatch(Files.move(batch.get(0), file, StandardCopyOption.REPLACE_EXISTING));
        } catch (IOException | UncheckedIOException e) {
            return withoutBatch(e.getMessage());
        }
    }
}
