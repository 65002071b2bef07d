package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.GroupNorm;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import dev.fovea.nn.detect.FeaturePyramid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Semantic FPN (Kirillov et al. 2019, <a href="https://arxiv.org/abs/1901.02446">1901.02446</a>, section 3.1): the maps of a feature
 * pyramid, each made finer step by step up to stride 4 and added.
 */
public final class SemanticFpn extends Net implements SegmentationNet {

    private static final int LEVELS = 4;
    private static final int GROUPS = 32;

    /** The registered one. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("fpn", new Config("resnet50", 256, 128, false), "https://arxiv.org/abs/1901.02446")
                    .at(3, 512, 512)
                    .classes(21));

    /**
     * Its parts.
     *
     * @param encoder a registered classifier with maps at strides 4, 8, 16 and 32
     * @param width channels of the pyramid
     * @param hidden channels of what is added
     * @param presence whether it says of each class whether it is anywhere in the image, too
     */
    record Config(String encoder, int width, int hidden, boolean presence) implements NetConfig {

        Config {
            NetConfig.positive("width", width);
            NetConfig.positive("hidden", hidden);
        }

        @Override
        public SemanticFpn create(Shape images, int classes) {
            return new SemanticFpn(this, images.channels(), classes);
        }

        @Override
        public Class<?> network() {
            return SegmentationNet.class;
        }

        @Override
        public Optional<String> backboneModel() {
            return Optional.of(encoder);
        }
    }

    private final Pyramid encoder;
    private final FeaturePyramid pyramid;
    private final List<List<Layer>> branches = new ArrayList<>();
    private final Layer head;
    private final Optional<Layer> presence;

    /** @param channels of the images */
    SemanticFpn(Config config, int channels, int classes) {
        encoder = add("encoder", StagedBackbone.of(config.encoder(), channels, 4, 8, 16, 32));
        pyramid = add(
                "pyramid", new FeaturePyramid(encoder.channels(), config.width(), false, FeaturePyramid.Extra.NONE));
        int hidden = config.hidden();
        for (int level = 0; level < LEVELS; level++) {
            var steps = new ArrayList<Layer>();
            for (int i = 0; i < Math.max(1, level); i++) {
                steps.add(HeadParts.block(
                        i == 0 ? config.width() : hidden,
                        hidden,
                        Optional.of(count -> new GroupNorm(count % GROUPS == 0 ? GROUPS : 1, count))));
            }
            add("branch" + level, new Sequential(steps));
            branches.add(steps);
        }
        head = add("head", DilatedSegmenter.places(hidden, classes));
        List<Integer> given = encoder.channels();
        presence = config.presence()
                ? Optional.of(add("presence", linear(given.get(given.size() - 1), classes)))
                : Optional.empty();
    }

    @Override
    public Outputs outputs(Tensor images) {
        List<Tensor> maps = encoder.maps(images);
        List<Tensor> levels = pyramid.of(maps);
        Tensor sum = null;
        for (int level = 0; level < LEVELS; level++) {
            Tensor y = levels.get(level);
            for (int i = 0; i < branches.get(level).size(); i++) {
                y = branches.get(level).get(i).forward(y);
                y = MapSize.bilinear(y, levels.get(Math.max(0, level - 1 - i))); // twice as fine, up to stride 4
            }
            sum = sum == null ? y : sum.add(y);
        }
        Tensor last = maps.get(maps.size() - 1);
        return new Outputs(
                MapSize.bilinear(head.forward(sum), images),
                Optional.empty(),
                presence.map(layer -> layer.forward(last.mean(2, 3))));
    }

    @Override
    public List<String> classLayers() {
        return List.of("head.", "presence.");
    }
}
