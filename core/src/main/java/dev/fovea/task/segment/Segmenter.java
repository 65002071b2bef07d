package dev.fovea.task.segment;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Mask;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Scope;
import dev.fovea.image.Image;
import dev.fovea.models.ModelPackage;
import dev.fovea.nn.Layer;
import dev.fovea.report.MaskDrawing;
import dev.fovea.run.Classes;
import dev.fovea.run.Finished;
import dev.fovea.run.Inference;
import dev.fovea.run.Predictor;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TrainingRun;
import dev.fovea.train.Recipe;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells the class of every pixel of an image.
 *
 * <pre>{@code
 * var roads     = Data.open("camvid", Data.Options.of().withTargets(TargetKind.PIXELS));
 * var segmenter = Segmenter.train("fovea-seg", roads, Tasks.ALL.recipe("fovea-seg"));
 * segmenter.predict(Image.read(Path.of("street.jpg"))).regions();   // label, share of the image, where
 * }</pre>
 *
 * <p>Thread-safe: several threads may predict at once.
 */
public final class Segmenter implements Predictor {

    /** Images that the network is shown together: more make none faster, and take memory. */
    private static final int AT_ONCE = 8;

    private final SavedNet network;
    private final Inference inference;
    private final Finished.Report report;

    Segmenter(SavedNet network) {
        this(new Inference(network, Inference.Outputs.SCORES), folder -> {
            throw new IllegalStateException("report: this model was loaded, its training is not known here. "
                    + "The run it comes from has a report.html; evaluate measures it on other images");
        });
    }

    private Segmenter(Inference inference, Finished.Report report) {
        this.inference = inference;
        this.report = report;
        network = inference.network();
    }

    /**
     * Trains a registered network on the training part of {@code data}, whose targets are {@link Target.PixelLabels}.
     *
     * @param recipe everything that decides the result; its model is replaced by {@code model}
     * @throws IllegalArgumentException if the model is unknown or the data cannot be trained on
     * @throws dev.fovea.train.DivergedException if the loss is no longer finite
     */
    public static Segmenter train(String model, Splits data, Recipe recipe) {
        Recipe own = recipe.withModel(model);
        TrainingRun.Trained trained = TrainingRun.inTemporaryFolder(
                SegmentationType.TYPE,
                own.task() instanceof Segmentation ? own : SegmentationType.TYPE.start(own),
                data);
        return new Segmenter(new Inference(trained.net(), Inference.Outputs.SCORES), trained.report());
    }

    /** Loads a model package, or the model of a run folder, onto the best device there is. */
    public static Segmenter load(Path path) {
        return load(path, "auto");
    }

    /**
     * Loads a model package, or the model of a run folder.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task
     */
    public static Segmenter load(Path path, String device) {
        return new Segmenter(SavedNet.load(path, device, List.of(SegmentationType.TYPE)));
    }

    /** @throws IllegalArgumentException if the precision is unknown */
    @Override
    public Segmenter with(int top, String computed) {
        return new Segmenter(inference.with(Precision.of(computed)), report);
    }

    /**
     * The same that looks at large images in windows which overlap by half, blended without seams.
     *
     * @param side of a window's longer side in pixels of the image; its shape is that of the images the network is shown
     * @throws IllegalArgumentException if {@code side} is not 32 or more
     */
    @Override
    public Segmenter withTiles(int side) {
        if (side == 0) {
            throw new IllegalArgumentException("a tile must be at least 32 pixels wide, got 0");
        }
        return new Segmenter(
                inference.with(new SavedNet(
                        network.model().withSetting("tile", String.valueOf(side)),
                        network.device(),
                        network.corruption())),
                report);
    }

    /** Writes the model package: {@code config.json} and {@code model.safetensors}. */
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

    @Override
    public SegmentedImage predict(Path file) {
        return predict(Image.read(file));
    }

    @Override
    public SegmentedImage predict(Image image) {
        return new SegmentedImage(told(image), classes());
    }

    @Override
    public Segmenter withBackend(String word) {
        return new Segmenter(inference.with(word), report);
    }

    @Override
    public void warmUp(int batch) {
        inference.warmUp(batch);
    }

    @Override
    public Optional<String> computing() {
        return Optional.of(inference.description());
    }

    /** Where it looks at windows the image as it is. */
    @Override
    public Prepared prepare(Image image) {
        return settings().tile() == 0
                ? new Prepared(network.preprocess().apply(image), image.size())
                : new Prepared(image, image.size());
    }

    @Override
    public List<Answer> predictPrepared(List<Prepared> images) {
        var answers = new ArrayList<Answer>();
        for (int from = 0; from < images.size(); from += AT_ONCE) {
            told(images.subList(from, Math.min(images.size(), from + AT_ONCE)), inference.layer())
                    .forEach(mask -> answers.add(new SegmentedImage(mask, classes())));
        }
        return answers;
    }

    private Segmentation settings() {
        return network.settings(SegmentationType.TYPE);
    }

    private Mask told(Image image) {
        return told(List.of(prepare(image)), inference.layer()).get(0);
    }

    /** By the network itself, in float32. */
    private Mask exactly(Image image) {
        try (var use = network.reading()) {
            return told(List.of(prepare(image)), network.layer()).get(0);
        }
    }

    private List<Mask> told(List<Prepared> images, Layer layer) {
        Segmentation settings = settings();
        var scores = new PixelScores(network, layer, settings.tta());
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            return settings.tile() == 0
                    ? scores.classes(images)
                    : images.stream()
                            .map(one -> windows(one.seen(), settings.tile(), scores))
                            .toList();
        }
    }

    private Mask windows(Image image, int side, PixelScores scores) {
        return new SlidingWindow(image, side, network.preprocess().size())
                .classes(classes().size(), network.device(), scores::ofPixels);
    }

    @Override
    public Optional<BufferedImage> drawn(Image image, Predictor.Answer answer) {
        SegmentedImage told = (SegmentedImage) answer;
        return Optional.of(MaskDrawing.withLegend(image.toRgb().toBufferedImage(), told.mask(), told.classes()));
    }

    @Override
    public Optional<BufferedImage> mask(Predictor.Answer answer) {
        return Optional.of(MaskDrawing.indexed(((SegmentedImage) answer).mask()));
    }

    /**
     * Metrics on images whose pixels' classes are known, in the images' own size and in float32.
     *
     * @throws DataException if {@code data} has no masks, or a class that the model does not know
     */
    public SegmentationEvaluation evaluate(Dataset data) {
        Dataset matched = Classes.matched(data, classes());
        var measured = new SegmentationEvaluation.Measuring(classes());
        for (int i = 0; i < matched.size(); i++) {
            if (!(matched.target(i) instanceof Target.PixelLabels truth)) {
                throw new DataException("%s: has no mask. Expected the class of every pixel".formatted(data.name(i)));
            }
            measured.add(truth.classes(), exactly(matched.image(i)));
        }
        return measured.evaluation();
    }
}
