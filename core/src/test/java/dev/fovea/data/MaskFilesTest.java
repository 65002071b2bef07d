package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskFilesTest {

    private static final int WIDTH = 6;
    private static final int HEIGHT = 4;

    @TempDir
    Path folder;

    private Path write(String name, BufferedImage image) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, name.endsWith(".jpg") ? "jpg" : "png", file.toFile());
        return file;
    }

    private MaskFilesTest image(String name) throws IOException {
        write(name, new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB));
        return this;
    }

    /** The left half has the first value, the right half the second. */
    private MaskFilesTest grey(String name, int left, int right) throws IOException {
        var mask = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        fill(mask, left, right);
        write(name, mask);
        return this;
    }

    private static void fill(BufferedImage mask, int left, int right) {
        for (int y = 0; y < mask.getHeight(); y++) {
            for (int x = 0; x < mask.getWidth(); x++) {
                mask.getRaster().setSample(x, y, 0, x < mask.getWidth() / 2 ? left : right);
            }
        }
    }

    private MaskFilesTest palette(String name, int left, int right) throws IOException {
        byte[] ramp = new byte[256];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) (i * 37);
        }
        var mask = new BufferedImage(
                WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 256, ramp, ramp, ramp));
        fill(mask, left, right);
        write(name, mask);
        return this;
    }

    private MaskFilesTest coloured(String name, int left, int right) throws IOException {
        var mask = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                mask.setRGB(x, y, x < WIDTH / 2 ? left : right);
            }
        }
        write(name, mask);
        return this;
    }

    private MaskFilesTest text(String name, String content) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), content);
        return this;
    }

    private Splits read() {
        return Data.open(folder.toString(), Data.Options.of().withTargets(TargetKind.PIXELS));
    }

    /** The values of the left and the right half of a mask. */
    private static List<Integer> halves(Dataset data, int index) {
        Mask mask = ((Target.PixelLabels) data.target(index)).classes();
        assertThat(mask.at(WIDTH / 2 - 1, 0)).isEqualTo(mask.at(0, HEIGHT - 1));
        return List.of(mask.at(0, 0), mask.at(WIDTH - 1, HEIGHT - 1));
    }

    private void refused(String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> {
                    Splits data = read();
                    IntStream.range(0, data.train().size()).forEach(data.train()::target);
                })
                .withMessage(message.replace("DATA", folder.toString()));
    }

    @ParameterizedTest
    @CsvSource({
        "images/a.jpg, masks/a.png",
        "train/images/a.jpg, train/masks/a.png",
        "images/train/a.jpg, labels/train/a.png",
        "train/a.png, trainannot/a.png",
        "all/a.jpg, all/a_mask.png",
        "JPEGImages/a.jpg, SegmentationClass/a.png",
        "leftImg8bit/train/ulm/a_leftImg8bit.png, gtFine/train/ulm/a_gtFine_labelIds.png",
        "semantic segmentation/tile 1/images/a.jpg, semantic segmentation/tile 1/masks/a.png",
        "images/n95_mask.jpg, masks/n95_mask.png",
        "images/a.png, labels/a_P.png",
        "701_StillsRaw_full/a.png, LabeledApproved_full/a_L.png"
    })
    void masksAreFoundWherePeoplePutThem(String image, String mask) throws IOException {
        Splits data = image(image)
                .grey(mask, 0, 2)
                .text("classes.txt", "sky\nroad\ncar\n")
                .read();
        assertThat(data.train().size()).isEqualTo(1);
        assertThat(data.train().classes()).containsExactly("sky", "road", "car");
        assertThat(halves(data.train(), 0)).containsExactly(0, 2);
        assertThat(data.train().counts()).containsExactly(1, 0, 1);
        assertThat(data.train().stratum(0)).isEqualTo(2);
        assertThat(data.train().targetText(0)).isEqualTo("sky, car");
    }

    @Test
    void ofSeveralMasksOfCityscapesThatForTrainingCounts() throws IOException {
        Splits data = image("leftImg8bit/train/ulm/a_leftImg8bit.png")
                .grey("gtFine/train/ulm/a_gtFine_labelIds.png", 7, 26)
                .grey("gtFine/train/ulm/a_gtFine_labelTrainIds.png", 0, 1)
                .coloured("gtFine/train/ulm/a_gtFine_color.png", 0x804080, 0x00008E)
                .grey("gtFine/train/ulm/a_gtFine_instanceIds.png", 7, 200)
                .text("classes.txt", "road\ncar\n")
                .read();
        assertThat(halves(data.train(), 0)).containsExactly(0, 1);
    }

    @Test
    void partsAreKeptApart() throws IOException {
        for (String part : List.of("train", "val", "test")) {
            image(part + "/images/a.jpg").palette(part + "/masks/a.png", 0, 1);
        }
        Splits data =
                image("train/images/b.jpg").text("classes.txt", "sky\nroad").read();
        assertThat(data.train().size()).isEqualTo(1);
        assertThat(data.validation().size()).isEqualTo(1);
        assertThat(data.test().size()).isEqualTo(1);
        assertThat(data.notes()).containsExactly(folder + ": images without a mask, left out: 1");
    }

    @Test
    void listsOfVocSayWhatBelongsToWhichPartAndItsClassesAreKnown() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            image("VOC/JPEGImages/" + name + ".jpg").palette("VOC/SegmentationClass/" + name + ".png", 15, 255);
        }
        Splits data = text("VOC/ImageSets/Segmentation/train.txt", "a\n")
                .text("VOC/ImageSets/Segmentation/val.txt", "b\n")
                .read();
        assertThat(data.train().size()).isEqualTo(1);
        assertThat(data.validation().name(0)).endsWith("b.jpg");
        assertThat(data.train().classes()).hasSize(21).startsWith("background", "aeroplane");
        assertThat(data.train().targetText(0)).isEqualTo("person");
        assertThat(halves(data.train(), 0)).containsExactly(15, Target.IGNORED);
        assertThat(data.notes())
                .containsExactly(folder + ": images with a mask that ImageSets lists for no part, left out: 1");
    }

    @Test
    void blackAndWhiteMasksWithoutAClassFileAreBackgroundAndForeground() throws IOException {
        Splits data = image("images/a.jpg").grey("masks/a.png", 0, 255).read();
        assertThat(data.train().classes()).containsExactly("background", "foreground");
        assertThat(halves(data.train(), 0)).containsExactly(0, 1);
    }

    @Test
    void numbersWithoutAClassFileAreClassesOfTheirOwn() throws IOException {
        Splits data = image("images/a.jpg").grey("masks/a.png", 1, 3).read();
        assertThat(data.train().classes()).containsExactly("class 0", "class 1", "class 2", "class 3");
        assertThat(data.notes().get(0)).contains("no classes.txt");
    }

    @Test
    void theNumberBehindTheLastClassIsNotLabelled() throws IOException {
        Splits data = image("images/a.jpg")
                .grey("masks/a.png", 1, 2)
                .text("classes.txt", "sky\nroad")
                .read();
        assertThat(halves(data.train(), 0)).containsExactly(1, Target.IGNORED);
        assertThat(data.notes().get(0)).contains("pixels of 2 stand for no class");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "classes.csv; name,r,g,b|sky,128,128,128|Void,0,0,0|car,64,0,128",
                "label_colors.txt; 128 128 128\tsky|0 0 0\tVoid|64 0 128\tcar"
            })
    void coloursSayClassesWhereTheClassFileHasThem(String file, String lines) throws IOException {
        Splits data = image("images/a.jpg")
                .coloured("masks/a.png", 0x400080, 0x000000)
                .text(file, lines.replace('|', '\n'))
                .read();
        assertThat(data.train().classes()).containsExactly("sky", "car");
        assertThat(halves(data.train(), 0)).containsExactly(1, Target.IGNORED);
    }

    @Test
    void blackAndWhiteMasksOfTwoNamedClassesHaveTheirNames() throws IOException {
        Splits data = image("images/a.jpg")
                .grey("masks/a.png", 0, 255)
                .text("classes.txt", "background\nroad")
                .read();
        assertThat(data.train().classes()).containsExactly("background", "road");
        assertThat(halves(data.train(), 0)).containsExactly(0, 1);
    }

    /** Numbers are those of the lines, whichever of them says nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "classes.csv; name,r,g,b|void,0,0,0|road,128,64,128|car,64,0,128",
                "codes.txt; void|road|car",
                "classes.csv; id,name|0,void|1,road|2,car"
            })
    void numbersAreThoseOfTheLinesOfTheClassFile(String file, String lines) throws IOException {
        Splits data = image("images/a.jpg")
                .grey("masks/a.png", 0, 2)
                .text(file, lines.replace('|', '\n'))
                .read();
        assertThat(data.train().classes()).containsExactly("road", "car");
        assertThat(halves(data.train(), 0)).containsExactly(Target.IGNORED, 1);
    }

    @Test
    void whatIsTransparentHasTheColourThatIsStored() throws IOException {
        var mask = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = WIDTH / 2; x < WIDTH; x++) {
                mask.setRGB(x, y, 0xFFFFFFFF);
            }
        }
        write("masks/a.png", mask);
        Splits data = image("images/a.jpg").read();
        assertThat(halves(data.train(), 0)).containsExactly(0, 1);
    }

    @Test
    void aFormThatNeedNotKeepNumbersIsRefused() throws IOException {
        image("images/a.jpg").text("classes.txt", "sky\nroad");
        write("masks/a.jpg", new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY));
        refused("DATA/masks/a.jpg: a form that need not keep the numbers of a mask. Write masks as PNG of 8 bits");
    }

    @Test
    void aBrokenMaskIsLeftOutWhereThatIsWanted() throws IOException {
        image("images/a.jpg").grey("masks/a.png", 0, 1).image("images/b.jpg").text("masks/b.png", "no image");
        assertThatExceptionOfType(DataException.class).isThrownBy(this::read).withMessageContaining("b.png");
        Splits data = Data.open(
                folder.toString(),
                Data.Options.of().withTargets(TargetKind.PIXELS).withSkipBroken(true));
        assertThat(data.train().size()).isEqualTo(1);
        assertThat(data.train().name(0)).endsWith("a.jpg");
    }

    @Test
    void aBrokenColouredMaskIsLeftOutWhereThatIsWanted() throws IOException {
        image("images/a.jpg")
                .coloured("masks/a.png", 0x808080, 0x400080)
                .image("images/b.jpg")
                .text("masks/b.png", "no image")
                .text("classes.csv", "sky,128,128,128\ncar,64,0,128");
        Splits data = Data.open(
                folder.toString(),
                Data.Options.of().withTargets(TargetKind.PIXELS).withSkipBroken(true));
        assertThat(data.train().size()).isEqualTo(1);
        assertThat(halves(data.train(), 0)).containsExactly(0, 1);
    }

    /** The first mask is black, so grey, and the second has a colour that is not in the list. */
    @Test
    void aForeignColourIsSaidThoughOtherMasksAreGrey() throws IOException {
        image("images/a.jpg")
                .coloured("masks/a.png", 0, 0)
                .image("images/b.jpg")
                .coloured("masks/b.png", 0, 0x010203)
                .text("classes.csv", "sky,0,0,0\ncar,64,0,128");
        refused(
                "DATA/masks/b.png: its pixel 3,0 has the colour 1,2,3, which no class has. Correct it, or add the colour to the class file");
    }

    @Test
    void objectsWithMasksAreClassesOfPixelsAndIgnoredWhereTheyOverlap() {
        var size = new dev.fovea.image.Size(1, 4);
        var objects = Dataset.of(
                List.of(new dev.fovea.image.Image(4, 1, 3, new byte[12])),
                List.of("cat", "dog"),
                List.of(new Target.Objects(
                        List.of(new Box(0, 0, 2, 1), new Box(1, 0, 3, 1)),
                        new int[] {1, 0},
                        List.of(new Mask(size, new byte[] {1, 1, 0, 0}), new Mask(size, new byte[] {0, 1, 1, 0})),
                        new boolean[2])));
        Dataset pixels =
                ObjectPixels.of("made", Splits.trainOnly(objects, List.of())).train();
        assertThat(pixels.classes()).containsExactly("background", "cat", "dog");
        assertThat(((Target.PixelLabels) pixels.target(0)).classes().values())
                .containsExactly((byte) 2, (byte) 255, (byte) 1, (byte) 0);
        assertThat(pixels.counts()).containsExactly(1, 1, 1);
    }

    @Test
    void aNumberThatNoClassHasIsSaidWithItsPlace() throws IOException {
        image("images/a.jpg").grey("masks/a.png", 0, 7).text("classes.txt", "sky\nroad");
        refused(
                "DATA/masks/a.png: its pixel 3,0 is 7, there are 2 classes, from 0 (255 is not labelled). Correct it, or name the classes in classes.txt");
    }

    @Test
    void aColourThatNoClassHasIsSaidWithItsPlace() throws IOException {
        image("images/a.jpg")
                .coloured("masks/a.png", 0x808080, 0x010203)
                .text("classes.csv", "sky,128,128,128\ncar,64,0,128");
        refused(
                "DATA/masks/a.png: its pixel 3,0 has the colour 1,2,3, which no class has. Correct it, or add the colour to the class file");
    }

    @Test
    void coloursNeedAClassFile() throws IOException {
        image("images/a.jpg").coloured("masks/a.png", 0x400080, 0x000000);
        refused(
                "DATA/masks/a.png: a mask in colours, and nothing says which class each is. Expected a file classes.csv with lines of name,red,green,blue beside the folders, or a mask with a number for each pixel");
    }

    @Test
    void aMaskOfAnotherSizeThanItsImageIsRefused() throws IOException {
        image("images/a.jpg").text("classes.txt", "sky\nroad");
        var mask = new BufferedImage(WIDTH, HEIGHT + 1, BufferedImage.TYPE_BYTE_GRAY);
        write("masks/a.png", mask);
        refused(
                "DATA/masks/a.png: a mask of 6x5 pixels for an image of 6x4 (DATA/images/a.jpg). Both must be of one size");
    }

    @Test
    void aMaskOf16BitsIsRefused() throws IOException {
        image("images/a.jpg").text("classes.txt", "sky\nroad");
        write("masks/a.png", new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY));
        refused(
                "DATA/masks/a.png: a PNG of 16 bits. Expected a mask: a palette or grey of up to 8 bits, a number for each pixel");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "sky|sky; has the class 'sky' twice. Expected each once",
                "sky,1,2,3|car; 1 of 2 classes have a colour. Expected one for each, as car,64,0,128, or none",
                "sky,1,2,3|car,1,2,3; the colour of the class 'car' is that of another, too. Expected one of its own",
                "# nothing; names 0 classes. Expected 1 to 255, one a line, as car or as car,64,0,128"
            })
    void aClassFileThatDoesNotMatchIsRefused(String lines, String message) throws IOException {
        image("images/a.jpg").grey("masks/a.png", 0, 1).text("classes.txt", lines.replace('|', '\n'));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(this::read)
                .withMessage(folder.resolve("classes.txt") + ": " + message);
    }

    @Test
    void dataWithoutMasksIsRefused() throws IOException {
        image("cats/a.jpg").image("dogs/b.jpg");
        refused(
                "DATA: has no masks. Expected a folder of images and one of masks with the same names, Pascal VOC, COCO's JSON, or the built-in data shapes");
    }

    @Test
    void weightsOfClassesAreTheMedianOfTheirFrequenciesByTheirOwn() throws IOException {
        Splits data = image("images/a.jpg")
                .grey("masks/a.png", 0, 1)
                .image("images/b.jpg")
                .grey("masks/b.png", 0, 0)
                .text("classes.txt", "sky\nroad\ncar")
                .read();
        PixelCounts counts = PixelCounts.of(data.train());
        assertThat(counts.pixels()).containsExactly(36, 12, 0);
        assertThat(counts.images()).containsExactly(2, 1, 0);
        // frequencies where they occur: 36 of 48, 12 of 24; their median is 0.625
        assertThat(counts.medianFrequencyWeights()).containsExactly(0.625 / 0.75, 0.625 / 0.5, 0.0);
        assertThat(counts.effectiveNumberWeights(1, 2)).containsExactly(0.5, 1.5, 0.0);
    }

    @Test
    void balancedCropsShowRareClassesMoreOften() {
        byte[] values = new byte[64 * 64];
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 8; x++) {
                values[y * 64 + x] = 1;
            }
        }
        var size = new dev.fovea.image.Size(64, 64);
        var data = Dataset.of(
                java.util.Collections.nCopies(40, new dev.fovea.image.Image(64, 64, 3, new byte[3 * 64 * 64])),
                List.of("sky", "car"),
                java.util.Collections.nCopies(40, new Target.PixelLabels(new Mask(size, values))));
        Map<Integer, Double> shares = Map.of(1, share(data, 1), 6, share(data, 6));
        assertThat(shares.get(6)).isGreaterThan(1.5 * shares.get(1));
    }

    /** Of the pixels of an epoch those of the rare class. */
    private static double share(Dataset data, int views) {
        var crop = new GeometricTransform.Crop(List.of(0.25, 0.25), List.of(1.0, 1.0));
        var preprocess = Preprocess.of(32, 32, 3);
        var training = new Loader.Training(1, new Loader.OneSize(preprocess.size()), 1, views, 1);
        long seen = 0;
        try (var loader = new Loader(
                data,
                preprocess,
                Augmentation.of(crop),
                Loader.Options.training(8, 5, Sampling.INSTANCE_BALANCED),
                training)) {
            for (var batches = loader.epoch(1, 0); batches.hasNext(); ) {
                for (byte label : ((Targets.PixelLabels) batches.next().targets()).classes()) {
                    seen += label;
                }
            }
        }
        return seen / (40.0 * 32 * 32);
    }
}
