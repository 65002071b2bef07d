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
import java.util.Optional;

/**
 * Residual networks whose norm and activation come before each convolution, so that nothing lies on the way of the sum (He
 * et al. 2016, <a href="https://arxiv.org/abs/1603.05027">1603.05027</a>), for images of 32x32 pixels; the wide ones
 * have fewer layers of more channels (Zagoruyko and Komodakis 2016, <a
 * href="https://arxiv.org/abs/1605.07146">1605.07146</a>).
 */
public final class PreActResNet extends Net implements FeatureMaps {

    private static final int MOST_STAGES = 6;
    private static final int MOST_UNITS = 1000;

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("preact_resnet18", new Config(List.of(2, 2, 2, 2), 64, 64, 0, 0), "https://arxiv.org/abs/1603.05027"),
            row("wrn_16_4", wide(16, 4), "https://arxiv.org/abs/1605.07146"),
            row("wrn_28_10", wide(28, 10), "https://arxiv.org/abs/1605.07146"));

    private static ModelEntry row(String name, Config config, String paper) {
        return ModelEntry.row(name, config, paper).at(3, 32, 32);
    }

    /** So many layers, so many times as wide as those of {@link CifarResNet}. */
    private static Config wide(int layers, int times) {
        int units = (layers - 4) / 6;
        return new Config(List.of(units, units, units), 16, 16 * times, 0, 0);
    }

    /**
     * Stages, each of half the size and twice the channels of the one before.
     *
     * @param depths units of each stage
     * @param stem channels of the first convolution
     * @param width channels of the first stage
     * @param dropout probability between the two convolutions of a unit
     * @param dropPath probability that the last unit leaves its branch out while training; the first has none
     */
    record Config(List<Integer> depths, int stem, int width, double dropout, double dropPath) implements NetConfig {

        Config {
            depths = List.copyOf(depths);
            NetConfig.range("depths", depths.size(), 1, MOST_STAGES);
            depths.forEach(depth -> NetConfig.range("depths", depth, 1, MOST_UNITS));
            NetConfig.positive("stem", stem);
            NetConfig.positive("width", width);
            NetConfig.probability("dropout", dropout);
            NetConfig.probability("dropPath", dropPath);
        }

        @Override
        public PreActResNet create(Shape images, int classes) {
            return new PreActResNet(this, images.channels(), classes);
        }
    }

    private final Conv2d stem;
    private final List<Layer> stages = new ArrayList<>();
    private final BatchNorm norm;
    private final Layer head;

    PreActResNet(Config config, int channels, int classes) {
        stem = add("conv1", conv(channels, config.stem(), 3, 1));
        int last = config.depths().stream().mapToInt(Integer::intValue).sum() - 1;
        int in = config.stem();
        int number = 0;
        for (int s = 0; s < config.depths().size(); s++) {
            int out = config.width() << s;
            var units = new ArrayList<Layer>();
            for (int i = 0; i < config.depths().get(s); i++) {
                double dropPath = config.dropPath() * number++ / Math.max(1, last);
                units.add(new Residual(in, out, i == 0 && s > 0 ? 2 : 1, config.dropout(), dropPath));
                in = out;
            }
            stages.add(add("layer" + (s + 1), new Sequential(units)));
        }
        norm = add("bn", batchNorm(in));
        head = add("fc", linear(in, classes));
        Init.HE_NORMAL_FAN_OUT.ofConvolutions(state());
    }

    @Override
    public Tensor features(Tensor x) {
        List<Tensor> stages = stages(x);
        return norm.forward(stages.get(stages.size() - 1)).relu();
    }

    /** From stride 1 on, each of half the size of the one before. */
    @Override
    public List<Tensor> stages(Tensor x) { // (N, C, H, W)
        return Trunk.outputs(stages, stem.forward(x));
    }

    @Override
    public Tensor head(Tensor features) {
        return head.forward(features.mean(2, 3)); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("fc");
    }

    /** {@code x + branch(x)}; where the shape changes, {@code project(relu(norm(x))) + branch(x)}. */
    private static final class Residual extends Net implements Layer {

        private final Layer norm1;
        private final Layer conv1;
        private final Layer norm2;
        private final Layer dropout;
        private final Layer conv2;
        private final Layer dropPath;
        private final Optional<Layer> shortcut;

        Residual(int in, int out, int stride, double dropout, double dropPath) {
            norm1 = add("bn1", batchNorm(in));
            conv1 = add("conv1", conv(in, out, 3, stride));
            norm2 = add("bn2", batchNorm(out));
            this.dropout = add("dropout", new Dropout(Dropout.Unit.ELEMENT, dropout));
            conv2 = add("conv2", conv(out, out, 3, 1));
            this.dropPath = add("dropPath", new Dropout(Dropout.Unit.SAMPLE, dropPath));
            shortcut = in == out && stride == 1
                    ? Optional.empty()
                    : Optional.of(add("shortcut", conv(in, out, 1, stride)));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor active = norm1.forward(x).relu();
            Tensor y = norm2.forward(conv1.forward(active)).relu();
            Tensor branch = dropPath.forward(conv2.forward(dropout.forward(y)));
            return branch.add(shortcut.map(project -> project.forward(active)).orElse(x));
        }
    }
}
