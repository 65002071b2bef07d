package dev.fovea.data;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.image.Size;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Hides part of an image. */
public sealed interface ErasingTransform extends PixelTransform {

    /**
     * A square painted over in every image, its middle anywhere in it. DeVries and Taylor 2017, <a
     * href="https://arxiv.org/abs/1708.04552">Improved regularization of convolutional neural networks with cutout</a>.
     *
     * @param size side of the square, share of the width, 0 to 1
     * @param value it is painted with, 0 to 255
     */
    @JsonTypeName("cutout")
    record Cutout(double size, int value) implements ErasingTransform {

        public Cutout {
            Transform.check("cutout.size", size, 0, 1);
            Transform.check("cutout.value", value, 0, 255);
        }

        @Override
        public void apply(byte[] pixels, int at, Size image, int channels, SplittableRandom random) {
            int side = (int) Math.round(size * image.width());
            int left = random.nextInt(image.width()) - side / 2;
            int top = random.nextInt(image.height()) - side / 2;
            paint(pixels, at, image, channels, new int[] {left, top, left + side, top + side}, value);
        }
    }

    /** What a rectangle is filled with, as timm's {@code mode}. */
    enum Mode {
        /** The value. */
        CONSTANT,
        /** One random colour, around the value. */
        RANDOM,
        /** A random colour for each pixel, around the value. */
        PIXEL
    }

    /**
     * Rectangles painted over in a share of the images. Zhong et al. 2017, <a
     * href="https://arxiv.org/abs/1708.04896">Random erasing data augmentation</a>; timm's, and with one rectangle of one
     * value torchvision's {@code RandomErasing}.
     *
     * @param p share of the images, 0 to 1
     * @param area least and greatest share of the image's area, of all rectangles together
     * @param ratio least and greatest height as a multiple of the width
     * @param count rectangles, 1 to 100
     * @param mode what they are filled with
     * @param value that, or the mean of random ones, 0 to 255
     */
    @JsonTypeName("erase")
    record Erase(double p, List<Double> area, List<Double> ratio, int count, Mode mode, int value)
            implements ErasingTransform {

        private static final int DRAWS = 10;

        /** Of random values: about that of photographs. */
        private static final double DEVIATION = 60;

        public Erase {
            area = List.copyOf(area);
            ratio = List.copyOf(ratio);
            Transform.check("erase.p", p, 0, 1);
            Transform.check("erase.area", area, 0, 1);
            Transform.check("erase.ratio", ratio, 0.01, 100);
            Transform.check("erase.count", count, 1, 100);
            Transform.check("erase.value", value, 0, 255);
        }

        @Override
        public void apply(byte[] pixels, int at, Size image, int channels, SplittableRandom random) {
            if (random.nextDouble() >= p) {
                return;
            }
            for (int i = 0; i < count; i++) {
                one(pixels, at, image, channels, random);
            }
        }

        private void one(byte[] pixels, int at, Size image, int channels, SplittableRandom random) {
            List<Double> logs = List.of(Math.log(ratio.get(0)), Math.log(ratio.get(1)));
            for (int i = 0; i < DRAWS; i++) {
                double hidden = Transform.within(random, area) * image.width() * image.height() / count;
                double shape = Math.exp(Transform.within(random, logs));
                int height = (int) Math.round(Math.sqrt(hidden * shape));
                int width = (int) Math.round(Math.sqrt(hidden / shape));
                if (width < image.width() && height < image.height()) {
                    int left = random.nextInt(image.width() - width + 1);
                    int top = random.nextInt(image.height() - height + 1);
                    int[] box = {left, top, left + width, top + height};
                    if (mode == Mode.CONSTANT) {
                        ErasingTransform.paint(pixels, at, image, channels, box, value);
                    } else {
                        randomly(pixels, at, image, channels, box, random);
                    }
                    return;
                }
            }
        }

        private void randomly(byte[] pixels, int at, Size image, int channels, int[] box, SplittableRandom random) {
            byte[] colour = new byte[channels];
            for (int c = 0; c < channels; c++) {
                colour[c] = drawn(random);
            }
            for (int y = box[1]; y < box[3]; y++) {
                for (int i = box[0] * channels; i < box[2] * channels; i++) {
                    pixels[at + y * image.width() * channels + i] =
                            mode == Mode.PIXEL ? drawn(random) : colour[i % channels];
                }
            }
        }

        private byte drawn(SplittableRandom random) {
            double drawn = value + DEVIATION * Distributions.gaussian(random);
            return (byte) (int) Math.round(Math.max(0, Math.min(255, drawn)));
        }
    }

    /** @param box left, top, right and bottom, which may lie outside the image in part */
    private static void paint(byte[] pixels, int at, Size image, int channels, int[] box, int value) {
        int left = Math.max(0, box[0]);
        int right = Math.min(image.width(), box[2]);
        for (int y = Math.max(0, box[1]); y < Math.min(image.height(), box[3]); y++) {
            int row = at + y * image.width() * channels;
            if (left < right) {
                Arrays.fill(pixels, row + left * channels, row + right * channels, (byte) value);
            }
        }
    }
}
