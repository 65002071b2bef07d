package dev.fovea.data;

import static dev.fovea.data.ObjectFolder.objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversionTest {

    @TempDir
    Path path;

    private ObjectFolder voc;

    @BeforeEach
    void smallData() {
        voc = new ObjectFolder(path.resolve("voc"));
        var random = new SplittableRandom(4);
        var train = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            int width = random.nextInt(20, 700);
            int height = random.nextInt(20, 700);
            var objects = new ArrayList<String>();
            for (int k = random.nextInt(5); k > 0; k--) {
                int left = random.nextInt(1, width);
                int top = random.nextInt(1, height);
                objects.add("%s %s %s %s %s"
                        .formatted(
                                List.of("dog", "cat", "B&<W").get(i == 0 ? k % 3 : random.nextInt(3)),
                                left,
                                top,
                                random.nextInt(left, width + 1),
                                random.nextInt(top, height + 1)));
            }
            if (i == 0) {
                objects.addAll(List.of("dog 1 1 20 20", "cat 1 1 1 1", "B&<W 3 4 5 6"));
            }
            voc.image("JPEGImages/im " + i + ".jpg", width, height)
                    .voc(
                            "Annotations/im " + i + ".xml",
                            "im.jpg",
                            width,
                            height,
                            objects.stream()
                                    .map(object -> object.replace("&<", "&amp;&lt;"))
                                    .toArray(String[]::new));
            train.append(i < 9 ? "im " + i + "\n" : "");
        }
        voc.text("ImageSets/Main/train.txt", train.toString())
                .text("ImageSets/Main/val.txt", "im 9\nim 10\n")
                .text("ImageSets/Main/test.txt", "im 11\n");
    }

    private Splits open(Path place) {
        return Data.open(place.toString(), Data.Options.of().withTargets(new TargetKind.Boxes(true, true)));
    }

    private Path written(Splits data, String to) {
        return Conversion.of(data, to, path.resolve(to + "-out")).folder();
    }

    @Test
    void boxesComeRoundThroughAllForms() throws IOException {
        Splits first = voc.boxes();
        Splits coco = open(written(first, "coco"));
        Splits yolo = open(written(coco, "yolo"));
        Splits csv = open(written(yolo, "csv").resolve("boxes.csv"));
        Splits last = open(written(csv, "voc"));
        assertThat(last.train().classes())
                .containsExactlyElementsOf(first.train().classes());
        for (String part : List.of("train", "validation", "test")) {
            assertThat(yolo.part(part).size()).isEqualTo(first.part(part).size());
            for (int i = 0; i < first.part(part).size(); i++) {
                same(first.part(part), i, last.part(part));
            }
        }
    }

    private static void same(Dataset first, int index, Dataset last) throws IOException {
        String name = Path.of(first.name(index)).getFileName().toString();
        int other = 0;
        while (!last.name(other).endsWith("/" + name)) {
            other++;
        }
        assertThat(objects(last, other)).isEqualTo(objects(first, index));
        assertThat(Files.readAllBytes(Path.of(last.name(other))))
                .isEqualTo(first.encoded(index).orElseThrow());
        last.check(other);
    }

    @Test
    void drawnDataIsWrittenAsPngWithItsMasks() {
        var scenes = Splits.trainOnly(new ShapeScenes(1, 20, 40, new TargetKind.Boxes(true, false)), List.of());
        Conversion done = Conversion.of(scenes, "coco", path.resolve("scenes"));
        assertThat(done.copied()).isZero();
        assertThat(done.images()).containsEntry("train", 20);
        Dataset back = open(path.resolve("scenes")).train();
        for (int i = 0; i < 20; i++) {
            assertThat(objects(back, i).masks())
                    .isEqualTo(objects(scenes.train(), i).masks());
            assertThat(back.image(i).pixels()).isEqualTo(scenes.train().image(i).pixels());
        }
    }

    @Test
    void numbersAndKeypointsOfCocoStay() {
        var folder = new ObjectFolder(path.resolve("people"))
                .image("train/1.png", 30, 30)
                .text("annotations/person_keypoints_train.json", """
                        {"images": [{"id": 42, "file_name": "1.png"}],
                         "annotations": [{"id": 1, "image_id": 42, "category_id": 9, "bbox": [1, 2.5, 10, 10],
                           "segmentation": [[1, 2.5, 11, 2.5, 11, 12.5], [3, 3, 4, 3, 4, 4]], "iscrowd": 0,
                           "num_keypoints": 1, "keypoints": [5, 6, 2, 0, 0, 0]},
                          {"id": 2, "image_id": 42, "category_id": 9, "bbox": [0, 0, 30, 30], "iscrowd": 1}],
                         "categories": [{"id": 9, "name": "person", "keypoints": ["left", "right"]}]}
                        """);
        Splits first = folder.open(new TargetKind.Boxes(true, true));
        Dataset back = open(written(first, "coco")).train();
        assertThat(back.target(0)).isEqualTo(first.train().target(0));
        assertThat(CocoIds.of(back).orElseThrow().image(0)).isEqualTo(42);
        assertThat(CocoIds.of(back).orElseThrow().category(0)).isEqualTo(9);
        assertThat(Conversion.of(first, "voc", path.resolve("v")).notes())
                .containsExactly("Pascal VOC has no place for masks: 1", "Pascal VOC has no place for keypoints: 1");
        assertThat(Conversion.of(first, "yolo", path.resolve("y")).notes())
                .containsExactly(
                        "YOLO has no place for keypoints: 1",
                        "YOLO has no place for masks beside boxes, or of several pieces: 1",
                        "YOLO has no place for objects that are to be ignored (crowds, difficult ones), left out: 1");
        Path csv = Conversion.of(first, "csv", path.resolve("c")).folder().resolve("boxes.csv");
        assertThat(objects(open(csv).train(), 0).ignore()).containsExactly(false, true);
    }

    @Test
    void polygonsOfYoloStayPolygons() {
        var folder = new ObjectFolder(path.resolve("segments"))
                .image("images/train/1.png", 40, 20)
                .text("data.yaml", "train: images/train\nnames: ['a: b', c]\n")
                .text("labels/train/1.txt", "1 0.25 0 0.75 0 0.75 0.5 0.25 0.5\n");
        Splits first = folder.open(new TargetKind.Boxes(true, false));
        Dataset back = open(written(first, "yolo")).train();
        assertThat(back.target(0)).isEqualTo(first.train().target(0));
        assertThat(back.classes()).containsExactly("a: b", "c");
    }

    @Test
    void imagesOfOneNameAreKeptApart() {
        var folder = new ObjectFolder(path.resolve("names"))
                .image("images/train/1.png", 9, 9)
                .image("images/train/sub/1.jpg", 9, 9)
                .image("images/val/1.png", 9, 9)
                .text("data.yaml", "train: images/train\nval: images/val\nnames: [c]\n");
        Splits back = open(written(folder.boxes(), "voc"));
        assertThat(back.train().size()).isEqualTo(2);
        assertThat(back.validation().size()).isEqualTo(1);
    }

    @Test
    void nothingIsWrittenIntoAFolderThatHoldsSomething() throws IOException {
        Files.createDirectories(path.resolve("full"));
        Files.writeString(path.resolve("full/mine.txt"), "mine");
        refused(
                "full",
                path.resolve("full")
                        + ": is not empty, and nothing in it is overwritten. Name a new or an empty folder");
        refused("full/mine.txt", path.resolve("full/mine.txt") + ": is a file. Name a new or an empty folder");
        refused(
                "none/new",
                path.resolve("none/new") + ": cannot be written, there is no folder " + path.resolve("none"));
        Files.createDirectories(path.resolve("empty"));
        assertThat(Conversion.of(voc.boxes(), "yolo", path.resolve("empty")).objects())
                .isPositive();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Conversion.of(voc.boxes(), "yol", path.resolve("new")))
                .withMessage("format must be voc, coco, yolo or csv, got 'yol', did you mean 'yolo'?");
    }

    private void refused(String folder, String message) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Conversion.of(voc.boxes(), "coco", path.resolve(folder)))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"voc", "coco", "yolo", "csv"})
    void aFailureLeavesNothingBehind(String to) throws IOException {
        Splits data = voc.boxes();
        Files.delete(path.resolve("voc/JPEGImages/im 11.jpg"));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Conversion.of(data, to, path.resolve("out")));
        try (var left = Files.list(path)) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).containsExactly("voc");
        }
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Conversion.of(Shapes.splits(), to, path.resolve("out")))
                .withMessage("shapes 1 #0: has no boxes. Expected data with boxes of objects");
    }
}
