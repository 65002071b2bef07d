package dev.fovea.run;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.data.FrameSampling;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.explain.Explainer;
import dev.fovea.explain.Explainers;
import dev.fovea.image.Image;
import dev.fovea.nn.Layer;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * What a saved network gives for images or clips, as numbers: one for each of its outputs. For tasks whose network is a
 * function of images. Any number of threads may ask at once; explanations have the network for themselves.
 */
public final class NetOutputs {

    /** More at once make no image faster, and take memory. */
    private static final int AT_ONCE = 32;

    private final Inference inference;
    private final UnaryOperator<Tensor> last;
    private final UnaryOperator<Layer> views;
    private final SavedNet network;

    /**
     * In float32.
     *
     * @param last from the network's outputs [N, K] to the numbers that are wanted, such as probabilities
     */
    public NetOutputs(SavedNet network, UnaryOperator<Tensor> last) {
        this(new Inference(network, Inference.Outputs.NUMBERS), last);
    }

    /**
     * Computed in a way of its own.
     *
     * @param last from the network's outputs [N, K] to the numbers that are wanted, such as probabilities
     */
    public NetOutputs(Inference inference, UnaryOperator<Tensor> last) {
        this(inference, last, UnaryOperator.identity());
    }

    private NetOutputs(Inference inference, UnaryOperator<Tensor> last, UnaryOperator<Layer> views) {
        this.inference = inference;
        this.last = last;
        this.views = views;
        network = inference.network();
    }

    public NetOutputs with(Precision value) {
        return new NetOutputs(inference.with(value), last, views);
    }

    /** The same by another runtime; see {@link Inference#with(String)}. */
    public NetOutputs with(String backend) {
        return new NetOutputs(inference.with(backend), last, views);
    }

    /** The same where what {@code value} makes of the network answers in its place, such as its mean over several views of an image. */
    public NetOutputs over(UnaryOperator<Layer> value) {
        return new NetOutputs(inference, last, value);
    }

    public Inference inference() {
        return inference;
    }

    public SavedNet network() {
        return network;
    }

    /** Whether the network is for clips of several frames. */
    public boolean clips() {
        return frames() > 1;
    }

    private int frames() {
        return network.preprocess().frames().length();
    }

    /** As the network takes it: in its size, frames of a clip one below the other. */
    public Image prepared(Path path) {
        return clips() ? network.preprocess().apply(Data.clip(path)) : prepared(Image.read(path));
    }

    /** Image or clip {@code index} of {@code data}. */
    public Image prepared(Dataset data, int index) {
        return network.preprocess().apply(data, index);
    }

    /** @throws IllegalArgumentException if the network is for clips */
    public Image prepared(Image image) {
        if (clips()) {
            throw new IllegalArgumentException("predict: '%s' is for clips of %s frames, got an image"
                    .formatted(network.config().architecture(), frames()));
        }
        return network.preprocess().apply(image);
    }

    /** The same with its size before. */
    public Predictor.Prepared prepare(Image image) {
        return new Predictor.Prepared(prepared(image), image.size());
    }

    /** The numbers of several of them, a row each. */
    public List<float[]> ofPrepared(List<Predictor.Prepared> images) {
        return of(images.stream().map(Predictor.Prepared::seen).toList());
    }

    /**
     * The numbers of a prepared image.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    public float[] of(Image seen) {
        return of(List.of(seen)).get(0);
    }

    /**
     * The numbers of several prepared images, a row each; the network is shown up to 32 at once.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    public List<float[]> of(List<Image> seen) {
        var rows = new ArrayList<float[]>();
        for (int from = 0; from < seen.size(); from += AT_ONCE) {
            rows.addAll(atOnce(seen.subList(from, Math.min(seen.size(), from + AT_ONCE))));
        }
        return rows;
    }

    private List<float[]> atOnce(List<Image> seen) {
        float[] all;
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Layer answering = views.apply(inference.layer());
            all = finite(last.apply(answering.forward(network.normalized(seen))).toFloats());
        }
        int width = all.length / seen.size();
        return IntStream.range(0, seen.size())
                .mapToObj(i -> Arrays.copyOfRange(all, i * width, (i + 1) * width))
                .toList();
    }

    /**
     * The numbers of all images of {@code data}, a row each, computed in float32 whatever the network was trained in: the
     * same weights and data have the same metrics everywhere.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    public List<float[]> of(Dataset data) {
        Layer answering = views.apply(network.layer());
        try (var use = network.reading()) {
            List<float[]> rows = network.rows(data, images -> last.apply(answering.forward(images)));
            rows.forEach(NetOutputs::finite);
            return rows;
        }
    }

    /** Weights that are all finite can still be so large that what comes of them is not. */
    private static float[] finite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        "the network's output is %s, so the model is broken. Train it again, at a lower rate"
                                .formatted(value));
            }
        }
        return values;
    }

    /**
     * Which parts of a prepared image, or which frames of a clip, output {@code index} depends on.
     *
     * @param method such as {@code grad-cam}, empty for the default
     * @return of an image values from 0 to 1, [rows][columns]; of a clip one row with a number for each frame
     * @throws IllegalArgumentException if the method is unknown, or this network cannot be explained so
     */
    public float[][] explain(Image seen, String method, int index) {
        return explain(seen, method, index, ProgressWatch.NONE);
    }

    /** The same, watched. */
    public float[][] explain(Image seen, String method, int index, ProgressWatch watch) {
        try (var use = network.alone()) {
            return Explainers.of(method, network.layer(), clips())
                    .explain(network.layer(), network.normalized(seen), index, watch::at);
        }
    }

    /**
     * The method of that word, or the default.
     *
     * @throws IllegalArgumentException if there is none, it explains something else, or the network lacks what it needs
     */
    public String method(String word) {
        return Explainers.of(word, network.layer(), clips()).word();
    }

    /** The methods that can explain this network, the default first. */
    public List<String> methods() {
        return Explainers.fitting(network.layer(), clips()).stream()
                .map(Explainer::word)
                .toList();
    }

    /** A prepared image for people; of a clip a strip of its frames. */
    public BufferedImage shown(Image seen) {
        return clips()
                ? FrameSampling.strip(FrameSampling.unstacked(seen, frames())).toBufferedImage()
                : seen.toBufferedImage();
    }
}
