package dev.fovea.task.detect;

import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.engine.Autocast;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Scope;
import dev.fovea.explain.DRise;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import dev.fovea.metrics.detect.GroundTruth;
import dev.fovea.models.DetectionNet;
import dev.fovea.models.ModelPackage;
import dev.fovea.report.ObjectDrawing;
import dev.fovea.run.Classes;
import dev.fovea.run.Explained;
import dev.fovea.run.Finished;
import dev.fovea.run.OutputExplanation;
import dev.fovea.run.Predictor;
import dev.fovea.run.ProgressWatch;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TrainingRun;
import dev.fovea.train.Recipe;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Finds objects in images.
 *
 * <pre>{@code
 * var cells    = Data.open("cells", Data.Options.of().withTargets(TargetKind.BOXES));
 * var detector = Detector.train("fovea-det", cells, Recipe.base("fovea-det"));
 * detector.predict(Image.read(Path.of("blood.jpg"))).objects();   // label, score, box in pixels
 * }</pre>
 *
 * <p>Thread-safe: several threads may predict at once.
 */
public final class Detector implements Predictor, Explained {

    /** Which threshold of a package is for all classes that have none of their own. */
    static final String ALL = "all";

    private static final int LEAST_TILE = 32;

    /** Images that the network is shown together: more make none faster, and take memory. */
    private static final int AT_ONCE = 8;

    private static final Answers WHOLE = new Answers(Precision.FP32, Optional.empty(), 0);

    /** Where no validation images have chosen it. */
    private static final double USUAL = 0.25;

    private final SavedNet network;
    private final DetectionNet net;
    private final Answers answers;
    private final Finished.Report report;

    /**
     * How images are looked at.
     *
     * @param confidence least score where not that of the package
     * @param tile side of a tile in pixels; 0 for images as a whole
     */
    private record Answers(Precision precision, Optional<Double> confidence, int tile) {}

    Detector(SavedNet network) {
        this(network, WHOLE, folder -> {
            throw new IllegalStateException("report: this model was loaded, its training is not known here. "
                    + "The run it comes from has a report.html; evaluate measures it on other images");
        });
    }

    private Detector(SavedNet network, Answers answers, Finished.Report report) {
        this.network = network;
        this.answers = answers;
        this.report = report;
        net = (DetectionNet) network.net();
    }

    /**
     * Trains a registered detector on the training part of {@code data}, whose targets are {@link Target.Objects}.
     *
     * @param recipe everything that decides the result; its model is replaced by {@code model}
     * @throws IllegalArgumentException if the model is unknown or the data cannot be trained on
     * @throws dev.fovea.train.DivergedException if the loss is no longer finite
     */
    public static Detector train(String model, Splits data, Recipe recipe) {
        Recipe own = recipe.withModel(model);
        TrainingRun.Trained trained = TrainingRun.inTemporaryFolder(
                DetectionType.TYPE, own.task() instanceof Detection ? own : DetectionType.TYPE.start(own), data);
        return new Detector(trained.net(), WHOLE, trained.report());
    }

    /** Loads a model package, or the model of a run folder, onto the best device there is. */
    public static Detector load(Path path) {
        return load(path, "auto");
    }

    /**
     * Loads a model package, or the model of a run folder.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task
     */
    public static Detector load(Path path, String device) {
        return new Detector(SavedNet.load(path, device, List.of(DetectionType.TYPE)));
    }

    /** @throws IllegalArgumentException if the precision is unknown */
    @Override
    public Detector with(int top, String precision) {
        return new Detector(
                network, new Answers(Precision.of(precision), answers.confidence(), answers.tile()), report);
    }

