package dev.fovea.models;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
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
