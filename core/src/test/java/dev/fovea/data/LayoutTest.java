package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.image.Image;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutTest {

    private static final Data.Options ANY = Data.Options.of();
    private static final Data.Options IMAGES = ANY.withContent(Data.Content.IMAGES);
    private static final Data.Options CLIPS = ANY.withContent(Data.Content.CLIPS);

    @TempDir
    private Path temporary;

    private Path folder;
    private int images;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectories(temporary.resolve("set"));
    }

    /** An image of which there is no other. */
    private byte[] image() throws IOException {
        var out = new ByteArrayOutputStream();
        byte[] pixels = {(byte) images++, 1, 2, 3};
        javax.imageio.ImageIO.write(new Image(2, 2, 1, pixels).toBufferedImage(), "png", out);
        return out.toByteArray();
    }

    private void put(String... paths) throws IOException {
        for (String path : paths) {
            put(path, image());
        }
    }

    private void put(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private Splits open(Data.Options options) {
        return Data.open(folder.toString(), options);
    }

    @Test
    void foldersOfSystemsAreNoneOfOurs() throws IOException {
        put("rose/1.png", "tulip/2.jfif", "tulip/3.JPE", "tulip/@eaDir/2.jfif/thumb.jpg", "lost+found/4.png");
        Splits splits = Data.open(folder.toString(), IMAGES);
        assertThat(splits.train().classes()).containsExactly("rose", "tulip");
        assertThat(splits.train().counts()).containsExactly(1, 2);
        assertThat(splits.notes()).isEmpty();
    }

    private static List<Integer> sizes(Splits splits) {
        return List.of(
                splits.train().size(), splits.validation().size(), splits.test().size());
    }

    private void refused(Data.Options options, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(options))
                .withMessage(message.replace("SET", folder.toString()));
    }

    @ParameterizedTest
    @CsvSource({
        "Training, , Testing",
        "Train, , Test",
        "TRAIN, VAL, TEST",
        "seg_train, , seg_test",
        "train2017, val2017, ",
        "train_images, validation-images, TestImages",
        "train, valid, test_set",
        "asl_alphabet_train/asl_alphabet_train, , asl_alphabet_test/asl_alphabet_test",
        "seg_train/seg_train, , seg_test/test"
    })
    void partsAreReadByTheirNamesInAnyCaseAndWithWordsTheyShare(String train, String validation, String test)
            throws IOException {
        put("brain/" + train + "/glioma/1.png", "brain/" + train + "/pituitary/2.png");
        if (validation != null) {
            put("brain/" + validation + "/glioma/3.png");
        }
        if (test != null) {
            put("brain/" + test + "/glioma/4.png", "brain/" + test + "/pituitary/5.png");
        }
        Splits splits = open(IMAGES);
        assertThat(splits.train().classes()).containsExactly("glioma", "pituitary");
        assertThat(sizes(splits)).containsExactly(2, validation == null ? 0 : 1, test == null ? 0 : 2);
        assertThat(splits.notes()).isEmpty();
        assertThat(sizes(open(ANY))).isEqualTo(sizes(splits));
    }

    @Test
    void classesThatSpeakOfPartsStayClasses() throws IOException {
        put("steam_train/1.png", "bullet_train/2.png", "test_tube/3.png", "train/4.png", "bus/5.png");
        assertThat(open(ANY).train().classes())
                .containsExactly("bullet_train", "bus", "steam_train", "test_tube", "train");
    }

    @Test
    void aSecondCopyOfTheTreeIsLeftOutWithANote() throws IOException {
        for (String top : List.of("xray/", "xray/xray/")) {
            put(top + "train/normal/1.png", top + "train/ill/2.png", top + "test/ill/3.png");
        }
        Splits splits = open(IMAGES);
        assertThat(sizes(splits)).containsExactly(2, 0, 1);
        assertThat(splits.notes()).containsExactly("left out: folder 'xray', a second copy of 'train', 'test'");
    }

    @Test
    void aSecondCopyOfTheClassFoldersIsLeftOutWithANote() throws IOException {
        put("rose/1.png", "tulip/2.png", "flowers/rose/1.png", "flowers/tulip/2.png");
        Splits splits = open(ANY);
        assertThat(splits.train().classes()).containsExactly("rose", "tulip");
        assertThat(splits.notes())
                .containsExactly("left out: folder 'flowers', a second copy of the folders beside it");
        put("flowers/tulip/3.png");
        refused(
                ANY,
                "SET: the folder 'flowers' holds folders of the same names as those beside it (rose, tulip). "
                        + "Move it away, or read it alone as SET:flowers");
        assertThat(Data.open(folder + ":flowers", ANY).train().size()).isEqualTo(3);
    }

    @Test
    void aFirstLevelThatMixesPartsAndOthersIsRefusedWithTheWayToReadIt() throws IOException {
        put("Train/rose/1.png", "Train/tulip/2.png", "Test/rose/3.png", "more/rose/4.png", "more/tulip/5.png");
        refused(
                ANY,
                "SET: 'Train', 'Test' are folders for parts of the data and 'more' is not. Expected folders for the "
                        + "parts train, validation and test, or folders for the classes; move 'more' away, or read it "
                        + "alone as SET:more");
        assertThat(Data.open(folder + ":more", ANY).train().classes()).containsExactly("rose", "tulip");
    }

    @Test
    void imagesWithoutClassesBesidePartsAreLeftOutWithANote() throws IOException {
        put("seg_train/seg_train/sea/1.png", "seg_train/seg_train/ice/2.png", "seg_test/seg_test/sea/3.png");
        put("seg_pred/seg_pred/4.png", "seg_pred/seg_pred/5.png");
        Splits splits = open(ANY);
        assertThat(sizes(splits)).containsExactly(2, 0, 1);
        assertThat(splits.notes()).containsExactly("left out: folder 'seg_pred' with 2 images in no class folders");
    }

    @Test
    void partsWithoutClassFoldersAreRefused() throws IOException {
        put("train/cat.1.png", "train/dog.1.png", "test/1.png");
        refused(ANY, "SET: the images of 'train', 'test' lie in no class folders. Expected train/CLASS/IMAGE");
    }

    @Test
    void twoSetsOfPartsAndTwoFoldersForOnePartAreRefused() throws IOException {
        put("rgb_train/a/1.png", "rgb_test/a/2.png", "depth_train/a/3.png", "depth_test/a/4.png");
        refused(
                ANY,
                "SET: has more than one set of parts: depth_test, depth_train; rgb_test, rgb_train. Move all but one away");
        folder = Files.createDirectories(temporary.resolve("other"));
        put("train/a/1.png", "Training/a/2.png", "test/a/3.png");
        refused(ANY, "SET: two folders for the train part, 'Training' and 'train'. Rename or remove one");
    }

    @Test
    void classFoldersThatHoldTheSameFoldersAreSaidToBeReadAsClasses() throws IOException {
        put("fold1/cat/a.png", "fold1/dog/b.png", "fold2/cat/c.png", "fold2/dog/d.png");
        Splits splits = open(ANY);
        assertThat(splits.train().classes()).containsExactly("fold1", "fold2");
        assertThat(splits.notes())
                .containsExactly(("'fold1', 'fold2' all hold folders of the same names (cat, dog) and are read as the "
                                + "classes; if those within are the classes, open one alone, as %s:fold1")
                        .formatted(folder));
    }

    @Test
    void aSingleFolderAtTheTopIsSteppedOverAtAnyDepth() throws IOException {
        put("README", new byte[1]);
        put("a/README", new byte[1]);
        put("a/orl/about.txt", new byte[1]);
        put("a/orl/s1/1.png", "a/orl/s1/2.png", "a/orl/s2/1.png");
        for (Data.Options options : List.of(ANY, IMAGES, ANY.withFormat("folder"))) {
            Splits splits = open(options);
            assertThat(splits.train().classes()).containsExactly("s1", "s2");
            assertThat(splits.train().clips()).isFalse();
            assertThat(splits.notes()).isEmpty();
        }
    }

    @Test
    void whatTheNetworkTakesDecidesWhetherFoldersBelowClassesAreClips() throws IOException {
        for (String label : List.of("benign", "malignant")) {
            for (int patient = 0; patient < 2; patient++) {
                for (int slice = 0; slice < 3; slice++) {
                    put(String.format(Locale.ROOT, "%s/%sp%d/slice_%03d.png", label, label, patient, slice));
                }
            }
        }
        Splits images = open(IMAGES);
        assertThat(images.train().clips()).isFalse();
        assertThat(images.train().counts()).containsExactly(6, 6);
        Splits clips = open(CLIPS);
        assertThat(clips.train().clips()).isTrue();
        assertThat(clips.train().counts()).containsExactly(2, 2);
        assertThat(clips.notes()).isEmpty();
        Splits guessed = open(ANY);
        assertThat(guessed.train().clips()).isTrue();
        assertThat(guessed.notes())
                .containsExactly(
                        "read as clips, since all 12 images lie in folders below the classes and are numbered; "
                                + "format=folder reads them as images");
    }

    @ParameterizedTest
    @CsvSource({"IMAGES", "ANY"})
    void aFilmBesideImagesDoesNotMakeThemClips(Data.Content content) throws IOException {
        put("beach/IMG_0.png", "beach/IMG_1.png", "city/IMG_0.png");
        put("beach/IMG_1.MOV", new byte[10]);
        Splits splits = open(ANY.withContent(content));
        assertThat(splits.train().counts()).containsExactly(2, 1);
        assertThat(splits.train().clips()).isFalse();
        assertThat(splits.notes())
                .containsExactly(
                        "left out: %s (it lies beside images; GIF and video files are read as clips, with format=frames)"
                                .formatted(folder.resolve("beach/IMG_1.MOV")));
    }

    @Test
    void moreClipsThanImagesAreADoubtThatIsNotGuessed() throws IOException {
        put("beach/cover.png");
        put("beach/1.mp4", new byte[10]);
        put("city/2.mp4", new byte[10]);
        refused(
                ANY,
                "SET: has 2 clips beside 1 images. Say which to read: format=frames for clips, format=folder for images");
        assertThat(open(CLIPS).train().size()).isEqualTo(2);
    }

    @Test
    void onlyClipsWhereImagesAreSoughtIsSaid() throws IOException {
        put("beach/1.mp4", new byte[10]);
        put("city/2.mp4", new byte[10]);
        refused(IMAGES, "SET: no images found, but 2 clips (1.mp4). Read them with format=frames");
    }

    @Test
    void imagesInNoClassFolderAreNoted() throws IOException {
        put("rose/1.png", "tulip/2.png", "example.png");
        assertThat(open(ANY).notes())
                .containsExactly("left out: %s (it lies in no class folder)".formatted(folder.resolve("example.png")));
    }

    @Test
    void partsInAnyCaseAreReadWithoutLabels() throws IOException {
        put("Training/1.png", "Training/2.png", "Testing/3.png");
        assertThat(sizes(open(ANY.withLabelled(false)))).containsExactly(2, 0, 1);
    }

    @Test
    void linksToFoldersAreFollowedAndLoopsEnd() throws IOException {
        put("rose/1.png", "daisy/2.png");
        Path store = Files.createDirectories(temporary.resolve("store/tulip"));
        Files.write(store.resolve("3.png"), image());
        Files.createSymbolicLink(folder.resolve("tulip"), store);
        Files.createSymbolicLink(folder.resolve("rose/back"), folder);
        Files.createSymbolicLink(folder.resolve("daisy/self"), Path.of("."));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), folder);
        for (Path root : List.of(folder, link)) {
            Dataset train = Data.open(root.toString(), IMAGES).train();
            assertThat(train.classes()).containsExactly("daisy", "rose", "tulip");
            assertThat(train.counts()).containsExactly(1, 1, 1);
        }
    }

    @Test
    void linksThatMultiplyFoldersAreRefusedSoon() throws IOException {
        for (int level = 0; level < 30; level++) {
            Path here = Files.createDirectories(folder.resolve("l" + level));
            for (String side : List.of("a", "b")) {
                Files.createSymbolicLink(here.resolve(side), folder.resolve("l" + (level + 1)));
            }
        }
        put("l30/1.png");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(IMAGES))
                .withMessageContaining("symbolic links show this folder in more than 100 places");
    }

    @Test
    void aLinkToNowhereIsNamed() throws IOException {
        put("rose/1.png", "daisy/2.png");
        Path image = Files.createSymbolicLink(folder.resolve("rose/3.png"), Path.of("gone.png"));
        Splits splits = open(IMAGES.withSkipBroken(true));
        assertThat(splits.train().counts()).containsExactly(1, 1);
        assertThat(splits.notes())
                .containsExactly(
                        "skipped: " + image + ": cannot be read (a link to a file that is not there)",
                        "skipped 1 of 3 images that cannot be read");
        Files.createSymbolicLink(folder.resolve("tulip"), Path.of("/nowhere"));
        refused(IMAGES, "SET/tulip: a symbolic link to what is not there. Remove it, or restore what it points to");
    }

    @Test
    void aFileWithoutPermissionIsSkippedLikeABrokenOneAndSaysWhy() {
        var noAccess = new TreeFile(List.of("rose", "1.png"), "rose/1.png", () -> 1, () -> {
            throw new dev.fovea.image.ImageException("rose/1.png: cannot be read ("
                    + dev.fovea.io.Reason.of(new java.nio.file.AccessDeniedException("rose/1.png")) + ")");
        });
        assertThatExceptionOfType(dev.fovea.image.ImageException.class)
                .isThrownBy(() -> new ImageFiles(List.of("rose"), List.of(new ImageFiles.Item(noAccess, 0))).check(0))
                .withMessage("rose/1.png: cannot be read (permission denied)");
    }

    @Test
    void partNamesAreFoundBesideWordsThatAnotherPartHas() {
        assertThat(Parts.of(List.of("seg_train", "seg_test", "seg_pred"), "x"))
                .isEqualTo(Map.of("seg_train", "train", "seg_test", "test"));
        assertThat(Parts.of(List.of("Training", "Test", "test-multiple_fruits"), "x"))
                .isEqualTo(Map.of("Training", "train", "Test", "test"));
        assertThat(Parts.of(List.of("steam_train", "test_tube"), "x")).isEmpty();
        assertThat(Parts.of(List.of("training_validation", "trainer"), "x")).isEmpty();
    }
}
