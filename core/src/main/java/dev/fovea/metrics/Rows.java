package dev.fovea.metrics;

import dev.fovea.engine.Tensor;
import java.util.List;

/** Rows of numbers as one tensor. */
final class Rows {

    private Rows() {}

    /** All of one length: [rows, length], float32. */
    static Tensor matrix(List<float[]> rows) {
        int width = rows.get(0).length;
        float[] all = new float[Math.multiplyExact(rows.size(), width)];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * width, width);
        }
        return Tensor.of(all, rows.size(), width);
    }
}
