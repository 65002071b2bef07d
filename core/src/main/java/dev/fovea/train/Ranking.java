package dev.fovea.train;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The order of a run's epochs: by the criterion; of equals the one with the lower validation loss is better, of those
 * the
 * later one. On few images many epochs have the same accuracy, and the first of them was trained least.
 *
 * @param criterion name of a validation metric
 */
record Ranking(String criterion, boolean largerIsBetter) {

    private static final String VALIDATION = "validation_";

    /** The share that a loss must fall by for patience to begin anew: any training moves the last digits. */
    private static final double NOTABLE = 1e-3;

    /**
     * Whether {@code epoch} is better than {@code best}, an earlier one; both as rows of the history. A criterion that
     * is
     * missing or not finite is never better.
     */
    boolean better(Map<String, Double> epoch, Map<String, Double> best) {
        int order = compare(epoch, best);
        return order > 0 || (order == 0 && Double.isFinite(value(epoch)) && !(loss(epoch) > loss(best)));
    }

    /** Whether there is no notable progress in the last {@code patience} rows. */
    boolean stalled(List<Map<String, Double>> rows, int patience) {
        int last = 0;
        Map<String, Double> best = Map.of();
        for (int i = 0; i < rows.size(); i++) {
            Map<String, Double> row = rows.get(i);
            int order = compare(row, best);
            double least = loss(best) - NOTABLE * Math.abs(loss(best));
            if (order > 0 || (order == 0 && Double.isFinite(value(row)) && loss(row) < least)) {
                best = row;
                last = i + 1;
            }
        }
        return rows.size() - last >= patience;
    }

    /** Why the epoch of that number is selected. */
    SelectedEpoch selected(int epoch, List<Map<String, Double>> rows) {
        double value = value(rows.get(epoch - 1));
        long equals = rows.stream().filter(row -> value(row) == value).count();
        return new SelectedEpoch(
                epoch,
                String.format(Locale.ROOT, "the best by validation %s (%.4f)", criterion, value)
                        + (equals == 1 || criterion.equals("loss")
                                ? ""
                                : ", of %s equal ones the one with the lowest loss".formatted(equals)));
    }

    /** Above 0 if {@code a} has the better criterion; values that are not finite are the worst. */
    private int compare(Map<String, Double> a, Map<String, Double> b) {
        double left = value(a);
        double right = value(b);
        if (!Double.isFinite(left) || !Double.isFinite(right)) {
            return Boolean.compare(Double.isFinite(left), Double.isFinite(right));
        }
        return left == right ? 0 : (left > right) == largerIsBetter ? 1 : -1;
    }

    private double value(Map<String, Double> row) {
        return row.getOrDefault(VALIDATION + criterion, Double.NaN);
    }

    private static double loss(Map<String, Double> row) {
        double loss = row.getOrDefault(VALIDATION + "loss", Double.POSITIVE_INFINITY);
        return Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
    }
}
