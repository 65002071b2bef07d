package dev.fovea.task;

import dev.fovea.data.Augment;
import dev.fovea.data.Dataset;
import dev.fovea.data.Loader;
import dev.fovea.data.Splits;
import dev.fovea.engine.Device;
import dev.fovea.engine.Seed;
import dev.fovea.metrics.LinearProbe;
import dev.fovea.metrics.NearestNeighbours;
import dev.fovea.metrics.PrincipalComponents;
import dev.fovea.models.EncoderClassifier;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Weights;
import dev.fovea.train.Classification;
import dev.fovea.train.Pixels;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import dev.fovea.train.Trainer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What the codes of an autoencoder, which never saw a label, are worth for recognition: accuracy on test pictures of
 * classifiers that are given the labels of a few training pictures.
 */
public final class Probe {

    private static final int BASIS = 10_000;
    private static final int EPOCHS = 40;
    private static final long DRAW = 11;

    /**
     * One row of the comparison.
     *
     * @param method what was learned from
     * @param accuracy on the test pictures, by the share of labels that were given
     */
    public record Row(String method, Map<Double, Double> accuracy) {}

    private final Autoencoder autoencoder;
    private final Dataset train;
    private final Dataset test;

    /**
     * @param train pictures whose labels are given in part
     * @param test pictures to judge on
     */
    public Probe(Autoencoder autoencoder, Dataset train, Dataset test) {
        this.autoencoder = autoencoder;
        this.train = train;
        this.test = test;
    }

    /** A way to describe pictures, and the test pictures described. */
    private record Described(String name, Function<Dataset, List<float[]>> of, List<float[]> test) {}

    /**
     * All methods at all shares: a linear classifier and nearest neighbours, each on the codes, on raw pixels and on as
     * many principal components of them (of all training pictures, labels unseen), the encoder trained on from its
     * weights, and the same network trained from random ones.
     *
     * @param shares of the training labels, such as 0.01
     */
    public List<Row> run(List<Double> shares) {
        List<Described> ways = ways();
        int[] truth = labels(test);
        int classes = train.classes().size();
        var rows = new LinkedHashMap<String, Map<Double, Double>>();
        for (double share : shares) {
            Dataset few = few(share);
            int[] given = labels(few);
            for (Described way : ways) {
                List<float[]> known = way.of().apply(few);
                put(
                        rows,
                        way.name() + ", linear",
                        share,
                        LinearProbe.fit(known, given, classes).accuracy(way.test(), truth));
                put(
                        rows,
                        way.name() + ", 5 nearest neighbours",
                        share,
                        new NearestNeighbours(known, given, classes).accuracy(way.test(), truth));
            }
            put(rows, "encoder trained on", share, trained(few, true));
            put(rows, "same network from random weights", share, trained(few, false));
        }
        return rows.entrySet().stream()
                .map(row -> new Row(row.getKey(), row.getValue()))
                .toList();
    }

    private static void put(Map<String, Map<Double, Double>> rows, String method, double share, double accuracy) {
        rows.computeIfAbsent(method, m -> new TreeMap<>()).put(share, accuracy);
    }

    private List<Described> ways() {
        List<float[]> codes = autoencoder.encode(test);
        List<float[]> pixels = pixels(test);
        var basis = PrincipalComponents.of(pixels(Subset.evenly(train, BASIS)), codes.get(0).length);
        return List.of(
                new Described("codes", autoencoder::encode, codes),
                new Described("raw pixels", this::pixels, pixels),
                new Described(
                        "principal components",
                        data -> floats(basis.project(pixels(data))),
                        floats(basis.project(pixels))));
    }

    /** Accuracy of encoder and head trained together on a few pictures. */
    private double trained(Dataset few, boolean pretrained) {
        ModelPackage.Config config = autoencoder.config();
        new Seed(1).apply();
        Layer net = Models.create(
                "encoder(" + config.architecture() + "), dense classes",
                config.preprocess(),
                train.classes().size());
        if (pretrained) {
            Weights.load(
                    autoencoder.network().net().state().tensors(),
                    ((EncoderClassifier) net).coding().state());
        }
        var recipe =
                Recipe.classification(config.architecture()).withEpochs(EPOCHS).withBatch(32);
        var objective = new Classification(train.classes(), recipe.loss(), new Pixels(config.preprocess(), Device.CPU));
        try (var folder = TemporaryFolder.create();
                var batches =
                        new Loader(few, config.preprocess(), Augment.none(), Loader.Options.training(32, 1, false));
                var none = new Loader(
                        Dataset.empty(train.classes()),
                        config.preprocess(),
                        Augment.none(),
                        Loader.Options.sequential(256));
                var judged = new Loader(test, config.preprocess(), Augment.none(), Loader.Options.sequential(256))) {
            var trainer = new Trainer(
                    recipe, net, objective, Device.CPU, RunFolder.create(folder.path(), "probe"), List.of());
            trainer.run(batches, none, () -> false);
            return Trainer.evaluate(net, objective, judged, dev.fovea.engine.Precision.FP32, Device.CPU)
                    .get("accuracy");
        }
    }

    /** As many of each class as the share says of the mean class, at least one. */
    private Dataset few(double share) {
        int each = (int)
                Math.max(1, Math.round(share * train.size() / train.classes().size()));
        return Subset.few(new Splits(train, test, test, List.of()), each, DRAW).train();
    }

    private List<float[]> pixels(Dataset data) {
        return autoencoder.network().rows(data, x -> x.flatten(1, -1));
    }

    private static int[] labels(Dataset data) {
        return IntStream.range(0, data.size()).map(data::label).toArray();
    }

    private static List<float[]> floats(List<double[]> rows) {
        return rows.stream()
                .map(row -> {
                    float[] out = new float[row.length];
                    for (int i = 0; i < out.length; i++) {
                        out[i] = (float) row[i];
                    }
                    return out;
                })
                .toList();
    }
}
