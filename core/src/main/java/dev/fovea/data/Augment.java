package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.SplittableRandom;

/**
 * Random changes of a training image, drawn anew every epoch from (seed, epoch, image) alone.
 *
 * <p>Covers Keras' {@code ImageDataGenerator}. Flips and shifts move whole pixels; rotation, shear and zoom are
 * made in one bilinear pass.
 *
 * @param rotation largest angle either way, degrees
 * @param widthShift largest shift either way, share of the width
 * @param heightShift largest shift either way, share of the height
 * @param shear largest angle either way, degrees
 * @param zoom largest change of size, share: 0.2 is 0.8 to 1.2
 * @param crop smallest share of the image's area that a random crop at 3:4 to 4:3 keeps, before resizing; 0 for
 *     none (Szegedy et al. 2015; torchvision's {@code RandomResizedCrop} has 0.08)
 * @param horizontalFlip whether half of the images are mirrored left to right
 * @param verticalFlip whether half of the images are mirrored top to bottom
 * @param brightness largest change of all values, share
 * @param contrast largest change of the distance from the mean, share
 * @param saturation largest change of the distance from grey, share
 * @param hue largest turn of the colour circle either way, share of it
 * @param channelShift largest value added to each channel, of 255
 * @param grayscale share of images made grey
 * @param cutout side of a square painted over, share of the width; 0 for none (DeVries and Taylor 2017)
 * @param fill what stands where the image does not reach
 * @param fillValue for {@link Fill#CONSTANT}, 0 to 255
 */
