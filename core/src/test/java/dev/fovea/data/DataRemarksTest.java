package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DataRemarksTest {

    /** So many different images of each class. */
    private static Dataset data(int... counts) {
        List<Image> images = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int label = 0; label < counts.length; label++) {
            for (int i = 0; i < counts[label]; i++) {
                images.add(new Image(1, 1, 3, new byte[] {(byte) label, (byte) i, (byte) (i >> 8)}));
                labels.add(label);
            }
        }
        return Dataset.of(
                images,
                List.of("ants", "bees", "crabs").subList(0, counts.length),
                labels.stream().mapToInt(i -> i).toArray());
    }

    private static Splits splits(Dataset train, Dataset validation) {
        return new Splits(train, validation, Dataset.empty(train.classes()), List.of());
    }

    @Test
    void unevenClassesAreSaidWithTheFieldThatHelps() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(DataRemarks.of(splits(data(110, 12), data(20, 20)), true, true))
                    .containsExactly("class 'ants' has 110 training images and 'bees' only 12, 9.2 times fewer: "
                            + "task.logitAdjustment=1 finds more of the rare ones");
        } finally {
            Locale.setDefault(before);
        }
        assertThat(DataRemarks.of(splits(data(110, 12), data(20, 20)), false, true))
                .isEmpty();
        assertThat(DataRemarks.of(splits(data(30, 10, 0), data(20, 20, 0)), true, true))
                .isEmpty();
    }

    @Test
    void aSmallValidationPartIsSaid() {
        assertThat(DataRemarks.of(splits(data(30, 30), data(6, 6)), true, true))
                .singleElement()
                .asString()
                .startsWith("the validation part has 12 images, so that a single one is 8.3 % of every share: ")
                .endsWith("selection.validation");
        assertThat(DataRemarks.ofValidation(splits(data(30, 30), data(10, 10)), true))
                .isEmpty();
        assertThat(DataRemarks.ofValidation(splits(data(30, 30), data(0, 0)), true))
                .isEmpty();
    }

    @Test
    void contradictoryLabelsOfIdenticalImagesAreSaidWhenDataIsSplit() {
        var image = new Image(1, 1, 1, new byte[] {7});
        var other = new Image(1, 1, 1, new byte[] {8});
        Dataset contradictory =
                Dataset.of(List.of(image, image, other, other), List.of("ants", "bees"), new int[] {0, 1, 1, 1});
        assertThat(contradictory.split(0.5, 0.5, 0).notes())
                .contains("1 image is found more than once with different labels, such as image #0 ('ants') and "
                        + "image #1 ('bees'): remove or relabel it");
        assertThat(data(5, 5).split(0.5, 0.5, 0).notes()).isEmpty();
    }

    @Test
    void contradictoryLabelsOfIdenticalImagesAreSaidOfTwoPartsToo() {
        var image = new Image(1, 1, 1, new byte[] {7});
        Dataset train = Dataset.of(List.of(image), List.of("ants", "bees"), new int[] {0});
        Dataset validation = Dataset.of(List.of(image), List.of("ants", "bees"), new int[] {1});
        assertThat(splits(train, validation).withContradictions().notes())
                .singleElement()
                .asString()
                .startsWith("1 image is found more than once with different labels");
        assertThat(splits(train, train).withContradictions().notes()).isEmpty();
    }

    @Test
    void onlyFilesOfOneSizeAreReadToFindCopies() {
        var read = new ConcurrentSkipListSet<String>();
        byte[][] contents = {{1}, {1, 2}, {7, 7, 7}, {7, 7, 8}, {7, 7, 7}, {1, 2, 3, 4}};
        var items = new ArrayList<ImageFiles.Item>();
        for (int i = 0; i < contents.length; i++) {
            String name = i + ".png";
            byte[] content = contents[i];
            items.add(new ImageFiles.Item(
                    new TreeFile(List.of(name), name, () -> content.length, () -> {
                        read.add(name);
                        return content;
                    }),
                    i % 2));
        }
        Dataset data = new ImageFiles(List.of("ants", "bees"), items).subset(0, 1, 2, 3, 4, 5);
        assertThat(Duplicates.groups(data))
                .containsExactly(List.of(0), List.of(1), List.of(2, 4), List.of(3), List.of(5));
        assertThat(read).containsExactly("2.png", "3.png", "4.png");
    }

    @Test
    void fingerprintsAreTakenByMoreThanOneThread() {
        var both = new CountDownLatch(2);
        Dataset data = data(200, 10);
        Dataset watched = new DerivedDataset() {
            @Override
            public Dataset data() {
                return data;
            }

            @Override
            public long fingerprint(int index) {
                both.countDown();
                try {
                    assertThat(both.await(20, TimeUnit.SECONDS)).isTrue(); // alone, nobody would come
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return data.fingerprint(index);
            }
        };
        assertThat(watched.split(0.5, 0.5, 0).validation().size()).isBetween(100, 110);
    }
}
