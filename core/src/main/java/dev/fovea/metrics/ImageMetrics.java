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
 * Distances of images from their targets: mean squared and absolute error, peak signal-to-noise ratio in dB
 * and structural similarity, each the mean over the images that have room for it; values
 * are 0 to 1.
 */
public final class ImageMetrics {

    private static final int SMALLEST_FOR_SSIM = 11;
    private static final int SMALLEST_FOR_SCALES = 176;

    private final long strip;
    private final Map<String, Double> sums = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();

    public ImageMetrics() {
        this(Similarity.STRIP);
    }

    /** @param strip values that are compared at once */
    ImageMetrics(long strip) {
        this.strip = strip;
    }

    /**
     * Takes pairs [N, C, H, W] in: values, or bytes, which need less memory. Large images are compared strip by strip.
     */
    public void add(Tensor made, Tensor wanted) {
        try (var scope = new Scope();
                var noGrad = new NoGrad();
                var exact = Autocast.off(made.device())) {
            Tensor a = wide(made.detach());
            Tensor b = wide(wanted.detach());
            double[] squared = new double[(int) a.size(0)];
            double[] absolute = new double[squared.length];
            long rows = a.size(2);
            long each = Math.max(1, strip / (a.size(0) * a.size(1) * a.size(3)));
            for (long from = 0; from < rows; from += each) {
                long count = Math.min(each, rows - from);
                try (var inner = new Scope()) {
                    Tensor difference = Similarity.values(a.narrow(2, from, count))
                            .sub(Similarity.values(b.narrow(2, from, count)));
                    addTo(squared, difference.mul(difference).mean(1, 2, 3), count / (double) rows);
                    addTo(absolute, difference.abs().mean(1, 2, 3), count / (double) rows);
                }
            }
            add("mse", squared);
            add("psnr", Arrays.stream(squared).map(ImageMetrics::psnr).toArray());
            add("mae", absolute);
            long side = Math.min(a.size(2), a.size(3));
            if (side >= SMALLEST_FOR_SSIM) {
                add("ssim", Similarity.ssim(a, b, strip).toDoubles());
            }
            if (side >= SMALLEST_FOR_SCALES) {
                add("msSsim", Similarity.multiScale(a, b, strip).toDoubles());
            }
        }
    }

    /** Peak signal-to-noise ratio in dB of a mean squared error of values from 0 to 1; equal images have 100. */
    public static double psnr(double mse) {
        return mse <= 1e-10 ? 100 : -10 * Math.log10(mse);
    }

    /** The means by name; a similarity is the mean over the images large enough for it, and left out if none was. */
    public Map<String, Double> values() {
        var values = new LinkedHashMap<String, Double>();
        sums.forEach((name, sum) -> values.put(name, sum / counts.get(name)));
        return values;
    }

    private static Tensor wide(Tensor images) {
        return images.type() == DType.UINT8 ? images : images.to(DType.FLOAT32);
    }

    private static void addTo(double[] means, Tensor more, double share) {
        double[] values = more.toDoubles();
        for (int i = 0; i < means.length; i++) {
            means[i] += share * values[i];
        }
    }

    private void add(String name, double[] values) {
        sums.merge(name, Arrays.stream(values).sum(), Double::sum);
        counts.merge(name, values.length, Integer::sum);
    }
}
