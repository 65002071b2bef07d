package dev.fovea.metrics;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How near pictures come to what they should be: mean squared and absolute error, peak signal-to-noise ratio in dB
 * and structural similarity, each the mean over all pictures; values are 0 to 1.
 */
public final class PictureMetrics {

    private static final int SMALLEST_FOR_SSIM = 11;
    private static final int SMALLEST_FOR_SCALES = 176;

    private final Map<String, Double> sums = new LinkedHashMap<>();
    private final Map<String, Long> counts = new LinkedHashMap<>();

    /** Takes pairs [N, C, H, W] in. */
    public void add(Tensor made, Tensor wanted) {
        try (var scope = new Scope();
                var noGrad = new NoGrad();
                var exact = Autocast.off(made.device())) {
            Tensor a = made.detach().to(DType.FLOAT32);
            Tensor b = wanted.detach().to(DType.FLOAT32);
            Tensor difference = a.sub(b);
            double[] squared = difference.mul(difference).mean(1, 2, 3).toDoubles();
            add("mse", squared);
            add("psnr", Arrays.stream(squared).map(PictureMetrics::psnr).toArray());
            add("mae", difference.abs().mean(1, 2, 3).toDoubles());
            long side = Math.min(a.size(2), a.size(3));
            if (side >= SMALLEST_FOR_SSIM) {
                add("ssim", Similarity.ssim(a, b).toDoubles());
            }
            if (side >= SMALLEST_FOR_SCALES) {
                add("msSsim", Similarity.multiScale(a, b).toDoubles());
            }
        }
    }

    /** Peak signal-to-noise ratio in dB of a mean squared error of values from 0 to 1; equal pictures have 100. */
    public static double psnr(double mse) {
        return mse <= 1e-10 ? 100 : -10 * Math.log10(mse);
    }

    /** The means by name; those of similarity are over the pictures that are large enough for it, left out if none is. */
    public Map<String, Double> values() {
        var values = new LinkedHashMap<String, Double>();
        sums.forEach((name, sum) -> values.put(name, sum / counts.get(name)));
        return values;
    }

    private void add(String name, double[] ofPictures) {
        sums.merge(name, Arrays.stream(ofPictures).sum(), Double::sum);
        counts.merge(name, (long) ofPictures.length, Long::sum);
    }
}
