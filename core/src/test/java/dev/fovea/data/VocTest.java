package dev.fovea.data;

import static dev.fovea.data.ObjectFolder.objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.image.ImageException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VocTest {

    @TempDir
    Path path;

    private ObjectFolder folder;

    @BeforeEach
    void smallData() {
        folder = new ObjectFolder(path)
                .image("JPEGImages/a.jpg", 40, 30)
                .image("JPEGImages/b.jpg", 40, 30)
                .image("JPEGImages/c.jpg", 40, 30)
                .voc("Annotations/a.xml", "a.jpg", 40, 30, "dog 1 1 10 10", "cat 11 6 40 30 difficult")
                .voc("Annotations/b.xml", "b.jpg", 40, 30, "dog 5 5 5 5")
                .voc("Annotations/c.xml", "c.jpg", 40, 30);
    }

    private void refused(String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> folder.boxes())
                .withMessage(path + message);
    }

    @Test
    void pixelsAreCountedFromOneAndTheLastBelongsToTheBox() {
        Dataset train = folder.boxes().train();
        assertThat(train.classes()).containsExactly("cat", "dog");
        assertThat(train.size()).isEqualTo(3);
        assertThat(objects(train, 0).boxes()).containsExactly(new Box(0, 0, 10, 10), new Box(10, 5, 40, 30));
        assertThat(objects(train, 0).labels()).containsExactly(1, 0);
        assertThat(objects(train, 0).ignore()).containsExactly(false, true);
        assertThat(objects(train, 1).boxes()).containsExactly(new Box(4, 4, 5, 5));
    }

    @Test
    void imagesWithoutObjectsAreKept() {
        assertThat(objects(folder.boxes().train(), 2).boxes()).isEmpty();
        assertThat(folder.boxes().train().targetText(2)).isEqualTo("no object");
        assertThat(folder.boxes().train().targetText(0)).isEqualTo("1 cat, 1 dog");
        assertThat(folder.boxes().train().counts()).containsExactly(1, 2);
    }

    @Test
    void imageSetsNameTheParts() {
        folder.text("ImageSets/Main/train.txt", "a\n").text("ImageSets/Main/test.txt", "b -1\n");
        Splits splits = folder.boxes();
        assertThat(splits.train().size()).isEqualTo(1);
        assertThat(splits.validation().size()).isZero();
        assertThat(splits.test().name(0)).endsWith("b.jpg");
        assertThat(splits.notes()).anyMatch(note -> note.endsWith("lists for no part, left out: 1"));
        folder.text("ImageSets/Main/val.txt", "a\n");
        refused(": 'a' is listed for the train part and for the validation part. Remove it from one of them");
        folder.text("ImageSets/Main/val.txt", "d\n");
        refused(
                ": 'd' is listed for the validation part and has no annotation Annotations/d.xml. Restore or unlist it");
        assertThat(folder.skipping().notes()).anyMatch(note -> note.contains("skipped 1 faulty annotations or files"));
    }

    @Test
    void aClassThatTrainingLacksIsRefusedAsInFolders() {
        folder.text("ImageSets/Main/train.txt", "b\n").text("ImageSets/Main/test.txt", "a\n");
        refused("/Annotations/a.xml:6: the test part has a class 'cat' that the train part does not have");
    }

    @Test
    void anArchiveIsReadLikeItsFolder() throws IOException {
        Path tar = path.resolveSibling(path.getFileName() + ".tar");
        try (var out = new TarArchiveOutputStream(Files.newOutputStream(tar));
                var files = Files.walk(path)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                byte[] bytes = Files.readAllBytes(file);
                var entry = new TarArchiveEntry("VOCdevkit/VOC2007/" + path.relativize(file));
                entry.setSize(bytes.length);
                out.putArchiveEntry(entry);
                out.write(bytes);
                out.closeArchiveEntry();
            }
        }
        Dataset train = Data.open(tar.toString(), Data.Options.of().withTargets(TargetKind.ANY))
                .train();
        assertThat(objects(train, 0)).isEqualTo(objects(folder.boxes().train(), 0));
        Files.delete(tar);
    }

    @Test
    void filesMayLieBesideTheirImagesInFoldersForParts() {
        var own = new ObjectFolder(path.resolve("own"))
                .image("train/1.jpg", 10, 10)
                .voc("train/1.xml", "elsewhere/other.jpg", 10, 10, "cat 1 1 5 5")
                .image("valid/2.png", 10, 10)
                .voc("valid/2.xml", "2.png", 0, 0, "cat 1 1 5 5");
        Splits splits = own.boxes();
        assertThat(splits.train().size()).isEqualTo(1);
        assertThat(objects(splits.validation(), 0).boxes()).containsExactly(new Box(0, 0, 5, 5));
    }

    @Test
    void severalDataSetsMustBeTold() {
        for (String year : new String[] {"VOC2007", "VOC2012"}) {
            folder.image(year + "/JPEGImages/1.jpg", 9, 9).voc(year + "/Annotations/1.xml", "1.jpg", 9, 9);
        }
        refused(": has annotations in more than one place: , VOC2007, VOC2012. Name one of them, as " + path
                + ":VOC2007");
        assertThat(Data.open(path + ":VOC2012", Data.Options.of().withTargets(TargetKind.BOXES))
                        .train()
                        .size())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cat 10 10 9 20 | the box (9, 9, 9, 20) has no area. Correct or remove it",
                "cat 10 10 5 20 | the box (9, 9, 5, 20) has a negative size. Expected left before right and top before bottom: correct or remove it",
                "cat 50 1 60 9 | the box (49, 0, 60, 9) lies outside the image of 40x30 pixels. Correct or remove it",
                "cat nan 1 60 9 | the box (NaN, 0, 60, 9) has a number that is not finite. Correct or remove it",
                "cat 1 Infinity 60 9 | the box (0, NaN, 60, 9) has a number that is not finite. Correct or remove it",
                "cat x 1 60 9 | xmin of the object is 'x'. Expected a number of pixels",
                "cat 0.1 0.1 0.5 0.9 | the box (0.1, 0.1, 0.5, 0.9) is in shares of the image, it seems. Expected pixels: multiply it by the image's width and height"
            })
    void boxesThatCannotBeMeantAreRefusedByLine(String object, String message) {
        folder.voc("Annotations/b.xml", "b.jpg", 40, 30, "dog 1 1 2 2", object);
        refused("/Annotations/b.xml:6: " + message);
        Splits splits = folder.skipping();
        assertThat(objects(splits.train(), 1).boxes()).hasSize(1);
        assertThat(splits.notes())
                .contains("skipped: " + path + "/Annotations/b.xml:6: " + message)
                .contains(path + ": skipped 1 faulty annotations or files");
    }

    @Test
    void boxesPartlyOutsideAreClippedAndCounted() {
        folder.voc("Annotations/b.xml", "b.jpg", 40, 30, "dog 0 0 50 20", "dog 30 20 45 31", "dog 1 1 40 30");
        Splits splits = folder.boxes();
        assertThat(objects(splits.train(), 1).boxes())
                .containsExactly(new Box(0, 0, 40, 20), new Box(29, 19, 40, 30), new Box(0, 0, 40, 30));
        assertThat(splits.notes()).contains(path + ": boxes that reach outside their image, clipped: 2");
    }

    @Test
    void anImageThatIsNotThereIsNamed() throws IOException {
        Files.delete(path.resolve("JPEGImages/b.jpg"));
        refused("/Annotations/b.xml: its image 'b.jpg' is not there. Restore it, or remove the annotation");
        assertThat(folder.skipping().train().size()).isEqualTo(2);
    }

    @Test
    void aSizeThatIsNotThatOfTheImageIsSaidWhenTheImageIsRead() {
        folder.voc("Annotations/b.xml", "b.jpg", 30, 40, "dog 1 1 2 2");
        Dataset train = folder.boxes().train();
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> train.image(1))
                .withMessage(
                        path
                                + "/JPEGImages/b.jpg: has 40x30 pixels, its annotation says 30x40: it was annotated before it was turned as its EXIF orientation says. Correct one of them");
        assertThat(folder.skipping().train().size()).isEqualTo(2);
    }

    @Test
    void aSizeThatIsMissingIsTakenFromTheImage() {
        folder.voc("Annotations/b.xml", "b.jpg", 0, 0, "dog 0 1 50 9");
        Dataset train = folder.boxes().train();
        assertThat(objects(train, 1).boxes()).containsExactly(new Box(0, 0, 40, 9));
        folder.voc("Annotations/b.xml", "b.jpg", 0, 0, "dog 60 1 70 9");
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> folder.boxes().train().image(1))
                .withMessage(
                        path
                                + "/Annotations/b.xml:5: the box (59, 0, 70, 9) lies outside the image of 40x30 pixels. Correct or remove it");
    }

    @Test
    @Timeout(5)
    void nothingIsReadOrExpandedForXml() {
        String message =
                "has a document type definition or an entity, which could read other files or fill the memory. Remove it: annotations of Pascal VOC need none";
        var laughs = new StringBuilder("<?xml version=\"1.0\"?>\n<!DOCTYPE annotation [\n<!ENTITY a0 \"ha\">\n");
        for (int i = 1; i < 12; i++) {
            laughs.append("<!ENTITY a%s \"%s\">\n"
                    .formatted(i, "&a%s;".formatted(i - 1).repeat(10)));
        }
        folder.text("Annotations/b.xml", laughs + "]>\n<annotation><filename>&a11;</filename></annotation>");
        refusedXml(message);
        folder.text(
                "Annotations/b.xml",
                "<!DOCTYPE annotation [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<annotation><filename>&x;</filename></annotation>");
        refusedXml(message);
        folder.text(
                "Annotations/b.xml",
                "<!DOCTYPE annotation SYSTEM \"http://localhost:1/none.dtd\">\n<annotation></annotation>");
        refusedXml(message);
    }

    private void refusedXml(String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> folder.boxes())
                .withMessageStartingWith(path + "/Annotations/b.xml:")
                .withMessageEndingWith(message);
    }

    @Test
    void whatIsNoAnnotationIsSaid() {
        folder.text("Annotations/b.xml", "<annotation>\n<object>\n");
        refusedXml(": not well-formed XML. Expected an annotation of Pascal VOC: correct or remove it");
        folder.text("Annotations/b.xml", "<html></html>");
        refused("/Annotations/b.xml:1: begins with <html>. Expected <annotation>, as Pascal VOC has it");
        folder.text("Annotations/b.xml", "<annotation>" + "<a>".repeat(100_000));
        refused("/Annotations/b.xml:1: more than 64 elements inside each other");
        folder.bytes("Annotations/b.xml", new byte[] {0, 1, 2, 3});
        refusedXml(": not well-formed XML. Expected an annotation of Pascal VOC: correct or remove it");
    }

    private static byte[] png(BufferedImage image) throws IOException {
        var png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    /** Values 1 in the left half, 2 in the right, the last row 255. */
    private static BufferedImage numbered(int width, int height) {
        byte[] colours = new byte[256];
        for (int i = 0; i < 256; i++) {
            colours[i] = (byte) (255 - i); // what they look like says nothing
        }
        var model = new IndexColorModel(8, 256, colours, colours, colours);
        var image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.getRaster().setSample(x, y, 0, y == height - 1 ? 255 : x < width / 2 ? 1 : 2);
            }
        }
        return image;
    }

    @Test
    void masksAreReadOfSegmentationObject() throws IOException {
        folder.bytes("SegmentationObject/a.png", png(numbered(40, 30)));
        Dataset train = folder.open(new TargetKind.Boxes(true, false)).train();
        assertThat(objects(train, 0).masks()).hasSize(2);
        assertThat(objects(train, 0).masks().get(1).box()).contains(new Box(20, 0, 40, 29));
        assertThat(objects(train, 1).masks().get(0).box()).contains(new Box(4, 4, 5, 5));
        assertThat(objects(folder.boxes().train(), 0).masks()).isEmpty();
        assertThat(folder.open(new TargetKind.Boxes(true, false)).notes())
                .contains(path + ": objects without an outline, whose box stands as their mask: 1");
    }

    @Test
    void masksThatNumberNothingAreRefused() throws IOException {
        folder.bytes("SegmentationObject/a.png", png(numbered(30, 40)));
        refusedMask("a mask of 30x40 pixels for an image of 40x30. Both must be of one size");
        folder.bytes("SegmentationObject/a.png", png(new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB)));
        refusedMask("a PNG of colours. Expected a mask: a palette or grey of up to 8 bits, a number for each pixel");
        folder.bytes("SegmentationObject/a.png", png(new BufferedImage(40, 30, BufferedImage.TYPE_USHORT_GRAY)));
        refusedMask("a PNG of 16 bits. Expected a mask: a palette or grey of up to 8 bits, a number for each pixel");
    }

    private void refusedMask(String message) {
        Dataset train = folder.open(new TargetKind.Boxes(true, false)).train();
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> train.target(0))
                .withMessage(path + "/SegmentationObject/a.png: " + message);
    }

    @Test
    void whoLearnsClassesIsToldThatThereAreBoxes() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> folder.open(TargetKind.ONE_CLASS))
                .withMessage(
                        path
                                + ": has boxes of objects (Pascal VOC), and a class, labels or numbers of each image are to be learned. Expected one folder per class, or a CSV file of path,label");
    }

    @Test
    void imagesThatAreAllEmptyAreRefusedForTraining() {
        folder.voc("Annotations/a.xml", "a.jpg", 40, 30).voc("Annotations/b.xml", "b.jpg", 40, 30);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> folder.boxes().forTraining())
                .withMessage(
                        "the training part has no objects: none of its 3 images has a box. Expected some with boxes");
    }

    @Test
    void fiveThousandBoxesInAnImageAreRead() {
        String[] objects = new String[5000];
        for (int i = 0; i < objects.length; i++) {
            objects[i] = "cat %s %s %s %s".formatted(1 + i % 30, 1 + i % 20, 5 + i % 30, 5 + i % 20);
        }
        folder.voc("Annotations/b.xml", "b.jpg", 40, 30, objects);
        Dataset train = folder.boxes().train();
        assertThat(objects(train, 1).boxes()).hasSize(5000);
        assertThat(train.stratum(1)).isEqualTo(1);
        assertThat(folder.boxes().forTraining().train().size()).isEqualTo(3);
    }
}
