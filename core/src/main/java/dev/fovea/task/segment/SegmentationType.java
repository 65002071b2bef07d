package dev.fovea.task.segment;

import dev.fovea.data.ColorTransform;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.GeometricTransform;
import dev.fovea.data.Mask;
import dev.fovea.data.Order;
import dev.fovea.data.PixelCounts;
import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.image.Size;
import dev.fovea.io.Records;
import dev.fovea.metrics.segment.SegmentationResult.PerClass;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.SegmentationNet;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Schedule;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Classes;
import dev.fovea.run.Evaluated;
import dev.fovea.run.Finished;
import dev.fovea.run.History;
import dev.fovea.run.Inputs;
import dev.fovea.run.ItemScorer;
import dev.fovea.run.Predictor;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TaskType;
import dev.fovea.run.TensorAnswer;
import dev.fovea.run.Trial;
import dev.fovea.train.InputSize;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Tells the class of every pixel: the task of {@link Segmentation} settings. */
public final class SegmentationType implements TaskType<Segmentation> {

    /** The only one. */
    public static final SegmentationType TYPE = new SegmentationType();

    /** Of the network's input where nobody says its size; larger images are shown smaller. */
    private static final int LONGEST_SIDE = 512;

    /** Sides are rounded to such, which all networks halve without a rest five times. */
    private static final int MULTIPLE = 32;

    private static final int LOOKED_AT = 20;

    private SegmentationType() {}

    @Override
    public String word() {
        return Segmentation.WORD;
    }

    @Override
    public Class<Segmentation> settings() {
        return Segmentation.class;
    }

    @Override
    public List<Segmentation> defaults() {
        return List.of(Segmentation.USUAL);
    }

    @Override
    public Class<?> network() {
        return SegmentationNet.class;
    }

    @Override
    public Recipe start(Recipe base) {
        Recipe.Input input = Records.with(
                base.input(), Map.of("resize", ResizePolicy.STRETCH, "normalize", Recipe.Normalize.IMAGENET));
        return Records.with(
                base.withTask(Segmentation.USUAL),
                Map.of(
                        "input",
                        input,
                        "epochs",
                        60,
                        "batch",
                        8,
                        "optimizer",
                        Optimizer.adamW(1e-3),
                        "schedule",
                        new Schedule.Cosine(100, 0.01),
                        "augment",
                        List.of(
                                new GeometricTransform.Crop(List.of(0.25, 1.0), List.of(0.75, 4 / 3.0)),
                                GeometricTransform.Flip.horizontal(),
                                new ColorTransform.Jitter(0.3, 0.3, 0.3, 0.05)),
                        "update",
                        new Recipe.Update(10, 1, 0.998, 0, 0)));
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
        if (!(train.target(0) instanceof Target.PixelLabels)) {
            throw new DataException(
                    "%s: has no mask. Expected a folder of images and one of masks with the same names, Pascal VOC, or COCO"
                            .formatted(train.name(0)));
        }
        if (train.classes().size() < 2) {
            throw new DataException(
                    "there is 1 class of pixels ('%s'), training needs at least 2. Expected a class for the background, too"
                            .formatted(train.classes().get(0)));
        }
        PixelCounts counts = PixelCounts.of(train);
        if (Arrays.stream(counts.pixels()).sum() == 0) {
            throw new DataException("all pixels of the training images are ignored, so there is nothing to learn");
        }
        PixelCounts.of(data.validation()); // what is wrong in a mask is to be said before hours of training
        return data;
    }

    /** Where nobody says a size, that of the images; large ones are shown smaller. */
    @Override
    public Preprocess preprocess(Recipe recipe, Dataset train) {
        return Inputs.of(
                recipe.input().size().own() && train.size() > 0
                        ? recipe.withInput(Records.with(recipe.input(), Map.of("size", usual(train))))
                        : recipe,
                train);
    }

    private static InputSize usual(Dataset train) {
        Map<Size, Long> sizes = IntStream.of(Order.spread(train.size(), LOOKED_AT))
                .mapToObj(i -> ((Target.PixelLabels) train.target(i)).classes().size())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        Size most = sizes.entrySet().stream()
                .max(Comparator.comparingLong((Map.Entry<Size, Long> entry) -> entry.getValue())
                        .thenComparing(entry -> entry.getKey().height())
                        .thenComparing(entry -> entry.getKey().width()))
                .orElseThrow()
                .getKey();
        double scale = Math.min(1, LONGEST_SIDE / (double) Math.max(most.height(), most.width()));
        return new InputSize(rounded(most.height() * scale), rounded(most.width() * scale));
    }

    private static int rounded(double side) {
        return Math.max(MULTIPLE, (int) Math.round(side / MULTIPLE) * MULTIPLE);
    }

    /** Whatever is outside of what the network is shown would have no class. */
    @Override
    public void checkFits(String model, Module net, Preprocess preprocess, int classes) {
        if (preprocess.resize() != ResizePolicy.FIT && preprocess.resize() != ResizePolicy.STRETCH) {
            throw new IllegalArgumentException(
                    "input.resize must be fit or stretch for task segmentation, as pixels that are cut off have no class");
        }
    }

