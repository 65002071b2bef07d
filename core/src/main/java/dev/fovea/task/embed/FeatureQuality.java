package dev.fovea.task.embed;

import dev.fovea.metrics.NeighbourDistances;
import dev.fovea.metrics.NeighbourDistances.Neighbour;
import java.util.List;

/** How well features tell classes apart, without anything being trained on them. */
final class FeatureQuality {

    private static final int NEIGHBOURS = 5;

    private FeatureQuality() {}

    /** The share of images whose class most of the five others with the most similar features have. */
    static double knnAccuracy(List<float[]> features, int[] labels, int classes) {
        List<List<Neighbour>> all = new NeighbourDistances(features).amongThemselves(NEIGHBOURS);
        int hits = 0;
        for (int i = 0; i < labels.length; i++) {
            hits += labels[i] == majority(all.get(i), labels, classes) ? 1 : 0;
        }
        return labels.length == 0 ? Double.NaN : hits / (double) labels.length;
    }

    /** Of classes that have as many, that of the nearest. */
    private static int majority(List<Neighbour> neighbours, int[] labels, int classes) {
        int[] votes = new int[classes];
        neighbours.forEach(neighbour -> votes[labels[neighbour.index()]]++);
        int best = -1;
        for (Neighbour neighbour : neighbours) {
            int label = labels[neighbour.index()];
            best = best < 0 || votes[label] > votes[best] ? label : best;
        }
        return best;
    }
}
