package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.image.Fill;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.image.Projective;
import dev.fovea.image.Size;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GeometryTest {

    private static final int SIDE = 600;

    private static final Size IMAGE = Size.square(SIDE);

    private static final Shapes SHAPES = new Shapes(11, 10, SIDE).with(Shapes.Annotation.OBJECTS);

    /** One of each class. */
    private static final List<Target.Objects> TARGETS = IntStream.range(0, 10)
            .mapToObj(i -> (Target.Objects) SHAPES.target(i))
            .toList();

    private static final List<Area> OUTLINES =
            IntStream.range(0, 10).mapToObj(SHAPES::outline).toList();

    static Stream<Geometry> exact() {
        return Stream.of(
                Geometry.mirror(IMAGE),
                Geometry.upsideDown(IMAGE),
                Geometry.translate(IMAGE, 17, -9),
                Geometry.part(IMAGE, 140, 100, new Size(350, 280)),
                Geometry.part(IMAGE, -10, -20, new Size(640, 650)),
                Geometry.mirror(IMAGE).then(Geometry.part(IMAGE, 133, 1, new Size(400, 300))));
    }

    static Stream<Geometry> resampled() {
        return Stream.of(
                Geometry.resize(IMAGE, new Size(900, 1000)),
                Geometry.resize(IMAGE, new Size(560, 900)),
                Geometry.rotate(IMAGE, 30),
                Geometry.rotate(IMAGE, -100),
                Geometry.shear(IMAGE, 12),
                Geometry.zoom(IMAGE, 1.3, 1.5),
                Geometry.perspective(IMAGE, new double[] {30, 570, 600, 0}, new double[] {60, 0, 540, 600}),
                Geometry.perspective(IMAGE, new double[] {80, 600, 560, 20}, new double[] {10, 50, 600, 590})
                        .then(Geometry.mirror(IMAGE)),
                Preprocess.of(600, 800, 3).withResize(ResizePolicy.CROP).geometry(IMAGE),
                Preprocess.of(600, 900, 3).withResize(ResizePolicy.FIT).geometry(IMAGE),
                Geometry.rotate(IMAGE, 15)
                        .then(Geometry.zoom(IMAGE, 1.2, 1.2))
                        .then(Geometry.resize(IMAGE, new Size(800, 700))));
    }

    /** The shape of image {@code i} drawn again where {@code geometry} moves it. */
    private static Mask drawnAgain(int i, Geometry geometry) {
        Projective forward = geometry.inverse().back();
        Area shape = moved(OUTLINES.get(i), forward);
        shape.intersect(moved(new Area(new java.awt.Rectangle(SIDE, SIDE)), forward));
        return Shapes.mask(shape, geometry.to());
    }

    private static Area moved(Area shape, Projective forward) {
        if (forward.affine()) {
            return shape.createTransformedArea(new AffineTransform(
                    forward.xx(), forward.yx(), forward.xy(), forward.yy(), forward.x0(), forward.y0()));
        }
        var path = new Path2D.Double();
        double[] at = new double[6];
        for (var steps = shape.getPathIterator(null, 0.01); !steps.isDone(); steps.next()) {
            int kind = steps.currentSegment(at);
            double x = forward.x(at[0], at[1]);
            double y = forward.y(at[0], at[1]);
            if (kind == PathIterator.SEG_CLOSE) {
                path.closePath();
            } else if (kind == PathIterator.SEG_MOVETO) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        return new Area(path);
    }

    private static Target.Objects moved(int i, Geometry geometry) {
        return (Target.Objects) geometry.apply(TARGETS.get(i), 0, Filter.BILINEAR);
    }

    @ParameterizedTest
    @MethodSource("exact")
    void flipsAndCropsMoveBoxesAndMasksAsIfDrawnThere(Geometry geometry) {
        for (int i = 0; i < TARGETS.size(); i++) {
            Mask again = drawnAgain(i, geometry);
            Target.Objects moved = moved(i, geometry);
            assertThat(moved.masks()).containsExactlyElementsOf(again.count() == 0 ? List.of() : List.of(again));
            assertThat(moved.boxes()).isEqualTo(again.box().stream().toList());
            Box box = TARGETS.get(i).boxes().get(0);
            geometry.apply(box, 0)
                    .ifPresent(seen -> assertThat(seen.contains(again.box().orElse(seen), 0))
                            .isTrue());
        }
    }

    @ParameterizedTest
    @MethodSource("resampled")
    void otherMapsMoveThemAlmostAsIfDrawnThere(Geometry geometry) {
        double worst = 1;
        for (int i = 0; i < TARGETS.size(); i++) {
            Mask again = drawnAgain(i, geometry);
            Target.Objects moved = moved(i, geometry);
            assertThat(moved.masks()).hasSize(1);
            worst = Math.min(worst, moved.masks().get(0).iou(again));
            assertThat(moved.boxes().get(0).iou(again.box().orElseThrow())).isGreaterThan(0.98);
        }
        assertThat(worst).isGreaterThan(0.98);
    }

    @ParameterizedTest
    @MethodSource("exact")
    void whatComesBackIsWhatWasSeen(Geometry geometry) {
        for (int i = 0; i < TARGETS.size(); i++) {
            Mask before = TARGETS.get(i).masks().get(0);
            Mask back = geometry.inverse().apply(geometry.apply(before, 0), 2);
            byte[] expected = before.values().clone();
            int seen = 0;
            for (int p = 0; p < expected.length; p++) {
                expected[p] = back.values()[p] == 2 ? 2 : expected[p];
                seen += back.values()[p] == 2 ? 0 : 1;
            }
            assertThat(back.values()).isEqualTo(expected);
            assertThat(seen).as("pixels that were seen in between").isGreaterThan(SIDE * SIDE / 4);
        }
    }

    @ParameterizedTest
    @MethodSource("resampled")
    void masksComeBackAlmostAsTheyWere(Geometry geometry) {
        for (int i = 0; i < TARGETS.size(); i++) {
            Mask before = TARGETS.get(i).masks().get(0);
            Mask seen = geometry.inverse().apply(geometry.apply(new Mask(IMAGE, filled(SIDE * SIDE, (byte) 1)), 0), 0);
            byte[] expected = before.values().clone();
            for (int p = 0; p < expected.length; p++) {
                expected[p] *= seen.values()[p];
            }
            Mask back = geometry.inverse().apply(geometry.apply(before, 0), 0);
            assertThat(back.iou(new Mask(IMAGE, expected))).isGreaterThan(0.96); // two roundings to whole pixels
        }
    }

    private static byte[] filled(int count, byte value) {
        byte[] values = new byte[count];
        Arrays.fill(values, value);
        return values;
    }

    /** A random chain of up to five maps. */
    private static List<Geometry> chain(SplittableRandom random) {
        var chain = new java.util.ArrayList<Geometry>();
        Size size = new Size(20 + random.nextInt(60), 20 + random.nextInt(60));
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            Geometry next = switch (random.nextInt(9)) {
                case 0 -> Geometry.mirror(size);
                case 1 -> Geometry.upsideDown(size);
                case 2 -> Geometry.translate(size, random.nextInt(21) - 10, random.nextInt(21) - 10);
                case 3 -> Geometry.rotate(size, 360 * random.nextDouble() - 180);
                case 4 -> Geometry.shear(size, 90 * random.nextDouble() - 45);
                case 5 -> Geometry.zoom(size, 0.5 + random.nextDouble(), 0.5 + random.nextDouble());
                case 6 -> Geometry.resize(size, new Size(15 + random.nextInt(80), 15 + random.nextInt(80)));
                case 7 ->
                    Geometry.part(
                            size,
                            random.nextInt(9) - 4,
                            random.nextInt(9) - 4,
                            new Size(15 + random.nextInt(50), 15 + random.nextInt(50)));
                default ->
                    Preprocess.of(15 + random.nextInt(50), 15 + random.nextInt(50), 1)
                            .withResize(ResizePolicy.values()[random.nextInt(4)])
                            .geometry(size);
            };
            chain.add(next);
            size = next.to();
        }
        return chain;
    }

    @Test
    void aChainIsOneMapThatEqualsItsPartsInTurnAndCanBeUndone() {
        for (int seed = 0; seed < 500; seed++) {
            var random = new SplittableRandom(seed);
            List<Geometry> chain = chain(random);
            Geometry joined = chain.stream().reduce(Geometry::then).orElseThrow();
            double x = joined.from().width() * random.nextDouble();
            double y = joined.from().height() * random.nextDouble();
            double[] at = {x, y};
            for (Geometry part : chain) {
                Projective forward = part.inverse().back();
                at = new double[] {forward.x(at[0], at[1]), forward.y(at[0], at[1])};
            }
            Projective forward = joined.inverse().back();
            assertThat(forward.x(x, y)).isCloseTo(at[0], within(1e-6));
            assertThat(forward.y(x, y)).isCloseTo(at[1], within(1e-6));
            assertThat(joined.back().x(at[0], at[1])).isCloseTo(x, within(1e-6));
            assertThat(joined.back().y(at[0], at[1])).isCloseTo(y, within(1e-6));
            assertThat(joined.inverse().inverse().from()).isEqualTo(joined.from());
            assertThat(joined.inverse().inverse().back().x(3, 4))
                    .isCloseTo(joined.back().x(3, 4), within(1e-6));
        }
    }

    @Test
    void aMovedBoxHoldsAllThatIsSeenOfItsMovedMask() {
        int seen = 0;
        for (int seed = 0; seed < 500; seed++) {
            var random = new SplittableRandom(seed);
            Geometry joined = chain(random).stream().reduce(Geometry::then).orElseThrow();
            byte[] values = new byte[joined.from().height() * joined.from().width()];
            for (int i = 0; i < 6; i++) {
                values[random.nextInt(values.length)] = 1;
            }
            Mask mask = new Mask(joined.from(), values);
            Box box = mask.box().orElseThrow();
            Mask moved = joined.apply(mask, 0);
            if (moved.count() > 0) {
                seen++;
                Box whole = joined.apply(box, 0).orElseThrow();
                assertThat(whole.contains(moved.box().orElseThrow(), 1)).isTrue(); // a pixel counts whole
                var target = new Target.Objects(List.of(box), new int[] {3}, List.of(mask), new boolean[] {true});
                var objects = (Target.Objects) joined.apply(target, 0, Filter.BILINEAR);
                assertThat(objects.boxes()).containsExactly(moved.box().orElseThrow());
                assertThat(objects.labels()).containsExactly(3);
                assertThat(objects.ignore()).containsExactly(true);
            }
        }
        assertThat(seen).isGreaterThan(250);
    }

    @Test
    void aTurnIsCounterClockwise() {
        Image image = new Image(3, 3, 1, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        assertThat(Geometry.rotate(image.size(), 90)
                        .apply(image, Filter.BILINEAR, Fill.NEAREST, 0)
                        .pixels())
                .containsExactly(3, 6, 9, 2, 5, 8, 1, 4, 7);
    }

    @Test
    void objectsThatAreHardlySeenAreLeftOut() {
        var target = new Target.Objects(
                List.of(new Box(0, 0, 10, 10), new Box(8, 0, 18, 10), new Box(30, 30, 40, 40)),
                new int[] {1, 2, 3},
                List.of(),
                new boolean[] {false, true, false});
        Geometry crop = Geometry.part(new Size(40, 40), 7, 0, new Size(10, 10));
        var seen = (Target.Objects) crop.apply(target, 0.3, Filter.BILINEAR);
        assertThat(seen)
                .isEqualTo(new Target.Objects(
                        List.of(new Box(0, 0, 3, 10), new Box(1, 0, 10, 10)),
                        new int[] {1, 2},
                        List.of(),
                        new boolean[] {false, true}));
        assertThat(((Target.Objects) crop.apply(target, 0.31, Filter.BILINEAR)).labels())
                .containsExactly(2);
        assertThat(((Target.Objects) crop.apply(target, 0, Filter.BILINEAR)).labels())
                .containsExactly(1, 2);
    }

    /** 100 pixels of the mask, of which the map makes 25 or 400. */
    @Test
    void theShareThatIsSeenOfAMaskIsOfItsSizeAfterTheMap() {
        byte[] values = new byte[400];
        for (int p = 0; p < 100; p++) {
            values[20 * (5 + p / 10) + 5 + p % 10] = 1;
        }
        Size size = Size.square(20);
        var target = new Target.Objects(
                List.of(new Box(5, 5, 15, 15)), new int[] {1}, List.of(new Mask(size, values)), new boolean[] {false});
        Geometry smaller = Geometry.resize(size, Size.square(10));
        assertThat(((Target.Objects) smaller.apply(target, 0.9, Filter.BILINEAR)).labels())
                .containsExactly(1);
        Geometry half =
                Geometry.resize(size, Size.square(40)).then(Geometry.part(Size.square(40), 20, 0, Size.square(40)));
        assertThat(((Target.Objects) half.apply(target, 0.6, Filter.BILINEAR)).labels())
                .isEmpty();
        assertThat(((Target.Objects) half.apply(target, 0.5, Filter.BILINEAR)).labels())
                .containsExactly(1);
    }

    @Test
    void thePairOfAnImageMovesWithIt() {
        Image image = new Image(3, 1, 1, new byte[] {1, 2, 3});
        Target moved = Geometry.mirror(image.size()).apply(new Target.Paired(image), 0, Filter.BILINEAR);
        assertThat(((Target.Paired) moved).wanted().pixels()).containsExactly(3, 2, 1);
    }

    @Test
    void theHullOfATurnedBoxIsThatOfItsCorners() {
        Box hull = Geometry.rotate(new Size(20, 20), 45).hull(new Box(5, 5, 15, 15));
        double half = 5 * Math.sqrt(2);
        assertThat(hull.left()).isCloseTo(10 - half, within(1e-9));
        assertThat(hull.bottom()).isCloseTo(10 + half, within(1e-9));
    }

    @Test
    void zoomEnlargesAndShearSlidesLowerRowsToTheLeft() {
        Size size = Size.square(20);
        assertThat(Geometry.zoom(size, 2, 0.5).hull(new Box(8, 8, 12, 12))).isEqualTo(new Box(6, 9, 14, 11));
        Box slid = Geometry.shear(size, 45).hull(new Box(9, 15, 11, 15));
        assertThat(slid.left()).isCloseTo(4, within(1e-9));
        assertThat(slid.right()).isCloseTo(6, within(1e-9));
    }

    @Test
    void pixelsFromOutsideAreIgnoredNotBackground() {
        var labels = new Target.PixelLabels(new Mask(new Size(1, 3), new byte[] {4, 5, 6}));
        Target moved = Geometry.translate(new Size(1, 3), 1, 0).apply(labels, 0, Filter.BILINEAR);
        assertThat(moved).isEqualTo(new Target.PixelLabels(new Mask(new Size(1, 3), new byte[] {(byte) 255, 4, 5})));
    }

    @Test
    void aMapOfTheOutputComesBackOntoTheInput() {
        Geometry crop = Geometry.part(new Size(4, 6), 2, 1, new Size(2, 4))
                .then(Geometry.resize(new Size(2, 4), new Size(4, 8)));
        float[][] back = crop.toInput(new float[][] {{1, 2, 3, 4}, {5, 6, 7, 8}}, -1);
        assertThat(back[0]).containsOnly(-1);
        assertThat(back[1]).containsExactly(-1, -1, 1, 2, 3, 4);
        assertThat(back[2]).containsExactly(-1, -1, 5, 6, 7, 8);
        assertThat(back[3]).containsOnly(-1);
        float[][] mirrored = Geometry.mirror(new Size(1, 4)).toInput(new float[][] {{0, 3}}, -1);
        assertThat(mirrored[0]).containsExactly(3, 2.25f, 0.75f, 0);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Geometry.mirror(new Size(4, 5)).then(Geometry.mirror(new Size(5, 4))))
                .withMessage("geometry: the next must be for the size this leads to, 4x5, got 5x4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Box(3, 0, 2, 1))
                .withMessage(
                        "box: left to right and top to bottom must be finite and not run backwards, got (3.0, 0.0, 2.0, 1.0)");
    }

    @Test
    void boxesOverlapByTheirAreas() {
        Box box = new Box(0, 0, 4, 4);
        assertThat(box.iou(new Box(2, 0, 6, 4))).isCloseTo(8 / 24.0, within(1e-12));
        assertThat(box.iou(new Box(5, 5, 6, 6))).isZero();
        assertThat(new Box(1, 1, 1, 1).iou(new Box(1, 1, 1, 1))).isZero();
        assertThat(box.iou(box)).isEqualTo(1);
    }

    @Test
    void inPerspectiveTheShareThatIsSeenCountsInTheSizeThatObjectsHaveThere() {
        Geometry half = Geometry.perspective(IMAGE, new double[] {150, 450, 450, 150}, new double[] {150, 150, 450, 450
        }); // all of it, half as large
        Geometry tilted =
                Geometry.perspective(IMAGE, new double[] {120, 480, 600, 0}, new double[] {150, 150, 600, 600});
        for (Target.Objects target : TARGETS) {
            for (Geometry geometry : List.of(half, tilted)) {
                var all = (Target.Objects) geometry.apply(target, 0.9, Filter.BILINEAR);
                assertThat(all.boxes()).as("nothing is cut off").hasSize(1);
            }
        }
    }

    @Test
    void perspectiveMovesCornersTowardsTheMiddle() {
        var random = new SplittableRandom(4);
        var transform = new GeometricTransform.Perspective(0.6, 0.5, Fill.CONSTANT, 0);
        int moved = 0;
        for (int i = 0; i < 400; i++) {
            Geometry drawn = transform.draw(IMAGE, random);
            moved += drawn.back().equals(Projective.IDENTITY) ? 0 : 1;
            Projective forward = drawn.inverse().back();
            for (int corner = 0; corner < 4; corner++) {
                double x = corner % 2 * SIDE;
                double y = corner / 2 * SIDE;
                assertThat(Math.abs(forward.x(x, y) - x)).isLessThanOrEqualTo(0.3 * SIDE + 1e-6);
                assertThat(Math.abs(forward.y(x, y) - y)).isLessThanOrEqualTo(0.3 * SIDE + 1e-6);
                assertThat(forward.x(x, y)).isBetween(-1e-6, SIDE + 1e-6);
            }
        }
        assertThat(moved).isBetween(160, 240);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GeometricTransform.Perspective(0.7, 1, Fill.CONSTANT, 0))
                .withMessage("perspective.distortion must be 0 to 0.6, got distortion=0.7");
    }
}
