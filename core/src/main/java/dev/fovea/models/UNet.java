package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.ConvTranspose2d;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * U-Net (Ronneberger et al. 2015, <a href="https://arxiv.org/abs/1505.04597">1505.04597</a>): an encoder that makes maps coarser and a
 * decoder that makes them finer again, at each size with the encoder's maps beside its own. Convolutions are padded and have batch
 * norms, so that the answer is as large as the image.
 *
 * <p>Its encoder is its own, or any classifier of the registry, whose published weights it can start from; then maps are repeated and
 * not learned to be finer, with a quarter of the channels.
 */
public final class UNet extends Net implements SegmentationNet {

    private static final String OWN = "own";
    private static final int COARSEST = 32;

    /** The registered one. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("unet", new Config(OWN, 64, false), "https://arxiv.org/abs/1505.04597")
                    .at(3, 480, 480)
                    .classes(21));

    /**
     * Its parts.
     *
     * @param encoder {@code own}, or a registered classifier with maps at strides 4, 8, 16 and 32
     * @param width channels at full size; at each halving twice as many
     * @param presence whether it says of each class whether it is anywhere in the image, too
     */
    record Config(String encoder, int width, boolean presence) implements NetConfig {

        Config {
            NetConfig.range("width", width, 1, 1024);
        }

        @Override
        public UNet create(Shape images, int classes) {
            return new UNet(this, images.channels(), classes);
        }

        @Override
        public Class<?> network() {
            return SegmentationNet.class;
        }

        @Override
        public Optional<String> backboneModel() {
            return Optional.of(encoder).filter(name -> !name.equals(OWN));
        }
    }

    private final Pyramid encoder;
    private final List<Step> steps = new ArrayList<>();
    private final Layer head;
    private final Optional<Layer> presence;

    /** @param channels of the images */
    UNet(Config config, int channels, int classes) {
        boolean own = config.encoder().equals(OWN);
        encoder = add(
                "encoder",
                own ? new Encoder(channels, config.width()) : StagedBackbone.encoder(config.encoder(), channels));
        List<Integer> given = encoder.channels();
        int finest = own ? 0 : Integer.numberOfTrailingZeros(COARSEST) - given.size() + 1;
        int full = own ? config.width() : Math.max(1, config.width() / 4);
        int in = given.get(given.size() - 1);
        for (int level = finest + given.size() - 2; level >= 0; level--) {
            int skipped = level < finest ? 0 : given.get(level - finest);
            steps.add(add("up" + level, new Step(in, skipped, full << level, own)));
            in = full << level;
        }
        head = add("head", DilatedSegmenter.places(in, classes));
        presence = config.presence()
                ? Optional.of(add("presence", linear(given.get(given.size() - 1), classes)))
                : Optional.empty();
    }

    /** Two convolutions of 3x3, each with its norm and ReLU. */
    private static Layer pair(int in, int out) {
        var layers = new ArrayList<Layer>();
        layers.addAll(ConvNorm.of(3).activation(Tensor::relu).layers(in, out));
        layers.addAll(ConvNorm.of(3).activation(Tensor::relu).layers(out, out));
        return new Sequential(layers);
    }

    @Override
    public Outputs outputs(Tensor images) {
        List<Tensor> maps = encoder.maps(images);
        Tensor last = maps.get(maps.size() - 1);
        Tensor y = last;
        for (int i = 0; i < steps.size(); i++) {
            int level = steps.size() - 1 - i;
            int skip = maps.size() - 2 - i;
            y = skip >= 0
                    ? steps.get(i).beside(y, maps.get(skip))
                    : steps.get(i).alone(y, after(images.size(2), level), after(images.size(3), level));
        }
        return new Outputs(
                MapSize.bilinear(head.forward(y), images),
                Optional.empty(),
                presence.map(layer -> layer.forward(last.mean(2, 3))));
    }

    /** A side after so many halvings, rounded up. */
    private static long after(long side, int halvings) {
        return (side + (1L << halvings) - 1) >> halvings;
    }

    @Override
    public List<String> classLayers() {
        return List.of("head.", "presence.");
    }

    /** The paper's way down: maps at strides 1, 2, 4, 8 and 16. */
    private static final class Encoder extends Net implements Pyramid {

        private static final int LEVELS = 5;

        private final List<Layer> levels = new ArrayList<>();
        private final List<Integer> channels = new ArrayList<>();

        Encoder(int images, int width) {
            int in = images;
            for (int level = 0; level < LEVELS; level++) {
                levels.add(add("down" + level, pair(in, width << level)));
                in = width << level;
                channels.add(in);
            }
        }

        @Override
        public List<Integer> channels() {
            return channels;
        }

        @Override
        public List<Tensor> maps(Tensor images) {
            var maps = new ArrayList<Tensor>();
            Tensor x = images;
            for (Layer level : levels) {
                x = level.forward(maps.isEmpty() ? x : x.maxPool2d(2, 2, 0, true));
                maps.add(x);
            }
            return maps;
        }
    }

    /** A step of the way up: maps twice as fine, and what two convolutions make of them and the encoder's. */
    private static final class Step extends Net {

        private final Optional<Layer> finer;
        private final Layer pair;

        /**
         * A step.
         *
         * @param skipped channels of the encoder's maps
         * @param learned whether maps become finer by a transposed convolution, and are not repeated
         */
        Step(int in, int skipped, int out, boolean learned) {
            finer = learned
                    ? Optional.of(add("finer", new ConvTranspose2d(in, out, Conv2d.Window.of(2, 2, 0), 0)))
                    : Optional.empty();
            pair = add("pair", pair((learned ? out : in) + skipped, out));
        }

        Tensor beside(Tensor x, Tensor skipped) {
            Tensor y = finer.isPresent() ? finer.get().forward(x) : x;
            return pair.forward(Tensor.cat(List.of(MapSize.nearest(y, skipped), skipped), 1));
        }

        Tensor alone(Tensor x, long height, long width) {
            return pair.forward(x.upsampleNearest(height, width));
        }
    }
}
