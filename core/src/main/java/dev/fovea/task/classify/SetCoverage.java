package dev.fovea.task.classify;

import java.util.List;
import java.util.TreeMap;

/**
 * How well sets of classes keep what they promise.
 *
 * @param coverage share of images whose true class is in their set, 0 to 1
 * @param meanSize classes in a set
 * @param lowestCoverage of the images of one class, that of the class with the lowest
 * @param sizes images by the size of their set
 */
public record SetCoverage(double coverage, double meanSize, double lowestCoverage, List<Size> sizes) {

    /**
     * Sets of one size.
     *
     * @param classes in each
     * @param images that have such a set
     * @param coverage share of them whose true class is in it, 0 to 1
     */
    public record Size(int classes, int images, double coverage) {}

    public SetCoverage {
        sizes = List.copyOf(sizes);
    }

    static SetCoverage of(List<List<Integer>> sets, int[] labels, int classes) {
        int[] images = new int[classes];
        int[] covered = new int[classes];
        var bySize = new TreeMap<Integer, int[]>();
        int all = 0;
        long members = 0;
        for (int i = 0; i < labels.length; i++) {
            int right = sets.get(i).contains(labels[i]) ? 1 : 0;
            images[labels[i]]++;
            covered[labels[i]] += right;
            int[] ofSize = bySize.computeIfAbsent(sets.get(i).size(), s -> new int[2]);
            ofSize[0]++;
            ofSize[1] += right;
            all += right;
            members += sets.get(i).size();
        }
        double lowest = Double.NaN;
        for (int c = 0; c < classes; c++) {
            if (images[c] > 0) {
                double share = covered[c] / (double) images[c];
                lowest = Double.isNaN(lowest) ? share : Math.min(lowest, share);
            }
        }
        return new SetCoverage(
                all / (double) labels.length,
                members / (double) labels.length,
                lowest,
                bySize.entrySet().stream()
                        .map(size -> new Size(
                                size.getKey(), size.getValue()[0], size.getValue()[1] / (double) size.getValue()[0]))
                        .toList());
    }
}
