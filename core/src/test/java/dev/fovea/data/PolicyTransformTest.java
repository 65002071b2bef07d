package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.image.Fill;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyTransformTest {

    private static final Size SIZE = new Size(60, 90);

    private static Stream<PolicyTransform> policies() {
        return Stream.concat(
                Transform.defaults().stream()
                        .filter(PolicyTransform.class::isInstance)
                        .map(PolicyTransform.class::cast),
                Arrays.stream(LearnedPolicy.values())
                        .map(policy -> new PolicyTransform.AutoAugment(policy, Fill.CONSTANT, 0)));
    }

    private static Map<Operation, double[]> ranges(PolicyTransform policy) {
        var ranges = new EnumMap<Operation, double[]>(Operation.class);
        for (int seed = 0; seed < 20_000; seed++) {
            for (var change : policy.draw(SIZE, new SplittableRandom(seed))) {
                double[] range = ranges.computeIfAbsent(
                        change.operation(), o -> new double[] {change.magnitude(), change.magnitude()});
                range[0] = Math.min(range[0], change.magnitude());
                range[1] = Math.max(range[1], change.magnitude());
            }
        }
        return ranges;
    }

    /** Magnitudes of step 9 of 0 to 30, as torchvision lists them for an image of 90x60. */
    @Test
    void randAugmentDrawsEveryOperationButInvertAtItsMagnitude() {
        var ranges = ranges(PolicyTransform.RandAugment.of(2, 9));
        assertThat(ranges.keySet()).isEqualTo(EnumSet.complementOf(EnumSet.of(Operation.INVERT)));
        assertThat(ranges.get(Operation.SHEAR_X)).containsExactly(new double[] {-0.09, 0.09}, within(1e-6));
        assertThat(ranges.get(Operation.TRANSLATE_X)).containsExactly(new double[] {-12.236, 12.236}, within(1e-3));
        assertThat(ranges.get(Operation.TRANSLATE_Y)).containsExactly(new double[] {-8.157, 8.157}, within(1e-3));
        assertThat(ranges.get(Operation.ROTATE)).containsExactly(new double[] {-9, 9}, within(1e-6));
        assertThat(ranges.get(Operation.COLOR)).containsExactly(new double[] {-0.27, 0.27}, within(1e-6));
        assertThat(ranges.get(Operation.POSTERIZE)).containsExactly(7, 7);
        assertThat(ranges.get(Operation.SOLARIZE)).containsExactly(178.5, 178.5);
        assertThat(ranges.get(Operation.EQUALIZE)).containsExactly(0, 0);
    }

    @Test
    void trivialAugmentDrawsFromAWideRange() {
        var ranges = ranges(new PolicyTransform.TrivialAugment(Fill.CONSTANT, 0));
        assertThat(ranges.keySet()).isEqualTo(EnumSet.complementOf(EnumSet.of(Operation.INVERT)));
        assertThat(ranges.get(Operation.SHEAR_Y)).containsExactly(new double[] {-0.99, 0.99}, within(1e-6));
        assertThat(ranges.get(Operation.TRANSLATE_Y)).containsExactly(-32, 32);
        assertThat(ranges.get(Operation.ROTATE)).containsExactly(-135, 135);
        assertThat(ranges.get(Operation.POSTERIZE)).containsExactly(2, 8);
        assertThat(ranges.get(Operation.SOLARIZE)).containsExactly(0, 255);
    }

    @Test
    void autoAugmentDrawsTheOperationsOfItsPolicyAtTheirSteps() {
        var cifar = ranges(new PolicyTransform.AutoAugment(LearnedPolicy.CIFAR10, Fill.CONSTANT, 0));
        assertThat(cifar.keySet()).doesNotContain(Operation.SHEAR_X, Operation.IDENTITY);
        assertThat(cifar.get(Operation.ROTATE)).containsExactly(new double[] {-6.667, 6.667}, within(1e-3));
        assertThat(cifar.get(Operation.SHARPNESS)).containsExactly(new double[] {-0.9, 0.9}, within(1e-3));
        var imagenet = ranges(new PolicyTransform.AutoAugment(LearnedPolicy.IMAGENET, Fill.CONSTANT, 0));
        assertThat(imagenet.keySet()).doesNotContain(Operation.BRIGHTNESS, Operation.TRANSLATE_X);
        assertThat(imagenet.get(Operation.POSTERIZE)).containsExactly(4, 6);
        assertThat(imagenet.get(Operation.SHEAR_X)).containsExactly(new double[] {-0.16667, 0.16667}, within(1e-3));
    }

    private static Image image(int channels) {
        byte[] pixels = new byte[24 * 20 * channels];
        new SplittableRandom(3).nextBytes(pixels);
        return new Image(24, 20, channels, pixels);
    }

    private static byte[] shown(Image image, Transform transform, int epoch) {
        var data = Dataset.of(List.of(image), List.of("only"), new int[1]);
        var options = new Loader.Options(1, 5, 1, true, Sampling.INSTANCE_BALANCED, 1 << 20, false);
        try (var loader =
                new Loader(data, Preprocess.of(20, 24, image.channels()), Augmentation.of(transform), options)) {
            byte[] pixels = new byte[image.pixels().length];
            loader.epoch(epoch, 0).next().pixels().get(pixels);
            return pixels;
        }
    }

    private static Stream<Transform> all() {
        return Stream.concat(policies(), Stream.of(new AugMix(3, 3, 0, 1, true), new AugMix(10, 1, 4, 0.3, false)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void changesImagesInOtherWaysEachEpochAndAlwaysInTheSameOnes(Transform transform) {
        for (int channels : new int[] {1, 3}) {
            var different = new HashSet<String>();
            for (int epoch = 1; epoch <= 12; epoch++) {
                byte[] once = shown(image(channels), transform, epoch);
                assertThat(shown(image(channels), transform, epoch)).isEqualTo(once);
                different.add(Arrays.toString(once));
            }
            assertThat(different).hasSizeGreaterThan(5);
        }
    }

    @Test
    void operationsFollowOneAnotherInTheOrderTheyWereDrawn() {
        Image image = image(3);
        for (int seed = 0; seed < 200; seed++) {
            var policy = new PolicyTransform.RandAugment(3, 12, Fill.CONSTANT, 90);
            var pipeline = new ImagePipeline(Preprocess.of(20, 24, 3), Augmentation.of(policy), true);
            var moment = new GeometricTransform.Moment(0, 1, 0);
            var drawn = pipeline.draw(image.size(), new SplittableRandom(seed), moment);
            byte[] out = new byte[image.pixels().length];
            pipeline.apply(pipeline.ready(image), drawn, new SplittableRandom(1), out, 0);
            Image one = image;
            int moves = 0;
            for (var change : policy.draw(image.size(), new SplittableRandom(seed))) {
                one = change.operation().apply(one, change.magnitude(), Fill.CONSTANT, 90);
                moves += change.operation().moves() ? 1 : 0;
            }
            if (moves < 2) { // two in a row are one pass, which is better than two
                assertThat(out).isEqualTo(one.pixels());
            }
        }
    }

    @Test
    void boxesMoveWithWhatAPolicyDraws() {
        byte[] pixels = new byte[40 * 40];
        for (int y = 12; y < 26; y++) {
            Arrays.fill(pixels, y * 40 + 10, y * 40 + 28, (byte) 200);
        }
        var box = new Box(10, 12, 28, 26);
        var target = new Target.Objects(List.of(box), new int[1], List.of(), new boolean[1]);
        for (int seed = 0; seed < 300; seed++) {
            var moves = List.of(Operation.SHEAR_X, Operation.SHEAR_Y, Operation.ROTATE, Operation.TRANSLATE_X);
            var policy = PolicyTransform.RandAugment.of(1, 20);
            var change =
                    policy.draw(Size.square(40), new SplittableRandom(seed)).get(0);
            if (!moves.contains(change.operation())) {
                continue;
            }
            var pipeline = new ImagePipeline(Preprocess.of(40, 40, 1), Augmentation.of(policy), true);
            var drawn =
                    pipeline.draw(Size.square(40), new SplittableRandom(seed), new GeometricTransform.Moment(0, 1, 0));
            byte[] out = new byte[1600];
            pipeline.apply(new Image(40, 40, 1, pixels), drawn, new SplittableRandom(1), out, 0);
            var moved = (Target.Objects) drawn.geometry().apply(target, 0, dev.fovea.image.Filter.NEAREST);
            Box seen = new Mask(Size.square(40), out).box().orElseThrow();
            assertThat(moved.boxes().get(0).iou(seen)).isGreaterThan(0.8);
        }
    }

    @Test
    void augMixOfAnImageOfOneValueStaysWithinItsOperations() {
        byte[] pixels = new byte[20 * 24];
        Arrays.fill(pixels, (byte) 100);
        byte[] mixed = pixels.clone();
        // of one value autocontrast, equalize, color, contrast and sharpness make nothing else
        new AugMix(1, 3, 1, 1, false).apply(mixed, 0, new Size(20, 24), 1, new SplittableRandom(2));
        assertThat(mixed).containsOnly(mixed[0]);
    }

    @Test
    void augMixWhoseCopiesMoveIsRefusedWhereThereAreBoxes() {
        var data = new Shapes(1, 8, 32).with(Shapes.Annotation.OBJECTS);
        var options = new Loader.Options(4, 5, 1, true, Sampling.INSTANCE_BALANCED, 1 << 20, false);
        var moving = Augmentation.of(new AugMix(3, 3, 0, 1, true));
        try (var loader = new Loader(data, Preprocess.of(32, 32, 3), moving, options)) {
            assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> loader.epoch(1, 0).next())
                    .withMessageContaining("Set moves=false");
        }
        var still = Augmentation.of(new AugMix(3, 3, 0, 1, false));
        try (var loader = new Loader(data, Preprocess.of(32, 32, 3), still, options)) {
            assertThat(loader.epoch(1, 0).next().size()).isEqualTo(4);
        }
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyTransform.RandAugment.of(2, 31))
                .withMessage("rand-augment.magnitude must be 0 to 30, got magnitude=31");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyTransform.RandAugment.of(15, 9))
                .withMessage("rand-augment.n must be 0 to 14, got n=15");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AugMix(11, 3, 0, 1, true))
                .withMessage("augmix.severity must be 1 to 10, got severity=11");
    }

    @Test
    void alternatingFlipMirrorsEveryImageInEveryOtherEpoch() {
        Image image = new Image(2, 1, 1, new byte[] {1, 2});
        int oddFirst = 0;
        var flip = new GeometricTransform.AlternatingFlip();
        for (int i = 0; i < 400; i++) {
            boolean[] mirrored = new boolean[4];
            for (int epoch = 0; epoch < 4; epoch++) {
                Geometry drawn = flip.draw(
                        image.size(), new SplittableRandom(epoch), new GeometricTransform.Moment(9, epoch, i));
                mirrored[epoch] = drawn.back().xx() < 0;
            }
            assertThat(mirrored[1]).isNotEqualTo(mirrored[0]).isEqualTo(mirrored[3]);
            assertThat(mirrored[2]).isEqualTo(mirrored[0]);
            oddFirst += mirrored[1] ? 1 : 0;
        }
        assertThat(oddFirst).isBetween(160, 240);
    }
}
