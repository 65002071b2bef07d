package dev.fovea.task.restore;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.train.Task;
import java.util.List;

/**
 * Restores a degraded image.
 *
 * @param degradation its kind
 * @param low least amount, in the unit of its kind
 * @param high most; each image's own amount lies evenly between
 */
@JsonTypeName(Restoration.WORD)
public record Restoration(DegradationType degradation, double low, double high) implements Task {

    static final String WORD = "restoration";

    public Restoration {
        degradation.check(low, high);
    }

    /** With the amounts that are usual for this degradation. */
    public static Restoration of(DegradationType degradation) {
        return new Restoration(degradation, degradation.low, degradation.high);
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public List<String> losses() {
        return Task.VALUES;
    }
}
