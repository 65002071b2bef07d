package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Mosaic, mixup and copy-paste of images with objects. */
class JoinedImagesTest {

    private static final Size SIZE = new Size(40, 60);
    private static final BatchTransform.Frames FRAMES = new BatchTransform.Frames(1, 40, 60, 1);
    private static final int BYTES = 40 * 60;

    /** Grey images, each with two rectangles of a brightness of their own, which is 60 + 10 times their label. */
    private static final class Images {

        private final byte[] pixels = new byte[4 * BYTES];
        private final List<Target> targets = new ArrayList<>();

        Images(long seed) {
            var random = new SplittableRandom(seed);
            for (int i = 0; i < 4; i++) {
                var boxes = new ArrayList<Box>();
                var masks = new ArrayList<Mask>();
                for (int k = 0; k < 2; k++) {
                    int left = 30 * k + random.nextInt(10);
                    int top = random.nextInt(20);
                    var box = new Box(left, top, left + 14, top + 16);
                    boxes.add(box);
                    masks.add(filled(box));
                    paint(i, box, 2 * i + k);
                }
                targets.add(new Target.Objects(boxes, new int[] {2 * i, 2 * i + 1}, masks, new boolean[2]));
            }
        }

        private static Mask filled(Box box) {
            byte[] values = new byte[BYTES];
            for (int y = (int) box.top(); y < box.bottom(); y++) {
                Arrays.fill(values, y * 60 + (int) box.left(), y * 60 + (int) box.right(), (byte) 1);
            }
            return new Mask(SIZE, values);
        }

        private void paint(int image, Box box, int label) {
            for (int y = (int) box.top(); y < box.bottom(); y++) {
                int row = image * BYTES + y * 60;
                Arrays.fill(pixels, row + (int) box.left(), row + (int) box.right(), (byte) (60 + 10 * label));
            }
        }

        int at(int image, int x, int y) {
            return pixels[image * BYTES + y * 60 + x] & 0xFF;
        }
    }

    @Test
    void inMosaicsBoxesAreWhereTheirObjectsAre() {
        for (long seed = 0; seed < 20; seed++) {
            var images = new Images(seed);
            var mosaic = new BatchTransform.Mosaic(1, List.of(0.5, 1.0), 1);
            var made = (Targets.Objects)
                    mosaic.apply(images.pixels, FRAMES, images.targets, 8, new SplittableRandom(seed));
            assertThat(made.labels()).hasSizeGreaterThan(4);
            everyMiddleHasTheBrightnessOfItsLabel(images, made);
        }
    }

    /** But of slivers, which are mixed with what is beside them. */
    private static void everyMiddleHasTheBrightnessOfItsLabel(Images images, Targets.Objects made) {
        for (int image = 0; image < 4; image++) {
            for (int i = made.offsets()[image]; i < made.offsets()[image + 1]; i++) {
                float[] box = Arrays.copyOfRange(made.boxes(), 4 * i, 4 * i + 4);
                if (box[2] - box[0] >= 3 && box[3] - box[1] >= 3) {
                    assertThat(images.at(image, (int) ((box[0] + box[2]) / 2), (int) ((box[1] + box[3]) / 2)))
                            .isCloseTo(60 + 10 * (int) made.labels()[i], within(1));
                }
            }
        }
    }

    @Test
    void mixedImagesHaveTheObjectsOfBoth() {
        var images = new Images(1);
        byte[] before = images.pixels.clone();
        var made = (Targets.Objects) new BatchTransform.MixUp(1.5, 1)
                .apply(images.pixels, FRAMES, images.targets, 8, new SplittableRandom(1));
        assertThat(made.offsets()).containsExactly(0, 4, 8, 12, 16);
        assertThat(Arrays.copyOf(made.labels(), 8)).containsExactly(0, 1, 6, 7, 2, 3, 0, 1);
        assertThat(images.pixels).isNotEqualTo(before);
        var never = (Targets.Objects) new BatchTransform.MixUp(1.5, 0)
                .apply(images.pixels, FRAMES, images.targets, 8, new SplittableRandom(1));
        assertThat(never.offsets()).containsExactly(0, 2, 4, 6, 8);
    }

