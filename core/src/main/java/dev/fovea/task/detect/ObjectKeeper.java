package dev.fovea.task.detect;

import dev.fovea.data.DataException;
import dev.fovea.data.Target;
import dev.fovea.metrics.detect.Detections;
import dev.fovea.metrics.detect.GroundTruth;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Predictor;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.ImageFacts;
import dev.fovea.run.answers.ObjectAnswers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Keeps all boxes that could be an object, beside the true ones. */
final class ObjectKeeper implements AnswerKeeper {

    private final Detector detector;
    private final List<GroundTruth> truth = new ArrayList<>();
    private final List<Detections> found = new ArrayList<>();

    ObjectKeeper(Detector detector) {
        this.detector = detector;
    }

    @Override
    public Predictor predictor() {
        return detector.with(1, "fp32").withConfidence(detector.leastScore());
    }

    @Override
    public void keep(String name, Target target, Predictor.Answer answer) {
        if (!(target instanceof Target.Objects objects)) {
            throw new DataException("%s: has no boxes. Expected data with boxes of objects".formatted(name));
        }
        truth.add(GroundTruth.of(objects).boxesAlone());
        List<DetectedObject> all = ((DetectedObjects) answer).objects();
        found.add(Detections.of(
                all.stream().map(DetectedObject::box).toList(),
                all.stream()
                        .map(object -> detector.classes().indexOf(object.label()))
                        .toList(),
                all.stream().map(DetectedObject::score).toList()));
    }

    @Override
    public Answers answers(List<ImageFacts> images) {
        return new ObjectAnswers(
                detector.classes(),
                images,
                truth,
                found,
                IntStream.range(0, detector.classes().size())
                        .mapToObj(detector::threshold)
                        .toList());
    }
}
