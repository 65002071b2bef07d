package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * SegFormer (Xie et al. 2021, <a href="https://arxiv.org/abs/2105.15203">2105.15203</a>): a {@link MixTransformer} and a head of dense
 * layers alone, which brings the maps of all strides to one width and one size and joins them. Names are those of the authors' network;
 * theirs sees 150 classes of ADE20K.
 */
public final class SegFormer extends Net implements SegmentationNet {

    private static final int LEVELS = 4;

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("segformer_b0", new Config("mit_b0", 256, 0.1)),
            row("segformer_b1", new Config("mit_b1", 256, 0.1)),
            row("segformer_b2", new Config("mit_b2", 768, 0.1)));

    private static ModelEntry row(String name, Config config) {
        return ModelEntry.row(name, config, MixTransformer.PAPER)
                .at(3, 512, 512)
                .classes(150);
    }

    /**
     * Its parts.
     *
     * @param backbone a registered classifier with maps at strides 4, 8, 16 and 32
     * @param width channels of the head
     * @param dropout share of the joined channels that is dropped while training
     */
    record Config(String backbone, int width, double dropout) implements NetConfig {

        Config {
            NetConfig.positive("width", width);
            NetConfig.probability("dropout", dropout);
        }

        @Override
        public SegFormer create(Shape images, int classes) {
            return new SegFormer(this, images.channels(), classes);
        }

        @Override
        public Class<?> network() {
            return SegmentationNet.class;
        }

        @Override
        public Optional<String> backboneModel() {
            return Optional.of(backbone);
        }
    }

    private final Pyramid backbone;
    private final Head head;

    /** @param channels of the images */
    SegFormer(Config config, int channels, int classes) {
        backbone = add("backbone", StagedBackbone.of(config.backbone(), channels, 4, 8, 16, 32));
        head = add("decode_head", new Head(backbone.channels(), config, classes));
    }

    @Override
    public Outputs outputs(Tensor images) {
        return Outputs.of(MapSize.bilinear(head.of(backbone.maps(images)), images));
    }

    @Override
    public List<String> classLayers() {
        return List.of("decode_head.linear_pred.");
    }

    private static final class Head extends Net {

        private final List<Layer> widened = new ArrayList<>(Collections.nCopies(LEVELS, null));
        private final Layer joined;
        private final Layer norm;
        private final Layer dropout;
        private final Layer classes;

        Head(List<Integer> in, Config config, int classes) {
            int width = config.width();
            for (int i = LEVELS - 1; i >= 0; i--) {
                widened.set(i, add("linear_c" + (i + 1), new Group()).with("proj", linear(in.get(i), width)));
            }
            var fuse = add("linear_fuse", new Group());
            joined = fuse.with("conv", new Conv2d(LEVELS * width, width, Conv2d.Window.of(1, 1, 0), 1, false));
            norm = fuse.with("bn", new BatchNorm(width));
            dropout = add("dropout", new Dropout(Dropout.Unit.CHANNEL, config.dropout()));
            this.classes = add("linear_pred", DilatedSegmenter.places(width, classes));
        }

        /** Of maps, the finest first: logits at the size of the finest. */
        Tensor of(List<Tensor> maps) {
            var parts = new ArrayList<Tensor>();
            for (int i = LEVELS - 1; i >= 0; i--) {
                Tensor map =
                        widened.get(i).forward(maps.get(i).permute(0, 2, 3, 1)).permute(0, 3, 1, 2);
                parts.add(MapSize.bilinear(map, maps.get(0)));
            }
            Tensor y = norm.forward(joined.forward(Tensor.cat(parts, 1))).relu(); // (N, width, H/4, W/4)
            return classes.forward(dropout.forward(y));
        }
    }
}
