package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import java.util.Locale;
import java.util.Optional;

/**
 * An encoder and a decoder, one behind the other (Hinton and Salakhutdinov 2006).
 *
 * <p>As text, an arrow stands between them: {@code flatten, dense 32, relu -> dense 784, sigmoid, reshape 1 28 28}.
 */
public final class EncoderDecoder extends Net implements Coding {

    private static final String ARROW = "->";

    private final Layer encoder;
    private final Layer decoder;

    private EncoderDecoder(Layer encoder, Layer decoder) {
        this.encoder = add("encoder", encoder);
        this.decoder = add("decoder", decoder);
    }

    /** Whether {@code model} is an encoder and a decoder as text. */
    static boolean isText(String model) {
        return model.contains(ARROW);
    }

    /**
     * Builds both for pictures of this shape.
     *
     * @throws IllegalArgumentException if the text is not understood, the code is not flat, or what the decoder makes
     *     is not such a picture
     */
    static EncoderDecoder ofText(String text, int channels, int height, int width) {
        String[] halves = text.split(ARROW);
        if (halves.length != 2) {
            throw new IllegalArgumentException(
                    "an autoencoder as text has one '->' between encoder and decoder, got '%s'".formatted(text));
        }
        var encoder = LayerText.build(halves[0].strip(), channels, height, width, 0);
        Shape code = Shape.of(channels, height, width).after(encoder);
        if (code.picture()) {
            throw new IllegalArgumentException(
                    "the encoder must end with a flat code, as 'flatten, dense 32' makes one, got " + code);
        }
        var decoder = LayerText.build(halves[1].strip(), code, 0);
        Shape made = code.after(decoder);
        if (!made.equals(Shape.of(channels, height, width))) {
            throw new IllegalArgumentException(
                    "the decoder makes %s, the pictures are %s".formatted(made, Shape.of(channels, height, width)));
        }
        return new EncoderDecoder(encoder, decoder);
    }

    /** 512 units, then {@code bottleneck}, and from these the picture: the tutorial network, there with 512. */
    static EncoderDecoder dense(int channels, int height, int width, int bottleneck) {
        return ofText(
                "flatten, dense 512, relu, dense %d, relu -> dense %d, sigmoid, reshape %d %d %d"
                        .formatted(bottleneck, channels * height * width, channels, height, width),
                channels,
                height,
                width);
    }

    /** Two strided convolutions to a code, and their mirror image; sides must be multiples of 4. */
    static EncoderDecoder convolutional(int channels, int height, int width, int base, int code) {
        checkSides("conv-autoencoder", height, width, 4);
        return ofText(
                String.format(
                        Locale.ROOT,
                        "conv %1$d 3 stride=2 pad=1, batchnorm, relu, conv %2$d 3 stride=2 pad=1, batchnorm, relu, "
                                + "flatten, dense %3$d -> dense %4$d, relu, reshape %2$d %5$d %6$d, "
                                + "deconv %1$d 4 stride=2 pad=1, batchnorm, relu, deconv %7$d 4 stride=2 pad=1, sigmoid",
                        base,
                        2 * base,
                        code,
                        2 * base * (height / 4) * (width / 4),
                        height / 4,
                        width / 4,
                        channels),
                channels,
                height,
                width);
    }

    /** @throws IllegalArgumentException if a side is not a multiple of {@code stride} */
    static void checkSides(String name, int height, int width, int stride) {
        if (height % stride != 0 || width % stride != 0) {
            throw new IllegalArgumentException("%s: sides must be multiples of %d, got %dx%d. Set input.size"
                    .formatted(name, stride, width, height));
        }
    }

    @Override
    public Tensor encode(Tensor pictures) {
        return encoder.forward(pictures);
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
