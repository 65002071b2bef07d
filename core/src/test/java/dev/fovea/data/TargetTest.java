package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.image.Size;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class TargetTest {

    @Test
    void shapesTellTheSameSceneInThreeWays() {
        var labels = new Shapes(5, 30, 64);
        var objects = labels.with(Shapes.Annotation.OBJECTS);
        var pixels = labels.with(Shapes.Annotation.PIXEL_LABELS);
        assertThat(pixels.classes()).hasSize(11).startsWith("background", "circle");
        for (int i = 0; i < 30; i++) {
            assertThat(objects.image(i).pixels()).isEqualTo(labels.image(i).pixels());
            assertThat(labels.target(i)).isEqualTo(new Target.Label(i % 10));
            var found = (Target.Objects) objects.target(i);
            Mask mask = found.masks().get(0);
            assertThat(found.labels()).containsExactly(i % 10);
            assertThat(found.boxes()).containsExactly(mask.box().orElseThrow());
            assertThat(mask.count()).isGreaterThan(100);
            Mask classes = ((Target.PixelLabels) pixels.target(i)).classes();
            for (int p = 0; p < classes.values().length; p++) {
                assertThat(classes.values()[p]).isEqualTo((byte) (mask.values()[p] == 0 ? 0 : i % 10 + 1));
            }
            assertThat(objects.sample(i).target()).isEqualTo(found);
            assertThat(objects.sample(i).name()).isEqualTo("shapes 5 #" + i);
        }
    }

    /** Where the mask of a filled shape says shape, the image differs from where it says background. */
    @Test
    void masksLieOverTheShapesThatAreDrawn() {
        var objects = new Shapes(5, 200, 64).with(Shapes.Annotation.OBJECTS);
        int told = 0;
        for (int i = 0; i < objects.size(); i++) {
            byte[] image = objects.image(i).pixels();
            Mask mask = ((Target.Objects) objects.target(i)).masks().get(0);
            long[] sums = new long[6];
            for (int p = 0; p < mask.values().length; p++) {
                for (int c = 0; c < 3; c++) {
                    sums[3 * mask.values()[p] + c] += image[3 * p + c] & 0xFF;
                }
            }
            int rest = mask.values().length - mask.count();
            double distance = 0;
            for (int c = 0; c < 3; c++) {
                distance += Math.abs(sums[3 + c] / (double) mask.count() - sums[c] / (double) rest);
            }
            told += distance > 60 ? 1 : 0;
        }
        assertThat(told).isGreaterThan(185);
    }

    @Test
    void imagesOfShapesAreAsTheyAlwaysWere() {
        var crc = new CRC32();
        for (int i = 0; i < 100; i++) {
            crc.update(new Shapes(7, 300, 32).image(i).pixels());
        }
        assertThat(crc.getValue()).isEqualTo(CRC_OF_SHAPES);
    }

    /** Of a run on 28 November 2026, before shapes had other targets than labels. */
    private static final long CRC_OF_SHAPES = 90769032L;

    @Test
    void everyKindOfTargetHasAStratum() {
        assertThat(new Target.None().stratum()).isZero();
        assertThat(new Target.Label(4).stratum()).isEqualTo(4);
        assertThat(new Target.Labels(new boolean[] {false, false, true, true}).stratum())
                .isEqualTo(3);
        assertThat(new Target.Labels(new boolean[2]).stratum()).isZero();
        assertThat(new Target.Values(new float[] {3}).stratum()).isZero();
        Box box = new Box(0, 0, 1, 1);
        assertThat(Target.Objects.of(List.of(box, box, box, box), new int[] {2, 7, 7, 2})
                        .stratum())
                .isEqualTo(3);
        assertThat(Target.Objects.of(List.of(), new int[0]).stratum()).isZero();
        var classes = new Mask(new Size(1, 7), new byte[] {0, 0, 0, 3, 5, 5, (byte) 255});
        assertThat(new Target.PixelLabels(classes).stratum()).isEqualTo(5);
    }

    @Test
    void splitsAndBalancedOrdersServeEveryKindOfTarget() {
        for (Shapes.Annotation annotation : Shapes.Annotation.values()) {
            var shapes = new Shapes(3, 100, 16).with(annotation);
            Splits splits = shapes.split(0.8, 0.1, 0.1);
            assertThat(splits.validation().size()).isEqualTo(10);
            assertThat(java.util.stream.IntStream.range(0, 10)
                            .map(splits.validation()::stratum)
                            .distinct()
                            .count())
                    .isEqualTo(10);
            Dataset skewed = shapes.subset(java.util.stream.IntStream.range(0, 100)
                    .filter(i -> i % 10 < 2 && (i % 10 == 0 || i == 1))
                    .toArray());
            long rare = java.util.Arrays.stream(Order.sampled(skewed, Sampling.CLASS_BALANCED, new SplittableRandom(1)))
                    .filter(i -> skewed.stratum(i) == 1)
                    .count();
            assertThat(rare).isBetween(2L, 9L); // of 11, one is of the rare class
        }
    }

    @Test
    void onlyClassLabelsAreLabels() {
        var objects = new Shapes(3, 100, 16).with(Shapes.Annotation.OBJECTS);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> objects.label(3))
                .withMessage("shapes 3 #3: is not labelled with one class, this needs class labels");
    }

    @Test
    void refusesObjectsWithoutTheirParts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.Objects.of(List.of(new Box(0, 0, 1, 1)), new int[2]))
                .withMessage("objects: each needs a box, a label, ignore or not, and all or none a mask, got 1 boxes, "
                        + "2 labels, 2 ignores, 0 masks");
    }

    @Test
    void joinedObjectsHaveMasksOnlyWhereAllOfThemHave() {
        var size = new Size(1, 2);
        var box = List.of(new Box(0, 0, 1, 1));
        var masked = new Target.Objects(box, new int[] {1}, List.of(new Mask(size, new byte[2])), new boolean[1]);
        var plain = Target.Objects.of(box, new int[] {0});
        var none = Target.Objects.of(List.of(), new int[0]);
        assertThat(Target.Objects.joined(List.of(masked, plain)).masks()).isEmpty();
        assertThat(Target.Objects.joined(List.of(masked, plain)).labels()).containsExactly(1, 0);
        assertThat(Target.Objects.joined(List.of(masked, none)).masks()).hasSize(1);
    }
}
