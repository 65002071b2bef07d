package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.image.Fill;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AugmentationTest {

    private static final GeometricTransform.Rotate TURN = new GeometricTransform.Rotate(40, Fill.NEAREST, 0);

    private static final GeometricTransform.Moment MOMENT = new GeometricTransform.Moment(0, 1, 0);

    private static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static Stream<PixelTransform> pixelTransforms() {
        return Transform.defaults().stream()
                .filter(PixelTransform.class::isInstance)
                .map(PixelTransform.class::cast);
    }

    @ParameterizedTest
    @MethodSource("pixelTransforms")
    void changesStayWithinTheirImage(PixelTransform transform) {
        for (int seed = 0; seed < 50; seed++) {
            byte[] before = bytes(10 + 8 * 6 * 3 + 10, seed);
            byte[] after = before.clone();
            transform.apply(after, 10, new Size(8, 6), 3, new SplittableRandom(seed));
            assertThat(Arrays.copyOf(after, 10)).isEqualTo(Arrays.copyOf(before, 10));
            assertThat(Arrays.copyOfRange(after, 154, 164)).isEqualTo(Arrays.copyOfRange(before, 154, 164));
        }
    }

    @Test
    void brightnessAndContrastScaleValuesAndTheirDistanceFromTheMean() {
        byte[] pixels = {10, 20, 30, 40};
        var random = new SplittableRandom(4);
        double bright = 1 + 0.5 * (2 * random.nextDouble() - 1);
        double strong = 1 + 0.5 * (2 * random.nextDouble() - 1);
        new ColorTransform.Jitter(0.5, 0.5, 0.9, 0.4).apply(pixels, 0, new Size(2, 2), 1, new SplittableRandom(4));
        for (int i = 0; i < 4; i++) {
            assertThat((double) pixels[i]).isCloseTo(25 * bright + (10 * (i + 1) - 25) * bright * strong, within(0.51));
        }
    }

    @Test
    void hueAndSaturationLeaveGreyAsItIs() {
        byte[] pixels = {50, 50, 50, 120, 120, 120};
        byte[] colour = {100, 20, 30, 120, 120, 120};
        var paint = new ColorTransform.Jitter(0, 0, 0.8, 0.5);
        paint.apply(pixels, 0, new Size(1, 2), 3, new SplittableRandom(1));
        paint.apply(colour, 0, new Size(1, 2), 3, new SplittableRandom(1));
        for (int i = 0; i < 6; i++) {
            assertThat((int) pixels[i]).isBetween(i < 3 ? 49 : 119, i < 3 ? 51 : 121);
        }
        assertThat(Math.abs(colour[0] - 100)).isGreaterThan(5);
    }

    @Test
    void aChannelShiftMovesWholeChannels() {
        byte[] pixels = {100, 100, 100, 50, 50, 50};
        new ColorTransform.ChannelShift(20).apply(pixels, 0, new Size(1, 2), 3, new SplittableRandom(2));
        for (int c = 0; c < 3; c++) {
            assertThat(pixels[c] - pixels[3 + c]).isEqualTo(50);
        }
        assertThat(pixels[0]).isNotEqualTo(pixels[1]);
    }

    @Test
    void aShareOfImagesBecomesGreyOrIsErased() {
        int grey = 0;
        int erased = 0;
        for (int seed = 0; seed < 400; seed++) {
            byte[] pixels = {100, 20, 30};
            new ColorTransform.Grayscale(0.25).apply(pixels, 0, new Size(1, 1), 3, new SplittableRandom(seed));
            grey += pixels[0] == pixels[2] ? 1 : 0;
            byte[] plain = new byte[100];
            new ErasingTransform.Erase(0.25, List.of(0.2, 0.3), List.of(0.5, 2.0), 1, ErasingTransform.Mode.CONSTANT, 9)
                    .apply(plain, 0, new Size(10, 10), 1, new SplittableRandom(seed));
            long hidden = java.util.stream.IntStream.range(0, 100)
                    .filter(i -> plain[i] == 9)
                    .count();
            erased += hidden > 0 ? 1 : 0;
            assertThat(hidden == 0 || hidden >= 15 && hidden <= 35).isTrue();
        }
        assertThat(grey).isBetween(75, 125);
        assertThat(erased).isBetween(75, 125);
    }

    @Test
    void aCutoutIsASquareThatMayReachOverTheEdge() {
        long most = 0;
        long least = 100;
        for (int seed = 0; seed < 100; seed++) {
            byte[] plain = new byte[100];
            new ErasingTransform.Cutout(0.4, 9).apply(plain, 0, new Size(10, 10), 1, new SplittableRandom(seed));
            long hidden = java.util.stream.IntStream.range(0, 100)
                    .filter(i -> plain[i] == 9)
                    .count();
            most = Math.max(most, hidden);
            least = Math.min(least, hidden);
        }
        assertThat(most).isEqualTo(16);
        assertThat(least).isBetween(4L, 8L);
    }

    @Test
    void aRandomCropKeepsItsShareOfTheAreaAndItsShape() {
        var shares = new ArrayList<Double>();
        for (int seed = 0; seed < 300; seed++) {
            Size part = GeometricTransform.Crop.of(0.2)
                    .draw(new Size(100, 200), new SplittableRandom(seed))
                    .to();
            assertThat(part.width() / (double) part.height()).isBetween(0.72, 1.38);
            shares.add(part.width() * part.height() / 20_000.0);
        }
        assertThat(Collections.min(shares)).isBetween(0.19, 0.25);
        assertThat(Collections.max(shares)).isBetween(0.55, 0.68);
    }

    @Test
    void aRandomCropOfAThinImageIsItsMiddle() {
        Geometry middle = GeometricTransform.Crop.of(1).draw(new Size(1, 90), new SplittableRandom(1));
        assertThat(middle).isEqualTo(Geometry.part(new Size(1, 90), 44, 0, new Size(1, 1)));
    }

    @Test
    void halfOfTheImagesAreFlippedOfBothWaysAQuarterEach() {
        int mirrored = 0;
        int both = 0;
        for (int seed = 0; seed < 400; seed++) {
            var mode = new GeometricTransform.Flip(GeometricTransform.Mode.BOTH, 0.5);
            Geometry drawn = mode.draw(new Size(4, 4), new SplittableRandom(seed));
            mirrored += drawn.back().xx() < 0 ? 1 : 0;
            both += drawn.back().xx() < 0 && drawn.back().yy() < 0 ? 1 : 0;
        }
        assertThat(mirrored).isBetween(160, 240);
        assertThat(both).isBetween(70, 130);
    }

    @Test
    void refusesWhatIsOutOfRangeOrOrder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GeometricTransform.Rotate(200, Fill.NEAREST, 0))
                .withMessage("rotate.degrees must be 0 to 180, got degrees=200");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GeometricTransform.Zoom(List.of(1.2, 0.8), Fill.NEAREST, 0))
                .withMessage(
                        "zoom.scale must be two numbers, the smaller first, within 0.05 to 20, got scale=[1.2, 0.8]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.of(TURN, GeometricTransform.Crop.of(0.3)))
                .withMessage(
                        "augment: crop takes its part of the image as it was read, so there is one and it comes first, got it in place 2");
    }

    /** A crop, a resize, a turn and a flip in one pass equal the joined geometry done by hand. */
    @Test
    void allGeometryIsOneResamplingPass() {
        Image image = new Image(90, 70, 3, bytes(90 * 70 * 3, 3));
        var flip = new GeometricTransform.Flip(GeometricTransform.Mode.HORIZONTAL, 1);
        var augmentation = Augmentation.of(GeometricTransform.Crop.of(0.3), TURN, flip);
        var preprocess = Preprocess.of(24, 32, 3);
        var pipeline = new ImagePipeline(preprocess, augmentation, true);
        byte[] out = new byte[24 * 32 * 3];
        var drawn = pipeline.draw(image.size(), new SplittableRandom(5), MOMENT);
        pipeline.apply(pipeline.ready(image), drawn, new SplittableRandom(6), out, 0);
        Geometry joined = drawn.geometry();
        assertThat(joined.from()).isEqualTo(image.size());
        Image once = joined.apply(image, Filter.BILINEAR, Fill.NEAREST, 0);
        int same = 0;
        for (int y = 8; y < 16; y++) { // the middle, where nothing is filled
            for (int x = 10 * 3; x < 22 * 3; x++) {
                int i = y * 96 + x;
                same += Math.abs((out[i] & 0xFF) - (once.pixels()[i] & 0xFF)) <= 1 ? 1 : 0;
            }
        }
        assertThat(same).isEqualTo(8 * 36);
    }

    @Test
    void movingWholePixelsOfPreparedImagesEqualsMovingTheImages() {
        Image image = new Image(90, 70, 3, bytes(90 * 70 * 3, 3));
        var augmentation = Augmentation.of(
                GeometricTransform.Flip.horizontal(), new GeometricTransform.Translate(0.3, 0.3, Fill.WRAP, 0));
        for (ResizePolicy policy : List.of(ResizePolicy.STRETCH, ResizePolicy.CROP)) {
            var preprocess = Preprocess.of(24, 32, 3).withResize(policy);
            var pipeline = new ImagePipeline(preprocess, augmentation, true);
            assertThat(pipeline.prepares()).isTrue();
            byte[] out = new byte[24 * 32 * 3];
            var drawn = pipeline.draw(image.size(), new SplittableRandom(5), MOMENT);
            pipeline.apply(pipeline.ready(image), drawn, new SplittableRandom(6), out, 0);
            Geometry joined = drawn.geometry();
            Geometry moved = Geometry.identity(new Size(24, 32));
            var random = new SplittableRandom(5);
            for (GeometricTransform transform : augmentation.geometric()) {
                moved = moved.then(transform.draw(new Size(24, 32), random));
            }
            assertThat(out)
                    .isEqualTo(moved.apply(preprocess.apply(image), Filter.BILINEAR, Fill.WRAP, 0)
                            .pixels());
            assertThat(joined).isEqualTo(preprocess.geometry(image.size()).then(moved));
        }
    }

    private static List<Batch> batches(Dataset data, Augmentation augmentation, int workers, int side) {
        var options = new Loader.Options(8, 9, workers, true, Sampling.INSTANCE_BALANCED, 1 << 20, false);
        var batches = new ArrayList<Batch>();
        try (var loader = new Loader(data, Preprocess.of(side, side, 3), augmentation, options)) {
            for (Iterator<Batch> it = loader.epoch(2, 0); it.hasNext(); ) {
                Batch batch = it.next();
                byte[] pixels = new byte[batch.pixels().remaining()];
                batch.pixels().get(0, pixels);
                batches.add(new Batch(
                        java.nio.ByteBuffer.wrap(pixels),
                        batch.size(),
                        1,
                        side,
                        side,
                        3,
                        batch.targets(),
                        batch.indices()));
            }
        }
        return batches;
    }

    @Test
    void mixedImagesAndTheirTargetsHaveTheSameShares() {
        var shapes = new Shapes(1, 60, 16);
        for (BatchTransform transform : List.of(new BatchTransform.MixUp(0.2, 1), new BatchTransform.CutMix(1, 1))) {
            List<Batch> plain = batches(shapes, Augmentation.NONE, 1, 16);
            List<Batch> mixed = batches(shapes, Augmentation.NONE.withBatches(transform), 2, 16);
            assertThat(batches(shapes, Augmentation.NONE.withBatches(transform), 1, 16)
                            .get(3)
                            .pixels())
                    .isEqualTo(mixed.get(3).pixels());
            var shares = new java.util.TreeSet<Float>();
            for (int b = 0; b < plain.size(); b++) {
                Batch before = plain.get(b);
                var soft = (Targets.SoftLabels) mixed.get(b).targets();
                assertThat(mixed.get(b).indices()).isEqualTo(before.indices());
                for (int i = 0; i < before.size(); i++) {
                    int other = i == 0 ? before.size() - 1 : i - 1;
                    float own = share(soft, i, before.labels()[i]);
                    if (before.labels()[i] != before.labels()[other]) {
                        shares.add(own);
                        assertThat(own + share(soft, i, before.labels()[other])).isCloseTo(1, within(1e-6f));
                        assertThat(ownShare(transform, before, mixed.get(b), i, other))
                                .isCloseTo(own, within(0.02));
                    } else {
                        assertThat(own).isCloseTo(1, within(1e-6f));
                    }
                }
            }
            assertThat(shares).hasSizeGreaterThan(4); // each batch has its own
        }
    }

    private static float share(Targets.SoftLabels soft, int image, long label) {
        return soft.shares()[image * soft.classes() + (int) label];
    }

    /** How much of itself an image kept, found in its pixels. */
    private static double ownShare(BatchTransform transform, Batch before, Batch after, int image, int other) {
        int size = 16 * 16 * 3;
        double product = 0;
        double square = 0;
        for (int i = 0; i < size; i++) {
            int own = before.pixels().get(image * size + i) & 0xFF;
            int foreign = before.pixels().get(other * size + i) & 0xFF;
            int now = after.pixels().get(image * size + i) & 0xFF;
            product += (now - foreign) * (double) (own - foreign);
            square += (own - foreign) * (double) (own - foreign);
        }
        if (transform instanceof BatchTransform.MixUp) {
            return product / square;
        }
        double count = 0;
        double ownPixels = 0;
        for (int i = 0; i < size; i++) {
            int own = before.pixels().get(image * size + i) & 0xFF;
            int foreign = before.pixels().get(other * size + i) & 0xFF;
            int now = after.pixels().get(image * size + i) & 0xFF;
            if (own != foreign) {
                count++;
                ownPixels += now == own ? 1 : 0;
            }
            assertThat(now == own || now == foreign).isTrue();
        }
        return ownPixels / count;
    }

    @Test
    void imagesAreMovedByTheSharesOfTheirOwnSides() {
        var sideways = new GeometricTransform.Translate(0, 0.5, Fill.NEAREST, 0);
        var down = new GeometricTransform.Translate(0.5, 0, Fill.NEAREST, 0);
        double right = 0;
        double below = 0;
        for (int seed = 0; seed < 100; seed++) {
            var a = sideways.draw(new Size(40, 200), new SplittableRandom(seed)).back();
            var b = down.draw(new Size(40, 200), new SplittableRandom(seed)).back();
            assertThat(Math.abs(a.y0()) + Math.abs(b.x0())).isZero();
            right = Math.max(right, Math.abs(a.x0()));
            below = Math.max(below, Math.abs(b.y0()));
        }
        assertThat(right).isBetween(90.0, 100.0);
        assertThat(below).isBetween(18.0, 20.0);
    }

    /** An even logarithm of the ratio: one to five is as likely as five to one. */
    @Test
    void cropsAreAsOftenTallAsWide() {
        var crop = new GeometricTransform.Crop(List.of(0.05, 0.05), List.of(0.2, 5.0));
        int wide = 0;
        for (int seed = 0; seed < 2000; seed++) {
            Size size = crop.draw(Size.square(1000), new SplittableRandom(seed * 7919L))
                    .to();
            wide += size.width() > size.height() ? 1 : 0;
        }
        assertThat(wide).isBetween(900, 1100);
    }

    /**
     * A rectangle of sides s, s² even in [0, 1], about an even place leaves s - s²/4 of a side in the image on average:
     * 2 (1/4 - 1/10 + 1/96) of the area.
     */
    @Test
    void cutmixPastesAsMuchAsItsPaperSays() {
        double pasted = 0;
        for (int seed = 0; seed < 4000; seed++) {
            pasted += 1
                    - new BatchTransform.CutMix(1, 1)
                            .apply(
                                    new byte[2 * 64 * 64],
                                    2,
                                    new BatchTransform.Frames(1, 64, 64, 1),
                                    new SplittableRandom(seed * 7919L));
        }
        assertThat(pasted / 4000).isCloseTo(0.3208, within(0.02));
    }

    @Test
    void sharesOfMixupFollowTheBetaDistribution() {
        for (double alpha : new double[] {0.2, 1, 4}) {
            double sum = 0;
            double squares = 0;
            for (int seed = 0; seed < 4000; seed++) {
                double own = new BatchTransform.MixUp(alpha, 1)
                        .apply(
                                new byte[2],
                                2,
                                new BatchTransform.Frames(1, 1, 1, 1),
                                new SplittableRandom(seed * 7919L));
                sum += own;
                squares += (own - 0.5) * (own - 0.5);
            }
            assertThat(sum / 4000).isCloseTo(0.5, within(0.03));
            assertThat(squares / 4000).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.01)); // the variance
        }
    }

    @Test
    void onlyAShareOfTheBatchesIsMixed() {
        List<Batch> batches =
                batches(new Shapes(1, 1600, 8), Augmentation.NONE.withBatches(new BatchTransform.MixUp(1, 0.4)), 2, 8);
        long mixed = batches.stream()
                .map(batch -> ((Targets.SoftLabels) batch.targets()).shares())
                .filter(shares -> {
                    for (float share : shares) {
                        if (share > 0.001 && share < 0.999) {
                            return true;
                        }
                    }
                    return false;
                })
                .count();
        assertThat(mixed).isBetween(60L, 100L); // of 200
    }

    @Test
    void boxesMasksAndLabelsOfPixelsTravelWithTheirImages() {
        var shapes = new Shapes(4, 24, 48);
        var augmentation = Augmentation.of(GeometricTransform.Crop.of(0.5), GeometricTransform.Flip.horizontal(), TURN);
        List<Batch> objects = batches(shapes.with(Shapes.Annotation.OBJECTS), augmentation, 2, 40);
        List<Batch> pixels = batches(shapes.with(Shapes.Annotation.PIXEL_LABELS), augmentation, 2, 40);
        int found = 0;
        for (int b = 0; b < objects.size(); b++) {
            Batch batch = objects.get(b);
            assertThat(pixels.get(b).pixels()).isEqualTo(batch.pixels());
            var targets = (Targets.Objects) batch.targets();
            byte[] classes = ((Targets.PixelLabels) pixels.get(b).targets()).classes();
            assertThat(targets.offsets()).hasSize(9);
            for (int i = 0; i < 8; i++) {
                for (int o = targets.offsets()[i]; o < targets.offsets()[i + 1]; o++) {
                    found++;
                    int label = batch.indices()[i] % 10;
                    assertThat(targets.labels()[o]).isEqualTo(label);
                    Mask mask = targets.masks().get(o);
                    Box box = mask.box().orElseThrow();
                    assertThat(Arrays.copyOfRange(targets.boxes(), 4 * o, 4 * o + 4))
                            .containsExactly(
                                    (float) box.left(), (float) box.top(), (float) box.right(), (float) box.bottom());
                    for (int p = 0; p < 1600; p++) {
                        byte expected = (byte) (mask.values()[p] == 1 ? label + 1 : 0);
                        byte given = classes[i * 1600 + p];
                        assertThat(given == expected || expected == 0 && given == (byte) Target.IGNORED)
                                .isTrue();
                    }
                }
            }
        }
        assertThat(found).isBetween(20, 24);
    }

    @Test
    void onlyClassesAreMixed() {
        var objects = new Shapes(1, 20, 16).with(Shapes.Annotation.OBJECTS);
        var pixels = new Shapes(1, 20, 16).with(Shapes.Annotation.PIXEL_LABELS);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> batches(pixels, Augmentation.NONE.withBatches(new BatchTransform.MixUp(1, 1)), 1, 16))
                .withMessage("images are mixed by mixup and cutmix, which needs classes of each");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(
                        () -> batches(objects, Augmentation.NONE, 1, 16).get(0).labels())
                .withMessage("the images are not labelled with one class each, this needs class labels");
    }
}
