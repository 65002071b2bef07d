package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.io.Escaped;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Sizes;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An encoder and a decoder, one behind the other (Hinton and Salakhutdinov 2006).
 *
 * <p>As text, an arrow stands between them: {@code flatten, dense 32, relu -> dense 784, sigmoid, reshape 1 28 28}.
 */
public final class EncoderDecoder extends Net implements AutoencoderNet {

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

    /**
     * Dense layers to the code, of 512 units and {@code bottleneck} in the tutorial, and a single one from it to the
     * image.
     */
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

    /** Two strided convolutions to a code, and their mirror image; sides must be multiples of 4. */
    static EncoderDecoder convolutional(int channels, int height, int width, Options options) {
        checkSides("conv-autoencoder", height, width, 4);
        int base = options.whole("width");
        String text = String.format(
                Locale.ROOT,
                "conv %1$d 3 stride=2 pad=1%8$s, relu, conv %2$d 3 stride=2 pad=1%8$s, relu, "
                        + "flatten, dense %3$d%9$s -> dense %4$d, relu, reshape %2$d %5$d %6$d, "
                        + "deconv %1$d 4 stride=2 pad=1%8$s, relu, deconv %7$d 4 stride=2 pad=1, sigmoid",
                base,
                2 * base,
                options.whole("code"),
                Sizes.product(2, base, height / 4, width / 4),
                height / 4,
                width / 4,
                channels,
                options.on("batchnorm") ? ", batchnorm" : "",
                options.one("activation", CodeActivation.class).text);
        return ofText(text, channels, height, width);
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
