package dev.fovea.data;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.image.Fill;
import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws a few {@link Operation}s for each image in the network's size, one after another. Boxes, masks and labels of
 * pixels move along.
 */
public sealed interface PolicyTransform extends Transform {

    /** An operation at a magnitude in its own unit. */
    record Change(Operation operation, double magnitude) {}

    /** What is done to one image of that size, in order. */
    List<Change> draw(Size size, SplittableRandom random);

    /** What stands where the image does not reach. */
    Fill fill();

    /** For {@link Fill#CONSTANT}, 0 to 255. */
    int fillValue();

    /** All operations but {@link Operation#INVERT}, which RandAugment and TrivialAugment do not have. */
    List<Operation> OPERATIONS = List.copyOf(EnumSet.complementOf(EnumSet.of(Operation.INVERT)));

    /** Steps of the range of magnitudes. */
    int STEPS = 31;

    /**
     * Any few operations, all of one strength. Cubuk et al. 2019, <a
     * href="https://arxiv.org/abs/1909.13719">RandAugment</a>; torchvision's.
     *
     * @param n operations an image gets, one after another, 0 to 14
     * @param magnitude strength, 0 to 30
     * @param fill what stands where the image does not reach
     * @param fillValue for {@link Fill#CONSTANT}, 0 to 255
     */
    @JsonTypeName("rand-augment")
    record RandAugment(int n, int magnitude, Fill fill, int fillValue) implements PolicyTransform {

        public RandAugment {
            Transform.check("rand-augment.n", n, 0, OPERATIONS.size());
            Transform.check("rand-augment.magnitude", magnitude, 0, STEPS - 1.0);
            Transform.check("rand-augment.fillValue", fillValue, 0, 255);
        }

        /** On black. */
        public static RandAugment of(int n, int magnitude) {
            return new RandAugment(n, magnitude, Fill.CONSTANT, 0);
        }

        @Override
        public List<Change> draw(Size size, SplittableRandom random) {
            var changes = new ArrayList<Change>(n);
            for (int i = 0; i < n; i++) {
                Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
                double strength = MagnitudeRange.USUAL.at(operation, magnitude, STEPS, size);
                changes.add(new Change(operation, MagnitudeRange.eitherWay(operation, strength, random)));
            }
            return changes;
        }
    }

    /**
     * One operation of any strength, from a wide range: nothing to be tuned. Müller and Hutter 2021, <a
     * href="https://arxiv.org/abs/2103.10158">TrivialAugment</a>; torchvision's {@code TrivialAugmentWide}.
     *
     * @param fill what stands where the image does not reach
     * @param fillValue for {@link Fill#CONSTANT}, 0 to 255
     */
    @JsonTypeName("trivial-augment")
    record TrivialAugment(Fill fill, int fillValue) implements PolicyTransform {

        public TrivialAugment {
            Transform.check("trivial-augment.fillValue", fillValue, 0, 255);
        }

        @Override
        public List<Change> draw(Size size, SplittableRandom random) {
            Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
            double strength = MagnitudeRange.WIDE.at(operation, random.nextInt(STEPS), STEPS, size);
            return List.of(new Change(operation, MagnitudeRange.eitherWay(operation, strength, random)));
        }
    }

    /**
     * One of 25 learned pairs of operations, each done to a share of the images. Cubuk et al. 2018, <a
     * href="https://arxiv.org/abs/1805.09501">AutoAugment</a>; torchvision's.
     *
     * @param policy on what they were learned
     * @param fill what stands where the image does not reach
     * @param fillValue for {@link Fill#CONSTANT}, 0 to 255
     */
    @JsonTypeName("auto-augment")
    record AutoAugment(LearnedPolicy policy, Fill fill, int fillValue) implements PolicyTransform {

        public AutoAugment {
            Transform.check("auto-augment.fillValue", fillValue, 0, 255);
        }

        @Override
        public List<Change> draw(Size size, SplittableRandom random) {
            return policy.draw(size, random);
        }
    }
}
