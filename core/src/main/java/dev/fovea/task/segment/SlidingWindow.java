package dev.fovea.task.segment;

import dev.fovea.data.Mask;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Looks at an image in windows that overlap by half, and blends what is said of them: each counts most in its middle and next to nothing at
 * its edge, so that no seam is left.
 */
final class SlidingWindow {

    private static final double LEAST = 1e-3;

    private final Image image;
    private final int width;
    private final int height;

    /**
     * @param side the longer one of a window, in pixels of the image
     * @param shape that a window is to have; those of smaller images are smaller
     */
    SlidingWindow(Image image, int side, Size shape) {
        this.image = image;
        double scale = side / (double) Math.max(shape.width(), shape.height());
        width = Math.min(image.width(), Math.max(1, (int) Math.round(shape.width() * scale)));
        height = Math.min(image.height(), Math.max(1, (int) Math.round(shape.height() * scale)));
    }

    /**
     * The class of every pixel. One band of sums as high as a window is held, whatever the height of the image.
     *
     * @param classes how many
     * @param device of what is said
     * @param probabilities of a window's pixels, [1, classes, H, W] in its own size
     */
    Mask classes(int classes, Device device, Function<Image, Tensor> probabilities) {
        List<Integer> rows = starts(image.height(), height);
        byte[] values = new byte[image.height() * image.width()];
        Tensor band = Tensor.zeros(classes, height, image.width()).to(device);
        Tensor weight = weights(height, width).to(device);
        for (int r = 0; r < rows.size(); r++) {
            int top = rows.get(r);
            for (int left : starts(image.width(), width)) {
                try (var scope = new Scope()) { // a large image has hundreds of windows
                    Tensor own = probabilities.apply(image.crop(left, top, width, height));
                    band.narrow(2, left, width)
                            .add_(own.reshape(classes, height, width).mul(weight), 1);
                }
            }
            int done = (r + 1 < rows.size() ? rows.get(r + 1) : image.height()) - top;
            try (var scope = new Scope()) {
                write(band.narrow(1, 0, done).argmax(0).toLongs(), values, top * image.width());
                Tensor rest = band.narrow(1, done, height - done).mul(1);
                band.narrow(1, 0, height - done).copy_(rest);
                band.narrow(1, height - done, done).fill_(0);
            }
        }
        return new Mask(image.size(), values);
    }

    private static void write(long[] labels, byte[] values, int at) {
        for (int i = 0; i < labels.length; i++) {
            values[at + i] = (byte) labels[i];
        }
    }

    /** Where windows begin, the last one at the end. */
    static List<Integer> starts(int length, int window) {
        var starts = new ArrayList<Integer>();
        int step = Math.max(1, window / 2);
        for (int at = 0; at + window < length; at += step) {
            starts.add(at);
        }
        starts.add(length - window);
        return starts;
    }

    private static Tensor weights(int height, int width) {
        Tensor down = Tensor.of(hann(height), height, 1).to(DType.FLOAT32);
        Tensor across = Tensor.of(hann(width), 1, width).to(DType.FLOAT32);
        return down.mul(across).unsqueeze(0); // [1, height, width]
    }

    private static double[] hann(int length) {
        return IntStream.range(0, length)
                .mapToDouble(i -> LEAST + Math.pow(Math.sin(Math.PI * (i + 0.5) / length), 2))
                .toArray();
    }
}
