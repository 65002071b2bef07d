package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataTest {

    @TempDir
    Path folder;

    private static byte[] image(int shade) {
        byte[] pixels = new byte[8 * 6 * 3];
        java.util.Arrays.fill(pixels, (byte) shade);
        pixels[0] = (byte) (shade + 1);
        var out = new ByteArrayOutputStream();
        try {
            javax.imageio.ImageIO.write(new Image(8, 6, 3, pixels).toBufferedImage(), "png", out);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private void put(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private static Splits open(Path path) {
        return Data.open(path.toString(), Data.Options.of());
    }

    @Test
    void imagesWithoutClassFoldersAreReadWhereLabelsAreNotNeeded() throws IOException {
        put("sea/train/a.png", image(1));
        put("sea/train/b.png", image(2));
        put("sea/Set12/c.png", image(3));
        var unlabelled = Data.Options.of().withLabelled(false);
        Splits splits = Data.open(folder.resolve("sea").toString(), unlabelled);
        assertThat(splits.train().size()).isEqualTo(2);
        assertThat(splits.notes())
                .containsExactly(
                        "left out: folder Set12 with 1 images; name it as %1$s:Set12".formatted(folder.resolve("sea")));
        assertThat(Data.open(folder.resolve("sea") + ":Set12", unlabelled)
                        .train()
                        .size())
                .isEqualTo(1);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Data.open(folder.resolve("sea") + ":Set14", unlabelled))
                .withMessageContaining("has no folder 'Set14'. It has Set12, train");
        assertThat(Data.open(folder.resolve("sea/train").toString(), unlabelled)
                        .train()
                        .size())
                .isEqualTo(2);
    }

    @Test
    void classFoldersStayClassesWhereLabelsAreNotNeeded() throws IOException {
        put("pets/cat/a.png", image(1));
        put("pets/dog/b.png", image(2));
        var splits =
                Data.open(folder.resolve("pets").toString(), Data.Options.of().withLabelled(false));
        assertThat(splits.train().classes()).containsExactly("cat", "dog");
    }

    @Test
    void normalTrainingImagesStandBesideAnomalousTestImagesAsInMvtec() throws IOException {
        put("screw/license.txt", new byte[1]);
        put("screw/train/good/000.png", image(1));
        put("screw/train/good/001.png", image(2));
        put("screw/test/good/000.png", image(3));
        put("screw/test/bent/000.png", image(4));
        put("screw/ground_truth/bent/000_mask.png", image(5));
        Path screw = folder.resolve("screw");
        var lenient = Data.Options.of().withNewClasses(true);
        for (var options : List.of(lenient, Data.Options.of().withLabelled(false))) {
            Splits splits = Data.open(screw.toString(), options);
            assertThat(splits.train().classes()).containsExactly("bent", "good");
            assertThat(splits.train().counts()).containsExactly(0, 2);
            assertThat(splits.test().counts()).containsExactly(1, 1);
            assertThat(splits.notes())
                    .containsExactly("the test part has a class 'bent' that the train part does not have. It has good");
        }
        assertThat(Data.open(screw + ":test", lenient).train().counts()).containsExactly(1, 1);
        refused(screw, screw + ": the test part has a class 'bent' that the train part does not have. It has good");
    }

    private static void refused(Path path, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(path).forTraining())
                .withMessage(message);
    }

    @Test
    void readsClassFoldersInOrderAndNamesWhatIsLeftOut() throws IOException {
        put("rose/b.png", image(10));
        put("rose/a.png", image(20));
        put("tulip/c.png", image(30));
        put("tulip/notfound.gif", "GIF89a".getBytes(StandardCharsets.US_ASCII));
        Splits splits = open(folder);
        assertThat(splits.train().classes()).containsExactly("rose", "tulip");
        assertThat(splits.train().counts()).containsExactly(2, 1);
        assertThat(splits.train().image(0).pixels()[4] & 0xFF).isEqualTo(20);
        assertThat(splits.notes())
                .singleElement()
                .asString()
                .contains("notfound.gif")
                .startsWith("left out");
    }

    @Test
    void readsPartsBelowACommonFolderOfAnArchiveWithoutUnpacking() throws IOException {
        Path archive = folder.resolve("flowers.tar.gz");
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(archive)))) {
            add(tar, "set/train/rose/1.png", image(1));
            add(tar, "set/train/tulip/2.png", image(2));
            add(tar, "set/val/rose/3.png", image(3));
            add(tar, "set/test/tulip/4.png", image(4));
        }
        Splits splits = open(archive);
        assertThat(List.of(
                        splits.train().size(),
                        splits.validation().size(),
                        splits.test().size()))
                .containsExactly(2, 1, 1);
        assertThat(splits.validation().label(0)).isZero();
        assertThat(Data.open(archive + ":test", Data.Options.of()).train().size())
                .isEqualTo(1);
    }

    @Test
    void refusesAnArchiveThatUnpacksToMoreThanMemoryHolds() throws IOException {
        Path archive = folder.resolve("bomb.zip");
        try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(archive))) {
            for (int i = 0; i < 3; i++) {
                zip.putNextEntry(new java.util.zip.ZipEntry("rose/" + i + ".png"));
                zip.write(new byte[1 << 20]);
            }
        }
        assertThat(Files.size(archive)).isLessThan(10_000);
        assertThat(Tree.archive(archive, 3 << 20).files()).hasSize(3);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Tree.archive(archive, 2 << 20))
                .withMessage(archive + ": its files are more than the 2 MB of memory there are for them. "
                        + "Unpack it to a folder, or give Java more, as in FOVEA_JAVA_OPTS=-Xmx16g");
    }

    @Test
    void refusesAnArchiveEntryThatClimbsOut() throws IOException {
        Path archive = folder.resolve("evil.tar");
        try (var tar = new TarArchiveOutputStream(Files.newOutputStream(archive))) {
            add(tar, "rose/../../etc/1.png", image(1));
        }
        refused(
                archive,
                archive + ": its entry 'rose/../../etc/1.png' climbs out of the archive. Do not use this file");
    }

    @Test
    void saysWhyDataCannotBeTrainedOn() throws IOException {
        refused(folder, folder + ": is empty. Expected one folder per class with images in it");
        put("rose/a.png", image(1));
        refused(folder, "found 1 class ('rose'), training needs at least 2. Expected one folder per class");
        Path missing = folder.resolve("missing");
        refused(
                missing,
                missing
                        + ": no such file or folder, and no data set of that name. Names are shapes, moving-shapes, shape-scenes, mnist, "
                        + "fashion-mnist, kmnist, cifar10, cifar100");
    }

    @Test
    void refusesAValidationClassThatTrainingDoesNotHave() throws IOException {
        put("train/rose/a.png", image(1));
        put("train/tulip/a.png", image(2));
        put("val/daisy/a.png", image(3));
        refused(
                folder,
                folder
                        + ": the validation part has a class 'daisy' that the train part does not have. It has rose, tulip");
    }

    @Test
    void skipsAndCountsBrokenImagesOnlyWhenAsked() throws IOException {
        put("rose/a.png", image(1));
        put("rose/b.jpg", "<html>".getBytes(StandardCharsets.UTF_8));
        put("tulip/c.png", image(2));
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> open(folder).train().image(1));
        Splits skipped = Data.open(folder.toString(), Data.Options.of().withSkipBroken(true));
        assertThat(skipped.train().size()).isEqualTo(2);
        assertThat(skipped.notes()).anyMatch(note -> note.equals("skipped 1 of 3 images that cannot be read"));
    }

    @Test
    void readsIdxFilesAndRefusesWrongOnes() throws IOException {
        byte[] images = ByteBuffer.allocate(16 + 2 * 4)
                .putInt(0x803)
                .putInt(2)
                .putInt(2)
                .putInt(2)
                .put(new byte[] {1, 2, 3, 4, 5, 6, 7, 8})
                .array();
        byte[] labels = ByteBuffer.allocate(10)
                .putInt(0x801)
                .putInt(2)
                .put(new byte[] {7, 3})
                .array();
        put("train-images-idx3-ubyte", images);
        put("train-labels-idx1-ubyte", labels);
        Dataset train = open(folder).train();
        assertThat(train.label(0)).isEqualTo(7);
        assertThat(train.image(1).pixels()).containsExactly(5, 6, 7, 8);

        put("train-images-idx3-ubyte", java.util.Arrays.copyOf(images, 20));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(folder))
                .withMessageContaining("cut off: its header promises 2 items of 2x2, 4 bytes are there for 8");
        put("train-images-idx3-ubyte", labels);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(folder))
                .withMessageContaining("not an idx file of bytes in 3 dimensions: expected to start with 0x00000803");
    }

    @Test
    void readsCifarRecordsAndRefusesACutOne() throws IOException {
        byte[] record = new byte[3073];
        record[0] = 3;
        record[1] = 11;
        record[1 + 1024] = 22;
        record[1 + 2048] = 33;
        put("data_batch_1.bin", record);
        Dataset train = open(folder).train();
        assertThat(train.classes().get(train.label(0))).isEqualTo("cat");
        assertThat(train.image(0).pixels()).startsWith(11, 22, 33);
        put("data_batch_1.bin", java.util.Arrays.copyOf(record, 3000));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(folder))
                .withMessageContaining("cut off: 3000 bytes are not a whole number of records of 3073 bytes");
        record[0] = 12;
        put("data_batch_1.bin", record);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(folder))
                .withMessageContaining("record 0 has the label 12, there are 10 classes");
    }

    @Test
    void readsCsvAndNamesTheLineAtFault() throws IOException {
        put("a.png", image(1));
        put("list.csv", "path,label\na.png,cat\n\"a.png\",dog\n".getBytes(StandardCharsets.UTF_8));
        assertThat(open(folder.resolve("list.csv")).train().classes()).containsExactly("cat", "dog");
        Path bad = folder.resolve("bad.csv");
        put("bad.csv", "a.png,cat\nb.png,dog\n".getBytes(StandardCharsets.UTF_8));
        refused(bad, bad + ":2: no such image: b.png");
        put("bad.csv", "a.png,cat\na.png\n".getBytes(StandardCharsets.UTF_8));
        refused(
                bad,
                bad
                        + ":2: no label. Expected path,label; where an image may show none or several, task.type is multi-label");
    }

    @Test
    void splitsByClassWithCopiesOnOneSide() throws IOException {
        for (int i = 0; i < 20; i++) {
            put("rose/" + i + ".png", image(i));
            put("rose/copy" + i + ".png", image(i));
            put("tulip/" + i + ".png", image(100 + i));
        }
        Splits splits = Folder.of(folder).split(0.7, 0.15, 0.15);
        assertThat(splits.train().size()
                        + splits.validation().size()
                        + splits.test().size())
                .isEqualTo(60);
        assertThat(splits.train().counts()).containsExactly(28, 14);
        Set<Long> train = prints(splits.train());
        assertThat(train)
                .doesNotContainAnyElementsOf(prints(splits.validation()))
                .doesNotContainAnyElementsOf(prints(splits.test()));
        assertThat(splits.notes()).contains("20 images are copies of others; copies stay on one side of the split");
    }

    @Test
    void aClassWithOneImageStaysInTraining() throws IOException {
        put("rose/a.png", image(1));
        for (int i = 0; i < 10; i++) {
            put("tulip/" + i + ".png", image(10 + i));
        }
        Splits splits = Folder.of(folder).split(0.5, 0.5, 0);
        assertThat(splits.train().counts()[0]).isEqualTo(1);
        assertThat(splits.notes()).contains("class 'rose' has one image, which stays in training");
    }

    @Test
    void shapesAreTheSameForTheSameSeed() {
        var shapes = new Shapes(5, 40, 32);
        assertThat(shapes.image(7).pixels())
                .containsExactly(new Shapes(5, 40, 32).image(7).pixels());
        assertThat(shapes.image(7).pixels())
                .isNotEqualTo(new Shapes(6, 40, 32).image(7).pixels());
    }

    private static Set<Long> prints(Dataset data) {
        var prints = new HashSet<Long>();
        for (int i = 0; i < data.size(); i++) {
            prints.add(data.fingerprint(i));
        }
        return prints;
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] bytes) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        ((OutputStream) tar).write(bytes);
        tar.closeArchiveEntry();
    }
}
