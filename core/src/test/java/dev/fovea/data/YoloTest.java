package dev.fovea.data;

import static dev.fovea.data.ObjectFolder.objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YoloTest {

    @TempDir
    Path path;

    private ObjectFolder folder;

    @BeforeEach
    void smallData() {
        folder = new ObjectFolder(path)
                .image("images/train/a.png", 40, 20)
                .image("images/train/b.png", 40, 20)
                .image("images/val/c.png", 10, 10)
                .text("data.yaml", "train: images/train\nval: images/val\nnames: [cat, dog]\n")
                .text("labels/train/a.txt", "1 0.5 0.5 0.5 1\n\n0 0.25 0.25 0.1 0.2\n")
                .text("labels/val/c.txt", "0 0.5 0.5 1 1\n");
    }

    private void refused(String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> folder.boxes())
                .withMessage(path + message);
    }

    @Test
    void sharesBecomePixels() {
        Splits splits = folder.boxes();
        assertThat(splits.train().classes()).containsExactly("cat", "dog");
        assertThat(objects(splits.train(), 0).boxes()).containsExactly(new Box(10, 0, 30, 20), new Box(8, 3, 12, 7));
        assertThat(objects(splits.train(), 0).labels()).containsExactly(1, 0);
        assertThat(splits.validation().size()).isEqualTo(1);
    }

    @Test
    void anImageWithoutALabelFileHasNoObjects() {
        assertThat(objects(folder.boxes().train(), 1).boxes()).isEmpty();
    }

    @Test
    void labelFilesWithoutAnImageAreCounted() {
        folder.text("labels/train/x.txt", "0 0.5 0.5 1 1\n");
        assertThat(folder.boxes().notes()).contains(path + ": label files without an image of their name, left out: 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "path: ../datasets/none\ntrain: images/train\nval: images/val\nnames:\n  0: cat\n  1: dog\n",
                "train: ../images/train\nval: ../images/val\ntest: ../images/test\nnames: [cat, dog]\nnc: 2\n",
                "path: .\ntrain: [images/train/]\nval: ./images/val\nnames: {1: dog, 0: cat}\n",
                "train: list.txt\nvalid: images/val\nnames: ['cat', 'dog']\n",
                "names: [cat, dog]\n"
            })
    void placesAreFoundAsExportersWriteThem(String yaml) {
        folder.text("data.yaml", yaml).text("list.txt", "./images/train/a.png\nimages/train/b.png\n\n");
        Splits splits = folder.boxes();
        assertThat(splits.train().size()).isEqualTo(2);
        assertThat(splits.validation().size()).isEqualTo(1);
        assertThat(splits.train().classes()).containsExactly("cat", "dog");
    }

    @Test
    void theFileCanBeNamedAndSoCanTheFolder() {
        folder.text("other.yaml", "train: images/val\nnames: [cat, dog]\n");
        Splits splits = Data.open(path + "/other.yaml", Data.Options.of().withTargets(TargetKind.ANY));
        assertThat(splits.train().name(0)).endsWith("c.png");
        assertThat(folder.boxes().train().size()).isEqualTo(2);
        assertThat(Data.open(
                                path.toString(),
                                Data.Options.of().withFormat("yolo").withTargets(TargetKind.BOXES))
                        .train()
                        .size())
                .isEqualTo(2);
    }

    @Test
    void foldersForPartsMayHoldImagesAndLabels() {
        var own = new ObjectFolder(path.resolve("own"))
                .text("data.yaml", "train: ../train/images\nval: ../valid/images\nnames: [cat]\n")
                .image("train/images/1.jpg", 10, 10)
                .text("train/labels/1.txt", "0 0.5 0.5 0.5 0.5")
                .image("valid/images/1.jpg", 10, 10)
                .text("valid/labels/1.txt", "");
        assertThat(objects(own.boxes().train(), 0).boxes()).hasSize(1);
        assertThat(objects(own.boxes().validation(), 0).boxes()).isEmpty();
    }

    @Test
    void polygonsGiveBoxesAndMasks() {
        folder.text("labels/train/a.txt", "1 0.25 0 0.75 0 0.75 0.5 0.25 0.5\n");
        Target.Objects found =
                objects(folder.open(new TargetKind.Boxes(true, false)).train(), 0);
        assertThat(found.boxes()).containsExactly(new Box(10, 0, 30, 10));
        assertThat(found.masks().get(0).box()).contains(new Box(10, 0, 30, 10));
        assertThat(found.masks().get(0).count()).isEqualTo(200);
    }

    @Test
    void keypointsAreReadWhereTheFileSaysTheirShape() {
        folder.text("data.yaml", "train: images/train\nnames: [cat, dog]\nkpt_shape: [2, 3]\nflip_idx: [1, 0]\n")
                .text("labels/train/a.txt", "0 0.5 0.5 1 1 0.25 0.5 2 0 0 0\n");
        Target.Objects found =
                objects(folder.open(new TargetKind.Boxes(false, true)).train(), 0);
        assertThat(found.keypoints().get(0).x()).containsExactly(10, 0);
        assertThat(found.keypoints().get(0).visibility()).containsExactly(2, 0);
        assertThat(found.keypoints().get(0).skeleton().mirrored()).containsExactly(1, 0);
        folder.text("data.yaml", "train: images/train\nnames: [cat, dog]\nkpt_shape: [2, 3]\nflip_idx: [1, 1]\n");
        refused(
                "/data.yaml: flip_idx does not pair the 2 points of kpt_shape. Expected for each the one that takes its place in a mirrored image");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "2 0.5 0.5 1 1 | the class 2, but data.yaml names 2, from 0 to 1. Correct it, or add its name",
                "-1 0.5 0.5 1 1 | the class -1 is no number from 0. Expected class, x, y, width and height",
                "cat 0.5 0.5 1 1 | 'cat' is no number. Expected class, x, y, width and height",
                "1 20 10 5 5 | 20 is no share of the image. Expected numbers from 0 to 1: divide pixels by the image's width and height",
                "1 0.5 0.5 nan 1 | a number that is not finite. Correct or remove the line",
                "1 0.5 0.5 0 1 | the box (0.5, 0, 0.5, 1) has no area. Correct or remove it",
                "1 0.5 0.5 1 | 3 numbers behind the class. Expected x, y, width and height, or x and y of three corners or more",
                "1 0.5 0.5 1 1 1 | 5 numbers behind the class. Expected x, y, width and height, or x and y of three corners or more"
            })
    void linesThatCannotBeMeantAreRefused(String line, String message) {
        folder.text("labels/train/a.txt", "0 0.5 0.5 1 1\n\n" + line + "\n");
        refused("/labels/train/a.txt:3: " + message);
        Splits splits = folder.skipping();
        assertThat(objects(splits.train(), 0).boxes()).hasSize(1);
        assertThat(splits.notes()).contains("skipped: " + path + "/labels/train/a.txt:3: " + message);
    }

    @Test
    void boxesPartlyOutsideAreClippedAndCountedButForRounding() {
        folder.text("labels/train/a.txt", "0 0.1 0.5 0.4 1\n0 0.05 0.5 0.1002 1\n");
        Splits splits = folder.boxes();
        assertThat(objects(splits.train(), 0).boxes().get(0)).isEqualTo(new Box(0, 0, (0.1 + 0.4 / 2) * 40, 20));
        assertThat(splits.notes()).contains(path + ": boxes that reach outside their image, clipped: 1");
    }

    @Test
    void partsThatAreNotThereAreNamed() {
        folder.text("data.yaml", "train: images/none\nnames: [cat]\n");
        refused(
                "/data.yaml: its train images 'images/none' are not there. Expected a folder of images, counted from the file's own");
        folder.text("data.yaml", "train: images/train\nval: images/train\nnames: [cat, dog]\n");
        refused(
                "/data.yaml: '" + path
                        + "/images/train/a.png' belongs to the train part and to the validation part. Take it out of one of them");
        folder.text("data.yaml", "train: images/train\ntest: images/test\nnames: [cat, dog]\n");
        assertThat(folder.boxes().notes()).contains(path + "/data.yaml: its test images 'images/test' are not there");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "names: [] | : names no classes. Expected names: [cat, dog]",
                "names: [a, a] | : names the class 'a' twice. Rename one of them",
                "names: {0: a, 2: b} | : names has no class 1. Expected numbers from 0 without gaps",
                "names: {a: b} | : names has 'a' where a class's number is due. Expected 0: b",
                "names: [a | :1: not well-formed YAML. Expected names, train and val, as YOLO has them"
            })
    void namesThatAreNoneAreRefused(String yaml, String message) {
        folder.text("data.yaml", yaml + "\n");
        refused("/data.yaml" + message);
    }

    @Test
    void withoutNamesTheFileThatIsMissingIsNamed() throws java.io.IOException {
        java.nio.file.Files.delete(path.resolve("data.yaml"));
        refused(": no file names the classes. Expected data.yaml with names: [cat, dog], as YOLO has it");
        folder.text("classes.txt", "cat\ndog\n");
        Splits splits = folder.boxes();
        assertThat(splits.train().size()).isEqualTo(2);
        assertThat(splits.validation().classes()).containsExactly("cat", "dog");
    }
}
