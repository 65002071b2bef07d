package dev.fovea.models;

import dev.fovea.data.Targets;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Embedding;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * DETR (Carion et al. 2020, <a href="https://arxiv.org/abs/2005.12872">End-to-End Object Detection with Transformers</a>): a
 * transformer whose learned queries each say one object of the image, or that there is none. Queries are matched with objects one to
 * one, so that there are neither anchors nor duplicates to suppress.
 *
 * <p>Names and numbers are those of the authors' network, their published weights are of 91 classes, some of which have no objects.
 * Of K classes it has K + 1 outputs, of which the last is that there is no object.
 *
 * <p>The authors fill smaller images of a batch up and hide what was filled from the attention. All images of a batch have one size
 * here, so that there is no mask: where an image was fitted into a frame, its margins are part of what is looked at. Objects that do
 * not count are no background either: a query whose box has its middle in one learns nothing unless it is given another.
 */
public final class Detr extends Net implements SingleStageNet {

    private static final int STRIDE = 32;

    /** The registered one. */
    static final List<ModelEntry> MODELS = List.of(ModelEntry.row(
                    "detr_resnet50",
                    new Config("resnet50", NormKind.FROZEN, 1e-5, 256, 8, 2048, 6, 6, 100, 0.1),
                    "https://arxiv.org/abs/2005.12872")
            .at(3, 800, 800)
            .classes(91));

    /**
     * Its size.
     *
     * @param backbone a registered classifier with a map at stride 32
     * @param norm what becomes of the backbone's batch norms
     * @param eps added to the variances of frozen ones
     * @param width D, of all places and queries; a multiple of 4 and of {@code heads}
     * @param heads of each attention
     * @param hidden values between the two products behind an attention
     * @param encoders layers of the encoder, which may have none
     * @param decoders layers of the decoder
     * @param queries objects that can be found in an image
     * @param dropout share that is dropped while training, in attention and behind each branch
     */
    record Config(
            String backbone,
            NormKind norm,
            double eps,
            int width,
            int heads,
            int hidden,
            int encoders,
            int decoders,
            int queries,
            double dropout)
            implements NetConfig {

        Config {
            NetConfig.positive("width", width);
            NetConfig.range("heads", heads, 1, 256);
            NetConfig.positive("hidden", hidden);
            NetConfig.range("encoders", encoders, 0, 64);
            NetConfig.range("decoders", decoders, 1, 64);
            NetConfig.range("queries", queries, 1, 10_000);
            NetConfig.probability("dropout", dropout);
            if (width % 4 != 0 || width % heads != 0) {
                throw new IllegalArgumentException(
                        "detr: width must be a multiple of 4, for its positions, and of heads, got width=%s, heads=%s"
                                .formatted(width, heads));
            }
        }

        @Override
        public Detr create(Shape images, int classes) {
            return new Detr(this, images.channels(), classes);
        }

        @Override
        public Class<?> network() {
            return DetectionNet.class;
        }

        @Override
        public Optional<String> backboneModel() {
            return Optional.of(backbone);
        }
    }

    private final int classCount;
    private final int queries;
    private final Pyramid body;
    private final Layer projection;
    private final DetrTransformer transformer;
    private final Embedding asked;
    private final Layer boxes;
    private final Layer classes;

    /** @param channels of the images */
    Detr(Config config, int channels, int classes) {
        classCount = classes;
        queries = config.queries();
        body = StagedBackbone.of(config.backbone(), channels, STRIDE);
        if (config.norm() == NormKind.FROZEN) {
            BatchNorm.fix(body, config.eps());
        }
        add("backbone", new Parts(Map.of("0", new Parts(Map.of("body", body)))));
        projection = add("input_proj", HeadParts.conv(body.channels().get(0), config.width(), 1));
        transformer = add("transformer", new DetrTransformer(config));
        asked = add("query_embed", new Embedding(config.queries(), config.width()));
        boxes = add("bbox_embed", new BoxHead(config.width()));
        this.classes = add("class_embed", new Dense(config.width(), classes + 1, true));
    }

    /** {@inheritDoc} All queries, each with its best class; none is a duplicate of another. */
    @Override
    public Limits limits() {
        return new Limits(0, 1, queries);
    }