public record Augment(
        double rotation,
        double widthShift,
        double heightShift,
        double shear,
        double zoom,
        double crop,
        boolean horizontalFlip,
        boolean verticalFlip,
        double brightness,
        double contrast,
        double saturation,
        double hue,
        double channelShift,
        double grayscale,
        double cutout,
        Fill fill,
        int fillValue) {

    /** What stands where the image does not reach; Keras' fill modes. */
    public enum Fill {
        /** The nearest pixel of the edge: aaaa|abcd|dddd. */
        NEAREST,
        /** One value. */
        CONSTANT,
        /** Mirrored at the edge: abcddcba|abcd|dcbaabcd. */
        REFLECT,
        /** Repeated: abcdabcd|abcd|abcdabcd. */
        WRAP;

        /** The position that stands for {@code at}, or -1 for the constant. */
        int position(int at, int size) {
            if (at >= 0 && at < size) {
                return at;
            }
            return switch (this) {
                case NEAREST -> at < 0 ? 0 : size - 1;
                case CONSTANT -> -1;
                case REFLECT -> {
                    int m = Math.floorMod(at, 2 * size);
                    yield m < size ? m : 2 * size - 1 - m;
                }
                case WRAP -> Math.floorMod(at, size);
            };
        }
    }

    public Augment {
        check("rotation", rotation, 180);
        check("widthShift", widthShift, 1);
        check("heightShift", heightShift, 1);
        check("shear", shear, 60);
        check("zoom", zoom, 0.95);
        check("crop", crop, 1);
        check("brightness", brightness, 1);
        check("contrast", contrast, 1);
        check("saturation", saturation, 1);
        check("hue", hue, 0.5);
        check("channelShift", channelShift, 255);
        check("grayscale", grayscale, 1);
        check("cutout", cutout, 1);
        check("fillValue", fillValue, 255);
    }

    /** No change. */
    public static Augment none() {
        return new Augment(0, 0, 0, 0, 0, 0, false, false, 0, 0, 0, 0, 0, 0, 0, Fill.NEAREST, 0);
    }

    public Augment withRotation(double degrees) {
        return new Augment(
                degrees,
                widthShift,
                heightShift,
                shear,
                zoom,
                crop,
                horizontalFlip,
                verticalFlip,
                brightness,
                contrast,
                saturation,
                hue,
                channelShift,
                grayscale,
                cutout,
                fill,
                fillValue);
    }

    /** Shifts both ways, share of width and height. */
    public Augment withShift(double share) {
        return new Augment(
                rotation,
                share,
                share,
                shear,
                zoom,
                crop,
                horizontalFlip,
                verticalFlip,
                brightness,
                contrast,
                saturation,
                hue,
                channelShift,
                grayscale,
                cutout,
                fill,
                fillValue);
    }

    public Augment withZoom(double share) {
        return new Augment(
                rotation,
                widthShift,
                heightShift,
                shear,
                share,
                crop,
                horizontalFlip,
                verticalFlip,
                brightness,
                contrast,
                saturation,
                hue,
                channelShift,
                grayscale,
                cutout,
                fill,
                fillValue);
    }

    /** Random crops of at least this share of the area, resized to what the network is shown. */
    public Augment withCrop(double share) {
        return new Augment(
                rotation,
                widthShift,
                heightShift,
                shear,
                zoom,
                share,
                horizontalFlip,
                verticalFlip,
                brightness,
                contrast,
                saturation,
                hue,
                channelShift,
                grayscale,
                cutout,
                fill,
                fillValue);
    }

    public Augment withHorizontalFlip() {
        return new Augment(
                rotation,
                widthShift,
                heightShift,
                shear,
                zoom,
                crop,
                true,
                verticalFlip,
                brightness,
                contrast,
                saturation,
                hue,
                channelShift,
                grayscale,
                cutout,
                fill,
                fillValue);
    }

    public Augment withCutout(double share) {
        return new Augment(
                rotation,
                widthShift,
                heightShift,
                shear,
                zoom,
                crop,
                horizontalFlip,
                verticalFlip,
                brightness,
                contrast,
                saturation,
                hue,
                channelShift,
                grayscale,
                share,
                fill,
                fillValue);
    }

    public Augment withFill(Fill value) {
        return new Augment(
                rotation,
                widthShift,
                heightShift,
                shear,
                zoom,
                crop,
                horizontalFlip,
                verticalFlip,
                brightness,
                contrast,
                saturation,
                hue,
                channelShift,
                grayscale,
                cutout,
                value,
                fillValue);
    }

    /**
     * A random part of an image as it was read: an even share of the area from {@link #crop} to 1, an even
     * logarithm of the shape, any place. After ten draws that do not fit, the largest centred part.
     */
    Image cropped(Image image, SplittableRandom random) {
        double area = (double) image.width() * image.height();
        for (int attempt = 0; attempt < 10; attempt++) {
            double kept = area * (crop + (1 - crop) * random.nextDouble());
            double shape = Math.exp(symmetric(random, Math.log(4 / 3.0)));
            int width = (int) Math.round(Math.sqrt(kept * shape));
            int height = (int) Math.round(Math.sqrt(kept / shape));
            if (width >= 1 && height >= 1 && width <= image.width() && height <= image.height()) {
                int left = random.nextInt(image.width() - width + 1);
                int top = random.nextInt(image.height() - height + 1);
                return image.crop(left, top, width, height);
            }
        }
        int width = Math.min(image.width(), Math.max(1, image.height() * 4 / 3));
        int height = Math.min(image.height(), Math.max(1, image.width() * 4 / 3));
        return image.crop((image.width() - width) / 2, (image.height() - height) / 2, width, height);
    }

    /**
     * Writes a changed copy of {@code in} to {@code out}.
     *
     * @param in {@code height width channels} bytes
     * @param out as many bytes from {@code at} on
     */
    void apply(byte[] in, int width, int height, int channels, SplittableRandom random, byte[] out, int at) {
        boolean mirrored = horizontalFlip && random.nextBoolean();
        boolean upsideDown = verticalFlip && random.nextBoolean();
        double shiftX = symmetric(random, widthShift) * width;
        double shiftY = symmetric(random, heightShift) * height;
        if (rotation > 0 || shear > 0 || zoom > 0) {
            var warp = Warp.of(
                    Math.toRadians(symmetric(random, rotation)),
                    Math.toRadians(symmetric(random, shear)),
                    1 + symmetric(random, zoom),
                    1 + symmetric(random, zoom),
                    shiftX,
                    shiftY,
                    mirrored,
                    upsideDown);
            warp.apply(in, width, height, channels, fill, fillValue, out, at);
        } else {
            move(
                    in,
                    width,
                    height,
                    channels,
                    (int) Math.round(shiftX),
                    (int) Math.round(shiftY),
                    mirrored,
                    upsideDown,
                    out,
                    at);
        }
        if (brightness + contrast + saturation + hue + channelShift + grayscale > 0) {
            new Colour(this).apply(out, at, width * height, channels, random);
        }
        if (cutout > 0) {
            cut(width, height, channels, random, out, at);
        }
    }

    private void move(
            byte[] in,
            int width,
            int height,
            int channels,
            int shiftX,
            int shiftY,
            boolean mirrored,
            boolean upsideDown,
            byte[] out,
            int at) {
        int[] columns = new int[width];
        for (int x = 0; x < width; x++) {
            int from = fill.position(x - shiftX, width);
            columns[x] = from < 0 ? -1 : (mirrored ? width - 1 - from : from) * channels;
        }
        for (int y = 0; y < height; y++) {
            int from = fill.position(y - shiftY, height);
            int row = from < 0 ? -1 : (upsideDown ? height - 1 - from : from) * width * channels;
            int to = at + y * width * channels;
            if (row >= 0 && fill != Fill.CONSTANT) {
                copy(in, row, columns, channels, out, to);
                continue;
            }
            for (int x = 0; x < width; x++) {
                boolean outside = row < 0 || columns[x] < 0;
                for (int c = 0; c < channels; c++) {
                    out[to++] = outside ? (byte) fillValue : in[row + columns[x] + c];
                }
            }
        }
    }

    /** One row whose columns all lie in the image: the way of most training, so without a question per value. */
    private static void copy(byte[] in, int row, int[] columns, int channels, byte[] out, int at) {
        int to = at;
        if (channels == 1) {
            for (int column : columns) {
                out[to++] = in[row + column];
            }
            return;
        }
        for (int column : columns) {
            int from = row + column;
            out[to] = in[from];
            out[to + 1] = in[from + 1];
            out[to + 2] = in[from + 2];
            to += 3;
        }
    }

    private void cut(int width, int height, int channels, SplittableRandom random, byte[] out, int at) {
        int side = (int) Math.round(cutout * width);
        int left = random.nextInt(width) - side / 2;
        int top = random.nextInt(height) - side / 2;
        for (int y = Math.max(0, top); y < Math.min(height, top + side); y++) {
            for (int x = Math.max(0, left); x < Math.min(width, left + side); x++) {
                for (int c = 0; c < channels; c++) {
                    out[at + (y * width + x) * channels + c] = 127;
                }
            }
        }
    }

    /** Evenly from {@code -limit} to {@code limit}; draws nothing for 0. */
    static double symmetric(SplittableRandom random, double limit) {
        return limit == 0 ? 0 : (2 * random.nextDouble() - 1) * limit;
    }

    private static void check(String name, double value, double most) {
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException(
                    "augment.%s must be 0 to %s, got augment.%s=%s".formatted(name, most, name, value));
        }
    }
}
