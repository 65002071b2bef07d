package dev.fovea.task.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Box;
import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Keypoints;
import dev.fovea.data.ShapeScenes;
import dev.fovea.data.Skeleton;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.explain.DRise;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.run.OutputExplanation;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Runs;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectorTest {

    @TempDir
    private Path folder;

    /** A bright and a dark rectangle on each of some grey images of 96 x 64 pixels. */
    private static Dataset rectangles(int count, long seed) {
        var random = new SplittableRandom(seed);
        var images = new ArrayList<Image>();
        var targets = new ArrayList<Target>();
        for (int i = 0; i < count; i++) {
            byte[] pixels = new byte[96 * 64 * 3];
            java.util.Arrays.fill(pixels, (byte) 120);
            var boxes = new ArrayList<Box>();
            for (int kind = 0; kind < 2; kind++) {
                int width = 16 + random.nextInt(16);
                int height = 16 + random.nextInt(16);
                int left = kind * 48 + random.nextInt(48 - width);
                int top = random.nextInt(64 - height);
                for (int y = top; y < top + height; y++) {
                    java.util.Arrays.fill(
                            pixels, 3 * (y * 96 + left), 3 * (y * 96 + left + width), (byte) (kind == 0 ? 230 : 20));
                }
                boxes.add(new Box(left, top, left + width, top + height));
            }
            images.add(new Image(96, 64, 3, pixels));
            targets.add(Target.Objects.of(boxes, new int[] {0, 1}));
        }
        return Dataset.of(images, List.of("bright", "dark"), targets);
    }

    private static Recipe recipe(String... settings) {
        var all = new ArrayList<>(List.of(
                "input.size=64x96",
                "batch=8",
                "augment=[]",
                "precision=fp32",
                "optimizer.lr=3e-3",
                "update.ema=0",
                "schedule={type: cosine, warmup: 0}"));
        all.addAll(List.of(settings));
        return Tasks.ALL.recipes().of("fovea-det width=12", all);
    }

    @Test
    void learnsTheObjectsOfAFewImagesAndFindsThemAgain() throws IOException {
        Dataset few = rectangles(8, 1);
        Path run = Tasks.ALL
                .train(
                        recipe("epochs=100"),
                        new Splits(few, few, Dataset.empty(few.classes()), List.of()),
                        RunSettings.in(folder, "few"))
                .folder();
        assertThat(Runs.of(run).best()).isGreaterThan(0.7); // COCO's mean over overlaps up to 0.95
        assertThat(Files.readString(run.resolve("report.html")))
                .contains("F1 by confidence", "Confusion matrix", "Most missed objects", "What errors cost");

        Detector detector = Detector.load(run);
        DetectionEvaluation evaluation = detector.evaluate(few);
        assertThat(evaluation.coco().averagePrecision().at50()).isGreaterThan(0.95);
        assertThat(evaluation.metrics()).containsKeys("map", "map50", "bestF1", "precision", "recall");

        // Larger images are fitted into the network's size, and their boxes come back in their own pixels.
        int hits = 0;
        for (int i = 0; i < few.size(); i++) {
            DetectedObjects objects = detector.predict(enlarged(few, i));
            for (int kind = 0; kind < 2; kind++) {
                Box small = ((Target.Objects) few.target(i)).boxes().get(kind);
                var expected = new Box(2 * small.left(), 2 * small.top(), 2 * small.right(), 2 * small.bottom());
                String label = few.classes().get(kind);
                hits += objects.objects().stream()
                                .anyMatch(object -> object.label().equals(label)
                                        && object.box().iou(expected) > 0.6)
                        ? 1
                        : 0;
            }
        }
        assertThat(hits).as("of 16").isGreaterThanOrEqualTo(14);
        Image enlarged = enlarged(few, 0);
        DetectedObjects found = detector.predict(enlarged);
        assertThat(found.values().get("objects").toString()).contains("label=", "score=", "box=[");
        assertThat(detector.withConfidence(1).predict(enlarged).objects()).isEmpty();
        assertThat(detector.withConfidence(1).predict(enlarged).text()).isEqualTo("no object");
        assertThat(detector.drawn(enlarged, found)).isPresent();
        explainsAnObjectByItsPlace(detector, few.image(0), (Target.Objects) few.target(0));

        Path saved = folder.resolve("saved");
        detector.save(saved);
        assertThat(Detector.load(saved).predict(enlarged)).isEqualTo(found);
    }

    /** The part of the image that the detector needs for an object is where the object is. */
    private void explainsAnObjectByItsPlace(Detector detector, Image image, Target.Objects truth) {
        Path file = folder.resolve("rectangles.png");
        Image.write(file, image.toBufferedImage());
        List<DetectedObject> found = detector.predict(image).objects();
        OutputExplanation why = detector.explain(file, "d-rise", "2");
        assertThat(why.name()).isEqualTo(found.get(1).label());
        assertThat(why.value()).isGreaterThan(0.3);
        assertThat(why.image().getWidth()).isGreaterThan(400);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detector.explain(file, "", "darc"))
                .withMessage("expected a class or the number of an object, got 'darc', did you mean 'dark'?");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detector.explain(file, "", "99"))
                .withMessageContaining("expected an object from 1 to ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detector.explain(file, "grad-cam", ""))
                .withMessageContaining("explained by d-rise");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ((Detector) detector.withConfidence(1)).explain(file, "", ""))
                .withMessageContaining("nothing is found");

        Box box = truth.boxes().get(0);
        float[][] map = detector.passing((net, network) ->
                DRise.explain(net, network.normalized(network.preprocess().apply(image)), truth.labels()[0], box));
        double inside = 0;
        double all = 0;
        for (int y = 0; y < map.length; y++) {
            for (int x = 0; x < map[y].length; x++) {
                all += map[y][x];
                inside += x >= box.left() && x < box.right() && y >= box.top() && y < box.bottom() ? map[y][x] : 0;
            }
        }
        double area = box.area() / (96 * 64);
        assertThat(inside / all).as("beside %s of the area", area).isGreaterThan(1.5 * area);
    }

    private static Image enlarged(Dataset data, int index) {
        return data.image(index).resize(192, 128, Filter.BILINEAR);
    }

    @Test
    void trainsOnTheBuiltInScenesFromOneLine() {
        Splits scenes = Data.open("shape-scenes", Data.Options.of().withTargets(TargetKind.BOXES));
        var few = new Splits(
                scenes.train().subset(0, 1, 2, 3, 4, 5, 6, 7),
                scenes.validation().subset(0, 1, 2, 3),
                Dataset.empty(scenes.train().classes()),
                List.of());
        Detector detector = Detector.train("fovea-det width=4", few, recipe("epochs=1", "input.size=64"));
        assertThat(detector.classes()).isEqualTo(scenes.train().classes());
        detector.report(folder.resolve("report"));
        assertThat(folder.resolve("report/report.html")).exists();
    }

    @Test
    void networksThatAskByQueriesBeginWithSmallSteps() {
        Recipe matched = Tasks.ALL.recipe("detr_resnet50 queries=20");
        assertThat(matched.optimizer().lr()).isEqualTo(1e-4);
        assertThat(matched.update().gradientClip()).isEqualTo(0.1);
        assertThat(matched.epochs()).isEqualTo(300);
        Recipe usual = Tasks.ALL.recipe("retinanet_resnet50_fpn");
        assertThat(usual.optimizer().lr()).isEqualTo(1e-3);
        assertThat(usual.update().gradientClip()).isEqualTo(10);
        assertThat(usual.augment()).isEqualTo(matched.augment());
    }

    @Test
    void dataThatTeachesNothingIsRefused() {
        Dataset classes = Data.named("shapes").train().subset(0, 1, 2);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> DetectionType.TYPE.checked(
                        new Splits(classes, classes, Dataset.empty(classes.classes()), List.of())))
                .withMessageContaining("has no boxes. Expected Pascal VOC, COCO, YOLO text, or a CSV file");
        Dataset empty = Dataset.of(
                List.of(new Image(8, 8, 3, new byte[192])),
                List.of("thing"),
                List.of(Target.Objects.of(List.of(), new int[0])));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> DetectionType.TYPE.checked(
                        new Splits(empty, empty, Dataset.empty(List.of("thing")), List.of())))
                .withMessage("no training image has an object, so there is nothing to learn");
    }

    @Test
    void aNetworkOfMasksOrKeypointsIsRefusedDataWithoutThem() {
        Dataset few = rectangles(4, 2);
        var data = new Splits(few, few, Dataset.empty(few.classes()), List.of());
        String small = " backbone=(resnet18 depths=1,1,1,1 width=8) width=16 hidden=16";
        for (String what : List.of("mask", "keypoint")) {
            Recipe recipe = Tasks.ALL.recipes().of(what + "rcnn_resnet50_fpn" + small, List.of("input.size=64"));
            assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> Tasks.ALL.train(recipe, data, RunSettings.in(folder, what)))
                    .withMessageContaining("its objects have no " + what + "s, which " + what + "rcnn_resnet50_fpn");
        }
    }

    @Test
    void masksAreLearnedMeasuredAnsweredAndDrawn() throws IOException {
        var scenes = new ShapeScenes(5, 12, 96, new TargetKind.Boxes(true, false));
        Recipe recipe = Tasks.ALL
                .recipes()
                .of(
                        "maskrcnn_resnet50_fpn backbone=(resnet18 depths=1,1,1,1 width=8) width=16 hidden=16 norm=batch",
                        List.of("input.size=64", "epochs=1", "batch=4", "precision=fp32", "augment=[]"));
        var data = new Splits(scenes, scenes, Dataset.empty(scenes.classes()), List.of());
        Path run =
                Tasks.ALL.train(recipe, data, RunSettings.in(folder, "masks")).folder();
        assertThat(Files.readString(run.resolve("metrics.csv"))).contains("validation_maskMap");
        assertThat(Files.readString(run.resolve("report.html"))).contains("mask AP");

        Detector detector = Detector.load(run).withConfidence(0.001);
        assertThat(detector.evaluate(scenes).metrics()).containsKeys("map", "maskMap", "maskMap50", "maskMar100");
        Image image = scenes.image(0);
        DetectedObjects found = detector.predict(image);
        assertThat(found.objects())
                .isNotEmpty()
                .allSatisfy(
                        object -> assertThat(object.mask().orElseThrow().size()).isEqualTo(image.size()));
        assertThat(found.objects().get(0).values()).containsKey("mask");
        var bare = new DetectedObjects(found.objects().stream()
                .map(object -> new DetectedObject(object.label(), object.score(), object.box()))
                .toList());
        assertThat(pixels(detector.drawn(image, found).orElseThrow()))
                .isNotEqualTo(pixels(detector.drawn(image, bare).orElseThrow()));
    }

    /** The rectangles as persons, whose points lie along a diagonal. */
    private static Dataset persons(int count, Skeleton skeleton) {
        Dataset boxes = rectangles(count, 6);
        int points = skeleton.names().size();
        var targets = new ArrayList<Target>();
        var images = new ArrayList<Image>();
        for (int i = 0; i < count; i++) {
            var objects = (Target.Objects) boxes.target(i);
            int[] visible = new int[points];
            Arrays.fill(visible, Keypoints.VISIBLE);
            var keypoints = objects.boxes().stream()
                    .map(box -> new Keypoints(
                            skeleton,
                            along(box.left(), box.right(), points),
                            along(box.top(), box.bottom(), points),
                            visible))
                    .toList();
            images.add(boxes.image(i));
            targets.add(new Target.Objects(objects.boxes(), new int[2], List.of(), new boolean[2], keypoints));
        }
        return Dataset.of(images, List.of("person"), targets);
    }

    private static double[] along(double from, double to, int points) {
        return IntStream.range(0, points)
                .mapToDouble(i -> from + (i + 0.5) * (to - from) / points)
                .toArray();
    }

    @Test
    void keypointsAreLearnedMeasuredAndAnswered() {
        Recipe recipe = Tasks.ALL
                .recipes()
                .of(
                        "keypointrcnn_resnet50_fpn backbone=(resnet18 depths=1,1,1,1 width=8) width=16 hidden=16 norm=batch",
                        List.of("input.size=64x96", "epochs=1", "batch=4", "precision=fp32"));
        Dataset few = persons(4, Skeleton.COCO_PERSON);
        var data = new Splits(few, few, Dataset.empty(few.classes()), List.of());
        Path run =
                Tasks.ALL.train(recipe, data, RunSettings.in(folder, "points")).folder();
        Detector detector = Detector.load(run).withConfidence(0.001);
        assertThat(detector.evaluate(few).metrics())
                .containsKeys("map", "keypointMap", "keypointMap50", "keypointMar")
                .doesNotContainKey("maskMap");
        assertThat(detector.predict(enlarged(few, 0)).objects())
                .isNotEmpty()
                .allSatisfy(object -> assertThat(object.keypoints())
                        .extracting(DetectedPoint::name)
                        .isEqualTo(Skeleton.COCO_PERSON.names()));

        Dataset others = persons(4, Skeleton.of(List.of("head", "tail")));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Tasks.ALL.train(
                        recipe,
                        new Splits(others, others, Dataset.empty(others.classes()), List.of()),
                        RunSettings.in(folder, "others")))
                .withMessageContaining("its objects have 2 keypoints, keypointrcnn_resnet50_fpn")
                .withMessageContaining("learns COCO's 17 of a person");
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    @Test
    void aSizeThatTheNetworkCannotTakeIsRefused() {
        Dataset few = rectangles(4, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(
                        recipe("epochs=1", "input.size=50"),
                        new Splits(few, few, Dataset.empty(few.classes()), List.of()),
                        RunSettings.in(folder, "odd")))
                .withMessageContaining("input.size must be a multiple of 32");
    }

    @Test
    void batchesOfSeveralSizesKeepTheirBoxes() {
        Dataset few = rectangles(16, 3);
        Recipe recipe = recipe("epochs=30", "input.multiScale=0.5");
        assertThat(Detector.train(
                                "fovea-det width=12",
                                new Splits(few, few, Dataset.empty(few.classes()), List.of()),
                                recipe)
                        .evaluate(few)
                        .coco()
                        .averagePrecision()
                        .at50())
                .isGreaterThan(0.5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.recipes().of("mnist-cnn", List.of("input.multiScale=0.5")))
                .withMessageContaining("input.multiScale: only detection and segmentation learn");
        Recipe fixed = Tasks.ALL.recipes().of("ssd300_vgg16", List.of("input.multiScale=0.5", "epochs=1"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Detector.train(
                        "ssd300_vgg16", new Splits(few, few, Dataset.empty(few.classes()), List.of()), fixed))
                .withMessageContaining("made for images of one size");
    }

    @Test
    void withoutSuppressionEachObjectIsAnsweredOnce() {
        Dataset few = rectangles(8, 1);
        Detector detector = Detector.train(
                "fovea-det width=12 nms=false",
                new Splits(few, few, Dataset.empty(few.classes()), List.of()),
                recipe("epochs=100"));
        assertThat(detector.evaluate(few).coco().averagePrecision().at50()).isGreaterThan(0.9);
        int objects = 0;
        for (int i = 0; i < few.size(); i++) {
            objects += detector.predict(few.image(i)).objects().size();
        }
        assertThat(objects).as("of 16").isBetween(14, 18);
    }
}
