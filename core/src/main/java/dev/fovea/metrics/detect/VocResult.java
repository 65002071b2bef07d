package dev.fovea.metrics.detect;

import java.util.List;

/**
 * VOC's average precisions, 0 to 1.
 *
 * @param elevenPoint mean over the classes with something to find, as in 2007; NaN where there is none
 * @param area the same, as from 2010 on
 * @param perClass in their order
 */
public record VocResult(double elevenPoint, double area, List<PerClass> perClass) {

    /**
     * One class; NaN where none of it is true.
     *
     * @param elevenPoint the mean of the highest precisions at recalls of at least 0, 0.1, ..., 1
     * @param area below the curve of the highest precision at each recall and beyond
     * @param support true objects that are not ignored
     */
    public record PerClass(String name, double elevenPoint, double area, long support) {}

    public VocResult {
        perClass = List.copyOf(perClass);
    }
}
