package dev.fovea.metrics;

import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Structural similarity of images, at one scale and at several. Values are 0 to 1. */
public final class Similarity {

    /** Side of the window, in pixels, which no side of an image may be smaller than. */
    public static final int WINDOW = 11;

    private static final double DEVIATION = 1.5;
    private static final double C1 = 0.01 * 0.01;
    private static final double C2 = 0.03 * 0.03;
    private static final double[] SCALES = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};

    /** Values that are compared at once: what lies between takes some 300 times as many bytes. */
    static final long STRIP = 1 << 21;

    /** As many times more are read at once where they are halved first, which takes little. */
    private static final int READ = 8;

    private Similarity() {}

    /**
     * Luminance times contrast and structure, and the latter alone: each [N, C, H - 10, W - 10], or their means [N, C].
     */
    private record Terms(Tensor whole, Tensor structure) {}

    /**
     * SSIM of each pair of images, {@code [N, C, H, W]} to {@code [N]}: the mean over all places of an 11x11 Gaussian
     * window of deviation 1.5 that fits into the image, and over the channels (Wang et al. 2004).
     *
     * @throws IllegalArgumentException if a side is below 11 pixels
     */
    public static Tensor ssim(Tensor a, Tensor b) {
        return ssim(a, b, STRIP);
    }

    static Tensor ssim(Tensor a, Tensor b, long strip) {
        checkSide(a, WINDOW);
        return means(a, b, 0, strip).whole().mean(1);
    }

    /**
     * The same for each place where the window fits, mean over channels: {@code [N, C, H, W]} to
     * {@code [N, H - 10, W - 10]}.
     *
     * @throws IllegalArgumentException if a side is below 11 pixels
     */
    public static Tensor places(Tensor a, Tensor b) {
        checkSide(a, WINDOW);
        return terms(a, b).whole().mean(1);
    }

    /**
     * MS-SSIM of each pair of images, {@code [N, C, H, W]} to {@code [N]}: five scales, each half of the one before
     * (Wang, Simoncelli and Bovik 2003). As in TensorFlow, the scales of each channel are multiplied before the mean
     * over
     * the channels is taken. Of an odd side the last row or column has no part in the next scale.
     *
     * @throws IllegalArgumentException if a side is below 176 pixels, where the smallest scale has no window
     */
    public static Tensor multiScale(Tensor a, Tensor b) {
        return multiScale(a, b, STRIP);
    }

    static Tensor multiScale(Tensor a, Tensor b, long strip) {
        checkSide(a, WINDOW << (SCALES.length - 1));
        Tensor product = null;
        for (int scale = 0; scale < SCALES.length; scale++) {
            Terms means = means(a, b, scale, strip);
            boolean last = scale == SCALES.length - 1;
            Tensor term = (last ? means.whole() : means.structure()).relu().pow(SCALES[scale]); // (N, C)
            product = product == null ? term : product.mul(term);
        }
        return product.mean(1);
    }

    /**
     * The means over all places, of images halved so many times, strip by strip: memory is that of a strip, however
     * large
     * the images are.
     */
    private static Terms means(Tensor a, Tensor b, int halvings, long strip) {
        long rows = (a.size(2) >> halvings) - WINDOW + 1;
        long row = a.size(0) * a.size(1) * a.size(3);
        long each = Math.max(
                1, Math.min(strip / Math.max(1, row >> halvings), (READ * strip / row >> halvings) - WINDOW + 1));
        Tensor whole = null;
        Tensor structure = null;
        for (long from = 0; from < rows; from += each) {
            long first = from;
            long count = Math.min(each, rows - from);
            double share = count / (double) rows;
            List<Tensor> means = Scope.onlyThese(() -> {
                Terms terms = terms(
                        halved(a, first, count + WINDOW - 1, halvings), halved(b, first, count + WINDOW - 1, halvings));
                return List.of(
                        terms.whole().mean(2, 3).mul(share),
                        terms.structure().mean(2, 3).mul(share));
            });
            whole = whole == null ? means.get(0) : whole.add(means.get(0));
            structure = structure == null ? means.get(1) : structure.add(means.get(1));
        }
        return new Terms(whole, structure);
    }

    /** Rows of the images halved so many times. */
    private static Tensor halved(Tensor images, long from, long count, int halvings) {
        Tensor rows = values(images.narrow(2, from << halvings, count << halvings));
        for (int i = 0; i < halvings; i++) {
            rows = rows.avgPool2d(2, 2, 0);
        }
        return rows;
    }

    /** Bytes as values from 0 to 1; what is values already stays as it is. */
    static Tensor values(Tensor images) {
        return images.type() == DType.UINT8 ? images.to(DType.FLOAT32).mul(1.0 / 255) : images;
    }

    private static Terms terms(Tensor a, Tensor b) {
        long channels = a.size(1);
        Tensor window = window(channels).to(a.device());
        List<Tensor> means = new ArrayList<>();
        for (Tensor t : List.of(a, b, a.mul(a), b.mul(b), a.mul(b))) {
            means.add(t.conv2d(window, null, 1, 0, 1, channels));
        }
        Tensor product = means.get(0).mul(means.get(1));
        Tensor squares = means.get(0).mul(means.get(0)).add(means.get(1).mul(means.get(1)));
        Tensor variances = means.get(2).add(means.get(3)).sub(squares);
        Tensor covariance = means.get(4).sub(product);
        Tensor luminance = product.mul(2).add(C1).div(squares.add(C1));
        Tensor structure = covariance.mul(2).add(C2).div(variances.add(C2));
        return new Terms(luminance.mul(structure), structure);
    }

    /** The same window for every channel, as a grouped convolution wants it: [C, 1, 11, 11]. */
    private static Tensor window(long channels) {
        double[] row = new double[WINDOW];
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
            double distance = i - WINDOW / 2;
            row[i] = Math.exp(-distance * distance / (2 * DEVIATION * DEVIATION));
            sum += row[i];
        }
        float[] window = new float[Math.toIntExact(channels) * WINDOW * WINDOW];
        for (int i = 0; i < window.length; i++) {
            int at = i % (WINDOW * WINDOW);
            window[i] = (float) (row[at / WINDOW] * row[at % WINDOW] / (sum * sum));
        }
        return Tensor.of(window, channels, 1, WINDOW, WINDOW);
    }

    private static void checkSide(Tensor images, int least) {
        if (images.size(2) < least || images.size(3) < least) {
            throw new IllegalArgumentException("similarity: sides must be at least %s pixels, got %sx%s"
                    .formatted(least, images.size(3), images.size(2)));
        }
    }
}
