package dev.fovea.metrics;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Rows of numbers as points of a plane, such that neighbours stay neighbours: t-SNE (van der Maaten and Hinton 2008, <a
 * href="https://jmlr.org/papers/v9/vandermaaten08a.html">Visualizing Data using t-SNE</a>), exact, with all pairs.
 *
 * <p>Distances between groups and the size of groups mean nothing. It begins with the two first principal components, so
 * that the same rows give the same points; learning rate and exaggeration are those of Belkina et al. 2019, as in
 * scikit-learn.
 */
public final class TSne {

    /** More rows than this would take minutes and gigabytes: the work grows with their square. */
    public static final int MOST = 5000;

    private static final double PERPLEXITY = 30;
    private static final double EXAGGERATION = 12;
    private static final int EXAGGERATED = 250;

    /** Of the descent. */
    public static final int STEPS = 1000;

    /** Of wider rows as many principal components are looked at. */
    private static final int WIDE = 50;

    private static final int SEARCH = 50;
    private static final double SMALLEST_GAIN = 0.01;
    private static final double LEAST = 1e-12;

    private TSne() {}

    /**
     * A point [x, y] for each row.
     *
     * @throws IllegalArgumentException if there are more than {@link #MOST} rows, or fewer than four
     */
    public static List<float[]> of(List<float[]> rows) {
        return of(rows, step -> {});
    }

    /**
     * The same.
     *
     * @param watch told of each of the {@link #STEPS} steps, from 1; what it throws ends the work
     */
    public static List<float[]> of(List<float[]> rows, IntConsumer watch) {
        if (rows.size() > MOST || rows.size() < 4) {
            throw new IllegalArgumentException(
                    "t-sne: needs 4 to %s rows, got %s. Take principal components, or fewer rows"
                            .formatted(MOST, rows.size()));
        }
        List<float[]> narrow =
                rows.get(0).length > WIDE ? PrincipalComponents.of(rows, WIDE).project(rows) : rows;
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor affinities = affinities(FeatureMatrix.matrix(narrow), Math.min(PERPLEXITY, (rows.size() - 1) / 3.0));
            return points(placed(affinities, start(narrow), STEPS, watch));
        }
    }

    /** The first two principal components, so small that all begin close together. */
    private static Tensor start(List<float[]> rows) {
        List<float[]> first = PrincipalComponents.of(rows, 2).project(rows);
        float[] values = new float[2 * rows.size()];
        double squares = 0;
        for (int i = 0; i < first.size(); i++) {
            for (int c = 0; c < Math.min(2, first.get(i).length); c++) {
                values[2 * i + c] = first.get(i)[c];
            }
            squares += (double) values[2 * i] * values[2 * i] / rows.size();
        }
        double deviation = Math.sqrt(Math.max(LEAST, squares));
        return Tensor.of(values, rows.size(), 2).mul(1e-4 / deviation);
    }

    /**
     * How much two rows are neighbours: [N, N], symmetric, in sum 1. Each row's neighbourhood has the width at which it has
     * about {@code perplexity} neighbours.
     */
    static Tensor affinities(Tensor rows, double perplexity) {
        long n = rows.size(0);
        Tensor others = others(n);
        Tensor distances = FeatureMatrix.squaredDistances(rows, rows).mul(others);
        Tensor nearest =
                distances.add(others.neg().add(1).mul(1e30)).neg().max(1).neg(); // (N), of others
        Tensor beyond = distances.sub(nearest.reshape(n, 1)).mul(others); // so that no row of weights is all 0
        double[] low = new double[(int) n];
        double[] high = new double[(int) n];
        double[] steep = new double[(int) n];
        java.util.Arrays.fill(high, Double.POSITIVE_INFINITY);
        java.util.Arrays.fill(steep, 1);
        for (int step = 0; step < SEARCH; step++) {
            try (var pass = new Scope()) {
                Tensor beta = Tensor.of(steep, n, 1).to(rows.type());
                Tensor weights = beyond.mul(beta).neg().exp().mul(others);
                Tensor sums = weights.sum(1); // (N)
                double[] mean = weights.mul(beyond).sum(1).div(sums).toDoubles();
                double[] total = sums.toDoubles();
                for (int i = 0; i < n; i++) {
                    double entropy = Math.log(total[i]) + steep[i] * mean[i];
                    if (entropy > Math.log(perplexity)) {
                        low[i] = steep[i];
                        steep[i] = Double.isInfinite(high[i]) ? steep[i] * 2 : (steep[i] + high[i]) / 2;
                    } else {
                        high[i] = steep[i];
                        steep[i] = (steep[i] + low[i]) / 2;
                    }
                }
            }
        }
        Tensor weights =
                beyond.mul(Tensor.of(steep, n, 1).to(rows.type())).neg().exp().mul(others);
        Tensor shares = weights.div(weights.sum(1).reshape(n, 1));
        return shares.add(shares.transpose(0, 1)).mul(0.5 / n).clamp(LEAST, 1);
    }

    /** 1 for each pair of different rows, else 0. */
    private static Tensor others(long n) {
        Tensor positions = Tensor.arange(n);
        return positions
                .reshape(n, 1)
                .eq(positions.reshape(1, n))
                .to(dev.fovea.engine.DType.FLOAT32)
                .neg()
                .add(1);
    }

    private static Tensor placed(Tensor affinities, Tensor start, int steps, IntConsumer watch) {
        long n = affinities.size(0);
        double rate = Math.max(n / EXAGGERATION / 4, 50);
        Tensor others = others(n);
        Tensor places = start.copy();
        Tensor velocity = Tensor.zeros(n, 2);
        Tensor gains = Tensor.ones(n, 2);
        for (int step = 0; step < steps; step++) {
            boolean early = step < EXAGGERATED;
            try (var pass = new Scope()) {
                Tensor gradient = gradient(affinities, early ? EXAGGERATION : 1, places, others);
                Tensor opposed = gradient.mul(velocity).sign().ge(0).to(gains.type()); // turned round
                Tensor grown = gains.add(0.2)
                        .mul(opposed.neg().add(1))
                        .add(gains.mul(0.8).mul(opposed));
                gains.copy_(grown.clamp(SMALLEST_GAIN, 1e9));
                velocity.mul_(early ? 0.5 : 0.8).add_(gradient.mul(gains), -rate);
                places.add_(velocity, 1);
            }
            watch.accept(step + 1);
        }
        return places.sub(places.mean(0));
    }

    /** Of the Kullback-Leibler divergence by the places, [N, 2]. */
    static Tensor gradient(Tensor affinities, double exaggeration, Tensor places, Tensor others) {
        Tensor near =
                FeatureMatrix.squaredDistances(places, places).add(1).pow(-1).mul(others);
        Tensor shares = near.div(near.sum());
        Tensor pulls = affinities.mul(exaggeration).sub(shares).mul(near); // (N, N)
        return places.mul(pulls.sum(1).reshape(places.size(0), 1))
                .sub(pulls.matmul(places))
                .mul(4);
    }

    private static List<float[]> points(Tensor places) {
        float[] all = places.toFloats();
        var points = new ArrayList<float[]>();
        for (int i = 0; i < all.length / 2; i++) {
            points.add(new float[] {all[2 * i], all[2 * i + 1]});
        }
        return points;
    }
}
