package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.io.Escaped;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Sizes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An encoder and a decoder, one behind the other (Hinton and Salakhutdinov 2006).
 *
 * <p>As text, an arrow stands between them: {@code flatten, dense 32, relu -> dense 784, sigmoid, reshape 1 28 28}.
 */
public final class EncoderDecoder extends Net implements AutoencoderNet {

    private static final String PAPER = "https://blog.keras.io/building-autoencoders-in-keras.html";

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            ModelEntry.row("dense-autoencoder", new DenseConfig(512, 512, CodeActivation.RELU, false, false), PAPER),
            ModelEntry.row("conv-autoencoder", new ConvConfig(64, 32, CodeActivation.LINEAR, true), PAPER));

    /**
     * Dense layers to the code, and a single one from it to the image.
     *
     * @param bottleneck length of a code
     * @param hidden units before the code, or 0 for no layer of them
     * @param activation of the code
     * @param tied whether the decoder has the encoder's weights, transposed
     * @param batchNorm whether a batch norm stands behind every dense layer but the last
     */
    record DenseConfig(int bottleneck, int hidden, CodeActivation activation, boolean tied, boolean batchNorm)
            implements NetConfig {

        DenseConfig {
            NetConfig.positive("bottleneck", bottleneck);
            NetConfig.range("hidden", hidden, 0, MOST);
        }

        @Override
        public Module create(Shape images, int classes) {
            List<Integer> widths = hidden == 0 ? List.of(bottleneck) : List.of(hidden, bottleneck);
            var sizes =
                    new DenseSizes(images.channels(), images.height(), images.width(), widths, activation, batchNorm);
            return tied ? new TiedAutoencoder(sizes) : dense(sizes);
        }

        @Override
        public Class<?> network() {
            return AutoencoderNet.class;
        }
    }

    /**
     * Two strided convolutions to a code, and their mirror image.
     *
     * @param code length of a code
     * @param width channels of the first convolution
     * @param activation of the code
     * @param batchNorm whether a batch norm stands behind every convolution but the last
     */
    record ConvConfig(int code, int width, CodeActivation activation, boolean batchNorm) implements NetConfig {

        ConvConfig {
            NetConfig.positive("code", code);
            NetConfig.positive("width", width);
        }

        /** @throws IllegalArgumentException if a side is not a multiple of 4 */
        @Override
        public Module create(Shape images, int classes) {
            int height = images.height();
            int columns = images.width();
            checkSides("conv-autoencoder", height, columns, 4);
            String text = String.format(
                    Locale.ROOT,
                    "conv %1$d 3 stride=2 pad=1%8$s, relu, conv %2$d 3 stride=2 pad=1%8$s, relu, "
                            + "flatten, dense %3$d%9$s -> dense %4$d, relu, reshape %2$d %5$d %6$d, "
                            + "deconv %1$d 4 stride=2 pad=1%8$s, relu, deconv %7$d 4 stride=2 pad=1, sigmoid",
                    width,
                    2 * width,
                    code,
                    Sizes.product(2, width, height / 4, columns / 4),
                    height / 4,
                    columns / 4,
                    images.channels(),
                    batchNorm ? ", batchnorm" : "",
                    activation.text);
            return ofText(text, images.channels(), height, columns);
        }

        @Override
        public Class<?> network() {
            return AutoencoderNet.class;
        }
    }

    private static final String ARROW = "->";

    private final Layer encoder;
    private final Layer decoder;
    private final boolean boundedCode;

    private EncoderDecoder(Layer encoder, Layer decoder, boolean boundedCode) {
        this.encoder = add("encoder", encoder);
        this.decoder = add("decoder", decoder);
        this.boundedCode = boundedCode;
    }

    /** Whether {@code model} is an encoder and a decoder as text. */
    static boolean isText(String model) {
        return model.contains(ARROW);
    }

    /**
     * Builds both for images of this shape.
     *
     * @throws IllegalArgumentException if the text is not understood, the code is not flat, or the decoder's output is
     * not such an image
     */
    static EncoderDecoder ofText(String text, int channels, int height, int width) {
        String[] halves = text.split(ARROW);
        if (halves.length != 2) {
            throw new IllegalArgumentException(
                    "an autoencoder as text has one '->' between encoder and decoder, got '%s'"
                            .formatted(Escaped.of(text)));
        }
        var encoder = LayerText.build(halves[0].strip(), channels, height, width, 0);
        Shape code = Shape.of(channels, height, width).after(encoder);
        if (code.image()) {
            throw new IllegalArgumentException(
                    "the encoder must end with a flat code, as 'flatten, dense 32' makes one, got " + code);
        }
        var decoder = LayerText.build(halves[1].strip(), code, 0);
        Shape made = code.after(decoder);
        if (!made.equals(Shape.of(channels, height, width))) {
            throw new IllegalArgumentException(
                    "the decoder makes %s, the images are %s".formatted(made, Shape.of(channels, height, width)));
        }
        return new EncoderDecoder(encoder, decoder, halves[0].strip().endsWith("sigmoid"));
    }

    /** Dense layers to the code and a single one from it to the image. */
    static EncoderDecoder dense(DenseSizes sizes) {
        String norm = sizes.batchNorm() ? ", batchnorm" : "";
        String layers =
                sizes.widths().stream().map(units -> "dense " + units + norm).collect(Collectors.joining(", relu, "));
        return ofText(
                "flatten, %s%s -> dense %s, sigmoid, reshape %s %s %s"
                        .formatted(
                                layers,
                                sizes.activation().text,
                                sizes.values(),
                                sizes.channels(),
                                sizes.height(),
                                sizes.width()),
                sizes.channels(),
                sizes.height(),
                sizes.width());
    }

    /** @throws IllegalArgumentException if a side is not a multiple of {@code stride} */
    static void checkSides(String name, int height, int width, int stride) {
        if (height % stride != 0 || width % stride != 0) {
            throw new IllegalArgumentException("%s: sides must be multiples of %s, got %sx%s. Set input.size"
                    .formatted(name, stride, width, height));
        }
    }

    @Override
    public boolean boundedCode() {
        return boundedCode;
    }

    @Override
    public Tensor encode(Tensor images) {
        return encoder.forward(images);
    }

    @Override
    public Optional<FeatureMaps> maps() {
        return encoder instanceof FeatureMaps maps ? Optional.of(maps) : Optional.empty();
    }

    @Override
    public Tensor decode(Tensor codes) {
        return decoder.forward(codes);
    }
}
