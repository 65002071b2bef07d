package dev.fovea.metrics.detect;

import java.util.List;

/**
 * A confusion matrix with background.
 *
 * @param names the classes, then background
 * @param counts objects: a row for each name that is true and in it a column for each that was found; the last row has what
 *     was found where nothing is, the last column what was missed
 * @param confidence least score of the detections that were counted, 0 to 1
 */
public record DetectionConfusionResult(List<String> names, List<List<Long>> counts, double confidence) {

    public DetectionConfusionResult {
        names = List.copyOf(names);
        counts = counts.stream().map(List::copyOf).toList();
    }
}
