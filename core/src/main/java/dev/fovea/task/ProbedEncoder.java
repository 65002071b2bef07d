package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.models.EncoderClassifier;
import dev.fovea.models.Pretrained;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.nn.Weights;
import dev.fovea.run.FeatureExtractor;
import dev.fovea.run.SavedNet;
import dev.fovea.task.autoencode.Autoencoder;
import java.nio.file.Path;
import java.util.List;

/** A network that was trained without labels, as a probe looks at it. */
public interface ProbedEncoder {

    /** What it is and what it is shown. */
    SavedNet network();

    /** What it makes of each image: the code of an autoencoder, the features of another network before its head. */
    List<float[]> encode(Dataset data);

    /** The text of the architecture of a classifier on it. */
    String classifier();

    /** Gives a classifier of {@link #classifier()} the weights of this network, its head left as it is. */
    void copyTo(Module classifier);

    /**
     * Reads the model of a run or package.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if it is neither an autoencoder nor a network whose head can be left out
     */
    static ProbedEncoder load(Path path, String device) {
        return SavedNet.config(path).architecture().network() == Layer.class
                ? of(SavedNet.load(path, device))
                : of(Autoencoder.load(path, device));
    }

    /** The encoder of an autoencoder. */
    static ProbedEncoder of(Autoencoder autoencoder) {
        return new ProbedEncoder() {
            @Override
            public SavedNet network() {
                return autoencoder.network();
            }

            @Override
            public List<float[]> encode(Dataset data) {
                return autoencoder.encode(data);
            }

            @Override
            public String classifier() {
                return "encoder(" + autoencoder.config().architecture().text() + "), dense classes";
            }

            @Override
            public void copyTo(Module classifier) {
                Weights.load(
                        network().net().state().tensors(),
                        ((EncoderClassifier) classifier).autoencoder().state());
            }
        };
    }

    /** A network that ends in a head. */
    static ProbedEncoder of(SavedNet net) {
        return new ProbedEncoder() {
            @Override
            public SavedNet network() {
                return net;
            }

            @Override
            public List<float[]> encode(Dataset data) {
                return new FeatureExtractor(net).features(data);
            }

            @Override
            public String classifier() {
                return net.config().architecture().text();
            }

            @Override
            public void copyTo(Module classifier) {
                Pretrained.copy(net.net(), classifier);
            }
        };
    }
}
