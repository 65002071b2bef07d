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

    /**
     * A rectangle painted over in a share of the images. Zhong et al. 2017, <a
     * href="https://arxiv.org/abs/1708.04896">Random erasing data augmentation</a>; torchvision's {@code RandomErasing}.
     *
     * @param p share of the images, 0 to 1
     * @param area least and greatest share of the image's area
     * @param ratio least and greatest height as a multiple of the width
     * @param value it is painted with, 0 to 255
     */
    @JsonTypeName("erase")
    record Erase(double p, List<Double> area, List<Double> ratio, int value) implements ErasingTransform {

        private static final int DRAWS = 10;

        public Erase {
            area = List.copyOf(area);
            ratio = List.copyOf(ratio);
            Transform.check("erase.p", p, 0, 1);
            Transform.check("erase.area", area, 0, 1);
            Transform.check("erase.ratio", ratio, 0.01, 100);
            Transform.check("erase.value", value, 0, 255);
        }

        @Override
        public void apply(byte[] pixels, int at, Size image, int channels, SplittableRandom random) {
            if (random.nextDouble() >= p) {
                return;
            }
            List<Double> logs = List.of(Math.log(ratio.get(0)), Math.log(ratio.get(1)));
            for (int i = 0; i < DRAWS; i++) {
                double hidden = Transform.within(random, area) * image.width() * image.height();
                double shape = Math.exp(Transform.within(random, logs));
                int height = (int) Math.round(Math.sqrt(hidden * shape));
                int width = (int) Math.round(Math.sqrt(hidden / shape));
                if (width < image.width() && height < image.height()) {
                    int left = random.nextInt(image.width() - width + 1);
                    int top = random.nextInt(image.height() - height + 1);
                    paint(pixels, at, image, channels, new int[] {left, top, left + width, top + height}, value);
                    return;
                }
            }
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
