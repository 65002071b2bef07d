package dev.fovea.models;

import static dev.fovea.nn.Layers.batchNorm;
import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv3d;
import dev.fovea.nn.Conv3d.Triple;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Relu;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Residual networks over clips (Tran et al. 2017, <a href="https://arxiv.org/abs/1711.11248">1711.11248</a>): R3D with
 * cubes, R(2+1)D with each cube split into a square over space and a line over time. Names and counts are torchvision's.
 */
public final class VideoResNet extends Net implements Layer {

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(video("r3d18", Unit.CUBE), video("r2plus1d18", Unit.SPLIT));

    private static ModelEntry video(String name, Unit unit) {
        return ModelEntry.row(name, new Config(unit), "https://arxiv.org/abs/1711.11248")
                .at(3, 112, 112)
                .frames(16)
                .classes(400);
    }

    /** @param unit of its residual blocks */
    record Config(Unit unit) implements NetConfig {

        @Override
        public Module create(Shape images, int classes) {
            return new VideoResNet(unit, images.channels(), classes);
        }
    }

    private static final int STAGES = 4;

    /** How a cube is convolved. */
    enum Unit {
        CUBE {
            @Override
            Layer conv(int in, int out, int middle, int stride) {
                return Conv3d.cube(in, out, stride);
            }

            @Override
            Layer stem(int channels) {
                return new Sequential(List.of(
                        new Conv3d(channels, 64, Triple.of(3, 7), Triple.of(1, 2), Triple.of(1, 3)),
                        batchNorm(64),
                        new Relu()));
            }
        },
        SPLIT {
            @Override
            Layer conv(int in, int out, int middle, int stride) {
                return new Sequential(List.of(
                        new Conv3d(in, middle, Triple.of(1, 3), Triple.of(1, stride), Triple.of(0, 1)),
                        batchNorm(middle),
                        new Relu(),
                        new Conv3d(middle, out, Triple.of(3, 1), Triple.of(stride, 1), Triple.of(1, 0))));
            }

            @Override
            Layer stem(int channels) {
                return new Sequential(List.of(
                        new Conv3d(channels, 45, Triple.of(1, 7), Triple.of(1, 2), Triple.of(0, 3)),
                        batchNorm(45),
                        new Relu(),
                        new Conv3d(45, 64, Triple.of(3, 1), Triple.of(1, 1), Triple.of(1, 0)),
                        batchNorm(64),
                        new Relu()));
            }
        };

        /** @param middle channels between square and line, so that the split has as many weights as the cube */
        abstract Layer conv(int in, int out, int middle, int stride);

        abstract Layer stem(int channels);
    }

    private final Layer stem;
    private final List<Layer> stages = new ArrayList<>();
    private final Layer head;

    /** Two blocks to a stage: 18 layers. */
    VideoResNet(Unit unit, int channels, int classes) {
        stem = add("stem", unit.stem(channels));
        int in = 64;
        for (int s = 0; s < STAGES; s++) {
            int out = 64 << s;
            stages.add(add(
                    "layer" + (s + 1),
                    new Sequential(
                            List.of(new Residual(unit, in, out, s == 0 ? 1 : 2), new Residual(unit, out, out, 1)))));
            in = out;
        }
        head = add("fc", linear(in, classes));
    }

    @Override
    public Tensor apply(Tensor clips) { // (N, C, T, H, W)
        Tensor y = stem.forward(clips); // (N, 64, T, H/2, W/2)
        for (Layer stage : stages) {
            y = stage.forward(y); // halves T, H and W from stage 2 on
        }
        return head.forward(y.mean(2, 3, 4)); // (N, classes), logits
    }

    private static final class Residual extends Net implements Layer {

        private final Layer conv1;
        private final Layer conv2;
        private final Layer shortcut;

        Residual(Unit unit, int in, int out, int stride) {
            int middle = (int) ((long) in * out * 27 / (in * 9L + 3L * out));
            conv1 = add(
                    "conv1", new Sequential(List.of(unit.conv(in, out, middle, stride), batchNorm(out), new Relu())));
            conv2 = add("conv2", new Sequential(List.of(unit.conv(out, out, middle, 1), batchNorm(out))));
            shortcut = in == out && stride == 1
                    ? null
                    : add(
                            "downsample",
                            new Sequential(List.of(
                                    new Conv3d(in, out, Triple.of(1, 1), Triple.of(stride, stride), Triple.of(0, 0)),
                                    batchNorm(out))));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = conv2.forward(conv1.forward(x));
            return y.add(shortcut == null ? x : shortcut.forward(x)).relu();
        }
    }
}
