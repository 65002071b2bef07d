package dev.fovea.task.classify;

import dev.fovea.metrics.Separation;
import java.util.List;

/**
 * How well a classifier tells images like those of its training from others.
 *
 * @param auroc probability that one of the others is farther from the training images than one that is like them, 0 to 1
 * @param fprAt95 share of the others that are accepted by the threshold that accepts 95 % of those like the training images
 * @param rejectedKnown share of the images like the training images that the threshold of the package rejects
 * @param rejectedOthers share of the others that it rejects
 */
public record Rejection(double auroc, double fprAt95, double rejectedKnown, double rejectedOthers) {

    static Rejection of(OutOfDistribution outOfDistribution, List<float[]> known, List<float[]> others) {
        float[] near = outOfDistribution.distances(known);
        float[] far = outOfDistribution.distances(others);
        var separation = Separation.of(near, far);
        return new Rejection(
                separation.auroc(),
                separation.fprAt95(),
                rejected(near, outOfDistribution.threshold()),
                rejected(far, outOfDistribution.threshold()));
    }

    private static double rejected(float[] distances, double threshold) {
        int rejected = 0;
        for (float distance : distances) {
            rejected += distance > threshold ? 1 : 0;
        }
        return rejected / (double) distances.length;
    }
}