    @Override
    public List<String> classLayers() {
        return List.of("class_embed.");
    }

    @Override
    public int multiple() {
        return STRIDE;
    }

    /**
     * What the heads give behind some layers of the decoder, in float32.
     *
     * @param logits of the classes, the last that there is no object, [layers, N, Q, K + 1]
     * @param boxes middle, width and height in shares of the image, [layers, N, Q, 4]
     */
    record Raw(Tensor logits, Tensor boxes) {}

    /** Behind all layers of the decoder, or the last alone. */
    Raw raw(Tensor images, boolean all) {
        Tensor map = projection.forward(body.maps(images).get(0)); // (N, D, H / 32, W / 32)
        Tensor positions = DetrTransformer.positions(map.size(2), map.size(3), map.size(1), map.device());
        Tensor asking = asked.state().get("weight").unsqueeze(0).expand(images.size(0), queries, map.size(1));
        List<Tensor> states = transformer.decoded(map.flatten(2, 3).transpose(1, 2), positions, asking);
        Tensor read = transformer.normed(
                Tensor.stack(all ? states : states.subList(states.size() - 1, states.size()), 0)); // (layers, N, Q, D)
        return new Raw(
                classes.forward(read).to(DType.FLOAT32),
                boxes.forward(read).to(DType.FLOAT32).sigmoid());
    }

    @Override
    public Map<String, Tensor> losses(Tensor images, Targets.Objects truth) {
        return new SetLosses(classCount, shares(images), ObjectsOfImage.of(truth)).of(raw(images, true));
    }

    private static BoxShares shares(Tensor images) {
        return new BoxShares((int) images.size(3), (int) images.size(2));
    }

    /** {@inheritDoc} Each has a score for its best class alone. */
    @Override
    public Boxes boxes(Tensor images) {
        Raw raw = raw(images, false);
        Tensor scores = raw.logits().softmax(3).select(0, 0).narrow(2, 0, classCount);
        Tensor best = scores.eq(scores.max(2).unsqueeze(2)).to(DType.FLOAT32);
        return new Boxes(shares(images).edges(raw.boxes()).select(0, 0), scores.mul(best));
    }

    @Override
    public List<Found> detect(Tensor images, Limits limits) {
        Raw raw = raw(images, false);
        BoxShares shares = shares(images);
        float[] scores = raw.logits().softmax(3).toFloats();
        float[] edges = shares.edges(raw.boxes()).toFloats();
        var found = new ArrayList<Found>();
        for (int image = 0; image < images.size(0); image++) {
            var candidates = new TopCandidates(shares.height(), shares.width());
            for (int query = image * queries; query < (image + 1) * queries; query++) {
                int from = query * (classCount + 1);
                int best = best(scores, from);
                float score = scores[from + best];
                if (score > limits.score()) {
                    candidates.add(edges, query, best, score);
                }
            }
            found.add(candidates.kept(limits));
        }
        return found;
    }

    /** The most probable class of those that begin at {@code from}. */
    private int best(float[] scores, int from) {
        int best = 0;
        for (int label = 1; label < classCount; label++) {
            best = scores[from + label] > scores[from + best] ? label : best;
        }
        return best;
    }

    /** {@inheritDoc} It is [N, Q, K + 5], what the last layer of the decoder gives. */
    @Override
    public Tensor trace(Tensor images) {
        Raw raw = raw(images, false);
        return Tensor.cat(List.of(raw.logits(), raw.boxes()), 3).select(0, 0);
    }

    /** Three dense layers with ReLUs between them: [..., D] to [..., 4]. */
    private static final class BoxHead extends Net implements Layer {

        private final List<Dense> layers;

        BoxHead(int width) {
            layers = List.of(new Dense(width, width, true), new Dense(width, width, true), new Dense(width, 4, true));
            Group group = add("layers", new Group());
            for (int i = 0; i < layers.size(); i++) {
                group.with(Integer.toString(i), layers.get(i));
            }
        }

        @Override
        public Tensor apply(Tensor x) {
            return layers.get(2)
                    .forward(layers.get(1)
                            .forward(layers.get(0).forward(x).relu())
                            .relu());
        }
    }
}
