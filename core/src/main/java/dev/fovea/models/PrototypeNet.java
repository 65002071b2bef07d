package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import java.util.List;

/**
 * A classifier by prototypes: the logit of a class is how similar the features of an image, in a trained network, are to the mean
 * features of the few images that the class is known by (Snell et al. 2017, <a
 * href="https://arxiv.org/abs/1703.05175">1703.05175</a>). Features have the mean of the known images subtracted and are brought to
 * length 1, which is what makes the simple rule strong (Wang et al. 2019, <a
 * href="https://arxiv.org/abs/1911.04623">1911.04623</a>).
 */
public final class PrototypeNet extends Net implements FeatureMaps {

    /** The registered one. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("prototypes", new Config("resnet18", 10), "https://arxiv.org/abs/1703.05175")
                    .at(3, 224, 224)
                    .classes(1000));

    /**
     * @param backbone network that gives the features
     * @param scale of the logits, which are cosines
     */
    record Config(String backbone, double scale) implements NetConfig {

        Config {
            if (!(scale > 0)) {
                throw new IllegalArgumentException("prototypes: scale must be above 0, got scale=" + scale);
            }
        }

        @Override
        public Module create(Shape images, int classes) {
            return new PrototypeNet(Models.create(backbone, images, classes), images, classes, scale);
        }

        @Override
        public Class<?> network() {
            return PrototypeNet.class;
        }
    }

    private static final double TINY = 1e-12;

    private final FeatureMaps backbone;
    private final double scale;

    PrototypeNet(Module backbone, Shape images, int classes, double scale) {
        if (!(backbone instanceof FeatureMaps maps && maps.hasMaps())) {
            throw new IllegalArgumentException(
                    "prototypes: the backbone has no feature maps. Take one that has some, such as a run of resnet18");
        }
        this.backbone = maps;
        this.scale = scale;
        add("backbone", backbone);
        int width = width(maps, images);
        state().buffer("centre", Tensor.zeros(width));
        state().buffer("prototypes", Tensor.zeros(classes, width));
    }

    /** The number of features. */
    private static int width(FeatureMaps maps, Shape images) {
        maps.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor nothing = Tensor.zeros(1, images.channels(), images.height(), images.width());
            return (int) maps.state().undrawn(() -> maps.embedding(nothing)).size(1);
        }
    }

    /** The network whose features it uses. */
    public Module backbone() {
        return (Module) backbone;
    }

    /**
     * Learns the classes.
     *
     * @param embeddings of the known images by the backbone, [N, F]
     * @param shares 1 where an image is of a class, else 0, [N, K]; each class has an image
     */
    public void fit(Tensor embeddings, Tensor shares) {
        state().get("centre").copy_(embeddings.mean(0));
        Tensor sums = shares.transpose(0, 1).matmul(centred(embeddings)); // [K, F]
        state().get("prototypes").copy_(unit(sums));
    }

    private Tensor centred(Tensor embeddings) {
        return unit(embeddings.sub(state().get("centre").unsqueeze(0)));
    }

    private static Tensor unit(Tensor rows) {
        return rows.div(rows.mul(rows).sum(1).add(TINY).sqrt().unsqueeze(1));
    }

    @Override
    public Tensor features(Tensor x) { // (N, C, H, W)
        return backbone.features(x); // (N, F, h, w)
    }

    @Override
    public List<Tensor> stages(Tensor x) {
        return backbone.stages(x);
    }

    @Override
    public Tensor embedding(Tensor x) {
        return backbone.embedding(x); // (N, F)
    }

    @Override
    public Tensor head(Tensor features) {
        return logits(features.mean(2, 3));
    }

    @Override
    public Tensor apply(Tensor x) {
        return logits(embedding(x));
    }

    private Tensor logits(Tensor embeddings) {
        return centred(embeddings.to(DType.FLOAT32))
                .matmul(state().get("prototypes").transpose(0, 1))
                .mul(scale); // (N, K)
    }

    @Override
    public List<String> headNames() {
        return List.of();
    }
}