    /** @throws IllegalArgumentException if {@code score} is not from 0 to 1 */
    @Override
    public Detector withConfidence(double score) {
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("confidence must be 0 to 1, got " + score);
        }
        return new Detector(network, new Answers(answers.precision(), Optional.of(score), answers.tile()), report);
    }

    /** @throws IllegalArgumentException if {@code side} is not 32 or more */
    @Override
    public Detector withTiles(int side) {
        if (side < LEAST_TILE) {
            throw new IllegalArgumentException(
                    "a tile must be at least %s pixels wide, got %s".formatted(LEAST_TILE, side));
        }
        return new Detector(network, new Answers(answers.precision(), answers.confidence(), side), report);
    }

    /** Writes the model package: {@code config.json} with thresholds, and {@code model.safetensors}. */
    public void save(Path folder) {
        network.model().write(folder);
    }

    /**
     * Writes the report of its training.
     *
     * @throws IllegalStateException if it was not trained here but loaded, or had nothing to validate on
     */
    public void report(Path folder) {
        if (report == Finished.Report.NONE) {
            throw new IllegalStateException("report: the run had no images to validate on");
        }
        report.write(folder);
    }

    /** The classes it knows. */
    public List<String> classes() {
        return config().classes();
    }

    /** The architecture, the preprocessing and the provenance. */
    public ModelPackage.Config config() {
        return network.config();
    }

    /** Least score of an answer of class {@code label}. */
    double threshold(int label) {
        return answers.confidence()
                .orElseGet(() -> config().thresholds()
                        .getOrDefault(
                                classes().get(label), config().thresholds().getOrDefault(ALL, USUAL)));
    }

    static DetectionNet.Limits limits(Detection settings, DetectionNet net) {
        DetectionNet.Limits own = net.limits();
        return new DetectionNet.Limits(
                own.score(),
                settings.iou() > 0 ? settings.iou() : own.iou(),
                settings.most() > 0 ? settings.most() : own.most());
    }

    private DetectionNet.Limits limits() {
        return limits(network.settings(DetectionType.TYPE), net);
    }

    /** Of what an answer is chosen. */
    DetectionNet.Limits answerLimits() {
        return limits().withScore(confidence());
    }

    /** Of all that could be an object. */
    double leastScore() {
        return limits().score();
    }

    double threshold(String label) {
        return threshold(classes().indexOf(label));
    }

    /** The least score of an answer, of classes that have their own the lowest. */
    double confidence() {
        return IntStream.range(0, classes().size())
                .mapToDouble(this::threshold)
                .min()
                .orElse(USUAL);
    }

    /** About an image, or about the frames of an animated GIF or a video, whose objects are followed: {@link FilmObjects}. */
    @Override
    public Predictor.Answer predict(Path file) {
        return Data.isMovie(file) ? film(file) : predict(Image.read(file));
    }

    /**
     * The objects of an animated GIF or a video, followed from frame to frame.
     *
     * @throws dev.fovea.image.ImageException if it cannot be read
     */
    public FilmObjects film(Path file) {
        return new FilmDetector(this, file).objects();
    }

    @Override
    public boolean films() {
        return true;
    }

    @Override
    public Path drawing(Path file, Path folder) {
        return FilmDetector.drawing(file, folder);
    }

    @Override
    public Path draw(Path file, Predictor.Answer answer, Path folder) {
        return new FilmDetector(this, file).draw((FilmObjects) answer, folder);
    }

    @Override
    public Predictor.Labels labels(String to, Path folder) {
        return new FoundLabels(classes(), to, folder);
    }

    @Override
    public DetectedObjects predict(Image image) {
        return (DetectedObjects) predictAll(List.of(image)).get(0);
    }

    /** Of a detector that looks at tiles the image as it is. */
    @Override
    public Prepared prepare(Image image) {
        return answers.tile() == 0 ? prepared(image) : new Prepared(image, image.size());
    }

    @Override
    public List<Answer> predictPrepared(List<Prepared> images) {
        DetectionNet.Limits limits = answerLimits();
        List<List<DetectedObject>> found = answers.tile() == 0
                ? found(images, limits)
                : images.stream()
                        .map(one -> new ImageTiles(one.seen(), answers.tile())
                                .found(
                                        tile -> found(List.of(prepared(tile)), limits)
                                                .get(0),
                                        limits))
                        .toList();
        return found.stream().<Answer>map(this::answered).toList();
    }

    private DetectedObjects answered(List<DetectedObject> found) {
        return new DetectedObjects(found.stream()
                .filter(object -> object.score() >= threshold(object.label()))
                .toList());
    }

    private Prepared prepared(Image image) {
        return new Prepared(shown(image.size()).apply(image), image.size());
    }

    @Override
    public Optional<BufferedImage> drawn(Image image, Predictor.Answer answer) {
        List<ObjectDrawing.Marked> marked = ((DetectedObjects) answer)
                .objects().stream()
                        .map(object -> object.marked(
                                classes().indexOf(object.label()),
                                String.format(Locale.ROOT, "%s %.2f", object.label(), object.score())))
                        .toList();
        return Optional.of(ObjectDrawing.draw(image.toRgb().toBufferedImage(), marked));
    }

    /**
     * Which part of an image it needs to find one object, by {@link dev.fovea.explain.DRise}: some 1,000 passes.
     *
     * @param method empty or {@code d-rise}
     * @param name a class, for the most probable object of it, or the place of an object among those of {@link #predict}, from 1;
     *     empty for the first
     * @throws IllegalArgumentException if there is no such object
     */
    @Override
    public OutputExplanation explain(Path file, String method, String name) {
        checkMethod(method);
        return ObjectExplanation.of(this, Image.read(file), String.valueOf(file.getFileName()))
                .explain(name, ProgressWatch.NONE);
    }

    @Override
    public List<String> explanationMethods() {
        return List.of(DRise.WORD);
    }

    @Override
    public OutputExplanation explanation(Image image, String method, String name) {
        return explanation(image, method, name, ProgressWatch.NONE);
    }

    @Override
    public OutputExplanation explanation(Image image, String method, String name, ProgressWatch watch) {
        checkMethod(method);
        return ObjectExplanation.of(this, image, "image").explain(name, watch);
    }

    private static void checkMethod(String method) {
        if (!method.isEmpty() && !method.equals(DRise.WORD)) {
            throw new IllegalArgumentException(
                    "method: the objects of a detector are explained by %s, got '%s'".formatted(DRise.WORD, method));
        }
    }

    /** What {@code what} makes of the network, in the precision of answers, with no gradients. */
    <T> T passing(BiFunction<DetectionNet, SavedNet, T> what) {
        try (var use = network.reading();
                var scope = new Scope();
                var noGrad = new NoGrad();
                var autocast = Autocast.of(answers.precision(), network.device())) {
            return what.apply(net, network);
        }
    }

    /** All that could be an object, most probable first, in pixels of the image. */
    List<DetectedObject> found(Image image) {
        return found(List.of(prepared(image)), limits()).get(0);
    }

    /** Those of neighbours that are shown in one size together. */
    private List<List<DetectedObject>> found(List<Prepared> images, DetectionNet.Limits limits) {
        var found = new ArrayList<List<DetectedObject>>();
        while (found.size() < images.size()) {
            int from = found.size();
            int to = from + 1;
            while (to < images.size()
                    && to - from < AT_ONCE
                    && images.get(to)
                            .seen()
                            .size()
                            .equals(images.get(from).seen().size())) {
                to++;
            }
            found.addAll(atOnce(images.subList(from, to), limits));
        }
        return found;
    }

    private List<List<DetectedObject>> atOnce(List<Prepared> images, DetectionNet.Limits limits) {
        List<Image> seen = images.stream().map(Prepared::seen).toList();
        List<DetectionNet.Found> found = passing((net, network) -> net.detect(network.normalized(seen), limits));
        return IntStream.range(0, images.size())
                .mapToObj(i -> {
                    Size original = images.get(i).original();
                    return new ShownObjects(
                                    found.get(i),
                                    shown(original).geometry(original).inverse(),
                                    classes())
                            .objects();
                })
                .toList();
    }

    /** Whether its objects have masks or keypoints. */
    boolean findsMore() {
        return net.findsMasks() || net.findsKeypoints();
    }

    /**
     * As the network is shown an image of that size: where it is fitted into a frame, the frame is no larger than need be. The frame of
     * published weights is turned as the image is; what was trained here has learned from one orientation.
     */
    Preprocess shown(Size image) {
        Preprocess own = network.preprocess();
        if (own.resize() != ResizePolicy.FIT || net.multiple() == 1) { // SSD's default boxes are made for one size
            return own;
        }
        boolean turns = config().provenance().recipe().isEmpty();
        boolean turned = turns
                && (own.width() > own.height() && image.height() > image.width()
                        || own.height() > own.width() && image.width() > image.height());
        int width = turned ? own.height() : own.width();
        int height = turned ? own.width() : own.height();
        double scale = Math.min(width / (double) image.width(), height / (double) image.height());
        return own.withSize(new Size(
                Math.min(height, framed(image.height() * scale)), Math.min(width, framed(image.width() * scale))));
    }

    private int framed(double side) {
        int multiple = net.multiple();
        return Math.max(multiple, (int) Math.ceil(Math.round(side) / (double) multiple) * multiple);
    }

    /**
     * Metrics on images whose objects are known, in float32.
     *
     * @throws DataException if {@code data} has no boxes, or a class that the model does not know
     */
    public DetectionEvaluation evaluate(Dataset data) {
        DetectionEvaluation all = measured(data);
        return all.at(this::threshold);
    }

    /** With the least score of each class that is best on these images. */
    DetectionEvaluation evaluateWithBestConfidence(Dataset data) {
        return measured(data);
    }

    private DetectionEvaluation measured(Dataset data) {
        Dataset matched = Classes.matched(data, classes());
        var exact = new Detector(network, WHOLE, report);
        var measured = new DetectionMeasures(classes(), new BeyondBoxes(classes(), net));
        for (int i = 0; i < matched.size(); i++) {
            if (!(matched.target(i) instanceof Target.Objects objects)) {
                throw new DataException(
                        "%s: has no boxes. Expected data with boxes of objects".formatted(data.name(i)));
            }
            measured.add(GroundTruth.of(objects), exact.found(matched.image(i)));
        }
        return measured.evaluation();
    }
}
