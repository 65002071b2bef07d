package dev.fovea.task.embed;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.VerificationPairs;
import dev.fovea.engine.Precision;
import dev.fovea.image.Image;
import dev.fovea.metrics.Identification;
import dev.fovea.models.ModelPackage;
import dev.fovea.run.Finished;
import dev.fovea.run.NetOutputs;
import dev.fovea.run.Predictor;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TrainingRun;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Embeds images so that those of one identity are close to each other, also of identities that training never saw.
 *
 * <pre>{@code
 * var people = Data.open("people", Data.Options.of());
 * var faces  = Embedder.train("embedding(resnet18)", people, Tasks.ALL.recipe("embedding(resnet18)"));
 * faces.verify(Path.of("passport.jpg"), Path.of("camera.jpg")).same();
 * }</pre>
 *
 * <p>Thread-safe: several threads may ask for embeddings at once.
 */
public final class Embedder implements Predictor {

    /** The name of its threshold in the package. */
    static final String THRESHOLD = "verification";

    private final NetOutputs outputs;
    private final OptionalDouble threshold;
    private final Finished.Report report;

    Embedder(SavedNet network) {
        this(network, folder -> {
            throw new IllegalStateException("report: this model was loaded, its training is not known here. "
                    + "The run it comes from has a report.html; evaluate measures it on other images");
        });
    }

    private Embedder(SavedNet network, Finished.Report report) {
        this(new NetOutputs(network, x -> x), stored(network), report);
    }

    private Embedder(NetOutputs outputs, OptionalDouble threshold, Finished.Report report) {
        this.outputs = outputs;
        this.threshold = threshold;
        this.report = report;
    }

    private static OptionalDouble stored(SavedNet network) {
        Double value = network.config().thresholds().get(THRESHOLD);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /**
     * Trains embeddings over a registered classifier on the identities of {@code data}.
     *
     * @param recipe everything that decides the result; its model is replaced by {@code model}
     * @throws IllegalArgumentException if the model is unknown or the data cannot be trained on
     * @throws dev.fovea.train.DivergedException if the loss is no longer finite
     */
    public static Embedder train(String model, Splits data, Recipe recipe) {
        Recipe own = recipe.withModel(model);
        TrainingRun.Trained trained = TrainingRun.inTemporaryFolder(
                EmbeddingType.TYPE, recipe.task() instanceof Embedding ? own : EmbeddingType.TYPE.start(own), data);
        return new Embedder(trained.net(), trained.report());
    }

    /** Loads a model package, or the model of a run folder, onto the best device there is. */
    public static Embedder load(Path path) {
        return load(path, "auto");
    }

    /**
     * Loads a model package, or the model of a run folder.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task
     */
    public static Embedder load(Path path, String device) {
        return new Embedder(SavedNet.load(path, device, List.of(EmbeddingType.TYPE)));
    }

    /** @throws IllegalArgumentException if the precision is unknown */
    @Override
    public Embedder with(int top, String precision) {
        return new Embedder(outputs.with(Precision.of(precision)), threshold, report);
    }

    /** The same with another threshold of {@link #verify}, -1 to 1: a higher one accepts fewer images of somebody else. */
    public Embedder withThreshold(double value) {
        if (!(value >= -1 && value <= 1)) {
            throw new IllegalArgumentException("threshold must be -1 to 1, got " + value);
        }
        return new Embedder(outputs, OptionalDouble.of(value), report);
    }

    /** Writes the model package; the centres of the training's identities are not in it. */
    public void save(Path folder) {
        outputs.network().model().write(folder);
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

    /** The architecture, the preprocessing and the provenance. */
    public ModelPackage.Config config() {
        return outputs.network().config();
    }

    /** The least similarity of two images that are taken to be of one identity; none where nothing was held out to choose it by. */
    public OptionalDouble threshold() {
        return threshold;
    }

    /** The embedding of an image, length 1. */
    public float[] embed(Image image) {
        return outputs.of(outputs.prepared(image));
    }

    /** The embedding of an image file, length 1. */
    public float[] embed(Path file) {
        return outputs.of(outputs.prepared(file));
    }

    /** The cosine of two embeddings, -1 to 1. */
    public static double similarity(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "similarity: embeddings of two models cannot be compared, got %s and %s numbers"
                            .formatted(a.length, b.length));
        }
        return Identification.similarity(a, b);
    }

