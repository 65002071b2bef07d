package dev.fovea.models;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Recurrent;
import dev.fovea.nn.Recurrent.Cell;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Sizes;
import java.util.ArrayList;
import java.util.List;

/**
 * A clip frame by frame: an image network turns each frame into features, a sequence reader reads these in order:
 * {@code
 * [N, C, T, H, W]} to logits {@code [N, classes]} (Donahue et al. 2014, <a
 * href="https://arxiv.org/abs/1411.4389">1411.4389</a>, with recurrent layers).
 */
public final class FrameSequence extends Net implements StreamingNet, SequenceNet {

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            clips(
                    "cnn-rnn",
                    new RnnConfig("cifar-cnn", true, 4, Cell.GRU, 128, 1, false, 0),
                    "https://arxiv.org/abs/1411.4389"),
            clips(
                    "cnn-transformer",
                    new TransformerConfig("cifar-cnn", true, 4, 128, 2, 4, 0),
                    "https://arxiv.org/abs/1706.03762"),
            clips("cnn-tcn", new TcnConfig("cifar-cnn", true, 4, 128, 3), "https://arxiv.org/abs/1803.01271"));

    private static ModelEntry clips(String name, NetConfig config, String paper) {
        return ModelEntry.row(name, config, paper).at(3, 32, 32).frames(16);
    }

    /**
     * By a recurrent network.
     *
     * @param backbone network of the frames
     * @param motion whether the difference from the previous frame is concatenated to its channels
     * @param pool side to which the last feature maps are pooled
     * @param hidden units of a layer
     * @param dropout between layers
     */
    record RnnConfig(
            String backbone,
            boolean motion,
            int pool,
            Cell cell,
            int hidden,
            int layers,
            boolean bidirectional,
            double dropout)
            implements NetConfig {

        RnnConfig {
            NetConfig.positive("pool", pool);
            NetConfig.positive("hidden", hidden);
            NetConfig.positive("layers", layers);
        }

        @Override
        public Module create(Shape images, int classes) {
            return of(
                    backbone,
                    new View(motion, pool),
                    images,
                    numbers -> new SequenceReader.RnnReader(
                            new Recurrent(cell, numbers, hidden, layers, bidirectional, dropout), bidirectional, 0),
                    classes);
        }
    }

    /**
     * By a transformer.
     *
     * @param backbone network of the frames
     * @param motion whether the difference from the previous frame is concatenated to its channels
     * @param pool side to which the last feature maps are pooled
     * @param width of the tokens
     * @param depth number of blocks
     * @param positions learned ones, or 0 for sinusoids
     */
    record TransformerConfig(String backbone, boolean motion, int pool, int width, int depth, int heads, int positions)
            implements NetConfig {

        TransformerConfig {
            NetConfig.positive("pool", pool);
            NetConfig.positive("width", width);
            NetConfig.positive("depth", depth);
            NetConfig.positive("heads", heads);
            NetConfig.range("positions", positions, 0, SequenceReader.MOST_STEPS);
        }

        @Override
        public Module create(Shape images, int classes) {
            return of(
                    backbone,
                    new View(motion, pool),
                    images,
                    numbers -> new SequenceReader.TransformerReader(numbers, width, depth, heads, positions),
                    classes);
        }
    }

    /**
     * By temporal convolutions.
     *
     * @param backbone network of the frames
     * @param motion whether the difference from the previous frame is concatenated to its channels
     * @param pool side to which the last feature maps are pooled
     * @param width channels
     * @param depth number of convolutions
     */
    record TcnConfig(String backbone, boolean motion, int pool, int width, int depth) implements NetConfig {

        TcnConfig {
            NetConfig.positive("pool", pool);
            NetConfig.positive("width", width);
            NetConfig.positive("depth", depth);
        }

        @Override
        public Module create(Shape images, int classes) {
            return of(
                    backbone,
                    new View(motion, pool),
                    images,
                    numbers -> new SequenceReader.TemporalConvReader(numbers, width, depth),
                    classes);
        }
    }

    private static FrameSequence of(String backbone, View view, Shape images, SequenceReader.Of reader, int classes) {
        return new FrameSequence(
                channels -> Models.create(backbone, Shape.of(channels, images.height(), images.width()), classes),
                view,
                images.channels(),
                images.height(),
                images.width(),
                reader,
                classes);
    }

    private final FeatureMaps backbone;
    private final View view;
    private final SequenceReader reader;
    private final Dense head;

    /**
     * The input of the backbone.
     *
     * @param motion whether the difference from the previous frame is concatenated to its channels, so that motion is
     * visible; it is 0 for the first frame
     * @param pool side to which the last feature maps are pooled; 1 discards positions within the frame
     */
    record View(boolean motion, int pool) {}

    /** Builds a backbone for frames of so many channels. */
    interface BackboneOf {
        Module sees(int channels);
    }

    /**
     * @param backbone whose last feature maps describe a frame; its head is not used
     * @param reads the sequence of frame features
     */
    FrameSequence(
            BackboneOf backbone,
            View view,
            int channels,
            int height,
            int width,
            SequenceReader.Of reader,
            int classes) {
        int seen = view.motion() ? 2 * channels : channels;
        if (!(backbone.sees(seen) instanceof FeatureMaps maps) || !maps.hasMaps()) {
            throw new IllegalArgumentException("backbone: has no convolutional maps; resnet18 and cifar-cnn have some");
        }
        maps.headNames().forEach(maps.state()::drop);
        this.backbone = add("backbone", maps);
        this.view = view;
        int numbers = Sizes.product(maps(maps, seen, height, width), view.pool(), view.pool());
        this.reader = add("reader", reader.numbers(numbers));
        head = add("head", new Dense(this.reader.width(), classes, true));
    }

    /** The network of the frames. */
    public FeatureMaps backbone() {
        return backbone;
    }

    private static int maps(FeatureMaps backbone, int channels, int height, int width) {
        backbone.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor nothing = Tensor.zeros(1, channels, height, width);
            return Math.toIntExact(
                    backbone.state().undrawn(() -> backbone.features(nothing).size(1)));
        } finally {
            backbone.state().train(true);
        }
    }

    @Override
    public Tensor steps(Tensor clips) {
        return clips.permute(0, 2, 1, 3, 4).flatten(2, 4);
    }

    @Override
    public Tensor apply(Tensor clips) { // (N, C, T, H, W)
        long count = clips.size(0);
        long steps = clips.size(2);
        Tensor inOrder = clips.permute(0, 2, 1, 3, 4); // (N, T, C, H, W)
        Tensor shown = view.motion() ? Tensor.cat(List.of(inOrder, moved(inOrder)), 2) : inOrder;
        Tensor frames = shown.reshape(count * steps, shown.size(2), shown.size(3), shown.size(4))
                .channelsLast();
        Tensor described = described(frames).reshape(count, steps, -1); // (N, T, D)
        return head.forward(reader.forward(described));
    }

    /** Each frame less the one before it, [N, T, C, H, W]; the first less itself. */
    private static Tensor moved(Tensor frames) {
        long steps = frames.size(1);
        Tensor before =
                steps == 1 ? frames : Tensor.cat(List.of(frames.narrow(1, 0, 1), frames.narrow(1, 0, steps - 1)), 1);
        return frames.sub(before);
    }

    private Tensor described(Tensor frames) {
        return backbone.features(frames)
                .adaptiveAvgPool2d(view.pool(), view.pool())
                .flatten(1, -1);
    }

    @Override
    public List<Tensor> start() {
        return reader.start();
    }

    /** With motion, the frame before stands first in the state. */
    @Override
    public Step step(Tensor frame, List<Tensor> state) {
        int own = view.motion() ? 1 : 0;
        Tensor shown = frame;
        if (view.motion()) {
            Tensor before = state.isEmpty() ? frame : state.get(0);
            shown = Tensor.cat(List.of(frame, frame.sub(before)), 1);
        }
        List<Tensor> remembered = state.isEmpty() ? reader.start() : state.subList(own, state.size());
        SequenceReader.Step step = reader.step(described(shown).unsqueeze(1), remembered);
        var next = new ArrayList<Tensor>();
        if (view.motion()) {
            next.add(frame);
        }
        next.addAll(step.state());
        return new Step(head.forward(step.output()), next);
    }
}
