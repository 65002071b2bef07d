package dev.fovea.task.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Box;
import dev.fovea.data.Geometry;
import dev.fovea.data.Keypoints;
import dev.fovea.data.RunLengthMask;
import dev.fovea.data.ShapeScenes;
import dev.fovea.data.Skeleton;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.metrics.detect.GroundTruth;
import dev.fovea.models.DetectionNet;
import dev.fovea.models.Models;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DetectionMeasuresTest {

    private static final String SMALL = " backbone=(resnet18 depths=1,1,1,1 width=8) width=16 hidden=16";

    private static DetectionNet net(String what, int classes) {
        return (DetectionNet) Models.create(what + "rcnn_resnet50_fpn" + SMALL, 3, 64, 64, classes);
    }

    /** What is true, as an answer: each mask moved to the right. */
    private static List<DetectedObject> answered(Target.Objects truth, List<String> classes, int right) {
        return IntStream.range(0, truth.boxes().size())
                .mapToObj(i -> new DetectedObject(
                        classes.get(truth.labels()[i]),
                        0.9,
                        truth.boxes().get(i),
                        truth.masks().stream()
                                .skip(i)
                                .findFirst()
                                .map(mask -> RunLengthMask.of(Geometry.translate(mask.size(), right, 0)
                                        .apply(mask, 0))),
                        truth.keypoints().isEmpty()
                                ? List.of()
                                : points(truth.keypoints().get(i), right)))
                .toList();
    }

    private static List<DetectedPoint> points(Keypoints points, int right) {
        return IntStream.range(0, points.x().length)
                .mapToObj(i ->
                        new DetectedPoint(points.skeleton().names().get(i), points.x()[i] + right, points.y()[i], 1))
                .toList();
    }

    private static Map<String, Double> measured(DetectionNet net, ShapeScenes scenes, int right) {
        var measures = new DetectionMeasures(scenes.classes(), new BeyondBoxes(scenes.classes(), net));
        for (int i = 0; i < scenes.size(); i++) {
            var truth = (Target.Objects) scenes.target(i);
            measures.add(GroundTruth.of(truth), answered(truth, scenes.classes(), right));
        }
        return measures.evaluation().metrics();
    }

    @Test
    void masksThatAreRightAreWorthAllAndMovedOnesLess() {
        var scenes = new ShapeScenes(3, 20, 96, new TargetKind.Boxes(true, false));
        DetectionNet net = net("mask", scenes.classes().size());
        assertThat(measured(net, scenes, 0))
                .containsEntry("map", 1.0)
                .containsEntry("maskMap", 1.0)
                .containsEntry("maskMap50", 1.0)
                .containsEntry("maskMar100", 1.0)
                .doesNotContainKey("keypointMap");
        Map<String, Double> moved = measured(net, scenes, 4);
        assertThat(moved).containsEntry("map", 1.0); // their boxes are right
        assertThat(moved.get("maskMap")).isLessThan(0.8);
    }

    @Test
    void thereAreNoFiguresOfMasksWhereTheDataOrTheNetworkHasNone() {
        var boxes = new ShapeScenes(3, 4, 64, TargetKind.BOXES);
        assertThat(measured(net("mask", boxes.classes().size()), boxes, 0)).doesNotContainKey("maskMap");
        var masks = new ShapeScenes(3, 4, 64, new TargetKind.Boxes(true, false));
        assertThat(measured(net("keypoint", masks.classes().size()), masks, 0))
                .containsEntry("map", 1.0)
                .doesNotContainKey("maskMap");
    }

    /** A person of 100 x 200 pixels, its points along a line. */
    private static Target.Objects person(int points) {
        double[] places = new double[points];
        Arrays.setAll(places, i -> 20 + 4 * i);
        int[] visible = new int[points];
        Arrays.fill(visible, Keypoints.VISIBLE);
        Skeleton skeleton = points == 17
                ? Skeleton.COCO_PERSON
                : Skeleton.of(IntStream.range(0, points).mapToObj(i -> "p" + i).toList());
        return new Target.Objects(
                List.of(new Box(10, 10, 110, 210)),
                new int[] {0},
                List.of(),
                new boolean[] {false},
                List.of(new Keypoints(skeleton, places, places, visible)));
    }

    private static Map<String, Double> ofPersons(int points, int right) {
        var measures = new DetectionMeasures(List.of("person"), new BeyondBoxes(List.of("person"), net("keypoint", 1)));
        Target.Objects truth = person(points);
        measures.add(GroundTruth.of(truth), answered(truth, List.of("person"), right));
        return measures.evaluation().metrics();
    }

    @Test
    void keypointsThatAreRightAreWorthAllAndMovedOnesLess() {
        assertThat(ofPersons(17, 0))
                .containsEntry("keypointMap", 1.0)
                .containsEntry("keypointMap75", 1.0)
                .containsEntry("keypointMar", 1.0)
                .doesNotContainKey("maskMap");
        assertThat(ofPersons(17, 12).get("keypointMap")).isBetween(0.1, 0.9);
        assertThat(ofPersons(5, 0)).doesNotContainKey("keypointMap"); // the network's are other points
    }

    @Test
    void figuresOfMasksAreNotKeptWithTheirPixels() {
        var scenes = new ShapeScenes(3, 2, 64, new TargetKind.Boxes(true, false));
        var measures = new DetectionMeasures(
                scenes.classes(),
                new BeyondBoxes(scenes.classes(), net("mask", scenes.classes().size())));
        var truth = (Target.Objects) scenes.target(0);
        measures.add(GroundTruth.of(truth), answered(truth, scenes.classes(), 0));
        DetectionEvaluation evaluation = measures.evaluation();
        assertThat(evaluation.truth().get(0).masks()).isEmpty();
        assertThat(evaluation.found().get(0).masks()).isEmpty();
        assertThat(evaluation.masks()).isPresent();
        assertThat(evaluation.table()).contains("mask AP");
        assertThat(evaluation.details()).containsKey("perClassMasks");
    }
}
