package dev.fovea.task;

import dev.fovea.data.Augmentation;
import dev.fovea.data.Dataset;
import dev.fovea.data.Loader;
import dev.fovea.data.Splits;
import dev.fovea.engine.Device;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.io.AtomicFile;
import dev.fovea.metrics.LinearProbe;
import dev.fovea.metrics.NearestNeighbours;
import dev.fovea.metrics.PrincipalComponents;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.nn.Module;
import dev.fovea.run.Classes;
import dev.fovea.run.Inputs;
import dev.fovea.run.Subset;
import dev.fovea.run.TemporaryFolder;
import dev.fovea.task.classify.ClassificationObjective;
import dev.fovea.train.DivergedException;
import dev.fovea.train.Evaluator;
import dev.fovea.train.Pixels;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import dev.fovea.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * How useful what a network makes of images is for classification, where it was trained without labels, as autoencoders are:
 * accuracy on test images of classifiers trained with the labels of a few training images.
 */
public final class Probe {

    /** The file that {@link #write} leaves in a run's folder. */
    public static final String FILE = "probe.csv";

    private static final int BASIS = 10_000;
    private static final int WIDE = 4000;
    private static final int COMPONENTS = 1000;
    private static final int EPOCHS = 40;
    private static final int DRAWS = 3;

    /**
     * With more labels than this, networks are trained for one draw only, so that a probe takes minutes and not hours.
     */
    private static final int FEW = 1000;

    private static final long DRAW = 11;

    /**
     * One row of the comparison.
     *
     * @param method the features and the classifier
     * @param accuracy on the test images, the mean over the draws of labels, by the share of labels that were given
     * @param deviation of the accuracy from draw to draw, by the same; left out where there was one draw
     */
    public record Row(String method, Map<Double, Double> accuracy, Map<Double, Double> deviation) {

        private static Row of(String method, Map<Double, List<Double>> accuracies) {
            var mean = new TreeMap<Double, Double>();
            var deviation = new TreeMap<Double, Double>();
            accuracies.forEach((share, drawn) -> {
                double centre = mean(drawn);
                mean.put(share, centre);
                if (drawn.size() > 1) {
                    double squares = mean(
                            drawn.stream().map(a -> (a - centre) * (a - centre)).toList());
                    deviation.put(share, Math.sqrt(squares * drawn.size() / (drawn.size() - 1)));
                }
            });
            return new Row(method, mean, deviation);
        }

        private static double mean(List<Double> values) {
            return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        }
    }

    private final ProbedEncoder encoder;
    private final Dataset train;
    private final Dataset test;

    /**
     * @param train images whose labels are given in part
     * @param test images to evaluate on
     * @throws dev.fovea.data.DataException if they have a class that {@code train} does not have
     */
    public Probe(ProbedEncoder encoder, Dataset train, Dataset test) {
        this.encoder = encoder;
        this.train = train;
        this.test = Classes.matchedWithTraining("test", test, train);
    }

    /** A kind of features, and those of the test images. */
    private record Described(String name, Function<Dataset, List<float[]>> of, List<float[]> test) {}

    /**
     * All methods at all shares, each for three draws of the labels that are given: a linear classifier and nearest
     * neighbours, on the codes, on raw pixels and on principal components of them (as many as the code has numbers, at
     * most 1,000, found in up to 10,000 training images, of large ones 4,000, labels unseen); the encoder trained on
     * from its weights; and the same network trained from random ones, both with more than 1,000 labels for one draw.
     *
     * @param shares of the training labels, such as 0.01
     * @param say told what is being done
     */
    public List<Row> run(List<Double> shares, Consumer<String> say) {
        List<Described> ways = ways();
        var accuracies = new LinkedHashMap<String, Map<Double, List<Double>>>();
        for (double share : shares) {
            for (int draw = 0; draw < DRAWS; draw++) {
                Dataset few = few(share, draw);
                boolean trains = draw == 0 || few.size() <= FEW;
                say.accept(String.format(
                        Locale.ROOT,
                        "%.3g %% of the labels, draw %d of %d: %,d images%s",
                        100 * share,
                        draw + 1,
                        DRAWS,
                        few.size(),
                        trains ? ", two networks trained for %s epochs".formatted(EPOCHS) : ""));
                Map<String, Double> found = described(ways, few);
                if (trains) {
                    found.put("encoder trained on", trained(few, true));
                    found.put("same network from random weights", trained(few, false));
                }
                found.forEach((method, accuracy) -> accuracies
                        .computeIfAbsent(method, m -> new TreeMap<>())
                        .computeIfAbsent(share, of -> new ArrayList<>())
                        .add(accuracy));
            }
        }
        return accuracies.entrySet().stream()
                .map(row -> Row.of(row.getKey(), row.getValue()))
                .toList();
    }

