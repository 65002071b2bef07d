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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /**
     * All methods at all shares: a linear classifier and nearest neighbours on the codes, a linear classifier on raw
     * pixels and on as many principal components of them (of all training pictures, labels unseen), the encoder trained
     * on from its weights, and the same network trained from random ones.
     *
     * @param shares of the training labels, such as 0.01
     */
    public List<Row> run(List<Double> shares) {
        List<float[]> codes = autoencoder.encode(test);
        List<float[]> pixels = pixels(test);
        int[] truth = labels(test);
        var basis = PrincipalComponents.of(pixels(Subset.evenly(train, BASIS)), codes.get(0).length);
        List<float[]> components = floats(basis.project(pixels));
        var rows = new ArrayList<Row>();
        for (String method : METHODS) {
            rows.add(new Row(method, new java.util.TreeMap<>()));
        }
        for (double share : shares) {
            Dataset few = few(share);
            int[] given = labels(few);
            int classes = train.classes().size();
            List<float[]> ownCodes = autoencoder.encode(few);
            List<float[]> ownPixels = pixels(few);
            List<Double> accuracy = List.of(
                    LinearProbe.fit(ownCodes, given, classes).accuracy(codes, truth),
                    new NearestNeighbours(ownCodes, given, classes).accuracy(codes, truth),
                    LinearProbe.fit(ownPixels, given, classes).accuracy(pixels, truth),
                    LinearProbe.fit(floats(basis.project(ownPixels)), given, classes)
                            .accuracy(components, truth),
                    trained(few, true),
                    trained(few, false));
            for (int i = 0; i < accuracy.size(); i++) {
                rows.get(i).accuracy().put(share, accuracy.get(i));
            }
        }
        return rows;
    }

    private static final List<String> METHODS = List.of(
            "codes, linear",
            "codes, 5 nearest neighbours",
            "raw pixels, linear",
            "principal components, linear",
            "encoder trained on",
            "same network from random weights");

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
