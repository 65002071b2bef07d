package dev.fovea.metrics;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Distances of generated from real images in the features of some network. They can only be compared with the same
 * network and number of images.
 */
public final class FeatureDistance {

    private static final int SUBSETS = 20;
    private static final int SUBSET = 1000;
    private static final int NEIGHBOURS = 3;

    private FeatureDistance() {}

    /** Mean [D] and covariance [D, D] of rows, float64. */
    private record Normal(Tensor mean, Tensor covariance) {
        static Normal of(List<float[]> rows) {
            Tensor all = FeatureMatrix.matrix(rows).to(DType.FLOAT64);
            Tensor mean = all.mean(0);
            Tensor centred = all.sub(mean);
            return new Normal(mean, centred.transpose(0, 1).matmul(centred).mul(1.0 / (rows.size() - 1)));
        }
    }

    /**
     * The Fréchet distance of two normal distributions fitted to the features; FID with those of Inception v3 (Heusel
     * et al.
     * 2017, <a href="https://arxiv.org/abs/1706.08500">1706.08500</a>); 0 or more, smaller is better. Biased upwards
     * for few images.
     */
    public static double frechet(List<float[]> made, List<float[]> real) {
        checkEnough(made, real);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Normal a = Normal.of(made);
            Normal b = Normal.of(real);
            Tensor difference = a.mean().sub(b.mean());
            Tensor root = root(a.covariance());
            Tensor mixed = root.matmul(b.covariance()).matmul(root);
            double shared = mixed.add(mixed.transpose(0, 1))
                    .mul(0.5)
                    .symmetricEigen()
                    .get(0)
                    .relu()
                    .sqrt()
                    .sum()
                    .item();
            return Math.max(
                    0,
                    difference.mul(difference).sum().item()
                            + trace(a.covariance())
                            + trace(b.covariance())
                            - 2 * shared);
        }
    }

    /**
     * The kernel distance; KID with the features of Inception v3: the squared maximum mean discrepancy under a cubic
     * kernel, unbiased,
     * the mean over {@value #SUBSETS} draws of up to {@value #SUBSET} images (Bińkowski et al. 2018,
     * <a href="https://arxiv.org/abs/1801.01401">1801.01401</a>); may be slightly below 0.
     */
    public static double kernel(List<float[]> made, List<float[]> real) {
        checkEnough(made, real);
        int count = Math.min(SUBSET, Math.min(made.size(), real.size()));
        var random = new SplittableRandom(5);
        double sum = 0;
        for (int i = 0; i < SUBSETS; i++) {
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                Tensor a = FeatureMatrix.matrix(drawn(made, count, random)).to(DType.FLOAT64);
                Tensor b = FeatureMatrix.matrix(drawn(real, count, random)).to(DType.FLOAT64);
                double pairs = count * (count - 1.0);
                sum += within(a) / pairs
                        + within(b) / pairs
                        - 2 * cubic(a, b).mean().item();
            }
        }
        return sum / SUBSETS;
    }

    /** The sum of a cubic kernel over all pairs of two different rows. */
    private static double within(Tensor rows) {
        Tensor all = cubic(rows, rows);
        Tensor own = rows.mul(rows).sum(1).mul(1.0 / rows.size(1)).add(1).pow(3);
        return all.sum().item() - own.sum().item();
    }

    private static Tensor cubic(Tensor a, Tensor b) {
        return a.matmul(b.transpose(0, 1)).mul(1.0 / a.size(1)).add(1).pow(3);
    }

    /**
     * Precision: the share of generated images within the radius of a real one, which is the distance to its third
     * nearest real neighbour (Kynkäänniemi et al. 2019,
     * <a href="https://arxiv.org/abs/1904.06991">1904.06991</a>). With both exchanged, recall.
     */
    public static double precision(List<float[]> made, List<float[]> real) {
        checkEnough(made, real);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor a = FeatureMatrix.matrix(made).to(DType.FLOAT64);
            Tensor b = FeatureMatrix.matrix(real).to(DType.FLOAT64);
            double[] reach = reach(FeatureMatrix.squaredDistances(b, b).toDoubles(), real.size());
            double[] between = FeatureMatrix.squaredDistances(a, b).toDoubles();
            int inside = 0;
            for (int i = 0; i < made.size(); i++) {
                boolean found = false;
                for (int j = 0; j < real.size() && !found; j++) {
                    found = between[i * real.size() + j] <= reach[j];
                }
                inside += found ? 1 : 0;
            }
            return inside / (double) made.size();
        }
    }

    private static double[] reach(double[] distances, int count) {
        double[] reach = new double[count];
        for (int i = 0; i < count; i++) {
            double[] row = java.util.Arrays.copyOfRange(distances, i * count, (i + 1) * count);
            java.util.Arrays.sort(row);
            reach[i] = row[Math.min(NEIGHBOURS, count - 1)]; // the first is the image itself
        }
        return reach;
    }

    private static Tensor root(Tensor symmetric) {
        List<Tensor> eigen = symmetric.symmetricEigen();
        Tensor vectors = eigen.get(1);
        return vectors.mul(eigen.get(0).relu().sqrt().unsqueeze(0)).matmul(vectors.transpose(0, 1));
    }

    private static double trace(Tensor square) {
        double[] values = square.toDoubles();
        int size = (int) square.size(0);
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += values[i * size + i];
        }
        return sum;
    }

    private static List<float[]> drawn(List<float[]> rows, int count, SplittableRandom random) {
        int[] order = new int[rows.size()];
        java.util.Arrays.setAll(order, i -> i);
        for (int i = 0; i < count; i++) {
            int other = i + random.nextInt(order.length - i);
            int held = order[i];
            order[i] = order[other];
            order[other] = held;
        }
        return java.util.Arrays.stream(order, 0, count).mapToObj(rows::get).toList();
    }

    private static void checkEnough(List<float[]> made, List<float[]> real) {
        if (made.size() < 2 || real.size() < 2) {
            throw new IllegalArgumentException("distance: needs at least 2 images of each kind, got %s and %s"
                    .formatted(made.size(), real.size()));
        }
    }
}
