package dev.fovea.metrics;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The majority class of the five nearest neighbours (Fix and Hodges 1951).
 *
 * @param rows features of the training data
 * @param labels their classes
 * @param classes how many there are
 */
public record NearestNeighbours(List<float[]> rows, int[] labels, int classes) {

    private static final int ASKED = 5;
    private static final int AT_ONCE = 500;

    /** The share of rows whose class is found. */
    public double accuracy(List<float[]> asked, int[] truth) {
        int hits = 0;
        try (var known = new Scope();
                var noGrad = new NoGrad()) {
            Tensor all = FeatureMatrix.matrix(rows);
            for (int from = 0; from < asked.size(); from += AT_ONCE) {
                List<float[]> some = asked.subList(from, Math.min(from + AT_ONCE, asked.size()));
                try (var scope = new Scope()) {
                    float[] distances = FeatureMatrix.squaredDistances(FeatureMatrix.matrix(some), all)
                            .toFloats();
                    for (int i = 0; i < some.size(); i++) {
                        int start = i * rows.size();
                        int found = classOf(Arrays.copyOfRange(distances, start, start + rows.size()));
                        hits += found == truth[from + i] ? 1 : 0;
                    }
                }
            }
        }
        return hits / (double) asked.size();
    }

    /** For each row the position of the nearest other one. */
    public static int[] nearestOthers(List<float[]> rows) {
        int[] nearest = new int[rows.size()];
        try (var known = new Scope();
                var noGrad = new NoGrad()) {
            Tensor all = FeatureMatrix.matrix(rows);
            for (int from = 0; from < rows.size(); from += AT_ONCE) {
                try (var scope = new Scope()) {
                    int count = Math.min(AT_ONCE, rows.size() - from);
                    float[] distances = FeatureMatrix.squaredDistances(all.narrow(0, from, count), all)
                            .toFloats();
                    for (int i = 0; i < count; i++) {
                        int start = i * rows.size();
                        int best = from + i == 0 ? Math.min(1, rows.size() - 1) : 0;
                        for (int j = 0; j < rows.size(); j++) {
                            best = j != from + i && distances[start + j] < distances[start + best] ? j : best;
                        }
                        nearest[from + i] = best;
                    }
                }
            }
        }
        return nearest;
    }

    private int classOf(float[] distances) {
        float[] sorted = distances.clone();
        Arrays.sort(sorted);
        float reach = sorted[Math.min(ASKED, sorted.length) - 1];
        int[] votes = new int[classes];
        for (int i = 0; i < distances.length; i++) {
            if (distances[i] <= reach) {
                votes[labels[i]]++;
            }
        }
        return IntStream.range(0, classes)
                .reduce((a, b) -> votes[b] > votes[a] ? b : a)
                .orElseThrow();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
