package dev.fovea.metrics;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Principal component analysis of rows of numbers (Pearson 1901). */
public final class PrincipalComponents {

    /**
     * Of rows that are wider than this, no more than so many are looked at: the matrix to decompose is of this side.
     */
    private static final int MOST = 4000;

    private static final int AT_ONCE = 1000;

    /** Below this share of the largest variance there is but rounding. */
    private static final double NOTHING = 1e-9;

    private final Tensor mean;
    private final Tensor directions;

    /** Mean [D] and directions of unit length [K, D], the one of most variance first. */
    private PrincipalComponents(Tensor mean, Tensor directions) {
        this.mean = mean;
        this.directions = directions;
    }

    /**
     * Finds {@code count} of them, or as many as the rows have numbers or, where there are fewer rows than numbers, as
     * the rows vary in. Of rows of more than 4,000 numbers, 4,000 that are evenly drawn decide.
     */
    public static PrincipalComponents of(List<float[]> rows, int count) {
        int width = rows.get(0).length;
        List<float[]> seen = width > MOST && rows.size() > MOST ? evenly(rows) : rows;
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor all = FeatureMatrix.matrix(seen);
            Tensor mean = all.mean(0);
            Tensor centred = all.sub(mean);
            Tensor directions = seen.size() < width ? ofRows(centred, count) : ofColumns(centred, count);
            return new PrincipalComponents(scope.keep(mean), scope.keep(directions));
        }
    }

    private static List<float[]> evenly(List<float[]> rows) {
        return IntStream.range(0, MOST)
                .mapToObj(i -> rows.get((int) ((long) i * rows.size() / MOST)))
                .toList();
    }

    /** The eigenvectors of the covariance of the columns, [D, D]. */
    private static Tensor ofColumns(Tensor centred, int count) {
        Tensor exact = centred.to(DType.FLOAT64);
        Tensor vectors = exact.transpose(0, 1).matmul(exact).symmetricEigen().get(1);
        return last(vectors, Math.min(count, vectors.size(1))).to(DType.FLOAT32);
    }

    /**
     * The same from the products of the rows with each other, [N, N]: an eigenvector tells how much of each row is in a
     * direction (Turk and Pentland 1991).
     */
    private static Tensor ofRows(Tensor centred, int count) {
        List<Tensor> eigen = products(centred).symmetricEigen();
        double[] variances = eigen.get(0).toDoubles();
        double least = variances[variances.length - 1] * NOTHING;
        long real = Arrays.stream(variances).filter(v -> v > least).count();
        Tensor shares = last(eigen.get(1), Math.min(count, real)).to(DType.FLOAT32); // (K, N)
        Tensor directions = shares.matmul(centred); // (K, D)
        return directions.div(directions.mul(directions).sum(1).sqrt().unsqueeze(1));
    }

    /** [N, D] to [N, N], in float64 but never all of the rows at once in it. */
    private static Tensor products(Tensor centred) {
        long width = centred.size(1);
        Tensor products = Tensor.zeros(DType.FLOAT64, centred.size(0), centred.size(0));
        for (long from = 0; from < width; from += AT_ONCE) {
            try (var scope = new Scope()) {
                Tensor part =
                        centred.narrow(1, from, Math.min(AT_ONCE, width - from)).to(DType.FLOAT64);
                products.add_(part.matmul(part.transpose(0, 1)), 1);
            }
        }
        return products;
    }

    /** The last columns, the very last first, as rows. */
    private static Tensor last(Tensor columns, long count) {
        return columns.narrow(1, columns.size(1) - count, count).flip(1).transpose(0, 1);
    }

    /** How many there are. */
    public int count() {
        return (int) directions.size(0);
    }

    /** One of them, of unit length. */
    public float[] direction(int index) {
        return directions.select(0, index).contiguous().toFloats();
    }

    /** The row whose projection is {@code along}, and which is average in everything else. */
    public float[] row(float[] along) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            return along.length == 0
                    ? mean.toFloats()
                    : Tensor.of(along, 1, along.length)
                            .matmul(directions.narrow(0, 0, along.length))
                            .add(mean)
                            .toFloats();
        }
    }

    /** Rows projected to these components. */
    public List<float[]> project(List<float[]> rows) {
        var projected = new ArrayList<float[]>();
        if (count() == 0) {
            return rows.stream().map(row -> new float[0]).toList(); // rows that are all alike
        }
        for (int from = 0; from < rows.size(); from += AT_ONCE) {
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                List<float[]> some = rows.subList(from, Math.min(rows.size(), from + AT_ONCE));
                float[] all = FeatureMatrix.matrix(some)
                        .sub(mean)
                        .matmul(directions.transpose(0, 1))
                        .toFloats();
                for (int i = 0; i < some.size(); i++) {
                    projected.add(Arrays.copyOfRange(all, i * count(), (i + 1) * count()));
                }
            }
        }
        return projected;
    }
}