    @Test
    void pastedObjectsAreSeenAndWhatTheyCoverIsNot() {
        int pasted = 0;
        for (long seed = 0; seed < 20; seed++) {
            var images = new Images(seed);
            var made = (Targets.Objects) new BatchTransform.CopyPaste(1, 1)
                    .apply(images.pixels, FRAMES, images.targets, 8, new SplittableRandom(seed));
            pasted += made.labels().length - 8;
            for (int image = 0; image < 4; image++) {
                for (int i = made.offsets()[image]; i < made.offsets()[image + 1]; i++) {
                    Mask mask = made.masks().get(i);
                    Box box = mask.box().orElseThrow();
                    assertThat(made.boxes()[4 * i]).isEqualTo((float) box.left());
                    assertThat(made.boxes()[4 * i + 3]).isEqualTo((float) box.bottom());
                    for (int y = 0; y < 40; y++) {
                        for (int x = 0; x < 60; x++) {
                            if (mask.at(x, y) == 1) {
                                assertThat(images.at(image, x, y)).isEqualTo(60 + 10 * (int) made.labels()[i]);
                            }
                        }
                    }
                }
            }
        }
        assertThat(pasted).as("half of 160, less what is covered").isBetween(30, 90);
    }

    @Test
    void imagesWithoutObjectsAndIgnoredObjectsAreJoinedToo() {
        var images = new Images(2);
        images.targets.set(1, new Target.Objects(List.of(), new int[0], List.of(), new boolean[0]));
        var crowd = (Target.Objects) images.targets.get(2);
        images.targets.set(
                2, new Target.Objects(crowd.boxes(), crowd.labels(), crowd.masks(), new boolean[] {true, true}));
        byte[] before = images.pixels.clone();
        var made = (Targets.Objects) new BatchTransform.CopyPaste(1, 1)
                .apply(images.pixels, FRAMES, images.targets, 8, new SplittableRandom(3));
        assertThat(Arrays.copyOfRange(made.labels(), made.offsets()[3], made.offsets()[4]))
                .as("ignored objects are not pasted")
                .containsExactly(6, 7);
        assertThat(Arrays.copyOfRange(images.pixels, 3 * BYTES, 4 * BYTES))
                .isEqualTo(Arrays.copyOfRange(before, 3 * BYTES, 4 * BYTES));
        var mixed = (Targets.Objects) new BatchTransform.MixUp(1.5, 1)
                .apply(images.pixels, FRAMES, images.targets, 8, new SplittableRandom(3));
        assertThat(mixed.offsets()).containsExactly(0, 4, 6, 8, 12);
    }

    @Test
    void saysWhatCannotBeJoined() {
        var images = new Images(1);
        List<Target> boxes = images.targets.stream()
                .map(Target.Objects.class::cast)
                .map(objects -> (Target) Target.Objects.of(objects.boxes(), objects.labels()))
                .toList();
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> new BatchTransform.CopyPaste(1, 1)
                        .apply(images.pixels, FRAMES, boxes, 8, new SplittableRandom(1)))
                .withMessageContaining("task.masks=true");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() ->
                        new BatchTransform.CutMix(1, 1).apply(images.pixels, FRAMES, boxes, 8, new SplittableRandom(1)))
                .withMessageContaining("cuts through objects");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> new BatchTransform.Mosaic(1, List.of(0.5, 1.0), 1)
                        .apply(new byte[BYTES], FRAMES, List.of(new Target.Label(0)), 8, new SplittableRandom(1)))
                .withMessageContaining("boxes of objects");
    }

    @Test
    void theLastEpochsHaveWholeImages() {
        BatchTransform pasting = new BatchTransform.CopyPaste(1, 0.9);
        assertThat(pasting.ended(9, 10)).isFalse();
        assertThat(pasting.ended(10, 10)).isTrue();
    }
}
