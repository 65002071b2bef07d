package dev.fovea.run.gallery;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.metrics.NeighbourDistances;
import dev.fovea.models.ModelPackage;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.run.FeatureExtractor;
import dev.fovea.run.SavedNet;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Embeddings of length 1 by any network that is a function of images: of one that was trained for them its output, of others, such as
 * classifiers, the features before the head.
 */
public final class ImageEmbedder {

    private final FeatureExtractor features;
    private final String fingerprint;

    private ImageEmbedder(SavedNet net) {
        features = new FeatureExtractor(net);
        fingerprint = fingerprint(net);
    }

    /** @throws IllegalArgumentException if the network embeds no images, as that of a detector or of clips */
    public static ImageEmbedder of(SavedNet net) {
        ModelPackage.Config config = net.config();
        boolean embeds = config.architecture().network() == Layer.class
                || net.net() instanceof FeatureMaps maps && maps.hasMaps();
        if (!embeds || config.preprocess().frames().length() > 1) {
            throw new IllegalArgumentException(
                    "'%s', for %s, embeds no images. Expected a model for embedding, a classifier of images, or one that learned without labels"
                            .formatted(config.architecture(), config.task().type()));
        }
        return new ImageEmbedder(net);
    }

    /** The embedding of an image, length 1. */
    public float[] embed(Image image) {
        try (var use = features.network().reading()) {
            return finite(NeighbourDistances.unit(features.features(image)));
        }
    }

    /** The embeddings of all images of {@code data}, in their order. */
    public List<float[]> embed(Dataset data) {
        try (var use = features.network().reading()) {
            return features.features(data).stream()
                    .map(row -> finite(NeighbourDistances.unit(row)))
                    .toList();
        }
    }

    private static float[] finite(float[] row) {
        for (float value : row) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        "an embedding is %s, so the model is broken. Train it again, at a lower rate".formatted(value));
            }
        }
        return row;
    }

    /** What tells this network with its weights and its input from any other. */
    public String fingerprint() {
        return fingerprint;
    }

    private static String fingerprint(SavedNet net) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Preprocess shown = net.preprocess();
            update(
                    digest,
                    "%s %s %s %s %s %s"
                            .formatted(
                                    net.config().architecture().text(),
                                    shown.size(),
                                    shown.channels(),
                                    shown.resize(),
                                    shown.mean(),
                                    shown.std()));
            Module module = net.net();
            module.state().tensors().forEach((name, tensor) -> {
                update(digest, name);
                Tensor plain = tensor.detach().to(Device.CPU).contiguous();
                digest.update(plain.to(DType.FLOAT32).toBytes());
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
    }
}
