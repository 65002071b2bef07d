package dev.fovea.metrics;

import dev.fovea.engine.Tensor;
import java.util.List;

/** Rows of numbers as one tensor. */
final class FeatureMatrix {

    private FeatureMatrix() {}

    /** All of one length: [rows, length], float32. */
    static Tensor matrix(List<float[]> rows) {
        int width = rows.get(0).length;
        float[] all = new float[Math.multiplyExact(rows.size(), width)];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * width, width);
        }
        return Tensor.of(all, rows.size(), width);
    }

    /** Of each row of {@code a} to each of {@code b}: [rows of a, rows of b]. */
    static Tensor squaredDistances(Tensor a, Tensor b) {
        Tensor left = a.mul(a).sum(1).unsqueeze(1);
        Tensor right = b.mul(b).sum(1).unsqueeze(0);
        return left.add(right).sub(a.matmul(b.transpose(0, 1)).mul(2)).relu();
    }
}