    /** Writes rows as {@code probe.csv} beside the other results of a run. */
    public static void write(List<Row> rows, Path run) {
        var lines = new StringBuilder("method,share,accuracy,deviation\n");
        for (Row row : rows) {
            row.accuracy()
                    .forEach((share, accuracy) -> lines.append(String.format(
                            Locale.ROOT,
                            "\"%s\",%s,%.5f,%s\n",
                            row.method(),
                            share,
                            accuracy,
                            row.deviation().containsKey(share)
                                    ? String.format(
                                            Locale.ROOT, "%.5f", row.deviation().get(share))
                                    : "")));
        }
        AtomicFile.write(run.resolve(FILE), lines.toString());
    }

    /** Accuracy of a linear classifier and of nearest neighbours on every description. */
    private Map<String, Double> described(List<Described> ways, Dataset few) {
        int[] given = labels(few);
        int[] truth = labels(test);
        int classes = train.classes().size();
        var found = new LinkedHashMap<String, Double>();
        for (Described way : ways) {
            List<float[]> known = way.of().apply(few);
            found.put(
                    way.name() + ", linear",
                    LinearProbe.fit(known, given, classes).accuracy(way.test(), truth));
            found.put(
                    way.name() + ", 5 nearest neighbours",
                    new NearestNeighbours(known, given, classes).accuracy(way.test(), truth));
        }
        return found;
    }

    private List<Described> ways() {
        List<float[]> codes = encoder.encode(test);
        List<float[]> pixels = pixels(test);
        int most = pixels.get(0).length > WIDE ? WIDE : BASIS;
        var basis =
                PrincipalComponents.of(pixels(Subset.evenly(train, most)), Math.min(COMPONENTS, codes.get(0).length));
        return List.of(
                new Described("codes", encoder::encode, codes),
                new Described("raw pixels", this::pixels, pixels),
                new Described("principal components", data -> basis.project(pixels(data)), basis.project(pixels)));
    }

    /** Accuracy of encoder and head trained together on a few images. */
    private double trained(Dataset few, boolean pretrained) {
        ModelPackage.Config config = encoder.network().config();
        Module net = classifier(pretrained);
        var recipe =
                Recipe.base(config.architecture().text()).withEpochs(EPOCHS).withBatch(32);
        var objective = new ClassificationObjective(
                train.classes(), recipe.loss(), new Pixels(config.preprocess(), Device.CPU));
        try (var folder = TemporaryFolder.create();
                var batches = new Loader(
                        few,
                        config.preprocess(),
                        Augmentation.NONE,
                        Loader.Options.training(32, 1).withJoinLast(Inputs.hasBatchNorm(net)));
                var none = new Loader(
                        Dataset.empty(train.classes()),
                        config.preprocess(),
                        Augmentation.NONE,
                        Loader.Options.sequential(256));
                var evaluation =
                        new Loader(test, config.preprocess(), Augmentation.NONE, Loader.Options.sequential(256))) {
            var trainer = new Trainer(
                    recipe, net, objective, Device.CPU, RunFolder.create(folder.path(), "probe"), List.of());
            try {
                trainer.run(batches, none, () -> false);
            } catch (DivergedException e) {
                throw e.withBatchOutside();
            }
            return new Evaluator(net, objective, Precision.FP32, Device.CPU)
                    .evaluate(evaluation)
                    .get("accuracy");
        }
    }

    /** The encoder below an untrained head, with its weights or random ones. */
    Module classifier(boolean pretrained) {
        ModelPackage.Config config = encoder.network().config();
        Module net = Models.create(
                encoder.classifier(), config.preprocess(), train.classes().size());
        net.state().initialize(Random.of(new Seed(1)));
        if (pretrained) {
            encoder.copyTo(net);
        }
        return net;
    }

    /** As many of each class as the share says of the mean class, at least one. */
    private Dataset few(double share, int draw) {
        int each = (int)
                Math.max(1, Math.round(share * train.size() / train.classes().size()));
        return Subset.few(new Splits(train, test, test, List.of()), each, DRAW + draw)
                .train();
    }

    private List<float[]> pixels(Dataset data) {
        return encoder.network().rows(data, x -> x.flatten(1, -1));
    }

    private static int[] labels(Dataset data) {
        return IntStream.range(0, data.size()).map(data::label).toArray();
    }
}
