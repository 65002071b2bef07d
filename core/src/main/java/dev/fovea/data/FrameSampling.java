package dev.fovea.data;

import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which frames of a clip a network takes.
 *
 * @param length how many, or 0 for the network's own number
 * @param stride of DENSE, from one frame to the next
 * @param sampling how they are chosen
 */
public record FrameSampling(int length, int stride, Sampling sampling) {

    /** How frames are chosen. */
    public enum Sampling {
        /** Evenly over the whole clip. */
        UNIFORM,
        /**
         * One after another, {@link FrameSampling#stride} apart: while training from a random first one, else from the
         * middle.
         */
        DENSE,
        /** While training at random, in their order; else evenly. */
        RANDOM
    }

    /** One frame: the middle one. */
    public static final FrameSampling STILL = new FrameSampling(1, 1, Sampling.UNIFORM);

    private static final int SHOWN = 8;
    private static final byte WHITE = (byte) 255;

    public FrameSampling {
        if (length < 0 || length > 1024 || stride < 1) {
            throw new IllegalArgumentException(
                    "input.frames: length must be 0 (the network's own) to 1024 and stride at least 1, got length=%s, stride=%s"
                            .formatted(length, stride));
        }
    }

    public FrameSampling withLength(int value) {
        return new FrameSampling(value, stride, sampling);
    }

    /** Whether the same frames are chosen every time. */
    boolean fixed() {
        return sampling == Sampling.UNIFORM;
    }

    /** Of so many frames, for evaluation: the same every time. A clip that is too short shows frames more than once. */
    int[] chosen(int frames) {
        return sampling == Sampling.DENSE ? dense(frames, 0.5) : uniform(frames, length);
    }

    /** Of so many frames, for training. */
    int[] chosen(int frames, SplittableRandom random) {
        return switch (sampling) {
            case UNIFORM -> uniform(frames, length);
            case DENSE -> dense(frames, random.nextDouble());
            case RANDOM ->
                frames < length
                        ? uniform(frames, length)
                        : Arrays.stream(Order.shuffled(frames, random))
                                .limit(length)
                                .sorted()
                                .toArray();
        };
    }

    private static int[] uniform(int frames, int wanted) {
        return IntStream.range(0, wanted)
                .map(i -> (int) ((i + 0.5) * frames / wanted))
                .toArray();
    }

    private int[] dense(int frames, double from) {
        int free = Math.max(0, frames - ((length - 1) * stride + 1));
        int first = (int) Math.round(from * free);
        return IntStream.range(0, length)
                .map(i -> Math.min(frames - 1, first + i * stride))
                .toArray();
    }

    /** Up to eight frames of a data set's clip, side by side, for people. */
    static Image strip(Dataset data, int index) {
        int frames = data.frames(index);
        return strip(data.frames(index, uniform(frames, Math.min(SHOWN, frames))));
    }

    /** Up to eight of the frames, side by side in the size of the first. */
    public static Image strip(List<Image> frames) {
        List<Image> shown = Arrays.stream(uniform(frames.size(), Math.min(SHOWN, frames.size())))
                .mapToObj(frames::get)
                .toList();
        Image first = shown.get(0);
        int gap = Math.max(1, first.width() / 32);
        int width = Math.multiplyExact(shown.size(), first.width() + gap) - gap;
        int channels = first.channels();
        byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(width, first.height()), channels)];
        Arrays.fill(out, WHITE);
        for (int f = 0; f < shown.size(); f++) {
            byte[] pixels = fitting(shown.get(f), first).pixels();
            int row = first.width() * channels;
            for (int y = 0; y < first.height(); y++) {
                int to = (y * width + f * (first.width() + gap)) * channels;
                System.arraycopy(pixels, y * row, out, to, row);
            }
        }
        return new Image(width, first.height(), channels, out);
    }

    private static Image fitting(Image frame, Image like) {
        Image coloured = like.channels() == 1 ? frame.toGray() : frame.toRgb();
        return coloured.width() == like.width() && coloured.height() == like.height()
                ? coloured
                : coloured.resize(like.width(), like.height(), Filter.BILINEAR);
    }

    /** Frames one below the other, as a network is given them. */
    static Image stacked(List<Image> frames) {
        Image first = frames.get(0);
        if (frames.size() == 1) {
            return first;
        }
        int each = first.pixels().length;
        byte[] all = new byte[Math.multiplyExact(each, frames.size())];
        for (int f = 0; f < frames.size(); f++) {
            System.arraycopy(frames.get(f).pixels(), 0, all, f * each, each);
        }
        return new Image(first.width(), first.height() * frames.size(), first.channels(), all);
    }

    /** The frames of such a stack. */
    public static List<Image> unstacked(Image stack, int frames) {
        int height = stack.height() / frames;
        int each = stack.pixels().length / frames;
        var parts = new ArrayList<Image>();
        for (int f = 0; f < frames; f++) {
            byte[] pixels = Arrays.copyOfRange(stack.pixels(), f * each, (f + 1) * each);
            parts.add(new Image(stack.width(), height, stack.channels(), pixels));
        }
        return parts;
    }
}
