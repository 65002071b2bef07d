package dev.fovea.models;

import static dev.fovea.nn.Layers.batchNorm;
import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Conv2d.Window;
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
 * Residual networks (He et al. 2015, <a href="https://arxiv.org/abs/1512.03385">1512.03385</a>, table 1), their wide
 * (Zagoruyko and Komodakis 2016, <a href="https://arxiv.org/abs/1605.07146">1605.07146</a>) and grouped forms (ResNeXt, Xie
 * et al. 2016, <a href="https://arxiv.org/abs/1611.05431">1611.05431</a>), and those with channel attention (SE, Hu et al.
 * 2017, <a href="https://arxiv.org/abs/1709.01507">1709.01507</a>).
 *
 * <p>Names and counts are torchvision's, of those with attention timm's, so that their weights load; the bottleneck's stride
 * is on its 3x3 convolution, as there.
 */
public final class ResNet extends Net implements FeatureMaps {

    private static final String PAPER = "https://arxiv.org/abs/1512.03385";
    private static final String NEXT = "https://arxiv.org/abs/1611.05431";
    private static final String WIDE = "https://arxiv.org/abs/1605.07146";
    private static final String SQUEEZED = "https://arxiv.org/abs/1709.01507";

    private static final int STRIDE = 32;

    private static final Config SMALL = new Config(Unit.BASIC, List.of(2, 2, 2, 2), 64, 1, 64, false, 0);
    private static final Config MIDDLE = SMALL.withDepths(3, 4, 6, 3);
    private static final Config LARGE = new Config(Unit.BOTTLENECK, List.of(3, 4, 6, 3), 64, 1, 64, false, 0);
    private static final Config DEEP = LARGE.withDepths(3, 4, 23, 3);

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("resnet18", SMALL, PAPER),
            row("resnet34", MIDDLE, PAPER),
            row("resnet50", LARGE, PAPER),
            row("resnet101", DEEP, PAPER),
            row("resnet152", LARGE.withDepths(3, 8, 36, 3), PAPER),
            row("resnext50_32x4d", LARGE.withGroups(32, 4), NEXT),
            row("resnext101_32x8d", DEEP.withGroups(32, 8), NEXT),
            row("resnext101_64x4d", DEEP.withGroups(64, 4), NEXT),
            row("wide_resnet50_2", LARGE.withGroups(1, 128), WIDE),
            row("wide_resnet101_2", DEEP.withGroups(1, 128), WIDE),
            row("seresnet18", SMALL.squeezed(), SQUEEZED),
            row("seresnet34", MIDDLE.squeezed(), SQUEEZED),
            row("seresnet50", LARGE.squeezed(), SQUEEZED));

    private static ModelEntry row(String name, Config config, String paper) {
        return ModelEntry.row(name, config, paper).at(3, 224, 224).classes(1000);
    }

    /** The residual branch: its convolutions, each followed by a norm. */
    public enum Unit {
        BASIC(1) {
            @Override
            List<Layer> convs(int in, int mid, int out, Window window, int groups) {
                return List.of(
                        new Conv2d(in, mid, window, 1, false),
                        new Conv2d(mid, out, window(1, window.dilation()), 1, false));
            }
        },
        BOTTLENECK(4) {
            @Override
            List<Layer> convs(int in, int mid, int out, Window window, int groups) {
                return List.of(conv(in, mid, 1, 1), new Conv2d(mid, mid, window, groups, false), conv(mid, out, 1, 1));
            }
        };

        private final int expansion;

        Unit(int expansion) {
            this.expansion = expansion;
        }

        /** @param window of the convolution that may have a stride or a dilation */
        abstract List<Layer> convs(int in, int mid, int out, Window window, int groups);
    }

    /**
     * Four stages of {@code depths} units; stage {@code s} works at {@code width 2^s} channels.
     *
     * @param unit of the stages
     * @param depths units of each stage
     * @param width channels of the first stage
     * @param groups of the 3x3 convolutions of bottlenecks, which see nothing of each other
     * @param groupWidth channels of a group, for each 64 of the stage's
     * @param squeeze whether a channel's share in the sum hangs on the means of all channels
     * @param dropPath probability that the last unit leaves its branch out while training; the first has none
     */
    public record Config(
            Unit unit, List<Integer> depths, int width, int groups, int groupWidth, boolean squeeze, double dropPath)
            implements NetConfig {

        private static final int DEEPEST = 1000;

        public Config {
            depths = List.copyOf(depths);
            if (depths.size() != 4) {
                throw new IllegalArgumentException("ResNet: depths must be four numbers, got depths=" + depths);
            }
            depths.forEach(depth -> NetConfig.range("depths", depth, 1, DEEPEST));
            NetConfig.positive("width", width);
            NetConfig.positive("groups", groups);
            NetConfig.positive("groupWidth", groupWidth);
            NetConfig.probability("dropPath", dropPath);
            if (width * groupWidth / 64 < 1) {
                throw new IllegalArgumentException(
                        "ResNet: width times groupWidth must be at least 64, got width=%s, groupWidth=%s"
                                .formatted(width, groupWidth));
            }
            if (unit == Unit.BASIC && (groups != 1 || groupWidth != 64)) {
                throw new IllegalArgumentException(
                        "ResNet: groups are for unit=bottleneck, got groups=%s, groupWidth=%s with unit=basic"
                                .formatted(groups, groupWidth));
            }
        }

        /** Of the maps that a stage, from 0 on, gives. */
        int channels(int stage) {
            return (width << stage) * unit.expansion;
        }

        private Config withDepths(Integer... units) {
            return new Config(unit, List.of(units), width, groups, groupWidth, squeeze, dropPath);
        }

        private Config withGroups(int count, int channels) {
            return new Config(unit, depths, width, count, channels, squeeze, dropPath);
        }

        private Config squeezed() {
            return new Config(unit, depths, width, groups, groupWidth, true, dropPath);
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
        this(config, channels, classes, STRIDE);
    }

    /**
     * With finer last maps: stages that would make them coarser than {@code outputStride} have dilated convolutions instead (Chen et al.
     * 2017, <a href="https://arxiv.org/abs/1706.05587">1706.05587</a>, section 3.1); the weights are the same.
     *
     * @param channels of the images
     * @param outputStride 8, 16 or 32
     */
    ResNet(Config config, int channels, int classes, int outputStride) {
        stem = add("conv1", conv(channels, config.width(), 7, 2));
        norm = add("bn1", batchNorm(config.width()));
        int in = config.width();
        int number = 0;
        int dilation = 1;
        for (int s = 0; s < 4; s++) {
            int out = config.channels(s);
            boolean dilated = 4 << s > outputStride;
            Window first = window(s > 0 && !dilated ? 2 : 1, dilation);
            dilation *= dilated ? 2 : 1;
            var units = new ArrayList<Layer>();
            for (int i = 0; i < config.depths().get(s); i++) {
                units.add(new Residual(config, in, out, i == 0 ? first : window(1, dilation), number++));
                in = out;
            }
            stages.add(add("layer" + (s + 1), new Sequential(units)));
        }
        Init.HE_NORMAL_FAN_OUT.ofConvolutions(state());
        head = add("fc", linear(in, classes));
    }

    /** Of a convolution of 3x3 that keeps the size at stride 1. */
    private static Window window(int stride, int dilation) {
        return new Window(3, stride, dilation, dilation);
    }

    @Override
    public Tensor features(Tensor x) {
        return stages(x).get(stages.size() - 1); // (N, 8 width expansion, H/32, W/32)
    }

    @Override
    public List<Tensor> stages(Tensor x) { // (N, C, H, W)
        Tensor y = norm.forward(stem.forward(x)).maxPool2d(3, 2, 1, false); // (N, width, H/4, W/4)
        return Trunk.outputs(
                stages, y.relu()); // the same as relu before pooling, on fewer values; halved from stage 2 on
    }

    @Override
    public List<Tensor> allStages(Tensor x) {
        Tensor fine = norm.forward(stem.forward(x)).relu(); // (N, width, H/2, W/2)
        var maps = new ArrayList<Tensor>(List.of(fine));
        maps.addAll(Trunk.outputs(stages, fine.maxPool2d(3, 2, 1, false)));
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
        private final Optional<Layer> attention;
        private final Layer dropPath;
        private final Optional<Layer> shortcut;

        /** @param number of this unit in the network, from 0 */
        Residual(Config config, int in, int out, Window window, int number) {
            int mid = out / config.unit().expansion * config.groupWidth() / 64 * config.groups();
            convs = config.unit().convs(in, mid, out, window, config.groups());
            for (int i = 0; i < convs.size(); i++) {
                add("conv" + (i + 1), convs.get(i));
                norms.add(add("bn" + (i + 1), batchNorm(i == convs.size() - 1 ? out : mid)));
            }
            attention = config.squeeze()
                    ? Optional.of(add("se", new SqueezeExcitation(out, Math.max(8, (out / 16 + 4) / 8 * 8))))
                    : Optional.empty();
            int last = config.depths().stream().mapToInt(Integer::intValue).sum() - 1;
            dropPath = new Dropout(Dropout.Unit.SAMPLE, last > 0 ? config.dropPath() * number / last : 0);
            add("dropPath", dropPath);
            shortcut = in == out && window.stride() == 1
                    ? Optional.empty()
                    : Optional.of(add(
                            "downsample", new Sequential(List.of(conv(in, out, 1, window.stride()), batchNorm(out)))));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = x;
            for (int i = 0; i < convs.size(); i++) {
                y = norms.get(i).forward(convs.get(i).forward(i == 0 ? y : y.relu()));
            }
            Tensor branch = attention.isPresent() ? attention.get().forward(y) : y;
            Tensor carried = shortcut.isPresent() ? shortcut.get().forward(x) : x;
            return dropPath.forward(branch).add(carried).relu();
        }
    }
}
