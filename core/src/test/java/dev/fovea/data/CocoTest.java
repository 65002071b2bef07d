package dev.fovea.data;

import static dev.fovea.data.ObjectFolder.objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.image.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CocoTest {

    private static final String CATEGORIES =
            "[{\"id\": 7, \"name\": \"zebra\"}, {\"id\": 3, \"name\": \"person\", \"supercategory\": \"x\"}]";

    private static final String TRAIN = "annotations/instances_train2017.json";

    @TempDir
    Path path;

    private ObjectFolder folder;

    @BeforeEach
    void images() {
        folder = new ObjectFolder(path).image("train2017/1.png", 40, 30).image("train2017/2.png", 20, 20);
    }

    /** Annotations stand before images and categories, as some writers have them. */
    private static String json(String annotations) {
        return ("{\"info\": {\"year\": [1, {}]}, \"annotations\": [%s], \"images\": ["
                        + "{\"id\": 10, \"file_name\": \"1.png\", \"width\": 40, \"height\": 30, \"license\": null},"
                        + "{\"id\": 11, \"file_name\": \"2.png\", \"width\": 20, \"height\": 20}], \"categories\": %s}")
                .formatted(annotations, CATEGORIES);
    }

    private static String object(String rest) {
        return "{\"id\": 5, \"image_id\": 10, \"category_id\": 3, \"bbox\": [2, 3, 10, 20], \"iscrowd\": 0%s}"
                .formatted(rest.isEmpty() ? "" : ", " + rest);
    }

    private Splits with(String annotations, TargetKind kind) {
        return folder.text(TRAIN, json(annotations)).open(kind);
    }

    private void refused(String annotations, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> with(annotations, new TargetKind.Boxes(true, true)))
                .withMessage(path + "/" + TRAIN + message);
        assertThat(folder.skipping().notes()).contains("skipped: " + path + "/" + TRAIN + message);
    }

    @Test
    void classesStandInTheOrderOfTheirNumbersWithoutGaps() {
        Dataset train = with(
                        object("\"area\": 1.5") + ", "
                                + object("\"x\": {\"y\": [[]]}")
                                        .replace("5", "6")
                                        .replace("\"category_id\": 3", "\"category_id\": 7"),
                        TargetKind.BOXES)
                .train();
        assertThat(train.classes()).containsExactly("person", "zebra");
        assertThat(objects(train, 0).boxes()).containsExactly(new Box(2, 3, 12, 23), new Box(2, 3, 12, 23));
        assertThat(objects(train, 0).labels()).containsExactly(0, 1);
        assertThat(objects(train, 1).boxes()).isEmpty();
    }

    @Test
    void numbersAreKeptForWritingResults() {
        Dataset train = with(object(""), TargetKind.BOXES).train();
        CocoIds ids = CocoIds.of(train.subset(1, 0).decoded()).orElseThrow();
        assertThat(ids.image(0)).isEqualTo(11);
        assertThat(ids.category(0)).isEqualTo(3);
        assertThat(ids.category(1)).isEqualTo(7);
        assertThat(CocoIds.of(new Shapes(1, 2, 8))).isEmpty();
    }

    @Test
    void crowdsAreIgnored() {
        Dataset train = with(object("").replace("\"iscrowd\": 0", "\"iscrowd\": 1"), TargetKind.BOXES)
                .train();
        assertThat(objects(train, 0).ignore()).containsExactly(true);
    }

    @Test
    void partsAreNamedByTheFiles() {
        folder.image("val2017/1.png", 8, 8)
                .text(TRAIN, json(object("")))
                .text(
                        "annotations/instances_val2017.json",
                        "{\"images\": [{\"id\": 1, \"file_name\": \"1.png\"}], \"annotations\": [], \"categories\": "
                                + CATEGORIES + "}")
                .text("annotations/captions_val2017.json", "{\"images\": [], \"annotations\": []}");
        Splits splits = folder.boxes();
        assertThat(splits.train().size()).isEqualTo(2);
        assertThat(splits.validation().name(0)).endsWith("val2017/1.png");
        assertThat(splits.train().name(0)).endsWith("train2017/1.png");
        folder.text(
                "annotations/instances_val2017.json",
                "{\"images\": [], \"annotations\": [], \"categories\": [{\"id\": 3, \"name\": \"cat\"}]}");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> folder.boxes())
                .withMessage(path + "/annotations/instances_val2017.json: its categories differ from those of " + path
                        + "/" + TRAIN + ". Expected the same in both");
    }

    @Test
    void aFileMayLieBesideItsImages() {
        var own = new ObjectFolder(path.resolve("robo"));
        for (String part : new String[] {"train", "valid", "test"}) {
            own.image(part + "/1.png", 40, 30)
                    .image(part + "/2.png", 20, 20)
                    .text(part + "/_annotations.coco.json", json(object("\"segmentation\": []")));
        }
        Splits splits = own.boxes();
        assertThat(splits.validation().name(1)).isEqualTo(path + "/robo/valid/2.png");
        assertThat(splits.test().size()).isEqualTo(2);
        Splits one = Data.open(
                path + "/robo/valid/_annotations.coco.json", Data.Options.of().withTargets(TargetKind.BOXES));
        assertThat(one.train().size()).isEqualTo(2);
    }

    @Test
    void aFileCanBeNamedAlone() {
        folder.text(TRAIN, json(object(""))).text("annotations/other_train.json", json(""));
        Splits splits = Data.open(path + "/" + TRAIN, Data.Options.of().withTargets(TargetKind.ANY));
        assertThat(objects(splits.train(), 0).boxes()).hasSize(1);
    }

    @Test
    void allThreeFormsOfMasksAreRead() {
        String polygon = "\"segmentation\": [[2, 3, 12, 3, 12, 23, 2, 23]]";
        int[] counts =
                RunLengths.of(new Outline.Missing().mask(new dev.fovea.image.Size(30, 40), new Box(2, 3, 12, 23)));
        String numbers =
                "\"segmentation\": {\"counts\": %s, \"size\": [30, 40]}".formatted(java.util.Arrays.toString(counts));
        String text = "\"segmentation\": {\"size\": [30, 40], \"counts\": \"%s\"}"
                .formatted(RunLengths.text(counts).replace("\\", "\\\\"));
        for (String segmentation : new String[] {polygon, numbers, text}) {
            Dataset train = with(object(segmentation), new TargetKind.Boxes(true, false))
                    .train();
            Mask mask = objects(train, 0).masks().get(0);
            assertThat(mask.size()).isEqualTo(new dev.fovea.image.Size(30, 40));
            assertThat(mask.box()).contains(new Box(2, 3, 12, 23));
        }
        assertThat(objects(with(object(text), TargetKind.BOXES).train(), 0).masks())
                .isEmpty();
    }

    @Test
    void objectsWithoutMasksHaveTheirBox() {
        Splits splits = with(
                object("\"segmentation\": [[2, 3, 12, 3, 12, 23]]") + ","
                        + object("\"segmentation\": []").replace("5", "6"),
                new TargetKind.Boxes(true, false));
        assertThat(objects(splits.train(), 0).masks().get(1).count()).isEqualTo(200);
        assertThat(splits.notes()).contains(path + ": objects without an outline, whose box stands as their mask: 1");
        Splits none = with(object(""), new TargetKind.Boxes(true, true));
        assertThat(objects(none.train(), 0).masks()).isEmpty();
        assertThat(none.notes()).contains(path + ": has no masks", path + ": has no keypoints");
    }

    @Test
    void keypointsComeWithTheirPairs() {
        String annotations = object("\"num_keypoints\": 1, \"keypoints\": [1, 2, 2, 0, 0, 0]") + ","
                + object("").replace("5", "6").replace("\"category_id\": 3", "\"category_id\": 7");
        folder.text(
                "annotations/person_keypoints_train2017.json",
                json(annotations)
                        .replace(
                                "\"supercategory\": \"x\"",
                                "\"keypoints\": [\"left_eye\", \"right_eye\"], \"skeleton\": [[1, 2]]"));
        folder.text(TRAIN, json(""));
        Dataset train = folder.open(new TargetKind.Boxes(false, true)).train();
        assertThat(objects(train, 0).keypoints().get(0).x()).containsExactly(1, 0);
        assertThat(objects(train, 0).keypoints().get(0).visibility()).containsExactly(2, 0);
        assertThat(objects(train, 0).keypoints().get(0).skeleton().mirrored()).containsExactly(1, 0);
        assertThat(objects(train, 0).keypoints().get(1).marked()).isZero();
        assertThat(objects(folder.boxes().train(), 0).boxes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"image_id\": 10 | \"image_id\": 99 | its image_id 99 is that of no image in the file. Correct or remove it",
                "\"image_id\": 10, |  | it has no image_id. Expected the number of an image",
                "\"category_id\": 3 | \"category_id\": 4 | its category_id 4 is that of no category in the file. Correct or remove it",
                "[2, 3, 10, 20] | [2, 3, 10] | its bbox has 3 numbers. Expected left, top, width and height",
                "[2, 3, 10, 20] | [2, 3, -10, 20] | the box (2, 3, -8, 23) has a negative size. Expected left before right and top before bottom: correct or remove it",
                "[2, 3, 10, 20] | [2, 3, null, 1e999] | the box (2, 3, NaN, Infinity) has a number that is not finite. Correct or remove it",
                "[2, 3, 10, 20] | [50, 3, 10, 20] | the box (50, 3, 60, 23) lies outside the image of 40x30 pixels. Correct or remove it",
                "[2, 3, 10, 20] | [0.1, 0.3, 0.5, 0.2] | the box (0.1, 0.3, 1, 1) is in shares of the image, it seems. Expected pixels: multiply it by the image's width and height",
                "\"iscrowd\": 0 | \"segmentation\": [[1, 2, 3, 4]] | a polygon of 4 numbers. Expected x and y of three corners or more",
                "\"iscrowd\": 0 | \"segmentation\": [1, 2, 3, 4, 5, 6] | its segmentation is a list of numbers. Expected a list of polygons, each a list",
                "\"iscrowd\": 0 | \"segmentation\": [[1, 2, 3, 4, 5, 1e30]] | a corner of its polygon is not finite or far outside the image. Correct or remove it",
                "\"iscrowd\": 0 | \"segmentation\": {\"size\": [40, 30], \"counts\": [1200]} | its run lengths are of 30x40 pixels, its image has 40x30. Both must be of one size",
                "\"iscrowd\": 0 | \"segmentation\": {\"size\": [30, 40], \"counts\": [1, 2]} | its run lengths make 3 pixels, its size is 40x30. Restore or remove the segmentation",
                "\"iscrowd\": 0 | \"segmentation\": {\"size\": [30, 40], \"counts\": [-1, 1201]} | its run lengths are not all whole numbers of pixels",
                "\"iscrowd\": 0 | \"segmentation\": {\"size\": [30, 40], \"counts\": \"o\"} | its run lengths cannot be read (cut off, or of other characters). Restore or remove the segmentation",
                "\"iscrowd\": 0 | \"segmentation\": {\"counts\": [1200]} | its run lengths have no size of height and width"
            })
    void annotationsThatCannotBeMeantAreRefusedByNumber(String from, String to, String message) {
        refused(object("").replace(from, to == null ? "" : to), ": annotation 5: " + message);
    }

    @Test
    void numbersThatAreGivenTwiceAreRefused() {
        refused(
                object("") + "," + object(""),
                ": annotation 5: another annotation has the same number. Expected each once");
        folder.text(TRAIN, json("").replace("\"id\": 11", "\"id\": 10"));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> folder.boxes())
                .withMessage(path + "/" + TRAIN
                        + ": two images have the number 10, the second is '2.png'. Expected each once");
        folder.text(TRAIN, json("").replace("\"id\": 7", "\"id\": 3"));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> folder.boxes())
                .withMessage(path + "/" + TRAIN
                        + ": category 3 ('person') has a number or a name that another has too. Expected each once");
    }

    @Test
    void boxesWithoutAreaAsCocoHasThemAreLeftOutAndCounted() {
        Splits splits = with(object("").replace("[2, 3, 10, 20]", "[2, 3, 10, 0.0]"), TargetKind.BOXES);
        assertThat(objects(splits.train(), 0).boxes()).isEmpty();
        assertThat(splits.notes()).contains(path + ": boxes of no width or height, left out: 1");
    }

    @Test
    void boxesPartlyOutsideAreClippedAndCounted() {
        Splits splits = with(object("").replace("[2, 3, 10, 20]", "[-5, 3, 100, 20]"), TargetKind.BOXES);
        assertThat(objects(splits.train(), 0).boxes()).containsExactly(new Box(0, 3, 40, 23));
        assertThat(splits.notes()).contains(path + ": boxes that reach outside their image, clipped: 1");
    }

    @Test
    void anImageThatIsNotThereIsNamed() throws IOException {
        Files.delete(path.resolve("train2017/2.png"));
        refused(object(""), ": its image '2.png' is not there. Restore it, or remove it from the list");
        folder.image("train2017/3.png", 4, 4);
        assertThat(folder.skipping().notes()).contains(path + ": images that the annotations do not list, left out: 1");
    }

    @Test
    void sizesThatTheFileDoesNotSayAreTakenFromTheImages() {
        folder.text(
                TRAIN,
                json(object("").replace("[2, 3, 10, 20]", "[30, 3, 50, 20]"))
                        .replace("\"width\": 40, \"height\": 30, ", ""));
        Dataset train = folder.boxes().train();
        assertThat(objects(train, 0).boxes()).containsExactly(new Box(30, 3, 40, 23));
        folder.text(TRAIN, json(object("")).replace("\"width\": 40", "\"width\": 44"));
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> folder.boxes().train().image(0))
                .withMessage(
                        path + "/train2017/1.png: has 40x30 pixels, its annotation says 44x30. Correct one of them");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"images\": [ | :1: not well-formed JSON, or cut off. Expected COCO's form: restore the file",
                "{\"images\": []} | : lists no categories. Expected the classes of the objects",
                "{\"images\": [], \"annotations\": 3} | :1: 'annotations' is no list. Expected one, as COCO has it",
                "{\"images\": [3]} | :1: 'images' holds something that is no object",
                "{\"images\": [{\"id\": 1}]} | :1: an image without id or file_name. Expected both",
                "{\"images\": [{\"id\": 1.5}]} | :1: an image's id is '1.5'. Expected a whole number",
                "{\"images\": [], \"categories\": [{\"id\": 1}]} | :1: a category without id or name. Expected both"
            })
    void filesOfAnotherFormAreRefused(String text, String message) {
        folder.text(TRAIN, text);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> folder.boxes())
                .withMessage(path + "/" + TRAIN + message);
    }

    @Test
    void nestingWithoutEndIsRefused() {
        folder.text(TRAIN, "{\"images\": [], \"x\": " + "[".repeat(200_000));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> folder.boxes())
                .withMessageContaining("not well-formed JSON");
    }

    @Test
    void anyRandomDamageIsOneSentence() throws IOException {
        byte[] whole = json(object("\"segmentation\": [[1, 2, 30, 4, 5, 26]]"))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        var random = new java.util.SplittableRandom(1);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = java.util.Arrays.copyOf(
                    whole, random.nextInt(5) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int k = random.nextInt(3); k >= 0 && bytes.length > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(32, 127);
            }
            folder.bytes(TRAIN, bytes);
            try {
                Dataset train = folder.open(new TargetKind.Boxes(true, true)).train();
                for (int k = 0; k < train.size(); k++) {
                    train.target(k);
                }
            } catch (DataException | ImageException e) {
                assertThat(e.getMessage()).doesNotContain("\n").isNotBlank();
            }
        }
    }
}
