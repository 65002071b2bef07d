package dev.fovea.run.gallery;

import dev.fovea.metrics.Identification;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Rows of length 1 among which those nearest to another one are found. */
sealed interface Vectors permits Vectors.Exact, VectorGraph {

    /**
     * A row that was found.
     *
     * @param index of the row
     * @param similarity cosine
     */
    record Found(int index, double similarity) {}

    /** The {@code top} most similar rows, the most similar first. */
    List<Found> nearest(float[] query, int top);

    /** Compares with every row. */
    record Exact(List<float[]> rows) implements Vectors {

        private static final Comparator<Found> RISING =
                Comparator.comparingDouble(Found::similarity).thenComparing(Found::index, Comparator.reverseOrder());

        @Override
        public List<Found> nearest(float[] query, int top) {
            var best = new PriorityQueue<>(RISING);
            for (int i = 0; i < rows.size(); i++) {
                double similarity = Identification.similarity(query, rows.get(i));
                if (best.size() < top || similarity > best.peek().similarity()) {
                    best.add(new Found(i, similarity));
                    if (best.size() > top) {
                        best.remove();
                    }
                }
            }
            var found = new ArrayList<>(best);
            found.sort(RISING.reversed());
            return found;
        }
    }
}
