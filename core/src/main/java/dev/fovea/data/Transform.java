package dev.fovea.data;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fovea.image.Fill;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * One random change of training images. A recipe has a list of them; all are drawn anew every epoch from (seed, epoch,
 * image) alone.
 *
 * <p>Geometric ones are joined, in their order, and done in one resampling pass together with the resizing to the
 * network's size; policies, changes of colour and erasing follow in their order.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface Transform permits GeometricTransform, PolicyTransform, PixelTransform {

    /** Each type with the values it starts from: the table by which recipes know them. */
    static List<Transform> defaults() {
        return List.of(
                new GeometricTransform.Crop(List.of(0.08, 1.0), List.of(0.75, 4 / 3.0)),
                GeometricTransform.Flip.horizontal(),
                new GeometricTransform.AlternatingFlip(),
                new GeometricTransform.Translate(0.1, 0.1, Fill.NEAREST, 0),
                new GeometricTransform.Rotate(15, Fill.NEAREST, 0),
                new GeometricTransform.Shear(10, Fill.NEAREST, 0),
                new GeometricTransform.Zoom(List.of(0.8, 1.2), Fill.NEAREST, 0),
                new GeometricTransform.Perspective(0.5, 0.5, Fill.NEAREST, 0),
                PolicyTransform.RandAugment.of(2, 9),
                new PolicyTransform.TrivialAugment(Fill.CONSTANT, 0),
                new PolicyTransform.AutoAugment(LearnedPolicy.IMAGENET, Fill.CONSTANT, 0),
                new AugMix(3, 3, 0, 1, true),
                new ColorTransform.Jitter(0, 0, 0, 0),
                new ColorTransform.ChannelShift(20),
                new ColorTransform.Grayscale(0.1),
                new ErasingTransform.Cutout(0.25, 127),
                new ErasingTransform.Erase(
                        0.5, List.of(0.02, 0.33), List.of(0.3, 3.3), 1, ErasingTransform.Mode.CONSTANT, 127),
                new Corrupt(List.of(), List.of(1, 3), 0.5));
    }

    /** Evenly from {@code -limit} to {@code limit}. */
    static double symmetric(SplittableRandom random, double limit) {
        return (2 * random.nextDouble() - 1) * limit;
    }

    /** Evenly within a range of two. */
    static double within(SplittableRandom random, List<Double> range) {
        return range.get(0) + (range.get(1) - range.get(0)) * random.nextDouble();
    }

    /** @throws IllegalArgumentException if {@code value} does not lie from {@code least} to {@code most} */
    static void check(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s must be %s to %s, got %s=%s",
                    name,
                    shown(least),
                    shown(most),
                    shortName(name),
                    shown(value)));
        }
    }

    /** @throws IllegalArgumentException if {@code range} is not two numbers, in order, within the limits */
    static void check(String name, List<Double> range, double least, double most) {
        boolean fits =
                range.size() == 2 && range.get(0) >= least && range.get(1) <= most && range.get(0) <= range.get(1);
        if (!fits) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s must be two numbers, the smaller first, within %s to %s, got %s=%s",
                    name,
                    shown(least),
                    shown(most),
                    shortName(name),
                    range));
        }
    }

    private static String shown(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }

    private static String shortName(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
