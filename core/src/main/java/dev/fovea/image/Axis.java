package dev.fovea.image;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * What each pixel of an output is made of along one axis: consecutive source pixels and their weights, in 22-bit fixed
 * point as PIL has them; or no source pixel but a constant.
 *
 * @param from pixels of the source
 * @param first source pixel of each output pixel; negative for a constant, see {@link #constant}
 * @param weights of each output pixel; {@code null} if each is a copy of its first source pixel
 * @param antialias whether the kernel widened where the map shrinks
 */
record Axis(int from, int[] first, int[][] weights, boolean antialias) {

    static final int BITS = 22;

    /** Pixels by which a centre may miss the middle of a source pixel and still be a copy of it. */
    private static final double EXACT = 1e-9;

    private static final int[] ONE = {1 << BITS};

    /** One step along this axis: {@code at} comes from {@code scale at + offset} within {@code size}. */
    private record Line(double scale, double offset, int size, Fill fill, int value) {

        boolean movesWholePixels() {
            return (scale == 1 || scale == -1) && offset == Math.rint(offset) && Math.abs(offset) < 1 << 30;
        }
    }

    static Axis across(List<Sampler.Step> steps, int count, Filter filter, boolean antialias) {
        return of(steps, s -> s.back().xx(), s -> s.back().x0(), s -> s.within().width(), count, filter, antialias);
    }

    static Axis down(List<Sampler.Step> steps, int count, Filter filter, boolean antialias) {
        return of(steps, s -> s.back().yy(), s -> s.back().y0(), s -> s.within().height(), count, filter, antialias);
    }

    private static Axis of(
            List<Sampler.Step> steps,
            ToDoubleFunction<Sampler.Step> scale,
            ToDoubleFunction<Sampler.Step> offset,
            ToIntFunction<Sampler.Step> size,
            int count,
            Filter filter,
            boolean antialias) {
        var lines = new Line[steps.size()];
        for (int i = 0; i < lines.length; i++) {
            Sampler.Step step = steps.get(i);
            lines[i] = new Line(
                    scale.applyAsDouble(step),
                    offset.applyAsDouble(step),
                    size.applyAsInt(step),
                    step.fill(),
                    step.fillValue());
        }
        if (lines.length == 1 && lines[0].movesWholePixels()) {
            return moved(lines[0], count, antialias);
        }
        double total = 1;
        for (Line line : lines) {
            total *= Math.abs(line.scale());
        }
        return filled(lines, total, count, filter, antialias);
    }

    /** The same without fractions: the way of most training. */
    private static Axis moved(Line line, int count, boolean antialias) {
        int step = (int) line.scale();
        int at = step > 0 ? (int) line.offset() : (int) line.offset() - 1;
        int[] first = new int[count];
        for (int i = 0; i < count; i++) {
            first[i] = at >= 0 && at < line.size() ? at : (int) folded(line, 0, at + 0.5);
            at += step;
        }
        return new Axis(line.size(), first, null, antialias);
    }

    private static Axis filled(Line[] lines, double scale, int count, Filter filter, boolean antialias) {
        int from = lines[lines.length - 1].size();
        int[] first = new int[count];
        int[][] weights = null;
        for (int i = 0; i < count; i++) {
            double centre = i + 0.5;
            for (int depth = 0; depth < lines.length && centre >= 0; depth++) {
                centre = source(lines[depth], depth, centre);
            }
            if (centre < 0) {
                first[i] = (int) centre;
            } else if (copied(centre, scale, filter)) {
                first[i] = Math.min(from - 1, (int) (centre + EXACT));
            } else {
                weights = weights == null ? ones(count) : weights;
                weights[i] = antialias
                        ? weigh(centre, from, scale, filter, first, i)
                        : between(centre, from, filter, first, i);
            }
        }
        return new Axis(from, first, weights, antialias);
    }

    /** Where a place comes from, or the negative code of the constant that stands there. */
    private static double source(Line line, int depth, double at) {
        double source = line.scale() * at + line.offset();
        if (source >= 0 && source < line.size()) {
            return source;
        }
        return folded(line, depth, source);
    }

    private static double folded(Line line, int depth, double at) {
        double folded = line.fill().fold(at, line.size());
        return folded == Fill.OUTSIDE ? -1.0 - (depth * 256 + line.value()) : folded;
    }

    /** The constant that a negative {@link #first} stands for, 0 to 255; the later step's has the greater code. */
    static int constant(int code) {
        return (-1 - code) & 0xFF;
    }

    /** Whether the output pixel is a copy of the source pixel that its middle falls in. */
    private static boolean copied(double centre, double scale, Filter filter) {
        return filter == Filter.NEAREST || Math.abs(scale - 1) < EXACT && Math.abs(centre - (int) centre - 0.5) < EXACT;
    }

    private static int[][] ones(int count) {
        int[][] ones = new int[count][];
        Arrays.fill(ones, ONE);
        return ones;
    }

    private static int[] weigh(double centre, int from, double scale, Filter filter, int[] first, int i) {
        double stretch = Math.max(1, scale);
        double support = filter.support * stretch;
        int start = Math.max(0, (int) (centre - support + 0.5));
        int end = Math.min(from, (int) (centre + support + 0.5));
        double[] weights = new double[end - start];
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
            weights[j] = filter.weight((j + start - centre + 0.5) / stretch, true);
            sum += weights[j];
        }
        int[] fixed = new int[weights.length];
        for (int j = 0; j < weights.length; j++) {
            double value = weights[j] / sum * (1 << BITS);
            fixed[j] = (int) (value < 0 ? value - 0.5 : value + 0.5);
        }
        first[i] = start;
        return fixed;
    }

    /** The nearest pixels alone, two or four; the edge stands for those outside, as PyTorch has it. */
    private static int[] between(double centre, int from, Filter filter, int[] first, int i) {
        int reach = (int) filter.support;
        int start = (int) Math.floor(centre - 0.5) - reach + 1;
        int left = Math.max(0, start);
        var fixed = new int[Math.min(from, start + 2 * reach) - left];
        for (int j = start; j < start + 2 * reach; j++) {
            int inside = Math.max(0, Math.min(from - 1, j)) - left;
            fixed[inside] += (int) Math.rint(filter.weight(j + 0.5 - centre, false) * (1 << BITS));
        }
        first[i] = left;
        return fixed;
    }

    int count() {
        return first.length;
    }

    /** Whether each output pixel is a source pixel or a constant. */
    boolean copies() {
        return weights == null;
    }

    int[] weights(int i) {
        return weights == null || first[i] < 0 ? ONE : weights[i];
    }

    /** Whether the output is the source. */
    boolean same() {
        return count() == from && run();
    }

    /** Whether the output is a run of neighbouring source pixels. */
    boolean run() {
        if (!copies() || first[0] < 0) {
            return false;
        }
        for (int i = 1; i < first.length; i++) {
            if (first[i] != first[0] + i) {
                return false;
            }
        }
        return true;
    }

    /** Whether no output pixel is a constant. */
    boolean inside() {
        for (int at : first) {
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    /** First and last, exclusive, of the source pixels that any output pixel is made of. */
    int[] needed() {
        int start = from;
        int end = 0;
        for (int i = 0; i < first.length; i++) {
            if (first[i] >= 0) {
                start = Math.min(start, first[i]);
                end = Math.max(end, first[i] + weights(i).length);
            }
        }
        return new int[] {Math.min(start, end), end};
    }
}
