package dev.fovea.image;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes an image from another by projective maps, all of them in one resampling pass.
 *
 * <p>Shrinking is antialiased as in PIL: the kernel widens with the scale, so that no pixel is skipped; a plain resize
 * equals PIL's to the byte. Without antialiasing it equals PyTorch's {@code interpolate} on bytes. Maps that keep rows and columns run axis by axis, whole-pixel ones only copy.
 */
public final class Sampler {

    /**
     * One map, from where it leads back to where it comes from.
     *
     * @param back from coordinates of its output to those of its input
     * @param within the size of its input
     * @param fill what stands where {@code back} leads outside the input
     * @param fillValue for {@link Fill#CONSTANT}, 0 to 255
     */
    public record Step(Projective back, Size within, Fill fill, int fillValue) {

        /** Whether an output of this size has no pixel from outside the input. */
        private boolean fills(Size out) {
            for (int corner = 0; corner < 4; corner++) {
                double x = (corner & 1) == 0 ? 0 : out.width();
                double y = (corner & 2) == 0 ? 0 : out.height();
                double atX = back.x(x, y);
                double atY = back.y(x, y);
                if (atX < -EDGE || atY < -EDGE || atX > within.width() + EDGE || atY > within.height() + EDGE) {
                    return false;
                }
            }
            return true;
        }

        private boolean sameFill(Step other) {
            return fill == other.fill && fillValue == other.fillValue;
        }

        /** Whether an output of this size and the input cover each other exactly. */
        private boolean spans(Size out) {
            return back.aligned()
                    && covers(back.xx() * out.width(), back.x0(), within.width())
                    && covers(back.yy() * out.height(), back.y0(), within.height());
        }

        private static boolean covers(double length, double start, int size) {
            return Math.abs(Math.abs(length) - size) < EDGE && Math.abs(Math.min(start, start + length)) < EDGE;
        }
    }

    /** Pixels by which rounding may lead past an edge. */
    private static final double EDGE = 1e-6;

    private final Size in;
    private final Size out;
    private final Axis across;
    private final Axis down;
    private final Slanted slanted;

    private Sampler(List<Step> steps, Size out, Filter filter, boolean antialias, boolean antialiasSlanted) {
        this.out = out;
        in = steps.get(steps.size() - 1).within();
        boolean aligned = true;
        for (Step step : steps) {
            aligned &= step.back().aligned();
        }
        across = aligned ? Axis.across(steps, out.width(), filter, antialias) : null;
        down = aligned ? Axis.down(steps, out.height(), filter, antialias) : null;
        slanted = aligned ? null : new Slanted(steps, out, filter, antialiasSlanted);
    }

    /** Antialiased. */
    public static Sampler of(List<Step> steps, Size out, Filter filter) {
        return of(steps, out, filter, true);
    }

    /**
     * @param steps from the output to the source image, at least one
     * @param out the size of the output
     * @param antialias whether the kernel widens where the map shrinks
     */
    public static Sampler of(List<Step> steps, Size out, Filter filter, boolean antialias) {
        Image.bytes(out.width(), out.height(), 3);
        return new Sampler(joined(steps, out), out, filter, antialias, antialias);
    }

    /**
     * The same by the four nearest pixels alone, without antialiasing, as Pillow's {@code transform}: several times as fast
     * for maps that shear, and as good where they shrink little.
     */
    public static Sampler bilinear(List<Step> steps, Size out) {
        Image.bytes(out.width(), out.height(), 3);
        return new Sampler(joined(steps, out), out, Filter.BILINEAR, true, false);
    }

    /**
     * Fewer steps. Two are one map where the first never looks outside its input, where the input of both has the same
     * edges, or where both fill alike: what the first moves out and the second back in is then not lost. The last one keeps
     * its own fill: it says what is made of an image, as a crop of it.
     */
    private static List<Step> joined(List<Step> steps, Size out) {
        var joined = new ArrayList<Step>();
        Step open = steps.get(0);
        Size seen = out;
        for (int i = 1; i < steps.size(); i++) {
            Step next = steps.get(i);
            boolean filled = open.fills(seen);
            boolean alike = i < steps.size() - 1 && open.sameFill(next);
            if (filled || alike || next.spans(open.within())) {
                Projective back = open.back().then(next.back());
                Step fill = filled ? next : open;
                open = new Step(back, next.within(), fill.fill(), fill.fillValue());
            } else {
                joined.add(open);
                seen = open.within();
                open = next;
            }
        }
        joined.add(open);
        return joined;
    }

    /**
     * The output made of {@code image}.
     *
     * @throws IllegalArgumentException if it has not the size of the last step's input
     */
    public Image apply(Image image) {
        checked(image);
        if (slanted == null && across.same() && down.same()) {
            return image;
        }
        byte[] pixels = new byte[Image.bytes(out.width(), out.height(), image.channels())];
        apply(image, pixels, 0);
        return new Image(out.width(), out.height(), image.channels(), pixels);
    }

    /** The same, written to {@code pixels} from {@code at} on. */
    public void apply(Image image, byte[] pixels, int at) {
        checked(image);
        if (slanted != null) {
            slanted.apply(image, pixels, at);
        } else if (across.copies() && down.copies()) {
            Separable.copy(image, across, down, pixels, at);
        } else if (!across.antialias()) {
            Separable.interpolate(image, across, down, pixels, at);
        } else {
            Separable.apply(image, across, down, pixels, at);
        }
    }

    private void checked(Image image) {
        if (image.width() != in.width() || image.height() != in.height()) {
            throw new IllegalArgumentException(
                    "sampler: made for images of %s, got %s".formatted(in, new Size(image.height(), image.width())));
        }
    }
}