    /**
     * Whether two embeddings are of one identity.
     *
     * @throws IllegalStateException if the model has no threshold
     */
    public Verdict verify(float[] a, float[] b) {
        double least = threshold.orElseThrow(
                () -> new IllegalStateException(
                        "verify: this model has no threshold, as no pairs were held out when it was trained. Choose one with withThreshold"));
        double similarity = similarity(a, b);
        return new Verdict(similarity >= least, similarity, least);
    }

    /** Whether two images are of one identity. */
    public Verdict verify(Image a, Image b) {
        return verify(embed(a), embed(b));
    }

    /** Whether two image files are of one identity. */
    public Verdict verify(Path a, Path b) {
        return verify(embed(a), embed(b));
    }

    @Override
    public EmbeddingPrediction predict(Path file) {
        return answer(embed(file));
    }

    @Override
    public EmbeddingPrediction predict(Image image) {
        return answer(embed(image));
    }

    @Override
    public Embedder withBackend(String word) {
        return new Embedder(outputs.with(word), threshold, report);
    }

    @Override
    public void warmUp(int batch) {
        outputs.inference().warmUp(batch);
    }

    @Override
    public Optional<String> computing() {
        return Optional.of(outputs.inference().description());
    }

    @Override
    public Prepared prepare(Image image) {
        return outputs.prepare(image);
    }

    @Override
    public List<Answer> predictPrepared(List<Prepared> images) {
        return outputs.ofPrepared(images).stream()
                .<Answer>map(numbers -> answer(numbers))
                .toList();
    }

    private static EmbeddingPrediction answer(float[] embedding) {
        var numbers = new ArrayList<Float>();
        for (float value : embedding) {
            numbers.add(value);
        }
        return new EmbeddingPrediction(numbers);
    }

    /** Metrics on images whose identities are known, each image looked for among all others. */
    public EmbeddingEvaluation evaluate(Dataset data) {
        return EmbeddingEvaluation.amongThemselves(outputs.of(data), numbers(data, new LinkedHashMap<>()));
    }

    /** The same, each image of {@code probes} looked for in {@code gallery}. */
    public EmbeddingEvaluation evaluate(Dataset gallery, Dataset probes) {
        var known = new LinkedHashMap<String, Integer>();
        int[] ofGallery = numbers(gallery, known);
        return EmbeddingEvaluation.inGallery(
                outputs.of(gallery), ofGallery, outputs.of(probes), numbers(probes, known));
    }

    /**
     * The same with the first {@code perIdentity} images of each identity as the gallery, the others as probes.
     *
     * @throws DataException if no identity has more images
     */
    public EmbeddingEvaluation evaluate(Dataset data, int perIdentity) {
        var gallery = new ArrayList<Integer>();
        var probes = new ArrayList<Integer>();
        int[] seen = new int[data.classes().size()];
        for (int i = 0; i < data.size(); i++) {
            (seen[data.label(i)]++ < perIdentity ? gallery : probes).add(i);
        }
        if (perIdentity < 1 || probes.isEmpty()) {
            throw new DataException(
                    "a gallery of %s images of each identity leaves none to be identified: the most that an identity has is %s"
                            .formatted(
                                    perIdentity,
                                    Arrays.stream(data.counts()).max().orElse(0)));
        }
        return evaluate(data.subset(indices(gallery)), data.subset(indices(probes)));
    }

    private static int[] indices(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Metrics on listed pairs of images; only images that are in a pair are embedded. */
    public PairEvaluation evaluate(Dataset data, VerificationPairs pairs) {
        int[] needed = pairs.images();
        List<float[]> some = outputs.of(data.subset(needed));
        var embeddings = new LinkedHashMap<Integer, float[]>();
        for (int i = 0; i < needed.length; i++) {
            embeddings.put(needed[i], some.get(i));
        }
        return PairEvaluation.of(pairs, embeddings, threshold);
    }

    /** Identities as numbers, those of one name the same in several data sets. */
    private static int[] numbers(Dataset data, Map<String, Integer> known) {
        int[] numbers = new int[data.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = known.computeIfAbsent(data.classes().get(data.label(i)), name -> known.size());
        }
        return numbers;
    }

    NetOutputs outputs() {
        return outputs;
    }
}
