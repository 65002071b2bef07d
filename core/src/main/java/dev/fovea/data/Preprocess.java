package dev.fovea.data;

import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The fixed preprocessing of any image to the input of a network.
 *
 * @param height in pixels
 * @param width in pixels
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param resize for images of another shape
 * @param filter for resizing
 * @param mean per channel, subtracted after division by 255
 * @param std per channel, divided by after that, above 0
 * @param scaling what else is done to the values
 * @param frames which frames of a clip; {@link FrameSampling#STILL} for image networks
 */
public record Preprocess(
        int height,
        int width,
        int channels,
        ResizePolicy resize,
        Filter filter,
        List<Double> mean,
        List<Double> std,
        Scaling scaling,
        FrameSampling frames) {

    /** What is done to the values of an image after mean and deviation of its channels. */
    public enum Scaling {
        /** Nothing. */
        CHANNEL,
        /** Zero mean and unit variance over all values of each image. */
        IMAGE,
        /** ZCA whitening, by a matrix that the network carries. */
        WHITEN
    }

    /** What an array can hold. */
    static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    private static final byte GREY = 114;

    public Preprocess {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (frames.length() < 1) {
            throw new IllegalArgumentException("preprocess: a clip has at least 1 frame, got " + frames.length());
        }
        if (height < 1 || width < 1 || (channels != 1 && channels != 3)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "preprocess: height and width must be positive and channels 1 or 3, got %dx%dx%d",
                    channels,
                    height,
                    width));
        }
        if ((long) height * width > Image.MOST_PIXELS || bytes(height, width, channels, frames) > MOST_BYTES) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "preprocess: an image may have %,d pixels and a clip %,d bytes, got %s%dx%dx%d. Set a smaller input.size",
                    Image.MOST_PIXELS,
                    MOST_BYTES,
                    frames.length() == 1 ? "" : frames.length() + " frames of ",
                    height,
                    width,
                    channels));
        }
        if (mean.size() != channels
                || std.size() != channels
                || !finite(mean)
                || !finite(std)
                || std.stream().anyMatch(s -> s <= 0)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "preprocess: needs %d means and positive deviations, got %s and %s",
                    channels,
                    mean,
                    std));
        }
    }

    private static boolean finite(List<Double> values) {
        return values.stream().allMatch(Double::isFinite);
    }

    /** Bilinear, divided by 255 and no more. */
    public static Preprocess of(int height, int width, int channels) {
        return new Preprocess(
                height,
                width,
                channels,
                ResizePolicy.STRETCH,
                Filter.BILINEAR,
                Collections.nCopies(channels, 0.0),
                Collections.nCopies(channels, 1.0),
                Scaling.CHANNEL,
                FrameSampling.STILL);
    }

    public Preprocess withResize(ResizePolicy value) {
        return new Preprocess(height, width, channels, value, filter, mean, std, scaling, frames);
    }

    public Preprocess withNormalization(List<Double> means, List<Double> deviations) {
        return new Preprocess(height, width, channels, resize, filter, means, deviations, scaling, frames);
    }

    public Preprocess withScaling(Scaling value) {
        return new Preprocess(height, width, channels, resize, filter, mean, std, value, frames);
    }

    public Preprocess withFrames(FrameSampling value) {
        return new Preprocess(height, width, channels, resize, filter, mean, std, scaling, value);
    }

    /** Bytes of the network's input: all frames of a clip. */
    public int bytes() {
        return (int) bytes(height, width, channels, frames);
    }

    /** Height and width are below 2^31 and the rest below 2^12: no product of an accepted size overflows. */
    private static long bytes(int height, int width, int channels, FrameSampling frames) {
        return Math.multiplyExact((long) height * width, (long) channels * frames.length());
    }

    /** Image or clip {@code index} in the network's size and channels; frames of a clip one below the other. */
    public Image apply(Dataset data, int index) {
        return apply(seen(data, index));
    }

    /** The same with frames chosen for training. */
    Image apply(Dataset data, int index, SplittableRandom random) {
        return apply(seen(data, index, random));
    }

    /** The frames that are shown of clip {@code index}, or the one image, as they were read. */
    List<Image> seen(Dataset data, int index) {
        return data.clips()
                ? data.frames(index, frames.chosen(data.frames(index)))
                : List.of(data.image(single(data, index)));
    }

    /** The same with frames chosen for training. */
    List<Image> seen(Dataset data, int index, SplittableRandom random) {
        return data.clips()
                ? data.frames(index, frames.chosen(data.frames(index), random))
                : List.of(data.image(single(data, index)));
    }

    private int single(Dataset data, int index) {
        if (frames.length() > 1) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: is an image, this network is shown clips of %d frames. Expected class folders of clips, as folders of numbered images, gifs or videos",
                    data.name(index),
                    frames.length()));
        }
        return index;
    }

    /** The frames in the network's size and channels, one below the other. */
    public Image apply(List<Image> frames) {
        return FrameSampling.stacked(frames.stream().map(this::apply).toList());
    }

    /** The frames of a clip that a network is shown, in its size, one below the other. */
    public Image apply(Clip clip) {
        return apply(clip.frames(frames.chosen(clip.frames())));
    }

    /** The image in the network's size and channels, still bytes. */
    public Image apply(Image image) {
        Image coloured = channels == 1 ? image.toGray() : image.toRgb();
        if (coloured.width() == width && coloured.height() == height) {
            return coloured;
        }
        return switch (resize) {
            case STRETCH -> coloured.resize(width, height, filter);
            case CROP -> {
                double scale = covering(coloured.width(), coloured.height());
                int wide = side(coloured.width(), scale);
                int high = side(coloured.height(), scale);
                yield coloured.resizedPart(wide, high, filter, (wide - width) / 2, (high - height) / 2, width, height);
            }
            case FIT -> framed(scaled(coloured, fitting(coloured.width(), coloured.height())));
            case PATCH -> patch(image, 0.5, 0.5);
        };
    }

    /**
     * Where {@link #apply(Image)} looks in an image of this size.
     *
     * @param across its width in pixels
     * @param down its height in pixels
     */
    public View view(int across, int down) {
        double scale = switch (resize) {
            case STRETCH -> 0;
            case CROP -> covering(across, down);
            case FIT -> fitting(across, down);
            case PATCH -> Math.max(1, covering(across, down));
        };
        if (scale == 0 || (across == width && down == height)) {
            return View.ALL;
        }
        int wide = side(across, scale);
        int high = side(down, scale);
        // Half a pixel that is left over goes where apply puts it.
        double left = resize == ResizePolicy.PATCH ? Math.round(0.5 * (wide - width)) : (wide - width) / 2;
        double top = resize == ResizePolicy.PATCH ? Math.round(0.5 * (high - height)) : (high - height) / 2;
        return new View(left / wide, top / high, width / (double) wide, height / (double) high);
    }

    private double covering(int across, int down) {
        return Math.max(width / (double) across, height / (double) down);
    }

    private double fitting(int across, int down) {
        return Math.min(width / (double) across, height / (double) down);
    }

    private static int side(int side, double scale) {
        return (int) Math.max(1, Math.round(side * scale));
    }

    /**
     * A part of this size in the image's own pixels; of an image that is too small, of its enlargement.
     *
     * @param across 0 for the left edge to 1 for the right one
     * @param down 0 for the top to 1 for the bottom
     */
    Image patch(Image image, double across, double down) {
        double scale = covering(image.width(), image.height());
        int wide = scale <= 1 ? image.width() : side(image.width(), scale);
        int high = scale <= 1 ? image.height() : side(image.height(), scale);
        int left = (int) Math.round(across * (wide - width));
        int top = (int) Math.round(down * (high - height));
        Image part = image.resizedPart(wide, high, filter, left, top, width, height);
        return channels == 1 ? part.toGray() : part.toRgb();
    }

    private Image scaled(Image image, double scale) {
        return image.resize(side(image.width(), scale), side(image.height(), scale), filter);
    }

    private Image framed(Image image) {
        byte[] out = new byte[width * height * channels];
        Arrays.fill(out, GREY);
        int left = (width - image.width()) / 2;
        int top = (height - image.height()) / 2;
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(
                    image.pixels(),
                    y * image.width() * channels,
                    out,
                    ((top + y) * width + left) * channels,
                    image.width() * channels);
        }
        return new Image(width, height, channels, out);
    }
}
