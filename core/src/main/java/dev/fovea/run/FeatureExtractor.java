package dev.fovea.run;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.Architecture;
import dev.fovea.models.ModelEntry;
import dev.fovea.models.ModelFormat;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.Pretrained;
import dev.fovea.models.Provenance;
import dev.fovea.models.TaskConfig;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The features of images in a trained classifier, by which sets of images are compared. */
public record FeatureExtractor(SavedNet network) {

    private static final String INCEPTION = "inception_v3";
    /** Images after which whoever watches is told. */
    private static final int WATCHED = 256;

    private static final String LAST_HEAD = INCEPTION + " auxiliary=false";

    /**
     * A run or model package of a classifier, or a safetensors file with torchvision's weights of Inception v3.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is none of them
     */
    public static FeatureExtractor load(Path path, String device) {
        if (Files.isRegularFile(path) && !ModelFormat.isFile(path)) {
            return inception(path, device);
        }
        ModelPackage.Config config = SavedNet.config(path);
        if (config.architecture().network() != Layer.class) {
            throw new IllegalArgumentException("%s: a model for %s, expected a classifier"
                    .formatted(SavedNet.folder(path), config.task().type()));
        }
        return new FeatureExtractor(SavedNet.load(path, device));
    }

    /**
     * Inception v3 with the weights of a file: torchvision's, which are not part of this library. It has features, but its
     * classes have no names here. Published FID figures mostly come from another training of this network, TensorFlow's of
     * 2015, and cannot be compared with what these weights give.
     *
     * @param weights a safetensors file with torchvision's tensor names
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if the file is damaged or of another network
     */
    public static FeatureExtractor inception(Path weights, String device) {
        ModelEntry entry = Models.get(INCEPTION);
        ModelEntry.Input input = entry.input();
        Module net = Models.create(LAST_HEAD, input.channels(), input.height(), input.width(), input.classes());
        Pretrained.load(weights, net);
        var half = List.of(0.5, 0.5, 0.5);
        var config = new ModelPackage.Config(
                new TaskConfig("features", Map.of()),
                Architecture.of(LAST_HEAD),
                List.of(),
                Preprocess.of(
                                entry.input().height(),
                                entry.input().width(),
                                entry.input().channels())
                        .withNormalization(half, half),
                Loss.crossEntropy(),
                Provenance.ofWeights(String.valueOf(weights.getFileName())));
        return new FeatureExtractor(new SavedNet(new ModelPackage(config, net), Device.of(device)));
    }

    /** The classes it can tell, in the order of its outputs; none if they have no names. */
    public List<String> classes() {
        return network.config().classes();
    }

    /** What the features are of, as it stands beside every figure made with them. */
    public String name() {
        String name = network.config().architecture().text();
        return hasMaps() ? name : name + " (logits)";
    }

    /** Whether these are those of Inception v3 with published weights, so that a Fréchet distance of them is an FID. */
    public boolean isInception() {
        return classes().isEmpty() && network.config().architecture().text().equals(INCEPTION);
    }

    /** The last feature maps of each image, each as its mean; of a network without such maps its logits. */
    public List<float[]> features(Dataset data) {
        return network.net() instanceof FeatureMaps maps && maps.hasMaps()
                ? network.rows(data, maps::embedding)
                : logits(data);
    }

    /** The same, watched. */
    public List<float[]> features(Dataset data, ProgressWatch progress) {
        var features = new ArrayList<float[]>(data.size());
        for (int from = 0; from < data.size(); from += WATCHED) {
            progress.at(from, data.size());
            features.addAll(features(data.subset(
                    IntStream.range(from, Math.min(from + WATCHED, data.size())).toArray())));
        }
        progress.at(data.size(), data.size());
        return features;
    }

    /** The same of one image. */
    public float[] features(Image image) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor seen = network.normalized(network.preprocess().apply(image));
            Tensor features = network.net() instanceof FeatureMaps maps && maps.hasMaps()
                    ? maps.embedding(seen)
                    : network.layer().forward(seen);
            return features.toFloats();
        }
    }

    /** The logits of each image. */
    public List<float[]> logits(Dataset data) {
        return network.rows(data, network.layer()::forward);
    }

    private boolean hasMaps() {
        return network.net() instanceof FeatureMaps maps && maps.hasMaps();
    }
}
