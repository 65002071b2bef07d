package dev.fovea.metrics;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The directions in which rows of numbers vary most (Pearson 1901).
 *
 * @param mean of the rows
 * @param directions each of unit length, the one of most variance first
 */
public record PrincipalComponents(List<Double> mean, List<List<Double>> directions) {

    /** Finds {@code count} of them, or as many as a row has numbers. */
    public static PrincipalComponents of(List<float[]> rows, int count) {
        int width = rows.get(0).length;
        int taken = Math.min(count, width);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor all = Rows.matrix(rows).to(DType.FLOAT64);
            Tensor mean = all.mean(0);
            Tensor centred = all.sub(mean);
            Tensor covariance = centred.transpose(0, 1).matmul(centred).mul(1.0 / rows.size());
            double[] vectors = covariance.symmetricEigen().get(1).toDoubles();
            var directions = new ArrayList<List<Double>>();
            for (int k = 0; k < taken; k++) {
                double[] direction = new double[width];
                for (int i = 0; i < width; i++) {
                    direction[i] = vectors[i * width + width - 1 - k];
                }
                directions.add(Arrays.stream(direction).boxed().toList());
            }
            return new PrincipalComponents(
                    Arrays.stream(mean.toDoubles()).boxed().toList(), directions);
        }
    }

    /** Rows in these directions. */
    public List<double[]> project(List<float[]> rows) {
        int width = mean.size();
        double[] centre = mean.stream().mapToDouble(Double::doubleValue).toArray();
        double[][] onto = directions.stream()
                .map(d -> d.stream().mapToDouble(Double::doubleValue).toArray())
                .toArray(double[][]::new);
        return rows.stream()
                .map(row -> {
                    double[] projected = new double[onto.length];
                    for (int k = 0; k < onto.length; k++) {
                        for (int i = 0; i < width; i++) {
                            projected[k] += (row[i] - centre[i]) * onto[k][i];
                        }
                    }
                    return projected;
                })
                .toList();
    }
}
