package dev.fovea.train;

/**
 * The epoch whose weights the model of a run has, and why.
 *
 * @param epoch from 1; 0 where nothing was trained epoch by epoch
 * @param reason such as {@code the best by validation accuracy (0.9167)}
 */
public record SelectedEpoch(int epoch, String reason) {

    /** Of a run that has no epochs. */
    public static final SelectedEpoch NONE = new SelectedEpoch(0, "");

    /**
     * In one line, such as {@code epoch 7, the best by validation accuracy (0.9167)}; empty where there are no epochs.
     */
    public String words() {
        return epoch == 0 ? "" : "epoch %s, %s".formatted(epoch, reason);
    }
}
