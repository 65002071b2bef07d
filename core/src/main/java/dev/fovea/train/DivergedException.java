package dev.fovea.train;

/** The loss became NaN or infinite; the message names epoch, step and rate, and where the batch was saved. */
public final class DivergedException extends RuntimeException {

    DivergedException(int epoch, int step, double lr, double loss, String batch) {
        super(("training diverged: loss=%s at epoch %d, step %d, with lr=%.4g. Lower optimizer.lr, or set "
                        + "update.clip to 1.0%s")
                .formatted(Double.isNaN(loss) ? "NaN" : Double.toString(loss), epoch, step, lr, batch));
    }
}
