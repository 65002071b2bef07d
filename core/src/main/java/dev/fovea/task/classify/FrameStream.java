package dev.fovea.task.classify;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.StreamingNet;
import dev.fovea.run.SavedNet;
import java.util.ArrayList;
import java.util.List;

/**
 * Predictions frame by frame; after its last frame the prediction is that for the whole clip.
 *
 * <pre>{@code
 * var stream = classifier.stream();
 * camera.frames().forEach(frame -> show(stream.next(frame)));
 * }</pre>
 */
public final class FrameStream {

    private static final int TOP = 5;

    private final SavedNet network;
    private final StreamingNet net;
    private final List<String> classes;
    private final double temperature;
    private List<float[]> values = new ArrayList<>();
    private List<long[]> shapes = new ArrayList<>();
    private int frames;

    FrameStream(SavedNet network, StreamingNet net, List<String> classes, double temperature) {
        this.network = network;
        this.net = net;
        this.classes = classes;
        this.temperature = temperature;
        net.start();
    }

    /** The prediction after one frame more. */
    public Prediction next(Image frame) {
        var seen = network.model().config().preprocess().apply(frame);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            List<Tensor> state = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                state.add(Tensor.of(values.get(i), shapes.get(i)).to(network.device()));
            }
            StreamingNet.Step step = net.step(network.still(seen), frames == 0 ? net.start() : state);
            values = new ArrayList<>();
            shapes = new ArrayList<>();
            for (Tensor part : step.state()) {
                values.add(part.toFloats());
                shapes.add(part.shape());
            }
            frames++;
            float[] shares = Prediction.finite(
                    step.logits().mul(1 / temperature).softmax(1).toFloats());
            return Prediction.of(classes, shares, Math.min(TOP, classes.size()));
        }
    }

    /** How many frames it was given. */
    public int frames() {
        return frames;
    }

    /** Forgets the clip; the next frame is the first of another. */
    public void restart() {
        values = new ArrayList<>();
        shapes = new ArrayList<>();
        frames = 0;
    }
}
