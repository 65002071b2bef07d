package dev.fovea.models;

import static dev.fovea.nn.Layers.batchNorm;
import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Init;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Residual networks (He et al. 2015, <a href="https://arxiv.org/abs/1512.03385">1512.03385</a>, table 1).
 *
 * <p>Names and counts are torchvision's, so that its weights load; the bottleneck's stride is on its 3x3
 * convolution, as there.
 */
public final class ResNet extends Net implements FeatureMaps {

    private static final String PAPER = "https://arxiv.org/abs/1512.03385";

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            imageNet("resnet18", Unit.BASIC, 2, 2, 2, 2),
            imageNet("resnet34", Unit.BASIC, 3, 4, 6, 3),
            imageNet("resnet50", Unit.BOTTLENECK, 3, 4, 6, 3));

    private static ModelEntry imageNet(String name, Unit unit, Integer... depths) {
        return ModelEntry.row(name, new Config(unit, List.of(depths), 64), PAPER)
                .at(3, 224, 224)
                .classes(1000);
    }

    /** The residual branch: its convolutions, each followed by a norm. */
    public enum Unit {
        BASIC(1) {
            @Override
            List<Layer> convs(int in, int mid, int stride) {
                return List.of(conv(in, mid, 3, stride), conv(mid, mid, 3, 1));
            }
        },
        BOTTLENECK(4) {
            @Override
            List<Layer> convs(int in, int mid, int stride) {
                return List.of(conv(in, mid, 1, 1), conv(mid, mid, 3, stride), conv(mid, 4 * mid, 1, 1));
            }
        };

        private final int expansion;

        Unit(int expansion) {
            this.expansion = expansion;
        }

        abstract List<Layer> convs(int in, int mid, int stride);
    }

    /**
     * Four stages of {@code depths} units; stage {@code s} works at {@code width 2^s} channels.
     *
     * @param unit of the stages
     * @param depths units of each stage
     * @param width channels of the first stage
     */
    public record Config(Unit unit, List<Integer> depths, int width) implements NetConfig {

        private static final int DEEPEST = 1000;

        public Config {
            depths = List.copyOf(depths);
            if (depths.size() != 4) {
                throw new IllegalArgumentException("ResNet: depths must be four numbers, got depths=" + depths);
            }
            depths.forEach(depth -> NetConfig.range("depths", depth, 1, DEEPEST));
            NetConfig.positive("width", width);
        }

        @Override
        public ResNet create(Shape images, int classes) {
            return new ResNet(this, images.channels(), classes);
        }
    }

    private final Layer stem;
    private final Layer norm;
    private final List<Layer> stages = new ArrayList<>();
    private final Layer head;

    /** @param channels of the images */
    public ResNet(Config config, int channels, int classes) {
        stem = add("conv1", conv(channels, config.width(), 7, 2));
        norm = add("bn1", batchNorm(config.width()));
        int in = config.width();
        for (int s = 0; s < 4; s++) {
            int mid = config.width() << s;
            var units = new ArrayList<Layer>();
            for (int i = 0; i < config.depths().get(s); i++) {
                units.add(new Residual(config.unit(), in, mid, i == 0 && s > 0 ? 2 : 1));
                in = mid * config.unit().expansion;
            }
            stages.add(add("layer" + (s + 1), new Sequential(units)));
        }
        Init.HE_NORMAL_FAN_OUT.ofConvolutions(state());
        head = add("fc", linear(in, classes));
    }

    @Override
    public Tensor features(Tensor x) {
        return stages(x).get(stages.size() - 1); // (N, 8 width expansion, H/32, W/32)
    }

    @Override
    public List<Tensor> stages(Tensor x) { // (N, C, H, W)
        Tensor y = norm.forward(stem.forward(x)).relu().maxPool2d(3, 2, 1, false); // (N, width, H/4, W/4)
        var maps = new ArrayList<Tensor>();
        for (Layer stage : stages) {
            y = stage.forward(y); // halves H and W from stage 2 on
            maps.add(y);
        }
        return maps;
    }

    @Override
    public Tensor head(Tensor features) {
        return head.forward(features.mean(2, 3)); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("fc");
    }

    /** {@code relu(branch(x) + shortcut(x))}; the shortcut projects only where the shape changes. */
    private static final class Residual extends Net implements Layer {

        private final List<Layer> convs;
        private final List<Layer> norms = new ArrayList<>();
        private final List<Layer> shortcut;

        Residual(Unit unit, int in, int mid, int stride) {
            int out = mid * unit.expansion;
            convs = unit.convs(in, mid, stride);
            for (int i = 0; i < convs.size(); i++) {
                add("conv" + (i + 1), convs.get(i));
                norms.add(add("bn" + (i + 1), batchNorm(i == convs.size() - 1 ? out : mid)));
            }
            shortcut = in == out && stride == 1
                    ? List.of()
                    : List.of(add("downsample", new Sequential(List.of(conv(in, out, 1, stride), batchNorm(out)))));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = x;
            for (int i = 0; i < convs.size(); i++) {
                y = norms.get(i).forward(convs.get(i).forward(i == 0 ? y : y.relu()));
            }
            return y.add(shortcut.isEmpty() ? x : shortcut.get(0).forward(x)).relu();
        }
    }
}
