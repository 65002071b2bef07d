package dev.fovea.metrics.detect;

import dev.fovea.data.Box;
import java.util.List;

/**
 * By their keypoints: COCO's object keypoint similarity, {@code exp(-distance² / (2 area (2 sigma)²))} in the mean over the
 * labelled points. Of an object without any it is the distance from a box three times as wide and high that counts.
 */
record KeypointPairs(GroundTruth truths, Detections founds, List<Double> sigmas) implements Pairs {

    KeypointPairs {
        int count = sigmas.size();
        if (lacks(truths.keypoints(), truths.size(), count) || lacks(founds.keypoints(), founds.size(), count)) {
            throw new IllegalArgumentException(
                    "keypoints: each object needs %s, one for each sigma, got %s of true and %s of found objects"
                            .formatted(count, points(truths.keypoints()), points(founds.keypoints())));
        }
    }

    private static boolean lacks(List<List<Keypoint>> keypoints, int objects, int count) {
        return objects > 0 && points(keypoints) != count;
    }

    private static int points(List<List<Keypoint>> keypoints) {
        return keypoints.isEmpty() ? 0 : keypoints.get(0).size();
    }

    @Override
    public double overlap(int found, int truth) {
        List<Keypoint> expected = truths.keypoints().get(truth);
        List<Keypoint> actual = founds.keypoints().get(found);
        boolean labelled = expected.stream().anyMatch(Keypoint::labelled);
        double sum = 0;
        int count = 0;
        for (int k = 0; k < sigmas.size(); k++) {
            if (!labelled || expected.get(k).labelled()) {
                double squared = labelled
                        ? squared(actual.get(k), expected.get(k))
                        : squared(actual.get(k), truths.boxes().get(truth));
                double variance = 4 * sigmas.get(k) * sigmas.get(k);
                sum += Math.exp(-squared / variance / (truths.areas().get(truth) + Math.ulp(1.0)) / 2);
                count++;
            }
        }
        return sum / count;
    }

    private static double squared(Keypoint a, Keypoint b) {
        return (a.x() - b.x()) * (a.x() - b.x()) + (a.y() - b.y()) * (a.y() - b.y());
    }

    private static double squared(Keypoint point, Box box) {
        double x = outside(point.x(), box.left() - box.width(), box.right() + box.width());
        double y = outside(point.y(), box.top() - box.height(), box.bottom() + box.height());
        return x * x + y * y;
    }

    private static double outside(double at, double from, double to) {
        return Math.max(0, from - at) + Math.max(0, at - to);
    }

    /** Of the box around all its keypoints, as COCO takes it. */
    @Override
    public double area(int found) {
        var x = founds.keypoints().get(found).stream().mapToDouble(Keypoint::x).summaryStatistics();
        var y = founds.keypoints().get(found).stream().mapToDouble(Keypoint::y).summaryStatistics();
        return (x.getMax() - x.getMin()) * (y.getMax() - y.getMin());
    }

    @Override
    public boolean ignored(int truth) {
        return truths.ignore().get(truth)
                || truths.keypoints().get(truth).stream().noneMatch(Keypoint::labelled);
    }
}
