package dev.fovea.models;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import java.util.List;

/**
 * A clip frame by frame: a network for pictures turns each frame into numbers, another reads these in their order: {@code
 * [N, C, T, H, W]} to logits {@code [N, classes]} (Donahue et al. 2014, <a
 * href="https://arxiv.org/abs/1411.4389">1411.4389</a>, with recurrent layers).
 */
public final class FrameSequence extends Net implements Streaming, Stepping {

    private final FeatureMaps backbone;
    private final int pool;
    private final SequenceReader reader;
    private final Dense head;

    /** Reads sequences of steps of so many numbers. */
    interface ReaderOf {
        SequenceReader reads(int numbers);
    }

    /**
     * @param backbone whose last maps describe a frame; its head is not used
     * @param pool each map is brought to this side; 1 forgets where in the frame things are
     * @param reader of what describes the frames
     */
    FrameSequence(Layer backbone, int pool, int channels, int height, int width, ReaderOf reader, int classes) {
        if (!(backbone instanceof FeatureMaps maps)) {
            throw new IllegalArgumentException("backbone: has no convolutional maps; resnet18 and cifar-cnn have some");
        }
        maps.headNames().forEach(maps.state()::drop);
        this.backbone = add("backbone", maps);
        this.pool = pool;
        this.reader = add("reader", reader.reads(maps(maps, channels, height, width) * pool * pool));
        head = add("head", new Dense(this.reader.width(), classes, true));
    }

    /** The network that sees the frames. */
    public FeatureMaps backbone() {
        return backbone;
    }

    private static int maps(FeatureMaps backbone, int channels, int height, int width) {
        backbone.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            return (int)
                    backbone.features(Tensor.zeros(1, channels, height, width)).size(1);
        } finally {
            backbone.state().train(true);
        }
    }

    @Override
    public Tensor steps(Tensor clips) {
        return clips.permute(0, 2, 1, 3, 4).flatten(2, 4);
    }

    @Override
    public Tensor forward(Tensor clips) { // (N, C, T, H, W)
        long count = clips.size(0);
        long steps = clips.size(2);
        Tensor frames = clips.permute(0, 2, 1, 3, 4)
                .reshape(count * steps, clips.size(1), clips.size(3), clips.size(4))
                .channelsLast();
        Tensor described = described(frames).reshape(count, steps, -1); // (N, T, D)
        return head.forward(reader.read(described));
    }

    private Tensor described(Tensor frames) {
        return backbone.features(frames).adaptiveAvgPool2d(pool, pool).flatten(1, -1);
    }

    @Override
    public List<Tensor> start() {
        return reader.start();
    }

    @Override
    public Step step(Tensor frame, List<Tensor> state) {
        SequenceReader.Step step = reader.step(described(frame).unsqueeze(1), state);
        return new Step(head.forward(step.output()), step.state());
    }
}