    @Override
    public int evaluationBatch() {
        return 8;
    }

    @Override
    public Objective objective(RunContext run) {
        Segmentation settings = settings(run.recipe());
        List<String> classes = run.data().train().classes();
        return new SegmentationObjective(
                classes,
                weighted(
                        run.recipe().loss(),
                        settings.classWeights().of(run.data().train())),
                settings.presenceWeight(),
                run.pixels());
    }

    /** With weights of classes in every cross-entropy. */
    private static Loss weighted(Loss loss, List<Double> weights) {
        if (weights.isEmpty()) {
            return loss;
        }
        if (loss instanceof Loss.CrossEntropy own) {
            return new Loss.CrossEntropy(own.labelSmoothing(), weights);
        }
        if (loss instanceof Loss.Sum sum && sum.losses().stream().anyMatch(Loss.CrossEntropy.class::isInstance)) {
            return new Loss.Sum(
                    sum.losses().stream()
                            .map(one -> one instanceof Loss.CrossEntropy own
                                    ? (Loss) new Loss.CrossEntropy(own.labelSmoothing(), weights)
                                    : one)
                            .toList(),
                    sum.weights());
        }
        throw new IllegalArgumentException(
                "task.classWeights are for cross-entropy, got loss.type=%s. Leave them out, or set loss.type=cross-entropy"
                        .formatted(loss.word()));
    }

    @Override
    public Finished finish(RunContext run, History history) {
        Dataset validation = run.data().validation();
        if (validation.size() == 0) {
            return Finished.unvalidated(run);
        }
        SegmentationEvaluation evaluation = new Segmenter(new SavedNet(run.model(), run.device())).evaluate(validation);
        ModelPackage model = run.model().withMetrics(evaluation.metrics());
        var segmenter = new Segmenter(new SavedNet(model, run.device()));
        double seconds = run.seconds();
        return new Finished(
                model,
                evaluation.metrics(),
                remarks(evaluation),
                folder -> new SegmentationReport(run, segmenter, evaluation, history).write(folder, seconds));
    }

    /** What the figures hide. */
    static List<String> remarks(SegmentationEvaluation evaluation) {
        var remarks = new ArrayList<String>();
        List<PerClass> classes = evaluation.result().perClass();
        List<String> absent = classes.stream()
                .filter(one -> one.pixels() == 0)
                .map(PerClass::name)
                .toList();
        if (!absent.isEmpty()) {
            remarks.add("In none of the validation images: %s".formatted(Classes.shortened(absent)));
        }
        List<String> missed = classes.stream()
                .filter(one -> one.pixels() > 0 && one.right() == 0)
                .map(PerClass::name)
                .toList();
        if (!missed.isEmpty()) {
            remarks.add("Never told right: %s. Train for more epochs, or set task.classWeights=median"
                    .formatted(Classes.shortened(missed)));
        }
        return remarks;
    }

    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        SegmentationEvaluation evaluation = new Segmenter(net).evaluate(data);
        return new Evaluated(
                evaluation.metrics(), evaluation.details(), evaluation.table(), () -> evaluation.rows(data));
    }

    @Override
    public Optional<TensorAnswer> answer(SavedNet net) {
        return Optional.of(new TensorAnswer("mask", logits -> logits.argmax(1)));
    }

    @Override
    public Optional<AnswerKeeper> keeper(SavedNet net) {
        return Optional.of(new PixelKeeper(new Segmenter(net)));
    }

    @Override
    public Predictor predictor(SavedNet net) {
        return new Segmenter(net);
    }

    @Override
    public Optional<ItemScorer> items(SavedNet net) {
        int classes = net.config().classes().size();
        return Optional.of(ItemScorer.of(
                new Segmenter(net),
                net.config().classes(),
                "miou",
                false,
                (answer, target) -> grade(((SegmentedImage) answer).mask(), (Target.PixelLabels) target, classes)));
    }

    /** The mean of the intersections over unions of the classes that are seen or found in an image. */
    private static ItemScorer.Grade grade(Mask found, Target.PixelLabels target, int classes) {
        long[] both = new long[classes];
        long[] either = new long[classes];
        byte[] truth = target.classes().values();
        for (int i = 0; i < truth.length; i++) {
            int wanted = truth[i] & 0xFF;
            int given = found.values()[i] & 0xFF;
            if (wanted != Target.IGNORED) {
                either[wanted]++;
                both[wanted] += wanted == given ? 1 : 0;
                either[given] += wanted == given ? 0 : 1;
            }
        }
        double mean = IntStream.range(0, classes)
                .filter(label -> either[label] > 0)
                .mapToDouble(label -> both[label] / (double) either[label])
                .average()
                .orElse(1);
        return new ItemScorer.Grade(mean, mean == 1);
    }

    @Override
    public Trial trial(SavedNet net) {
        return new SegmentationTrial(new Segmenter(net));
    }
}
