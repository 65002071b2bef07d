package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Prelabelled.Guess;
import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.image.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PrelabelledTest {

    private static final List<String> CLASSES = List.of("ape", "cat", "dog");

    private static final Size IMAGE = new Size(40, 60);

    @TempDir
    private Path folder;

    private List<Prelabelled> images;

    @BeforeEach
    void threeImages() throws IOException {
        images = List.of(
                new Prelabelled(
                        image("000042.png"),
                        List.of(guess(new Box(3, 4, 23.5, 30.25), 1, 0.875), guess(new Box(20, 5, 60, 40), 2, 0.5))),
                new Prelabelled(image("7.png"), List.of()),
                new Prelabelled(image("8.png"), List.of(guess(new Box(1, 1, 11, 11), 1, 1 / 3.0))));
    }

    private Path image(String name) throws IOException {
        Path file = folder.resolve("photos").resolve(name);
        Files.createDirectories(file.getParent());
        Image.write(file, new Image(60, 40, 3, new byte[60 * 40 * 3]));
        return file;
    }

    private static Guess guess(Box box, int label, double score) {
        return new Guess(box, label, score, Optional.empty(), Optional.empty());
    }

    private Conversion written(String to) {
        return Prelabelled.write(images, CLASSES, to, folder.resolve(to));
    }

    private static Dataset read(Conversion written) {
        return Data.open(written.folder().toString(), Data.Options.of().withTargets(new TargetKind.Boxes(true, true)))
                .train();
    }

    private JsonNode json(String file) throws IOException {
        return JsonMapper.builder().build().readTree(Files.readString(folder.resolve(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"coco", "yolo", "csv", "voc"})
    void whatIsWrittenIsDataOfTheSameObjects(String to) {
        Conversion done = written(to);
        assertThat(done.objects()).isEqualTo(3);
        assertThat(done.copied()).isEqualTo(3);
        Dataset data = read(
                to.equals("csv")
                        ? new Conversion(done.folder().resolve("boxes.csv"), done.images(), 3, 3, List.of())
                        : done);
        assertThat(data.size()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            var found = (Target.Objects) data.target(i);
            String name = data.name(i);
            Prelabelled expected = images.stream()
                    .filter(image -> name.endsWith(image.file().getFileName().toString()))
                    .findFirst()
                    .orElseThrow();
            assertThat(found.boxes()).hasSameSizeAs(expected.objects());
            for (int j = 0; j < found.boxes().size(); j++) {
                Guess guess = expected.objects().get(j);
                assertThat(data.classes().get(found.labels()[j])).isEqualTo(CLASSES.get(guess.label()));
                assertThat(found.boxes().get(j).iou(guess.box())).isGreaterThan(to.equals("voc") ? 0.9 : 0.9999);
            }
        }
    }

    @Test
    void cocoKeepsScoresMasksKeypointsAndNumbers() throws IOException {
        byte[] values = new byte[IMAGE.height() * IMAGE.width()];
        Arrays.fill(values, 200, 900, (byte) 1);
        var mask = new Mask(IMAGE, values);
        double[] places = new double[17];
        Arrays.setAll(places, i -> i + 1.5);
        int[] visibility = new int[17];
        Arrays.setAll(visibility, i -> i % 2 == 0 ? Keypoints.VISIBLE : Keypoints.HIDDEN);
        var points = new Keypoints(Skeleton.COCO_PERSON, places, places, visibility);
        images = List.of(new Prelabelled(
                image("000042.png"),
                List.of(new Guess(
                        new Box(0, 3, 60, 16),
                        1,
                        0.123456789,
                        Optional.of(RunLengthMask.of(mask)),
                        Optional.of(points)))));
        Dataset data = read(written("coco"));
        var found = (Target.Objects) data.target(0);
        assertThat(found.masks()).containsExactly(mask);
        assertThat(found.keypoints()).containsExactly(points);
        assertThat(CocoIds.of(data).orElseThrow().image(0)).isEqualTo(42);

        JsonNode result = json("coco/results.json").get(0);
        assertThat(result.get("image_id").asInt()).isEqualTo(42);
        assertThat(result.get("category_id").asInt()).isEqualTo(2);
        assertThat(result.get("score").asDouble()).isEqualTo(0.123457);
        assertThat(result.get("bbox").toString()).isEqualTo("[0,3,60,13]");
        assertThat(new RunLengthMask(
                                IMAGE, result.get("segmentation").get("counts").asString())
                        .mask())
                .isEqualTo(mask);
        assertThat(result.get("keypoints")).hasSize(51);
        assertThat(json("coco/annotations/instances_train.json")
                        .get("annotations")
                        .get(0)
                        .get("score")
                        .asDouble())
                .isEqualTo(0.123457);
    }

    @Test
    void csvKeepsScoresAndOthersSayThatTheyDoNot() throws IOException {
        written("csv");
        assertThat(Files.readAllLines(folder.resolve("csv/boxes.csv")))
                .containsExactly(
                        "path,label,left,top,right,bottom,ignore,split,score",
                        "images/000042.png,cat,3,4,23.5,30.25,0,train,0.875",
                        "images/000042.png,dog,20,5,60,40,0,train,0.5",
                        "images/7.png,,,,,,,train,",
                        "images/8.png,cat,1,1,11,11,0,train,0.333333");
        assertThat(written("yolo").notes()).containsExactly("YOLO has no place for scores: 3");
        assertThat(written("voc").notes()).containsExactly("Pascal VOC has no place for scores: 3");
    }

    @Test
    void whatIsNoLargerThanAPixelIsAResultAndNoData() throws IOException {
        images = List.of(new Prelabelled(
                image("tiny.png"),
                List.of(
                        guess(new Box(0.1, 0.2, 0.9, 0.8), 0, 0.9),
                        guess(new Box(3, 3, 30, 3.5), 0, 0.9),
                        guess(new Box(3, 3, 30, 30), 0, 0.9))));
        Conversion done = written("coco");
        assertThat(done.objects()).isEqualTo(1);
        assertThat(done.notes())
                .containsExactly("COCO has no place for objects of a pixel or less, left out of the annotations: 2");
        assertThat(((Target.Objects) read(done).target(0)).boxes()).containsExactly(new Box(3, 3, 30, 30));
        assertThat(json("coco/results.json")).hasSize(3);
    }

    @Test
    void whereNothingIsFoundThereIsAnEmptyListOfResults() throws IOException {
        images = images.subList(1, 2);
        written("coco");
        assertThat(json("coco/results.json")).isEmpty();
        assertThat(json("coco/annotations/instances_train.json").get("images")).hasSize(1);
    }

    @Test
    void imagesOfOneNameAndNamesThatAreNoNumbersAreCounted() throws IOException {
        images = List.of(
                new Prelabelled(image("a/1.png"), List.of()),
                new Prelabelled(image("b/1.png"), List.of(guess(new Box(1, 1, 11, 11), 0, 0.5))));
        Dataset data = read(written("coco"));
        assertThat(data.size()).isEqualTo(2);
        assertThat(CocoIds.of(data).orElseThrow().image(1)).isEqualTo(2);
    }

    @Test
    void nothingIsLeftOfAFailureAndNothingOverwritten() throws IOException {
        Files.delete(images.get(2).file());
        assertThatExceptionOfType(ImageException.class).isThrownBy(() -> written("coco"));
        try (var left = Files.list(folder)) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).containsExactly("photos");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Conversion.check("coco", folder.resolve("photos")))
                .withMessageContaining("photos: is not empty, and nothing in it is overwritten");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Conversion.check("coko", folder.resolve("new")))
                .withMessage("format must be voc, coco, yolo or csv, got 'coko', did you mean 'coco'?");
    }
}
