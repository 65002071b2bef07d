package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Repeated augmentation and progressive resizing, as the loader does them; random erasing. */
class TrainingLoaderTest {

    private static final Loader.Options OPTIONS =
            new Loader.Options(8, 9, 2, true, Sampling.INSTANCE_BALANCED, 1 << 20, false);

    private record Seen(Size size, List<byte[]> images, List<Integer> indices) {}

    private static List<Seen> epoch(Loader loader, int epoch, int first) {
        var seen = new ArrayList<Seen>();
        loader.epoch(epoch, first).forEachRemaining(batch -> {
            var images = new ArrayList<byte[]>();
            for (int i = 0; i < batch.size(); i++) {
                byte[] image = new byte[batch.height() * batch.width() * batch.channels()];
                batch.pixels().get(image);
                images.add(image);
            }
            seen.add(new Seen(
                    new Size(batch.height(), batch.width()),
                    images,
                    Arrays.stream(batch.indices()).boxed().toList()));
        });
        return seen;
    }

    @Test
    void aBatchHoldsEachOfItsImagesSeveralTimesAugmentedDifferently() {
        var augmentation = Augmentation.of(new ColorTransform.ChannelShift(60));
        var training = new Loader.Training(3, (e, b) -> new Size(16, 16));
        try (var loader =
                new Loader(new Shapes(1, 40, 16), Preprocess.of(16, 16, 3), augmentation, OPTIONS, training)) {
            List<Seen> all = epoch(loader, 1, 0);
            var different = new HashSet<Integer>();
            for (Seen batch : all) { // of 8: 3 different ones, thrice, thrice and twice
                different.addAll(batch.indices());
                List<Integer> first = batch.indices().subList(0, 3);
                assertThat(first).doesNotHaveDuplicates();
                assertThat(batch.indices().subList(3, 6)).isEqualTo(first);
                assertThat(batch.indices().subList(6, 8)).isEqualTo(first.subList(0, 2));
                assertThat(batch.images().get(0)).isNotEqualTo(batch.images().get(3));
                assertThat(batch.images().get(3)).isNotEqualTo(batch.images().get(6));
            }
            assertThat(all).hasSize(5);
            assertThat(different).hasSize(15);
            assertThat(epoch(loader, 1, 3).get(0).images().get(4)) // a resumed run sees the same
                    .isEqualTo(all.get(3).images().get(4));
        }
    }

    @Test
    void aBatchAsLargeAsTheDataHoldsAShareOfIt() {
        var training = new Loader.Training(4, (e, b) -> new Size(16, 16));
        var options = new Loader.Options(100, 9, 2, true, Sampling.INSTANCE_BALANCED, 1 << 20, false);
        try (var loader =
                new Loader(new Shapes(1, 20, 16), Preprocess.of(16, 16, 3), Augmentation.NONE, options, training)) {
            List<Integer> indices = epoch(loader, 1, 0).get(0).indices();
            assertThat(indices).hasSize(20);
            assertThat(new HashSet<>(indices)).hasSize(5);
        }
    }

    @Test
    void imagesHaveTheSizeOfTheirEpochAsIfTheyHadBeenBroughtToItAtOnce() {
        var data = new Shapes(1, 24, 48);
        var training = new Loader.Training(1, (e, b) -> e == 1 ? new Size(20, 16) : new Size(32, 24));
        try (var loader = new Loader(data, Preprocess.of(32, 24, 3), Augmentation.NONE, OPTIONS, training)) {
            for (int epoch : new int[] {1, 2, 1}) { // back again: what is kept is of neither size
                Size size = training.sizes().of(epoch, 0);
                for (Seen batch : epoch(loader, epoch, 1)) {
                    assertThat(batch.size()).isEqualTo(size);
                    for (int i = 0; i < batch.indices().size(); i++) {
                        assertThat(batch.images().get(i))
                                .isEqualTo(Preprocess.of(size.height(), size.width(), 3)
                                        .apply(data, batch.indices().get(i))
                                        .pixels());
                    }
                }
            }
        }
    }

    @Test
    void erasedRectanglesHaveOneValueARandomColourOrRandomPixels() {
        byte[] grey = new byte[40 * 40 * 3];
        Arrays.fill(grey, (byte) 1);
        for (var mode : ErasingTransform.Mode.values()) {
            byte[] pixels = grey.clone();
            new ErasingTransform.Erase(1, List.of(0.3, 0.3), List.of(0.5, 2.0), 3, mode, 127)
                    .apply(pixels, 0, Size.square(40), 3, new SplittableRandom(3));
            var colours = new HashSet<List<Byte>>();
            int changed = 0;
            for (int i = 0; i < pixels.length; i += 3) {
                if (pixels[i] != 1 || pixels[i + 1] != 1 || pixels[i + 2] != 1) {
                    colours.add(List.of(pixels[i], pixels[i + 1], pixels[i + 2]));
                    changed++;
                }
            }
            assertThat(changed).isBetween(200, 500); // three of a tenth each, which may overlap
            switch (mode) {
                case CONSTANT -> assertThat(colours).containsExactly(List.of((byte) 127, (byte) 127, (byte) 127));
                case RANDOM -> assertThat(colours).hasSize(3);
                default -> assertThat(colours).hasSizeGreaterThan(190);
            }
        }
    }
}
