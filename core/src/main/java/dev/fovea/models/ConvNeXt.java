package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Init;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerNorm;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Convolutional networks built as transformers are (Liu et al. 2022, <a
 * href="https://arxiv.org/abs/2201.03545">2201.03545</a>), and their second version, whose branches norm the response of
 * each channel over the map (Woo et al. 2023, <a href="https://arxiv.org/abs/2301.00808">2301.00808</a>).
 *
 * <p>Names and counts of the first are torchvision's, of the second timm's.
 */
public final class ConvNeXt extends Net implements FeatureMaps {

    private static final double EPS = 1e-6;
    private static final double FIRST_SCALE = 1e-6;
    private static final int STRIDE = 32;

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("convnext_tiny", 1, List.of(3, 3, 9, 3), List.of(96, 192, 384, 768), 0.1),
            row("convnext_small", 1, List.of(3, 3, 27, 3), List.of(96, 192, 384, 768), 0.4),
            row("convnext_base", 1, List.of(3, 3, 27, 3), List.of(128, 256, 512, 1024), 0.5),
            row("convnext_large", 1, List.of(3, 3, 27, 3), List.of(192, 384, 768, 1536), 0.5),
            row("convnextv2_atto", 2, List.of(2, 2, 6, 2), List.of(40, 80, 160, 320), 0),
            row("convnextv2_nano", 2, List.of(2, 2, 8, 2), List.of(80, 160, 320, 640), 0));

    private static ModelEntry row(
            String name, int version, List<Integer> depths, List<Integer> widths, double dropPath) {
        return ModelEntry.row(
                        name,
                        new Config(version, depths, widths, dropPath),
                        version == 1 ? "https://arxiv.org/abs/2201.03545" : "https://arxiv.org/abs/2301.00808")
                .at(3, 224, 224)
                .classes(1000);
    }

    /**
     * @param version 1 with torchvision's names, or 2 with timm's
     * @param depths blocks of each stage
     * @param widths channels of each stage
     * @param dropPath probability that the last block is passed by while training
     */
    public record Config(int version, List<Integer> depths, List<Integer> widths, double dropPath)
            implements NetConfig {

        private static final int DEEPEST = 1000;

        public Config {
            depths = List.copyOf(depths);
            widths = List.copyOf(widths);
            NetConfig.range("version", version, 1, 2);
            if (depths.size() != 4 || widths.size() != 4) {
                throw new IllegalArgumentException(
                        "ConvNeXt: depths and widths must be four numbers each, got depths=%s, widths=%s"
                                .formatted(depths, widths));
            }
            depths.forEach(depth -> NetConfig.range("depths", depth, 1, DEEPEST));
            widths.forEach(width -> NetConfig.positive("widths", width));
        }

        @Override
        public Module create(Shape images, int classes) {
            return new ConvNeXt(this, images, classes);
        }
    }

    private final boolean first;
    private final Layer stem;
    private final List<Layer> halvings = new ArrayList<>();
    private final List<Layer> stages = new ArrayList<>();
    private final Layer norm;
    private final Layer head;

    /**
     * @param images channels, height and width
     * @throws IllegalArgumentException if a side is below 32 pixels, of which nothing is left
     */
    public ConvNeXt(Config config, Shape images, int classes) {
        if (Math.min(images.height(), images.width()) < STRIDE) {
            throw new IllegalArgumentException("convnext: images must be at least %sx%s, got %sx%s. Set input.size"
                    .formatted(STRIDE, STRIDE, images.width(), images.height()));
        }
        first = config.version() == 1;
        List<Integer> widths = config.widths();
        stem = new Sequential(
                List.of(patches(images.channels(), widths.get(0), 4), LayerNorm.ofChannels(EPS, widths.get(0))));
        Group within = first ? add("features", new Group()) : null;
        if (first) {
            within.with("0", stem);
        } else {
            add("stem", stem);
            within = add("stages", new Group());
        }
        int blocks = config.depths().stream().mapToInt(Integer::intValue).sum();
        int block = 0;
        for (int s = 0; s < 4; s++) {
            int width = widths.get(s);
            var units = new ArrayList<Layer>();
            for (int i = 0; i < config.depths().get(s); i++) {
                Dropout path = Dropout.path(config.dropPath(), block, blocks);
                units.add(first ? new Block(width, path) : new ResponseBlock(width, path));
                block++;
            }
            Layer halving = s == 0
                    ? Leaf.of("identity", x -> x)
                    : new Sequential(List.of(
                            LayerNorm.ofChannels(EPS, widths.get(s - 1)), patches(widths.get(s - 1), width, 2)));
            var stage = new Sequential(units);
            halvings.add(halving);
            stages.add(stage);
            if (first) {
                if (s > 0) {
                    within.with(Integer.toString(2 * s), halving);
                }
                within.with(Integer.toString(2 * s + 1), stage);
            } else {
                Group named = within.with(Integer.toString(s), new Group());
                named.with("downsample", halving);
                named.with("blocks", stage);
            }
        }
        norm = new LayerNorm(EPS, widths.get(3));
        head = linear(widths.get(3), classes);
        Group end = add(first ? "classifier" : "head", new Group());
        end.with(first ? "0" : "norm", norm);
        end.with(first ? "2" : "fc", head);
        state().initializer(Init.TRUNCATED_NORMAL, (name, tensor) -> name.equals("weight") && tensor.dims() > 1);
        state().initializer(Initializer.ZEROS, (name, tensor) -> name.equals("bias"));
    }

    private static Layer patches(int in, int out, int side) {
        return new Conv2d(in, out, Conv2d.Window.of(side, side, 0), 1, true);
    }

    @Override
    public List<Tensor> stages(Tensor x) { // (N, C, H, W)
        Tensor y = stem.forward(x); // (N, widths[0], H/4, W/4)
        var maps = new ArrayList<Tensor>();
        for (int s = 0; s < stages.size(); s++) {
            y = stages.get(s).forward(halvings.get(s).forward(y)); // halves H and W from stage 2 on
            maps.add(y);
        }
        return maps;
    }

    @Override
    public Tensor features(Tensor x) {
        return stages(x).get(stages.size() - 1); // (N, widths[3], H/32, W/32)
    }

    @Override
    public Tensor head(Tensor features) {
        return head.forward(norm.forward(features.mean(2, 3))); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of(first ? "classifier" : "head");
    }

    private static Layer depthwise(int width) {
        return new Conv2d(width, width, Conv2d.Window.of(7, 1, 3), width, true);
    }

    /** A depthwise convolution, then a perceptron at each place, scaled and added to its input. */
    private static final class Block extends Net implements Layer {

        private final Layer branch;
        private final Layer path;

        Block(int width, Layer path) {
            state().parameter("layer_scale", Tensor.full(FIRST_SCALE, width, 1, 1));
            branch = add(
                    "block",
                    new Sequential(List.of(
                            depthwise(width),
                            Leaf.of("permute", x -> x.permute(0, 2, 3, 1)),
                            new LayerNorm(EPS, width),
                            linear(width, 4 * width),
                            Leaf.of("gelu", Tensor::gelu),
                            linear(4 * width, width),
                            Leaf.of("permute", x -> x.permute(0, 3, 1, 2)))));
            this.path = add("stochastic_depth", path);
        }

        @Override
        public Tensor apply(Tensor x) {
            return x.add(path.forward(branch.forward(x).mul(state().get("layer_scale"))));
        }
    }

    /** The same without a scale, its hidden channels competing. */
    private static final class ResponseBlock extends Net implements Layer {

        private final Layer conv;
        private final Layer norm;
        private final Layer in;
        private final Layer response;
        private final Layer out;
        private final Layer path;

        ResponseBlock(int width, Layer path) {
            conv = add("conv_dw", depthwise(width));
            norm = add("norm", new LayerNorm(EPS, width));
            Group perceptron = add("mlp", new Group());
            in = perceptron.with("fc1", linear(width, 4 * width));
            response = perceptron.with("grn", new Response(4 * width));
            out = perceptron.with("fc2", linear(4 * width, width));
            this.path = add("drop_path", path);
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = norm.forward(conv.forward(x).permute(0, 2, 3, 1)); // (N, H, W, C)
            y = out.forward(response.forward(in.forward(y).gelu()));
            return x.add(path.forward(y.permute(0, 3, 1, 2)));
        }
    }

    /** Global response norm of {@code [N, H, W, C]}: channels that answer more than the others do gain. */
    private static final class Response extends Net implements Layer {

        Response(int width) {
            state().parameter("weight", Tensor.zeros(width));
            state().parameter("bias", Tensor.zeros(width));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor size = x.mul(x).sum(1, 2).clamp(1e-24, 1e30).sqrt(); // (N, C)
            Tensor share =
                    size.div(size.mean(1).unsqueeze(1).add(1e-6)).unsqueeze(1).unsqueeze(1); // (N, 1, 1, C)
            return x.mul(share.mul(state().get("weight")).add(1)).add(state().get("bias"));
        }
    }
}
