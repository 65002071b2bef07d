package dev.fovea.models;

import static dev.fovea.nn.Layers.batchNorm;
import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Init;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Residual networks for images of 32x32 pixels (He et al. 2015, <a href="https://arxiv.org/abs/1512.03385">1512.03385</a>,
 * section 4.2): three stages of 16, 32 and 64 channels, 6 units + 2 layers deep. A shortcut has no weights: where the size
 * changes it takes every second row and column, and zeros for the channels that are new.
 */
public final class CifarResNet extends Net implements FeatureMaps {

    private static final int STAGES = 3;
    private static final String PAPER = "https://arxiv.org/abs/1512.03385";

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(row(20), row(32), row(44), row(56), row(110));

    private static ModelEntry row(int layers) {
        return ModelEntry.row("cifar_resnet" + layers, new Config((layers - 2) / 6, 16, 0), PAPER)
                .at(3, 32, 32);
    }

    /**
     * Three stages.
     *
     * @param depth units of each stage
     * @param width channels of the first stage, an even number
     * @param dropPath probability that the last unit leaves its branch out while training; the first has none
     */
    record Config(int depth, int width, double dropPath) implements NetConfig {

        Config {
            NetConfig.positive("depth", depth);
            NetConfig.positive("width", width);
            NetConfig.probability("dropPath", dropPath);
            if (width % 2 != 0) {
                throw new IllegalArgumentException("option width must be an even number, got %s".formatted(width));
            }
        }

        @Override
        public CifarResNet create(Shape images, int classes) {
            return new CifarResNet(this, images.channels(), classes);
        }
    }

    private final Conv2d stem;
    private final BatchNorm norm;
    private final List<Layer> stages = new ArrayList<>();
    private final Layer head;

    CifarResNet(Config config, int channels, int classes) {
        stem = add("conv1", conv(channels, config.width(), 3, 1));
        norm = add("bn1", batchNorm(config.width()));
        int in = config.width();
        int last = STAGES * config.depth() - 1;
        for (int s = 0; s < STAGES; s++) {
            int out = config.width() << s;
            var units = new ArrayList<Layer>();
            for (int i = 0; i < config.depth(); i++) {
                double dropped = config.dropPath() * (s * config.depth() + i) / Math.max(1, last);
                units.add(new Residual(in, out, i == 0 && s > 0 ? 2 : 1, dropped));
                in = out;
            }
            stages.add(add("layer" + (s + 1), new Sequential(units)));
        }
        head = add("linear", linear(in, classes));
        Init.HE_NORMAL.everywhere(state());
    }

    @Override
    public Tensor features(Tensor x) {
        return stages(x).get(STAGES - 1); // (N, 4 width, H/4, W/4)
    }

    /** At strides 1, 2 and 4. */
    @Override
    public List<Tensor> stages(Tensor x) { // (N, C, H, W)
        return Trunk.outputs(stages, norm.forward(stem.forward(x)).relu());
    }

    @Override
    public Tensor head(Tensor features) {
        return head.forward(features.mean(2, 3)); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("linear");
    }

    /** {@code relu(branch(x) + shortcut(x))}. */
    private static final class Residual extends Net implements Layer {

        private final int added;
        private final boolean halves;
        private final Layer conv1;
        private final Layer norm1;
        private final Layer conv2;
        private final Layer norm2;
        private final Layer drop;

        Residual(int in, int out, int stride, double dropPath) {
            added = out - in;
            halves = stride == 2;
            conv1 = add("conv1", conv(in, out, 3, stride));
            norm1 = add("bn1", batchNorm(out));
            conv2 = add("conv2", conv(out, out, 3, 1));
            norm2 = add("bn2", batchNorm(out));
            drop = add("drop", new Dropout(Dropout.Unit.SAMPLE, dropPath));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = norm1.forward(conv1.forward(x)).relu();
            return drop.forward(norm2.forward(conv2.forward(y)))
                    .add(shortcut(x))
                    .relu();
        }

        private Tensor shortcut(Tensor x) {
            if (added == 0 && !halves) {
                return x;
            }
            Tensor few = halves ? x.maxPool2d(1, 2, 0, false) : x; // of windows of one pixel: every second
            return few.padChannels(added / 2, added - added / 2);
        }
    }
}
