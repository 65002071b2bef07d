package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Init;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Embeddings of length 1 over the features of any classifier: images {@code [N, C, H, W]} to {@code [N, D]}, close to each other
 * for images of one identity, far for those of different ones. The layers behind the backbone are those of Deng et al. 2019, <a
 * href="https://arxiv.org/abs/1801.07698">ArcFace</a>, section 3.1: batch norm, dropout, dense, batch norm.
 *
 * <p>As text: {@code embedding(resnet18)}, with options {@code embedding(resnet18) pool=4}.
 */
public final class EmbeddingNet extends Net implements FeatureMaps, UnitEmbedding {

    /** The registered one; the number of its classes is that of the dimensions. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("embedding", new Config("resnet18", 1, 0), "https://arxiv.org/abs/1801.07698")
                    .at(3, 224, 224)
                    .classes(128));

    private static final double TINY = 1e-12;
    private static final String CENTRES = "centres";

    /**
     * @param backbone classifier whose features are embedded; its head is not used
     * @param pool side to which its last feature maps are pooled; 1 discards positions, more suits aligned images such as faces
     * @param dropout of the features, 0 to below 1
     */
    record Config(String backbone, int pool, double dropout) implements NetConfig {

        Config {
            NetConfig.positive("pool", pool);
            NetConfig.probability("dropout", dropout);
        }

        @Override
        public Module create(Shape images, int dimensions) {
            return new EmbeddingNet(
                    Models.create(backbone, images, dimensions), images, dimensions, new Head(pool, dropout));
        }

        @Override
        public Class<?> network() {
            return UnitEmbedding.class;
        }

        @Override
        public Optional<String> inputOf() {
            return Optional.of(backbone);
        }

        @Override
        public Optional<String> backboneModel() {
            return Optional.of(backbone);
        }
    }

    /** What stands between the backbone and the embedding. */
    private record Head(int pool, double dropout) {}

    private final FeatureMaps backbone;
    private final Sequential projection;
    private final int pool;

    private EmbeddingNet(Module backbone, Shape images, int dimensions, Head head) {
        if (!(backbone instanceof FeatureMaps maps && maps.hasMaps())) {
            throw new IllegalArgumentException(
                    "embedding: the backbone has no feature maps. resnet18 and cifar-cnn have some");
        }
        maps.headNames().forEach(maps.state()::drop);
        this.backbone = add("backbone", maps);
        pool = head.pool();
        int width = width(images);
        projection = add(
                "projection",
                new Sequential(List.of(
                        new BatchNorm(width),
                        new Dropout(Dropout.Unit.ELEMENT, head.dropout()),
                        new Dense(width, dimensions, false),
                        new BatchNorm(dimensions))));
    }

    /** The same layers without centres. */
    private EmbeddingNet(EmbeddingNet whole) {
        backbone = add("backbone", whole.backbone);
        projection = add("projection", whole.projection);
        pool = whole.pool;
    }

    private int width(Shape images) {
        backbone.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor nothing = Tensor.zeros(1, images.channels(), images.height(), images.width());
            return (int) backbone.state().undrawn(() -> pooled(nothing)).size(1);
        } finally {
            backbone.state().train(true);
        }
    }

    private Tensor pooled(Tensor images) {
        return pool == 1 ? backbone.embedding(images) : pooledMaps(backbone.features(images));
    }

    /** Feature maps {@code [N, F, h, w]} to {@code [N, F pool pool]}. */
    private Tensor pooledMaps(Tensor maps) {
        return pool == 1 ? maps.mean(2, 3) : maps.adaptiveAvgPool2d(pool, pool).flatten(1, -1);
    }

    /** The classifier whose features are embedded. */
    public FeatureMaps backbone() {
        return backbone;
    }

    /**
     * Adds a direction for each identity of the training, {@code [K, D]}, which losses with a margin compare embeddings with; they
     * learn, and are no part of {@link #withoutCentres}.
     */
    public void addCentres(int identities, int dimensions) {
        add(CENTRES, new Centres(identities, dimensions));
    }

    /** The directions of the identities, {@code [K, D]}, of any length. */
    public Tensor centres() {
        return children().get(CENTRES).state().get("weight");
    }

    /** The same layers, as all that use the network need them. */
    public EmbeddingNet withoutCentres() {
        return children().containsKey(CENTRES) ? new EmbeddingNet(this) : this;
    }

    /** Rows of length 1 in the same directions, float32. */
    public static Tensor unit(Tensor rows) {
        Tensor exact = rows.to(DType.FLOAT32);
        return exact.div(exact.mul(exact).sum(1).add(TINY).sqrt().unsqueeze(1));
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
    public Tensor head(Tensor features) {
        return unit(projection.forward(pooledMaps(features)));
    }

    /** The embeddings themselves, {@code [N, D]}. */
    @Override
    public Tensor embedding(Tensor x) {
        return forward(x);
    }

    @Override
    public Tensor apply(Tensor x) {
        return unit(projection.forward(pooled(x))); // (N, D), length 1
    }

    @Override
    public List<String> headNames() {
        return children().containsKey(CENTRES) ? List.of("projection", CENTRES) : List.of("projection");
    }

    /** A direction for each identity: no layer, only weights. */
    private static final class Centres extends Leaf {

        Centres(int identities, int dimensions) {
            super(CENTRES);
            state().parameter("weight", Init.GLOROT_NORMAL, identities, dimensions);
        }

        @Override
        public Tensor apply(Tensor embeddings) {
            return embeddings.matmul(unit(state().get("weight")).transpose(0, 1)); // (N, K), cosines
        }
    }
}
