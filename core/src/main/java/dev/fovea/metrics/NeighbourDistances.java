package dev.fovea.metrics;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Distances of embeddings, each brought to length 1, to their nearest ones among others: from 0 to 2. */
public final class NeighbourDistances {

    private static final int AT_ONCE = 500;

    private final List<float[]> known;

    /** @param known rows of one length that neighbours are among, at least one */
    public NeighbourDistances(List<float[]> known) {
        this.known = known.stream().map(NeighbourDistances::unit).toList();
    }

    /**
     * A neighbour.
     *
     * @param index among the known rows
     * @param distance 0 to 2
     */
    public record Neighbour(int index, double distance) {}

    /** A row of length 1 in the same direction; one of zeros stays. */
    public static float[] unit(float[] row) {
        double squares = 0;
        for (float value : row) {
            squares += (double) value * value;
        }
        float[] unit = new float[row.length];
        double length = Math.sqrt(squares);
        for (int i = 0; i < row.length; i++) {
            unit[i] = length > 0 ? (float) (row[i] / length) : 0;
        }
        return unit;
    }

    /** The distance of each row to its {@code k}-th nearest, or to the farthest where there are fewer. */
    public float[] distances(List<float[]> rows, int k) {
        List<List<Neighbour>> nearest = nearest(rows, k, false);
        float[] distances = new float[rows.size()];
        for (int i = 0; i < distances.length; i++) {
            List<Neighbour> of = nearest.get(i);
            distances[i] = of.isEmpty() ? 0 : (float) of.get(of.size() - 1).distance();
        }
        return distances;
    }

    /** The {@code k} nearest of each known row among the others. */
    public List<List<Neighbour>> amongThemselves(int k) {
        return nearest(known, k, true);
    }

    private List<List<Neighbour>> nearest(List<float[]> rows, int k, boolean withoutItself) {
        var found = new ArrayList<List<Neighbour>>();
        try (var outer = new Scope();
                var noGrad = new NoGrad()) {
            Tensor all = FeatureMatrix.matrix(known);
            for (int from = 0; from < rows.size(); from += AT_ONCE) {
                List<float[]> some = rows.subList(from, Math.min(from + AT_ONCE, rows.size())).stream()
                        .map(NeighbourDistances::unit)
                        .toList();
                try (var scope = new Scope()) {
                    float[] squared = FeatureMatrix.squaredDistances(FeatureMatrix.matrix(some), all)
                            .toFloats();
                    for (int i = 0; i < some.size(); i++) {
                        found.add(nearest(squared, i * known.size(), withoutItself ? from + i : -1, k));
                    }
                }
            }
        }
        return found;
    }

    private List<Neighbour> nearest(float[] squared, int at, int except, int k) {
        // distances are 0 or more, so their bits sort as they do; the index rides in the low half
        long[] order = new long[known.size()];
        for (int j = 0; j < order.length; j++) {
            float distance = j == except ? Float.POSITIVE_INFINITY : squared[at + j];
            order[j] = (long) Float.floatToIntBits(distance) << 32 | j;
        }
        int count = Math.min(k, known.size() - (except < 0 ? 0 : 1));
        if (count < order.length / 16) {
            order = smallest(order, count);
        }
        Arrays.sort(order);
        var neighbours = new ArrayList<Neighbour>();
        for (int j = 0; j < count; j++) {
            neighbours.add(new Neighbour((int) order[j], Math.sqrt(Float.intBitsToFloat((int) (order[j] >>> 32)))));
        }
        return neighbours;
    }

    /** By one pass: a value that is not below the largest kept is left out at once. */
    private static long[] smallest(long[] values, int count) {
        long[] kept = Arrays.copyOf(values, count);
        Arrays.sort(kept);
        for (int i = count; i < values.length && count > 0; i++) {
            if (values[i] < kept[count - 1]) {
                int place = -Arrays.binarySearch(kept, values[i]) - 1;
                System.arraycopy(kept, place, kept, place + 1, count - 1 - place);
                kept[place] = values[i];
            }
        }
        return kept;
    }
}
