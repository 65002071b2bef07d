package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.image.Image;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdxTest {

    @TempDir
    Path folder;

    private static byte[] images(int count, int height, int width, int... pixels) {
        var bytes = ByteBuffer.allocate(16 + pixels.length)
                .putInt(0x803)
                .putInt(count)
                .putInt(height)
                .putInt(width);
        for (int pixel : pixels) {
            bytes.put((byte) pixel);
        }
        return bytes.array();
    }

    private static byte[] labels(int... labels) {
        var bytes = ByteBuffer.allocate(8 + labels.length).putInt(0x801).putInt(labels.length);
        for (int label : labels) {
            bytes.put((byte) label);
        }
        return bytes.array();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }

    private void put(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private void pair(String prefix, int... labels) throws IOException {
        put(prefix + "-images-idx3-ubyte", images(labels.length, 1, 2, new int[2 * labels.length]));
        put(prefix + "-labels-idx1-ubyte", labels(labels));
    }

    private Splits open() {
        return Data.open(folder.toString(), Data.Options.of());
    }

    private void refused(String message) {
        assertThatExceptionOfType(DataException.class).isThrownBy(this::open).withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"1073741824, 2, 2", "2147483647, 2147483647, 2147483647", "65536, 65536, 65536", "4, 1073741824, 4"})
    void sizesWhoseProductOverflowsAreRefused(int count, int height, int width) throws IOException {
        put("train-images-idx3-ubyte", images(count, height, width, 1, 2, 3));
        put("train-labels-idx1-ubyte", labels(1));
        refused("cut off: its header promises %d items of %dx%d, 3 bytes are there".formatted(count, height, width));
    }

    @Test
    void aGzipIsReadAsFarAsItsHeaderPromisesAndNoFurther() throws IOException {
        var packed = new ByteArrayOutputStream();
        packed.write(gzip(images(2, 1, 1, 7, 8)));
        byte[] zeros = gzip(new byte[1 << 20]);
        for (int i = 0; i < 4096; i++) { // 4 GB, more than an array holds, in 4 MB
            packed.write(zeros);
        }
        put("train-images-idx3-ubyte.gz", packed.toByteArray());
        put("train-labels-idx1-ubyte", labels(1, 0));
        refused("train-images-idx3-ubyte.gz: goes on behind the 2 items of 1x1 that its header promises");
    }

    @Test
    void aHeaderThatPromisesMoreThanMemoryIsRefusedBeforeAnyIsTaken() throws IOException {
        put("train-images-idx3-ubyte.gz", gzip(images(2_000_000, 28, 28, 7, 8)));
        put("train-labels-idx1-ubyte", labels(1, 0));
        refused("its header promises 2000000 items of 28x28, more than the ");
    }

    @Test
    void aGzipThatIsEmptyOrCutOffIsNamedSo() throws IOException {
        put("train-images-idx3-ubyte.gz", new byte[0]);
        put("train-labels-idx1-ubyte", labels(1));
        refused("train-images-idx3-ubyte.gz: the gzip is damaged or cut off (it ends too early)");
        byte[] packed = gzip(images(1, 2, 2, 7, 8, 9, 10));
        put("train-images-idx3-ubyte.gz", java.util.Arrays.copyOf(packed, packed.length - 10));
        refused("train-images-idx3-ubyte.gz: the gzip is damaged or cut off (it ends too early)");
    }

    @Test
    void aLabelBeyondTheClassesIsRefused() throws IOException {
        pair("train", 0, 1, 200, 3);
        refused(
                "image #2 has the label 200, and no image has the labels 10 to 199. Expected labels from 0 on without gaps");
        pair("train", 0, 1, 2, 3);
        pair("t10k", 0, 12);
        refused("t10k-labels-idx1-ubyte: image #1 has the label 12");
    }

    @Test
    void elevenClassesWithoutAGapAreEleven() throws IOException {
        pair("train", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        pair("t10k", 10);
        assertThat(open().train().classes()).hasSize(11);
        assertThat(open().test().classes()).isEqualTo(open().train().classes());
    }

    @Test
    void fashionHasTenClassesAndNoEleventh() throws IOException {
        pair("fashion-mnist/train", 0, 9);
        Path fashion = folder.resolve("fashion-mnist");
        assertThat(Data.open(fashion.toString(), Data.Options.of()).train().classes())
                .contains("Ankle boot");
        pair("fashion-mnist/train", 0, 10);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Data.open(fashion.toString(), Data.Options.of()))
                .withMessageContaining("image #1 has the label 10, there are 10 classes: T-shirt/top, Trouser");
    }

    @Test
    void aFolderAboveThatSpeaksOfFashionMakesNoClothesOfDigits() throws IOException {
        pair("fashion/mnist/train", 0, 9);
        assertThat(Data.open(folder.resolve("fashion/mnist").toString(), Data.Options.of())
                        .train()
                        .classes())
                .contains("9");
    }

    @Test
    void emnistLettersCountFromOneStandUprightAndHaveATestPart() throws IOException {
        put("emnist-letters-train-images-idx3-ubyte", images(2, 2, 2, 1, 2, 3, 4, 5, 6, 7, 8));
        put("emnist-letters-train-labels-idx1-ubyte", labels(1, 26));
        pair("emnist-letters-test", 2);
        Splits splits = open();
        assertThat(splits.train().classes()).hasSize(26).startsWith("A").endsWith("Z");
        assertThat(splits.train().label(0)).isZero();
        assertThat(splits.train().label(1)).isEqualTo(25);
        assertThat(splits.train().image(0).pixels()).containsExactly(1, 3, 2, 4);
        assertThat(splits.test().size()).isEqualTo(1);
        assertThat(splits.test().label(0)).isEqualTo(1);
        pair("emnist-letters-test", 0);
        refused(
                "emnist-letters-test-labels-idx1-ubyte: image #0 has the label 0, the labels of these 26 classes begin with 1");
    }

    @ParameterizedTest
    @CsvSource({"balanced, 47, t", "bymerge, 47, t", "byclass, 62, z", "digits, 10, 9", "mnist, 10, 9"})
    void theOtherSetsOfEmnistHaveTheirClasses(String set, int classes, String last) throws IOException {
        pair("emnist-" + set + "-train", 0, classes - 1);
        assertThat(open().train().classes()).hasSize(classes).endsWith(last).doesNotHaveDuplicates();
        pair("emnist-" + set + "-train", 0, classes);
        refused("image #1 has the label %d, there are %d classes".formatted(classes, classes));
    }

    @Test
    void oneOfSeveralSetsIsNamed() throws IOException {
        pair("gzip/emnist-digits-train", 1);
        pair("gzip/emnist-letters-train", 1, 2);
        refused("several sets: emnist-digits, emnist-letters. Name one, as in %s:emnist-digits".formatted(folder));
        assertThat(Data.open(folder + ":emnist-letters", Data.Options.of())
                        .train()
                        .size())
                .isEqualTo(2);
    }

    @Test
    void imagesWithoutLabelsAreRefused() throws IOException {
        put("train-images-idx3-ubyte", images(1, 1, 1, 1));
        refused("train-images-idx3-ubyte: has no labels beside it. Expected train-labels-idx1-ubyte");
    }

    @Test
    void cifarInPythonsFormatIsNamedAsWhatItIs() throws IOException {
        put("cifar-10-batches-py/data_batch_1", new byte[] {(byte) 0x80, 2, '}'});
        put("cifar-10-batches-py/batches.meta", new byte[] {(byte) 0x80, 2, '}'});
        refused("CIFAR in Python's pickle format, which may run code when it is read. "
                + "Take the binary version, cifar-10-binary.tar.gz, from https://www.cs.toronto.edu/~kriz/cifar.html");
        Files.delete(folder.resolve("cifar-10-batches-py/data_batch_1"));
        Files.delete(folder.resolve("cifar-10-batches-py/batches.meta"));
        put("cifar-100-python/train", new byte[] {(byte) 0x80, 2, '}'});
        put("cifar-100-python/meta", new byte[] {(byte) 0x80, 2, '}'});
        refused("Take the binary version, cifar-100-binary.tar.gz");
    }

    @Test
    void labelsOfImagesInMemoryLieWithinTheirClasses() {
        var image = new Image(1, 1, 1, new byte[1]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(List.of(image, image), List.of("a", "b"), new int[] {0, 2}))
                .withMessage("data: image #1 has the label 2, there are 2 classes");
    }

    @Test
    void cifarNamesInItsListAreNoMoreThanText() throws IOException {
        byte[] record = new byte[3073];
        put("data_batch_1.bin", record);
        put("batches.meta.txt", "one\ntwo\n\n".getBytes(StandardCharsets.UTF_8));
        assertThat(open().train().classes()).containsExactly("one", "two");
    }
}
