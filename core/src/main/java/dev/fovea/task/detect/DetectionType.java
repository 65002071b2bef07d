package dev.fovea.task.detect;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Keypoints;
import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Skeleton;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.metrics.detect.CocoResult;
import dev.fovea.models.DetectionNet;
import dev.fovea.models.ModelPackage;
import dev.fovea.nn.Module;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Classes;
import dev.fovea.run.Evaluated;
import dev.fovea.run.Explained;
import dev.fovea.run.Finished;
import dev.fovea.run.History;
import dev.fovea.run.ItemScorer;
import dev.fovea.run.Predictor;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TaskType;
import dev.fovea.run.Trial;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Finds objects in images: the task of {@link Detection} settings. */
public final class DetectionType implements TaskType<Detection> {

    /** The only one. */
    public static final DetectionType TYPE = new DetectionType();

    private DetectionType() {}

    @Override
    public String word() {
        return Detection.WORD;
    }

    @Override
    public Class<Detection> settings() {
        return Detection.class;
    }

    @Override
    public List<Detection> defaults() {
        return List.of(Detection.USUAL);
    }

    @Override
    public Class<?> network() {
        return DetectionNet.class;
    }

    @Override
    public Recipe start(Recipe base) {
        return DetectionRecipe.start(base);
    }

    @Override
    public boolean usesLabels() {
        return true;
    }

    @Override
    public Splits checked(Splits data) {
        Dataset train = data.train();
        if (train.size() == 0) {
            throw new DataException("the data has no training part");
        }
        if (!(train.target(0) instanceof Target.Objects)) {
            throw new DataException(
                    "%s: has no boxes. Expected Pascal VOC, COCO, YOLO text, or a CSV file of path,label,left,top,right,bottom"
                            .formatted(train.name(0)));
        }
        if (IntStream.range(0, train.size())
                .allMatch(i -> ((Target.Objects) train.target(i)).boxes().isEmpty())) {
            throw new DataException("no training image has an object, so there is nothing to learn");
        }
        return data;
    }

    @Override
    public void checkFits(String model, Module net, Preprocess preprocess, int classes) {
        int multiple = ((DetectionNet) net).multiple();
        if (preprocess.height() % multiple != 0 || preprocess.width() % multiple != 0) {
            throw new IllegalArgumentException("input.size must be a multiple of %s for %s, got input.size=%s"
                    .formatted(multiple, model, preprocess.size()));
        }
        if (preprocess.resize() != ResizePolicy.FIT && preprocess.resize() != ResizePolicy.STRETCH) {
            throw new IllegalArgumentException(
                    "input.resize must be fit or stretch for task detection, as objects that are cut off are not found");
        }
    }

    @Override
    public int evaluationBatch() {
        return 16;
    }

    @Override
    public Objective objective(RunContext run) {
        checkTargets(run);
        if (run.recipe().input().multiScale() < 1 && ((DetectionNet) run.net()).multiple() == 1) {
            throw new IllegalArgumentException("input.multiScale: %s is made for images of one size. Leave it out"
                    .formatted(run.recipe().model()));
        }
        return new DetectionObjective(
                run.data().train().classes(),
                Detector.limits(settings(run.recipe()), (DetectionNet) run.net()),
                run.pixels());
    }

    /** Before the first step: data without what a third head learns would leave it as it was drawn. */
    private void checkTargets(RunContext run) {
        Detection settings = settings(run.recipe());
        Dataset train = run.data().train();
        for (int i = 0; i < train.size(); i++) {
            if (train.target(i) instanceof Target.Objects objects
                    && !objects.boxes().isEmpty()) {
                checkHas("masks", !settings.masks() || !objects.masks().isEmpty(), train.name(i), run.recipe());
                checkHas(
                        "keypoints",
                        !settings.keypoints() || !objects.keypoints().isEmpty(),
                        train.name(i),
                        run.recipe());
                if (settings.keypoints()) {
                    checkPoints(objects.keypoints().get(0), train.name(i), run.recipe());
                }
                return;
            }
        }
    }

    private static void checkPoints(Keypoints points, String image, Recipe recipe) {
        int known = Skeleton.COCO_PERSON.names().size();
        if (points.x().length != known) {
            throw new DataException(
                    "%s: its objects have %s keypoints, %s learns COCO's %s of a person. Use data with these"
                            .formatted(image, points.x().length, recipe.model(), known));
        }
    }

    private static void checkHas(String what, boolean has, String image, Recipe recipe) {
        if (!has) {
            throw new DataException(
                    "%s: its objects have no %s, which %s learns from. Use data that has them, or a model without, such as fasterrcnn_resnet50_fpn"
                            .formatted(image, what, recipe.model()));
        }
    }

    @Override
    public Finished finish(RunContext run, History history) {
        Dataset validation = run.data().validation();
        if (validation.size() == 0) {
            return Finished.unvalidated(run);
        }
        var detector = new Detector(new SavedNet(run.model(), run.device()));
        DetectionEvaluation evaluation = detector.evaluateWithBestConfidence(validation);
        ModelPackage model = run.model().withThresholds(evaluation.thresholds()).withMetrics(evaluation.metrics());
        double seconds = run.seconds();
        return new Finished(
                model,
                evaluation.metrics(),
                remarks(evaluation),
                folder -> new DetectionReport(run, detector, evaluation, history).write(folder, seconds));
    }

    /** What the figures hide. */
    static List<String> remarks(DetectionEvaluation evaluation) {
        var remarks = new ArrayList<String>();
        List<String> absent = evaluation.coco().perClass().stream()
                .filter(one -> one.support() == 0)
                .map(CocoResult.PerClass::name)
                .toList();
        if (!absent.isEmpty()) {
            remarks.add("On none of the validation images: %s. There is no average precision of that"
                    .formatted(Classes.shortened(absent)));
        }
        return remarks;
    }

    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        DetectionEvaluation evaluation = new Detector(net).evaluate(data);
        return new Evaluated(
                evaluation.metrics(), evaluation.details(), evaluation.table(), () -> evaluation.rows(data));
    }

    @Override
    public Optional<DetectionNet.Limits> answered(SavedNet net) {
        return Optional.of(new Detector(net).answerLimits());
    }

    @Override
    public Optional<AnswerKeeper> keeper(SavedNet net) {
        return Optional.of(new ObjectKeeper(new Detector(net)));
    }

    @Override
    public Predictor predictor(SavedNet net) {
        return new Detector(net);
    }

    @Override
    public Trial trial(SavedNet net) {
        return new DetectionTrial(new Detector(net));
    }

    @Override
    public Optional<Function<SavedNet, Explained>> explained() {
        return Optional.of(Detector::new);
    }

    @Override
    public Optional<ItemScorer> items(SavedNet net) {
        return Optional.of(new ObjectGrades(net.config().classes()).scorer(new Detector(net)));
    }
}
