package dev.fovea.run;

import dev.fovea.image.Appearance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Images of another quality than the others of their set: what is usual there, as black grounds around digits, is no issue. */
final class QualityIssues {

    /**
     * An image with an issue.
     *
     * @param index of the image
     * @param value that is unusual
     */
    record Issue(Finding.Kind kind, int index, double value) {}

    private static final double DARK = 40;
    private static final double BRIGHT = 215;
    private static final double FLAT = 20;
    private static final double STRETCHED = 1.6;
    private static final double SMALLER = 4;

    private QualityIssues() {}

    /** Of each kind the most unusual first. */
    static List<Issue> of(List<Appearance> images) {
        var issues = new ArrayList<Issue>();
        add(
                issues,
                images,
                Finding.Kind.DARK,
                Appearance::brightness,
                (value, usual) -> value < DARK && usual.low(value, 1.5));
        add(
                issues,
                images,
                Finding.Kind.BRIGHT,
                one -> -one.brightness(),
                (value, usual) -> -value > BRIGHT && usual.low(value, 1.5));
        add(
                issues,
                images,
                Finding.Kind.LOW_CONTRAST,
                Appearance::contrast,
                (value, usual) -> value < FLAT && usual.low(value, 1.5));
        add(
                issues,
                images,
                Finding.Kind.BLURRED,
                one -> Math.log(one.sharpness() + 1),
                (value, usual) -> usual.low(value, 1.5));
        double shape = median(images, QualityIssues::length); // upright and lying ones are alike
        add(
                issues,
                images,
                Finding.Kind.ODD_ASPECT,
                one -> -Math.abs(length(one) - shape),
                (value, usual) -> -value > Math.log(STRETCHED) && usual.low(value, 1.5));
        double size = median(images, one -> Math.log(pixels(one)));
        add(
                issues,
                images,
                Finding.Kind.ODD_SIZE,
                one -> -Math.abs(Math.log(pixels(one)) - size),
                (value, usual) -> -value > Math.log(SMALLER) && usual.low(value, 1.5));
        return issues;
    }

    /** The middle half of all values (Tukey 1977). */
    private record Usual(double first, double third) {

        static Usual of(double[] values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            return new Usual(sorted[sorted.length / 4], sorted[sorted.length * 3 / 4]);
        }

        boolean low(double value, double reach) {
            return value < first - reach * (third - first);
        }
    }

    @FunctionalInterface
    private interface Rule {
        boolean applies(double value, Usual usual);
    }

    private static void add(
            List<Issue> issues,
            List<Appearance> images,
            Finding.Kind kind,
            ToDoubleFunction<Appearance> measure,
            Rule rule) {
        double[] values = images.stream().mapToDouble(measure).toArray();
        if (values.length == 0) {
            return;
        }
        Usual usual = Usual.of(values);
        IntStream.range(0, values.length)
                .filter(i -> rule.applies(values[i], usual))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .map(i -> new Issue(kind, i, value(kind, images.get(i))))
                .forEach(issues::add);
    }

    /** In the unit of its kind. */
    private static double value(Finding.Kind kind, Appearance image) {
        return switch (kind) {
            case DARK, BRIGHT -> image.brightness();
            case LOW_CONTRAST -> image.contrast();
            case BLURRED -> image.sharpness();
            case ODD_ASPECT -> aspect(image);
            default -> pixels(image);
        };
    }

    private static double median(List<Appearance> images, ToDoubleFunction<Appearance> measure) {
        double[] sorted = images.stream().mapToDouble(measure).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    /** Of the longer side beside the shorter one, as a logarithm. */
    private static double length(Appearance image) {
        return Math.abs(Math.log(aspect(image)));
    }

    private static double aspect(Appearance image) {
        return image.size().width() / (double) image.size().height();
    }

    private static double pixels(Appearance image) {
        return (double) image.size().width() * image.size().height();
    }
}
