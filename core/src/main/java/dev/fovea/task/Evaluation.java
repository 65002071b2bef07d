package dev.fovea.task;

import dev.fovea.metrics.ClassificationResult;
import java.util.List;

/**
 * How good a classifier is on labelled pictures.
 *
 * @param result all metrics, the confusion matrix among them
 * @param mistakes wrong answers, the most confident first, at most 64
 */
public record Evaluation(ClassificationResult result, List<Mistake> mistakes) {

    /**
     * A picture taken for something else.
     *
     * @param index of the picture in the data
     * @param truth its class
     * @param predicted the class it was taken for
     * @param probability of the predicted class, 0 to 1
     */
    public record Mistake(int index, String truth, String predicted, double probability) {}

    public Evaluation {
        mistakes = List.copyOf(mistakes);
    }
}
