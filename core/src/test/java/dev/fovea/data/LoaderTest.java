package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoaderTest {

    /** One of everything. */
    private static final Augmentation RICH = new Augmentation(
            Transform.defaults(), List.of(new BatchTransform.MixUp(0.2, 1), new BatchTransform.CutMix(1, 1)));

    private static List<String> epoch(int workers, long cache, int epoch, int first) {
        var options = new Loader.Options(16, 9, workers, true, Sampling.INSTANCE_BALANCED, cache, false);
        var batches = new ArrayList<String>();
        try (var loader = new Loader(new Shapes(1, 100, 16), Preprocess.of(16, 16, 3), RICH, options)) {
            for (Iterator<Batch> it = loader.epoch(epoch, first); it.hasNext(); ) {
                Batch batch = it.next();
                byte[] pixels = new byte[batch.size() * 16 * 16 * 3];
                batch.pixels().get(0, pixels);
                batches.add(
                        Arrays.hashCode(pixels) + " " + Arrays.toString(((Targets.SoftLabels) batch.targets()).shares())
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
    void everyImageComesOnceAnEpoch() {
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
        assertThat(ofClass(0, Order.sampled(skewed, Sampling.CLASS_BALANCED, new SplittableRandom(3)), skewed))
                .isBetween(60L, 130L);
    }

    private static long ofClass(int label, int[] order, Dataset data) {
        return Arrays.stream(order).filter(i -> data.label(i) == label).count();
    }

    /** 100 and 4 images: square roots of 10 and 2, so that one in six is of the rare class. */
    @Test
    void squareRootSamplingDrawsClassesByTheRootOfTheirImages() {
        Dataset shapes = new Shapes(1, 1000, 16);
        Dataset skewed = shapes.subset(java.util.stream.IntStream.range(0, 1000)
                .filter(i -> i % 10 == 0 || (i % 10 == 1 && i < 40))
                .toArray());
        assertThat(skewed.counts()).startsWith(100, 4);
        long rare = 0;
        for (int epoch = 0; epoch < 50; epoch++) {
            int[] order = Order.sampled(skewed, Sampling.SQUARE_ROOT, new SplittableRandom(epoch));
            assertThat(order).hasSize(104);
            rare += ofClass(1, order, skewed);
        }
        assertThat(rare / (50 * 104.0)).isCloseTo(1 / 6.0, within(0.03));
        int[] once = Order.sampled(skewed, Sampling.INSTANCE_BALANCED, new SplittableRandom(1));
        assertThat(once).doesNotHaveDuplicates().hasSize(104);
    }

    @Test
    void aBrokenImageStopsTheEpochWithItsName() {
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
            public Target target(int index) {
                return new Target.Label(0);
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
        try (var loader = new Loader(broken, Preprocess.of(8, 8, 3), Augmentation.NONE, Loader.Options.sequential(4))) {
            Iterator<Batch> batches = loader.epoch(1, 0);
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(batches::next)
                    .withMessage("b/7.jpg: not an image");
        }
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

    /** Images in memory of which each byte tells its column. */
    private static Dataset ramps(int count, int width, int height) {
        byte[] pixels = new byte[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i % width);
        }
        return Dataset.of(
                java.util.Collections.nCopies(count, new Image(width, height, 1, pixels)),
                List.of("a", "b"),
                new int[count]);
    }

    /** Clips whose frames are all the same ramp. */
    private static Dataset clips(int count, int width, int height) {
        Dataset still = ramps(count, width, height);
        List<Clip> clips = java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> (Clip) new Clip() {
                    @Override
                    public String name() {
                        return "clip " + i;
                    }

                    @Override
                    public int frames() {
                        return 5;
                    }

                    @Override
                    public List<Image> frames(int... positions) {
                        return java.util.Collections.nCopies(positions.length, still.image(i));
                    }
                })
                .toList();
        return new Clips(
                still.classes(), clips.stream().map(f -> new Clips.Take(f, 0)).toList());
    }

    private static byte[] first(Dataset data, Preprocess preprocess, Augmentation augment, int epoch) {
        try (var loader = new Loader(data, preprocess, augment, Loader.Options.training(2, 5))) {
            byte[] pixels = new byte[preprocess.bytes()];
            loader.epoch(epoch, 0).next().pixels().get(0, pixels);
            return pixels;
        }
    }

    @ParameterizedTest
    @CsvSource({"UNIFORM", "DENSE", "RANDOM"})
    void clipsAreCroppedAtRandomAllFramesInTheSamePlace(FrameSampling.Sampling sampling) {
        var preprocess = Preprocess.of(8, 8, 1).withFrames(new FrameSampling(3, 1, sampling));
        Augmentation crop = Augmentation.of(GeometricTransform.Crop.of(0.1));
        byte[] once = first(clips(4, 64, 48), preprocess, crop, 1);
        assertThat(Arrays.copyOfRange(once, 64, 128)).isEqualTo(Arrays.copyOf(once, 64));
        assertThat(Arrays.copyOfRange(once, 128, 192)).isEqualTo(Arrays.copyOf(once, 64));
        assertThat(once)
                .isNotEqualTo(first(clips(4, 64, 48), preprocess, crop, 2))
                .isNotEqualTo(first(clips(4, 64, 48), preprocess, Augmentation.NONE, 1));
    }

    @Test
    void patchesOfClipsLieInTheSamePlaceOfAllFrames() {
        var preprocess = Preprocess.of(8, 8, 1)
                .withFrames(new FrameSampling(3, 1, FrameSampling.Sampling.UNIFORM))
                .withResize(ResizePolicy.PATCH);
        byte[] patch = first(clips(4, 64, 48), preprocess, Augmentation.NONE, 1);
        assertThat(Arrays.copyOfRange(patch, 64, 192)).isEqualTo(repeated(Arrays.copyOf(patch, 64)));
        assertThat(patch[1] - patch[0]).isEqualTo(1); // in the frames' own pixels
        assertThat(patch).isNotEqualTo(first(clips(4, 64, 48), preprocess, Augmentation.NONE, 2));
    }

    private static byte[] repeated(byte[] bytes) {
        byte[] twice = Arrays.copyOf(bytes, 2 * bytes.length);
        System.arraycopy(bytes, 0, twice, bytes.length, bytes.length);
        return twice;
    }

    @ParameterizedTest
    @CsvSource({"4096, 64", "224, 16384", "9000, 9"})
    void aBatchThatNoArrayCanHoldIsRefusedInOneSentence(int size, int batch) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Loader(
                        new Shapes(1, 20_000, 8),
                        Preprocess.of(size, size, 3),
                        Augmentation.NONE,
                        Loader.Options.training(batch, 1)))
                .withMessageMatching(String.format(
                                Locale.ROOT,
                                "batch: %,d images of %2$dx%2$dx3 take [0-9,]+ MB, a batch may take [0-9,]+ MB here\\. ",
                                batch,
                                size)
                        + "Set batch=[0-9]+ or a smaller input\\.size.*");
    }

    @Test
    void aBatchLargerThanTheDataTakesNoMoreThanTheDataAndSequentialOnesShrink() {
        try (var small = new Loader(
                new Shapes(1, 3, 8),
                Preprocess.of(64, 64, 3),
                Augmentation.NONE,
                Loader.Options.training(1_000_000, 1))) {
            Batch batch = small.epoch(1, 0).next();
            assertThat(batch.size()).isEqualTo(3);
            assertThat(batch.pixels().capacity()).isEqualTo(3 * 64 * 64 * 3);
        }
        try (var large = new Loader(
                new Shapes(1, 1000, 8),
                Preprocess.of(224, 224, 3),
                Augmentation.NONE,
                Loader.Options.sequential(256))) {
            assertThat(large.batches()).isEqualTo(38);
        }
    }

    @ParameterizedTest
    @CsvSource({"1000000000, 224, 1", "65536, 65536, 1", "10000, 10000, 1000"})
    void aShownSizeThatNoArrayCanHoldIsRefused(int height, int width, int frames) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Preprocess.of(height, width, 3)
                        .withFrames(new FrameSampling(frames, 1, FrameSampling.Sampling.UNIFORM)))
                .withMessageStartingWith(
                        "preprocess: an image may have 100,000,000 pixels and a clip 2,147,483,639 bytes, got ")
                .withMessageEndingWith(String.format(Locale.ROOT, "%dx%dx3. Set a smaller input.size", height, width));
    }

    @Test
    void neighbouringSeedsAndEpochsShareNoRandomNumbers() {
        List<Long> drawn = new ArrayList<>();
        for (int seed = 0; seed < 3; seed++) {
            for (int epoch = 0; epoch < 3; epoch++) {
                SplittableRandom random = Loader.random(seed, 1, epoch);
                for (int i = 0; i < 50; i++) {
                    drawn.add(random.nextLong());
                }
            }
        }
        assertThat(drawn).doesNotHaveDuplicates();
    }

    @Test
    void decodedImagesAreKeptOnlyAsFarAsThereIsRoom() {
        var reads = new java.util.concurrent.atomic.AtomicIntegerArray(10);
        Dataset counted = counting(reads);
        var decoded = new Decoded(counted, 4 * 300);
        for (int pass = 0; pass < 3; pass++) {
            for (int i = 0; i < 10; i++) {
                assertThat(decoded.image(i).width()).isEqualTo(10);
            }
        }
        int[] times = java.util.stream.IntStream.range(0, 10).map(reads::get).toArray();
        assertThat(times).containsExactly(1, 1, 1, 1, 3, 3, 3, 3, 3, 3);
    }

    @Test
    void preparedImagesAreKeptAsFarAsThereIsRoom() {
        var reads = new java.util.concurrent.atomic.AtomicIntegerArray(10);
        var options = new Loader.Options(5, 1, 2, true, Sampling.INSTANCE_BALANCED, 4 * 300, false);
        try (var loader = new Loader(counting(reads), Preprocess.of(10, 10, 3), Augmentation.NONE, options)) {
            for (int epoch = 1; epoch <= 3; epoch++) {
                loader.epoch(epoch, 0).forEachRemaining(batch -> {});
            }
        }
        assertThat(java.util.stream.IntStream.range(0, 10)
                        .map(reads::get)
                        .sorted()
                        .toArray())
                .containsExactly(1, 1, 1, 1, 3, 3, 3, 3, 3, 3);
    }

    /** Ten images of 300 bytes. */
    private static Dataset counting(java.util.concurrent.atomic.AtomicIntegerArray reads) {
        return new Dataset() {
            @Override
            public List<String> classes() {
                return List.of("a");
            }

            @Override
            public int size() {
                return 10;
            }

            @Override
            public Target target(int index) {
                return new Target.Label(0);
            }

            @Override
            public String name(int index) {
                return "#" + index;
            }

            @Override
            public Image image(int index) {
                reads.incrementAndGet(index);
                return new Image(10, 10, 3, new byte[300]);
            }
        };
    }

    @Test
    void statisticsOfClipsAreThoseOfTheirFrames() {
        var preprocess = Preprocess.of(8, 40, 1).withFrames(new FrameSampling(2, 1, FrameSampling.Sampling.UNIFORM));
        var statistics = ChannelStatistics.of(clips(3, 40, 8), preprocess);
        assertThat(statistics.mean().get(0)).isCloseTo(19.5 / 255, org.assertj.core.api.Assertions.within(1e-9));
    }

    @Test
    void aSampleHasNoMoreThanItsBoundAndReachesOverAll() {
        assertThat(Order.spread(19_999, 10_000)).hasSize(10_000).isSorted().doesNotHaveDuplicates();
        assertThat(Order.spread(7, 10_000)).containsExactly(0, 1, 2, 3, 4, 5, 6);
        int[] large = Order.spread(Integer.MAX_VALUE, 10);
        assertThat(large[9]).isGreaterThan(Integer.MAX_VALUE / 10 * 9 - 10);
        assertThat(Arrays.stream(Order.spread(100_000, 10_000))
                        .map(i -> i % 10)
                        .distinct()
                        .count())
                .isEqualTo(10);
    }
}
