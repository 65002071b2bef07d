package dev.fovea.data;

import dev.fovea.image.Fill;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
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
 * @param crop share of the resized image's sides that is kept by {@link ResizePolicy#CROP}, above 0 and at most 1: 0.875
 *     of 256 pixels are 224
 * @param filter for resizing
 * @param antialias whether shrinking takes all pixels into account, as PIL does, and torchvision with {@code
 *     antialias=True}; without it the result is that of torchvision's {@code Resize(antialias=False)} on a tensor of
 *     bytes
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
        double crop,
        Filter filter,
        boolean antialias,
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

    /** What rounding may have taken from a whole number. */
    private static final double NEARLY = 1e-6;

    /** Of the frame around an image that is fitted. */
    static final int GREY = 114;

    public Preprocess {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (frames.length() < 1) {
            throw new IllegalArgumentException("preprocess: a clip has at least 1 frame, got " + frames.length());
        }
        if (!(crop > 0 && crop <= 1)) {
            throw new IllegalArgumentException("preprocess: crop is a share above 0 and at most 1, got " + crop);
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
                1,
                Filter.BILINEAR,
                true,
                Collections.nCopies(channels, 0.0),
                Collections.nCopies(channels, 1.0),
                Scaling.CHANNEL,
                FrameSampling.STILL);
    }

    public Preprocess withResize(ResizePolicy value) {
        return new Preprocess(height, width, channels, value, crop, filter, antialias, mean, std, scaling, frames);
    }

    /** Resized by {@code value} so that {@code share} of the short side is kept, from the middle. */
    public Preprocess withCrop(double share, Filter value) {
        return new Preprocess(
                height, width, channels, ResizePolicy.CROP, share, value, antialias, mean, std, scaling, frames);
    }

    public Preprocess withFilter(Filter value, boolean antialiased) {
        return new Preprocess(height, width, channels, resize, crop, value, antialiased, mean, std, scaling, frames);
    }

    /** For images of another size. */
    public Preprocess withSize(Size value) {
        return new Preprocess(
                value.height(), value.width(), channels, resize, crop, filter, antialias, mean, std, scaling, frames);
    }

    public Preprocess withNormalization(List<Double> means, List<Double> deviations) {
        return new Preprocess(
                height, width, channels, resize, crop, filter, antialias, means, deviations, scaling, frames);
    }

    public Preprocess withScaling(Scaling value) {
        return new Preprocess(height, width, channels, resize, crop, filter, antialias, mean, std, value, frames);
    }

    public Preprocess withFrames(FrameSampling value) {
        return new Preprocess(height, width, channels, resize, crop, filter, antialias, mean, std, scaling, value);
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
        return apply(image, geometry(image.size()));
    }

    /** Height and width. */
    public Size size() {
        return new Size(height, width);
    }

    /** The image in the network's channels, moved by a geometry that leads to its size. */
    private Image apply(Image image, Geometry geometry) {
        return geometry.apply(coloured(image), filter, antialias, Fill.CONSTANT, GREY);
    }

    /** With the network's channels. */
    Image coloured(Image image) {
        return channels == 1 ? image.toGray() : image.toRgb();
    }

    /** Where {@link #apply(Image)} puts what is in an image of this size. */
    public Geometry geometry(Size from) {
        return switch (resize) {
            case STRETCH -> Geometry.resize(from, size());
            case CROP -> cropped(from);
            case FIT -> middle(from, Math.min(width / (double) from.width(), height / (double) from.height()));
            case PATCH -> patch(from, 0.5, 0.5);
        };
    }

    /** The part of an image of this size that the network is shown, in the image's pixels; what lies around it is cut off. */
    public Box part(Size from) {
        Geometry shown = geometry(from);
        return shown.inverse()
                .apply(new Box(0, 0, shown.to().width(), shown.to().height()), 0)
                .orElseThrow();
    }

    private double covering(Size from) {
        return Math.max(width / (double) from.width(), height / (double) from.height());
    }

    private static Size scaled(Size size, double scale) {
        return new Size(side(size.height(), scale), side(size.width(), scale));
    }

    private static int side(int side, double scale) {
        return (int) Math.max(1, Math.round(side * scale));
    }

    /** As torchvision's Resize and CenterCrop round: the long side down, the corner to the even number. */
    private Geometry cropped(Size from) {
        double high = Math.floor(height / crop + NEARLY);
        double wide = Math.floor(width / crop + NEARLY);
        double scale = Math.max(wide / from.width(), high / from.height());
        var scaled = new Size((int) Math.max(high, Math.floor(from.height() * scale + NEARLY)), (int)
                Math.max(wide, Math.floor(from.width() * scale + NEARLY)));
        return Geometry.resize(from, scaled)
                .then(Geometry.part(
                        scaled,
                        Math.rint((scaled.width() - width) / 2.0),
                        Math.rint((scaled.height() - height) / 2.0),
                        size()));
    }

    /** Scaled, and then the middle of it or all of it in a frame. */
    private Geometry middle(Size from, double scale) {
        Size scaled = scaled(from, scale);
        return Geometry.resize(from, scaled)
                .then(Geometry.part(scaled, (scaled.width() - width) / 2, (scaled.height() - height) / 2, size()));
    }

    /**
     * A part of this size in the image's own pixels; of an image that is too small, of its enlargement.
     *
     * @param across 0 for the left edge to 1 for the right one
     * @param down 0 for the top to 1 for the bottom
     */
    Geometry patch(Size from, double across, double down) {
        double scale = covering(from);
        Size scaled = scale <= 1 ? from : scaled(from, scale);
        return Geometry.resize(from, scaled)
                .then(Geometry.part(
                        scaled,
                        Math.round(across * (scaled.width() - width)),
                        Math.round(down * (scaled.height() - height)),
                        size()));
    }
}
