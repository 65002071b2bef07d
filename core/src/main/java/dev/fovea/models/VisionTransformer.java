package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.GlobalAttention;
import dev.fovea.nn.Init;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerNorm;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Perceptron;
import dev.fovea.nn.SelfAttention;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Patches of an image as the words of a transformer, and a class token that the head sees (Dosovitskiy et al. 2020,
 * <a href="https://arxiv.org/abs/2010.11929">2010.11929</a>), with the distillation token of DeiT (Touvron et al. 2020,
 * <a href="https://arxiv.org/abs/2012.12877">2012.12877</a>) and the scaled branches of DINOv2 (Oquab et al. 2023,
 * <a href="https://arxiv.org/abs/2304.07193">2304.07193</a>).
 */
public final class VisionTransformer extends Net implements FeatureMaps, GlobalAttention, SizedWeights {

    private static final String PAPER = "https://arxiv.org/abs/2010.11929";
    private static final String DEIT = "https://arxiv.org/abs/2012.12877";
    private static final double EPS = 1e-6;

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("vit_b_16", Names.TORCHVISION, 16, 768, 12, 12),
            row("vit_b_32", Names.TORCHVISION, 32, 768, 12, 12),
            row("vit_l_16", Names.TORCHVISION, 16, 1024, 24, 16),
            row("vit_l_32", Names.TORCHVISION, 32, 1024, 24, 16),
            row("vit_h_14", Names.TORCHVISION, 14, 1280, 32, 16),
            row("vit_tiny_patch16_224", Names.TIMM, 16, 192, 12, 3),
            row("vit_small_patch16_224", Names.TIMM, 16, 384, 12, 6),
            distilled("deit_tiny_distilled_patch16_224", 192, 3),
            distilled("deit_small_distilled_patch16_224", 384, 6),
            distilled("deit_base_distilled_patch16_224", 768, 12),
            ModelEntry.row(
                            "vit_small_patch14_dinov2",
                            new Config(Names.TIMM, 14, 384, 12, 6, 1536, false, 1e-5, 0, 0),
                            "https://arxiv.org/abs/2304.07193")
                    .at(3, 518, 518)
                    .classes(1000),
            ModelEntry.row("vit_tiny_patch4_32", new Config(Names.TIMM, 4, 192, 9, 3, 768, false, 0, 0.1, 0), PAPER)
                    .at(3, 32, 32));

    private static ModelEntry row(String name, Names names, int patch, int width, int depth, int heads) {
        return ModelEntry.row(name, new Config(names, patch, width, depth, heads, 4 * width, false, 0, 0, 0), PAPER)
                .at(3, 224, 224)
                .classes(1000);
    }

    private static ModelEntry distilled(String name, int width, int heads) {
        return ModelEntry.row(name, new Config(Names.TIMM, 16, width, 12, heads, 4 * width, true, 0, 0, 0), DEIT)
                .at(3, 224, 224)
                .classes(1000);
    }

    /** Whose names its weights have. */
    public enum Names {
        TORCHVISION("class_token", "pos_embedding", "ln_1", "self_attention", "ln_2", "0", "3"),
        TIMM("cls_token", "pos_embed", "norm1", "attn", "norm2", "fc1", "fc2");

        private final String token;
        private final String positions;
        private final String norm1;
        private final String attention;
        private final String norm2;
        private final String fc1;
        private final String fc2;

        Names(String token, String positions, String norm1, String attention, String norm2, String fc1, String fc2) {
            this.token = token;
            this.positions = positions;
            this.norm1 = norm1;
            this.attention = attention;
            this.norm2 = norm2;
            this.fc1 = fc1;
            this.fc2 = fc2;
        }
    }

    /**
     * @param names of its weights
     * @param patch side of a patch, in pixels
     * @param width of a token
     * @param depth blocks
     * @param hidden units of the perceptron in each block
     * @param distilled whether there is a second token that learns from a teacher, with a head of its own
     * @param layerScale what the factors of each branch begin with, or 0 for none
     * @param dropPath probability that the last block is passed by while training
     * @param dropout share of values dropped behind each layer while training
     */
    public record Config(
            Names names,
            int patch,
            int width,
            int depth,
            int heads,
            int hidden,
            boolean distilled,
            double layerScale,
            double dropPath,
            double dropout)
            implements NetConfig {

        private static final int DEEPEST = 1000;

        public Config {
            NetConfig.positive("patch", patch);
            NetConfig.positive("width", width);
            NetConfig.range("depth", depth, 1, DEEPEST);
            NetConfig.positive("heads", heads);
            NetConfig.positive("hidden", hidden);
        }

        @Override
        public Module create(Shape images, int classes) {
            return new VisionTransformer(this, images, classes);
        }
    }

    private final Config config;
    private final int rows;
    private final int columns;
    private final Layer embed;
    private final Net positioned;
    private final Dropout dropout;
    private final List<Block> blocks = new ArrayList<>();
    private final Layer norm;
    private final List<Layer> heads = new ArrayList<>();

    /**
     * @param images channels, height and width
     * @throws IllegalArgumentException if the patch does not divide both sides of the images
     */
    public VisionTransformer(Config config, Shape images, int classes) {
        int patch = config.patch();
        if (images.height() % patch != 0 || images.width() % patch != 0) {
            throw new IllegalArgumentException(
                    "vit: the sides of images must be multiples of the patch, %s pixels, got %sx%s. Set input.size"
                            .formatted(patch, images.width(), images.height()));
        }
        this.config = config;
        rows = images.height() / patch;
        columns = images.width() / patch;
        int width = config.width();
        boolean timm = config.names() == Names.TIMM;
        Initializer small = timm ? Init.TRUNCATED_NORMAL : Initializer.normal(0.02);
        state().parameter(config.names().token, timm ? Initializer.normal(1e-6) : Initializer.ZEROS, 1, 1, width);
        embed = new Conv2d(images.channels(), width, Conv2d.Window.of(patch, patch, 0), 1, true);
        embed.state().initializer(Initializer.ZEROS, (name, tensor) -> name.equals("bias"));
        double deviation = Math.sqrt(1.0 / ((double) images.channels() * patch * patch));
        embed.state().initializer(Initializer.normal(deviation), (name, tensor) -> name.equals("weight"));
        if (timm) {
            positioned = this;
        } else {
            add("conv_proj", embed);
            positioned = add("encoder", new Group());
        }
        positioned.state().parameter(config.names().positions, small, 1, before() + (long) rows * columns, width);
        if (config.distilled()) {
            state().parameter("dist_token", small, 1, 1, width);
        }
        if (timm) {
            add("patch_embed", new Group()).with("proj", embed);
        }
        dropout = add("dropout", new Dropout(Dropout.Unit.ELEMENT, config.dropout()));
        Group within = timm ? add("blocks", new Group()) : ((Group) positioned).with("layers", new Group());
        for (int i = 0; i < config.depth(); i++) {
            blocks.add(within.with(timm ? Integer.toString(i) : "encoder_layer_" + i, new Block(config, i)));
        }
        norm = new LayerNorm(EPS, width);
        if (timm) {
            add("norm", norm);
            heads.add(add("head", linear(width, classes)));
        } else {
            ((Group) positioned).with("ln", norm);
            heads.add(add("heads", new Group()).with("head", linear(width, classes)));
        }
        if (config.distilled()) {
            heads.add(add("head_dist", linear(width, classes)));
        }
        heads.forEach(head -> head.state().initializer(Initializer.ZEROS, (name, tensor) -> true));
        if (timm) {
            heads.forEach(head -> head.state().initializer(small, (name, tensor) -> tensor.dims() == 2));
        }
    }

    /** That stand before those of the patches. */
    private int before() {
        return config.distilled() ? 2 : 1;
    }

    /** Class token, distillation token, patches row by row: [N, L, D]. */
    private Tensor embedded(Tensor x) {
        if (x.size(2) != (long) rows * config.patch() || x.size(3) != (long) columns * config.patch()) {
            throw new IllegalArgumentException("vit: was made for images of %sx%s, got %sx%s"
                    .formatted(columns * config.patch(), rows * config.patch(), x.size(3), x.size(2)));
        }
        Tensor patches = embed.forward(x).flatten(2, 3).transpose(1, 2); // (N, h w, D)
        var all = new ArrayList<Tensor>();
        all.add(state().get(config.names().token).to(patches.type()).expand(x.size(0), 1, config.width()));
        if (config.distilled()) {
            all.add(state().get("dist_token").to(patches.type()).expand(x.size(0), 1, config.width()));
        }
        all.add(patches);
        Tensor y = Tensor.cat(all, 1).add(positioned.state().get(config.names().positions));
        return dropout.forward(y); // (N, tokens + h w, D)
    }

    private Tensor encoded(Tensor x, int from, int to) {
        Tensor y = x;
        for (Block block : blocks.subList(from, to)) {
            y = block.forward(y);
        }
        return y;
    }

    /** Of the tokens of patches, [N, D, h, w]. */
    private Tensor map(Tensor tokens) {
        return tokens.narrow(1, before(), (long) rows * columns)
                .transpose(1, 2)
                .reshape(tokens.size(0), config.width(), rows, columns);
    }

    @Override
    public Tensor apply(Tensor x) {
        return logits(encoded(embedded(x), 0, blocks.size()));
    }

    /** The mean of the heads, each of its own token. */
    private Tensor logits(Tensor tokens) {
        List<Tensor> all = each(tokens);
        return all.size() == 1 ? all.get(0) : all.get(0).add(all.get(1)).mul(0.5); // (N, classes)
    }

    private List<Tensor> each(Tensor tokens) {
        var all = new ArrayList<Tensor>();
        for (int i = 0; i < heads.size(); i++) {
            all.add(heads.get(i).forward(norm.forward(tokens.select(1, i))));
        }
        return all;
    }

    /** The logits [N, classes] of the class token and, of a distilled network, those that a teacher trains. */
    public List<Tensor> allLogits(Tensor x) {
        return each(encoded(embedded(x), 0, blocks.size()));
    }

    @Override
    public Tokens tokens() {
        return new Tokens(before(), rows, columns);
    }

    /** A head takes nothing but its own token. */
    @Override
    public Pass forward(Tensor x, UnaryOperator<Tensor> seen) {
        Tensor y = embedded(x);
        for (Block block : blocks) {
            y = block.forward(y, seen);
        }
        Tensor own = Tensor.full(1.0 / before(), x.size(0), before());
        Tensor places = Tensor.zeros(x.size(0), (long) rows * columns);
        return new Pass(logits(y), Tensor.cat(List.of(own, places), 1).to(x.device()));
    }

    /** The patches behind the last block, which the head does not see. */
    @Override
    public Tensor features(Tensor x) {
        return map(norm.forward(encoded(embedded(x), 0, blocks.size()))); // (N, D, h, w)
    }

    /** The class token behind the last block. */
    @Override
    public Tensor embedding(Tensor x) {
        return norm.forward(encoded(embedded(x), 0, blocks.size()).select(1, 0)); // (N, D)
    }

    /** Before the last block, where the class token still looks at the patches. */
    @Override
    public Cut cut(Tensor x) {
        int last = blocks.size() - 1;
        Tensor tokens = encoded(embedded(x), 0, last);
        Tensor first = tokens.narrow(1, 0, before());
        return new Cut(map(tokens), maps -> {
            Tensor patches = maps.flatten(2, 3).transpose(1, 2);
            return logits(encoded(Tensor.cat(List.of(first, patches), 1), last, last + 1));
        });
    }

    @Override
    public Tensor head(Tensor features) {
        throw new IllegalArgumentException(
                "vit: its head sees the class token, which feature maps do not have. Use cut(images)");
    }

    @Override
    public List<String> headNames() {
        boolean timm = config.names() == Names.TIMM;
        return config.distilled() ? List.of("head", "head_dist") : List.of(timm ? "head" : "heads");
    }

    @Override
    public Tensor resized(String name, Tensor given, Tensor own) {
        if (!name.endsWith(config.names().positions) || given.dims() != 3 || given.size(1) <= before()) {
            return given;
        }
        Tensor places = given.squeeze(0).narrow(0, before(), given.size(1) - before());
        Tensor tokens = given.squeeze(0).narrow(0, 0, before());
        Tensor fitted = SizedWeights.resized(places, rows, columns);
        return Tensor.cat(List.of(tokens.to(fitted.type()), fitted), 0).unsqueeze(0);
    }

    /** Attention, then a perceptron, each behind a norm, scaled where that is wanted, and added to its input. */
    private static final class Block extends Net implements Layer {

        private final Layer norm1;
        private final SelfAttention attention;
        private final List<Layer> scale1 = new ArrayList<>();
        private final Layer norm2;
        private final Layer perceptron;
        private final List<Layer> scale2 = new ArrayList<>();
        private final Layer dropout;
        private final Layer path;

        Block(Config config, int place) {
            Names names = config.names();
            int width = config.width();
            boolean timm = names == Names.TIMM;
            var kind = timm ? SelfAttention.Names.TIMM : SelfAttention.Names.PYTORCH;
            norm1 = add(names.norm1, new LayerNorm(EPS, width));
            attention = add(names.attention, new SelfAttention(kind, width, config.heads(), false, true));
            if (config.layerScale() > 0) {
                scale1.add(add("ls1", new Scale(width, config.layerScale())));
            }
            norm2 = add(names.norm2, new LayerNorm(EPS, width));
            perceptron = add("mlp", new Perceptron(width, config.hidden(), names.fc1, names.fc2, config.dropout()));
            if (config.layerScale() > 0) {
                scale2.add(add("ls2", new Scale(width, config.layerScale())));
            }
            dropout = add("dropout", new Dropout(Dropout.Unit.ELEMENT, config.dropout()));
            path = add("drop_path", Dropout.path(config.dropPath(), place, config.depth()));
            attention.state().initializer(Initializer.ZEROS, (name, tensor) -> tensor.dims() == 1);
            if (timm) {
                attention.state().initializer(Init.TRUNCATED_NORMAL, (name, tensor) -> tensor.dims() == 2);
                perceptron.state().initializer(Init.TRUNCATED_NORMAL, (name, tensor) -> tensor.dims() == 2);
                perceptron.state().initializer(Initializer.ZEROS, (name, tensor) -> tensor.dims() == 1);
            } else {
                perceptron.state().initializer(Init.GLOROT_UNIFORM, (name, tensor) -> tensor.dims() == 2);
                perceptron.state().initializer(Initializer.normal(1e-6), (name, tensor) -> tensor.dims() == 1);
            }
        }

        @Override
        public Tensor apply(Tensor x) { // (N, L, D)
            Tensor y = x.add(branch(dropout.forward(attention.forward(norm1.forward(x))), scale1));
            return y.add(branch(perceptron.forward(norm2.forward(y)), scale2));
        }

        /** The same with its attention weights seen. */
        Tensor forward(Tensor x, UnaryOperator<Tensor> seen) {
            Tensor y = x.add(branch(dropout.forward(attention.forward(norm1.forward(x), seen)), scale1));
            return y.add(branch(perceptron.forward(norm2.forward(y)), scale2));
        }

        private Tensor branch(Tensor x, List<Layer> scale) {
            return path.forward(scale.isEmpty() ? x : scale.get(0).forward(x));
        }
    }

    /** A learned factor for each value of a token (Touvron et al. 2021). */
    private static final class Scale extends Net implements Layer {

        Scale(int width, double first) {
            state().parameter("gamma", Tensor.full(first, width));
        }

        @Override
        public Tensor apply(Tensor x) {
            return x.mul(state().get("gamma"));
        }
    }
}
