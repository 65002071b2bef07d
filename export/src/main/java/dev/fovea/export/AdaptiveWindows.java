package dev.fovea.export;

import java.util.List;

/** Pooling to a given number of windows, as matrices. */
final class AdaptiveWindows {

    private AdaptiveWindows() {}

    /**
     * The matrix [windows, size] whose product with values is the mean of each window, as libtorch cuts them: from {@code
     * floor(i size / windows)} to before {@code ceil((i + 1) size / windows)}.
     *
     * @param turned whether it is [size, windows]
     */
    static OnnxTensor means(long size, long windows, boolean turned) {
        float[] shares = new float[Math.toIntExact(size * windows)];
        for (long window = 0; window < windows; window++) {
            long from = window * size / windows;
            long to = ((window + 1) * size + windows - 1) / windows;
            for (long i = from; i < to; i++) {
                shares[(int) (turned ? i * windows + window : window * size + i)] = 1f / (to - from);
            }
        }
        String name = "windows_%s_of_%s%s".formatted(windows, size, turned ? "_turned" : "");
        return OnnxTensor.of(name, turned ? List.of(size, windows) : List.of(windows, size), shares);
    }
}
