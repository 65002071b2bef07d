package dev.fovea.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a validation gives.
 *
 * @param metrics by name
 * @param mistakes the worst of them, worst first; none of most tasks
 */
public record Validation(Map<String, Double> metrics, List<Mistake> mistakes) {

    /** Without images to validate on. */
    static final Validation NONE = new Validation(Map.of(), List.of());

    /**
     * An image whose answer is wrong.
     *
     * @param index in the validation part
     * @param truth its class
     * @param predicted the class it is taken for
     * @param probability of the predicted class, 0 to 1, before any calibration
     */
    public record Mistake(int index, String truth, String predicted, double probability) {}

    public Validation {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        mistakes = List.copyOf(mistakes);
    }
}
