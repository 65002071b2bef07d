package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The policies that were found by search: Cubuk et al. 2018, <a href="https://arxiv.org/abs/1805.09501">AutoAugment</a>,
 * tables 7 to 9. Each has 25 pairs, of which an image gets one.
 */
public enum LearnedPolicy {
    /** Learned on CIFAR-10. */
    CIFAR10("""
            invert 0.1 -, contrast 0.2 6
            rotate 0.7 2, translate-x 0.3 9
            sharpness 0.8 1, sharpness 0.9 3
            shear-y 0.5 8, translate-y 0.7 9
            auto-contrast 0.5 -, equalize 0.9 -
            shear-y 0.2 7, posterize 0.3 7
            color 0.4 3, brightness 0.6 7
            sharpness 0.3 9, brightness 0.7 9
            equalize 0.6 -, equalize 0.5 -
            contrast 0.6 7, sharpness 0.6 5
            color 0.7 7, translate-x 0.5 8
            equalize 0.3 -, auto-contrast 0.4 -
            translate-y 0.4 3, sharpness 0.2 6
            brightness 0.9 6, color 0.2 8
            solarize 0.5 2, invert 0 -
            equalize 0.2 -, auto-contrast 0.6 -
            equalize 0.2 -, equalize 0.6 -
            color 0.9 9, equalize 0.6 -
            auto-contrast 0.8 -, solarize 0.2 8
            brightness 0.1 3, color 0.7 0
            solarize 0.4 5, auto-contrast 0.9 -
            translate-y 0.9 9, translate-y 0.7 9
            auto-contrast 0.9 -, solarize 0.8 3
            equalize 0.8 -, invert 0.1 -
            translate-y 0.7 9, auto-contrast 0.9 -
            """),
    /** Learned on ImageNet. */
    IMAGENET("""
            posterize 0.4 8, rotate 0.6 9
            solarize 0.6 5, auto-contrast 0.6 -
            equalize 0.8 -, equalize 0.6 -
            posterize 0.6 7, posterize 0.6 6
            equalize 0.4 -, solarize 0.2 4
            equalize 0.4 -, rotate 0.8 8
            solarize 0.6 3, equalize 0.6 -
            posterize 0.8 5, equalize 1 -
            rotate 0.2 3, solarize 0.6 8
            equalize 0.6 -, posterize 0.4 6
            rotate 0.8 8, color 0.4 0
            rotate 0.4 9, equalize 0.6 -
            equalize 0 -, equalize 0.8 -
            invert 0.6 -, equalize 1 -
            color 0.6 4, contrast 1 8
            rotate 0.8 8, color 1 2
            color 0.8 8, solarize 0.8 7
            sharpness 0.4 7, invert 0.6 -
            shear-x 0.6 5, equalize 1 -
            color 0.4 0, equalize 0.6 -
            equalize 0.4 -, solarize 0.2 4
            solarize 0.6 5, auto-contrast 0.6 -
            invert 0.6 -, equalize 1 -
            color 0.6 4, contrast 1 8
            equalize 0.8 -, equalize 0.6 -
            """),
    /** Learned on the house numbers of SVHN. */
    SVHN("""
            shear-x 0.9 4, invert 0.2 -
            shear-y 0.9 8, invert 0.7 -
            equalize 0.6 -, solarize 0.6 6
            invert 0.9 -, equalize 0.6 -
            equalize 0.6 -, rotate 0.9 3
            shear-x 0.9 4, auto-contrast 0.8 -
            shear-y 0.9 8, invert 0.4 -
            shear-y 0.9 5, solarize 0.2 6
            invert 0.9 -, auto-contrast 0.8 -
            equalize 0.6 -, rotate 0.9 3
            shear-x 0.9 4, solarize 0.3 3
            shear-y 0.8 8, invert 0.7 -
            equalize 0.9 -, translate-y 0.6 6
            invert 0.9 -, equalize 0.6 -
            contrast 0.3 3, rotate 0.8 4
            invert 0.8 -, translate-y 0 2
            shear-y 0.7 6, solarize 0.4 8
            invert 0.6 -, rotate 0.8 4
            shear-y 0.3 7, translate-x 0.9 3
            shear-x 0.1 6, invert 0.6 -
            solarize 0.7 2, translate-y 0.6 7
            shear-y 0.8 4, invert 0.8 -
            shear-x 0.7 9, translate-y 0.8 3
            shear-y 0.8 5, auto-contrast 0.7 -
            shear-x 0.7 2, invert 0.1 -
            """);

    /** Magnitudes are steps of a range from 0 to 9. */
    private static final int STEPS = 10;

    /**
     * One of a pair.
     *
     * @param p share of the images, 0 to 1
     * @param step of the range of magnitudes
     */
    private record Part(Operation operation, double p, int step) {}

    private final List<List<Part>> pairs;

    LearnedPolicy(String table) {
        pairs = table.lines().map(LearnedPolicy::pair).toList();
    }

    private static List<Part> pair(String line) {
        var pair = new ArrayList<Part>();
        for (String part : line.split(", ")) {
            String[] words = part.split(" ");
            pair.add(new Part(
                    Operation.valueOf(words[0].replace('-', '_').toUpperCase(Locale.ROOT)),
                    Double.parseDouble(words[1]),
                    words[2].equals("-") ? 0 : Integer.parseInt(words[2])));
        }
        return pair;
    }

    /** What is done to one image. */
    List<PolicyTransform.Change> draw(Size size, SplittableRandom random) {
        var changes = new ArrayList<PolicyTransform.Change>();
        for (Part part : pairs.get(random.nextInt(pairs.size()))) {
            if (random.nextDouble() <= part.p()) {
                double magnitude = MagnitudeRange.USUAL.at(part.operation(), part.step(), STEPS, size);
                changes.add(new PolicyTransform.Change(
                        part.operation(), MagnitudeRange.eitherWay(part.operation(), magnitude, random)));
            }
        }
        return changes;
    }
}
