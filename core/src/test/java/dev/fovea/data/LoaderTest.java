package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoaderTest {

    private static final Augment RICH = new Augment(
            20, 0.1, 0.1, 5, 0.2, 0.5, true, true, 0.2, 0.2, 0.2, 0.1, 10, 0.1, 0.2, Augment.Fill.REFLECT, 0);

    private static List<String> epoch(int workers, long cache, int epoch, int first) {
        var options = new Loader.Options(16, 9, workers, true, false, cache);
        var batches = new ArrayList<String>();
        try (var loader = new Loader(new Shapes(1, 100, 16), Preprocess.of(16, 16, 3), RICH, options)) {
            for (Iterator<Batch> it = loader.epoch(epoch, first); it.hasNext(); ) {
                Batch batch = it.next();
                byte[] pixels = new byte[batch.size() * 16 * 16 * 3];
                batch.pixels().get(0, pixels);
                batches.add(Arrays.hashCode(pixels) + " " + Arrays.toString(batch.labels())
                        + Arrays.toString(batch.indices()));
            }
        }
        return batches;
    }

    @Test
    void orderAndAugmentationDoNotDependOnWorkersOrCache() {
        List<String> one = epoch(1, 0, 3, 0);
        assertThat(one).hasSize(7);
        assertThat(epoch(3, 1 << 30, 3, 0)).isEqualTo(one);
        assertThat(epoch(1, 0, 4, 0)).isNotEqualTo(one);
    }

    @Test
    void entersAnEpochInTheMiddle() {
        assertThat(epoch(2, 0, 3, 4)).isEqualTo(epoch(2, 0, 3, 0).subList(4, 7));
    }

    @Test
    void everyPictureComesOnceAnEpoch() {
        int[] order = Order.shuffled(1000, new SplittableRandom(1));
        assertThat(order).isNotEqualTo(java.util.stream.IntStream.range(0, 1000).toArray());
        Arrays.sort(order);
        assertThat(order).isEqualTo(java.util.stream.IntStream.range(0, 1000).toArray());
    }

    @Test
    void balancedDrawsRareClassesAsOftenAsCommonOnes() {
        Dataset shapes = new Shapes(1, 1000, 16);
        int[] rare = java.util.stream.IntStream.range(0, 1000)
                .filter(i -> i % 10 != 0 || i % 200 == 0)
                .toArray();
        Dataset skewed = shapes.subset(rare);
        assertThat(skewed.counts()[0]).isEqualTo(5);
        long drawn = Arrays.stream(Order.balanced(skewed, new SplittableRandom(3)))
                .filter(i -> skewed.label(i) == 0)
                .count();
        assertThat(drawn).isBetween(60L, 130L);
    }

    @Test
    void aBrokenPictureStopsTheEpochWithItsName() {
        Dataset broken = new Dataset() {
            @Override
            public List<String> classes() {
                return List.of("a", "b");
            }

            @Override
            public int size() {
                return 10;
            }

            @Override
            public int label(int index) {
                return 0;
            }

            @Override
            public String name(int index) {
                return "x";
            }

            @Override
            public Image image(int index) {
                throw new ImageException("b/7.jpg: not an image");
            }
        };
        try (var loader = new Loader(broken, Preprocess.of(8, 8, 3), Augment.none(), Loader.Options.sequential(4))) {
            Iterator<Batch> batches = loader.epoch(1, 0);
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(batches::next)
                    .withMessage("b/7.jpg: not an image");
        }
    }

    @ParameterizedTest
    @CsvSource({"NEAREST, 0 0 0 1", "CONSTANT, 9 9 0 1", "REFLECT, 1 0 0 1", "WRAP, 2 3 0 1"})
    void fillModesAreKeras(Augment.Fill fill, String expected) {
        int[] row = {0, 1, 2, 3};
        var found = new ArrayList<String>();
        for (int x = -2; x < 2; x++) {
            int at = fill.position(x, 4);
            found.add(Integer.toString(at < 0 ? 9 : row[at]));
        }
        assertThat(String.join(" ", found)).isEqualTo(expected);
    }

    @Test
    void aFlipAndAWarpWithoutChangeMovePixelsExactly() {
        byte[] in = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        byte[] out = new byte[9];
        Warp.of(0, 0, 1, 1, 0, 0, false, false).apply(in, 3, 3, 1, Augment.Fill.NEAREST, 0, out, 0);
        assertThat(out).containsExactly(in);
        Warp.of(0, 0, 1, 1, 0, 0, true, false).apply(in, 3, 3, 1, Augment.Fill.NEAREST, 0, out, 0);
        assertThat(out).containsExactly(3, 2, 1, 6, 5, 4, 9, 8, 7);
        Warp.of(Math.PI / 2, 0, 1, 1, 0, 0, false, false).apply(in, 3, 3, 1, Augment.Fill.NEAREST, 0, out, 0);
        assertThat(out).containsExactly(3, 6, 9, 2, 5, 8, 1, 4, 7);
        Warp.of(0, 0, 1, 1, 1, 0, false, false).apply(in, 3, 3, 1, Augment.Fill.CONSTANT, 0, out, 0);
        assertThat(out).containsExactly(0, 1, 2, 0, 4, 5, 0, 7, 8);
    }

    @Test
    void aRandomCropKeepsItsShareOfTheAreaAndItsShape() {
        Image image = new Image(200, 100, 1, new byte[20_000]);
        Augment crops = Augment.none().withCrop(0.2);
        var shares = new ArrayList<Double>();
        for (int seed = 0; seed < 300; seed++) {
            Image part = crops.cropped(image, new SplittableRandom(seed));
            double shape = part.width() / (double) part.height();
            assertThat(shape).isBetween(0.72, 1.38);
            shares.add(part.width() * part.height() / 20_000.0);
        }
        assertThat(shares.stream().mapToDouble(s -> s).min().orElseThrow()).isBetween(0.19, 0.25);
        assertThat(shares.stream().mapToDouble(s -> s).max().orElseThrow()).isBetween(0.55, 0.68);
    }

    @Test
    void aRandomCropOfAThinPictureIsItsCentre() {
        byte[] row = new byte[90];
        for (int i = 0; i < 90; i++) {
            row[i] = (byte) i;
        }
        Image part = Augment.none().withCrop(1).cropped(new Image(90, 1, 1, row), new SplittableRandom(1));
        assertThat(part.height()).isEqualTo(1);
        assertThat(part.pixels()).containsExactly(44);
    }

    @Test
    void refusesAnAugmentationOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augment.none().withRotation(200))
                .withMessage("augment.rotation must be 0 to 180.0, got augment.rotation=200.0");
    }

    @Test
    void resizePoliciesStretchCropAndFit() {
        Image wide = new Image(4, 2, 1, new byte[] {0, 100, 100, 0, 0, 100, 100, 0});
        Preprocess plain = Preprocess.of(2, 2, 1);
        assertThat(plain.withResize(ResizePolicy.CROP).apply(wide).pixels()).containsExactly(100, 100, 100, 100);
        assertThat(plain.withResize(ResizePolicy.STRETCH).apply(wide).pixels())
                .containsExactly(57, 57, 57, 57); // as Pillow
        assertThat(Preprocess.of(4, 4, 1)
                        .withResize(ResizePolicy.FIT)
                        .apply(wide)
                        .pixels())
                .containsExactly(114, 114, 114, 114, 0, 100, 100, 0, 0, 100, 100, 0, 114, 114, 114, 114);
    }
}
