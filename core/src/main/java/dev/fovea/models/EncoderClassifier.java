package dev.fovea.models;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Escaped;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;

/**
 * The encoder of an autoencoder with layers on its code: images [N, C, H, W] to logits [N, classes].
 *
 * <p>As text: {@code encoder(conv-autoencoder code=64), dense classes}.
 */
public final class EncoderClassifier extends Net implements Layer {

    private static final String WORD = "encoder(";

    private final EncoderNet autoencoder;
    private final Layer head;

    EncoderClassifier(EncoderNet autoencoder, Layer head) {
        this.autoencoder = add("autoencoder", autoencoder);
        this.head = add("head", head);
    }

    /** Whether {@code model} is written like that. */
    static boolean isText(String model) {
        return model.startsWith(WORD);
    }

    /** The autoencoder as written between the brackets. */
    static String inner(String text) {
        return text.substring(WORD.length(), closing(text)).strip();
    }

    /** @throws IllegalArgumentException if the text is not understood, or names no autoencoder */
    static EncoderClassifier ofText(String text, int channels, int height, int width, int classes) {
        String inner = inner(text);
        String rest = text.substring(closing(text) + 1).strip();
        if (!rest.startsWith(",")) {
            throw new IllegalArgumentException(
                    "'%s': after encoder(...) come its layers, as in 'encoder(%s), dense classes'"
                            .formatted(Escaped.line(text), Escaped.line(inner)));
        }
        if (!(Models.create(inner, channels, height, width, classes) instanceof EncoderNet autoencoder)) {
            throw new IllegalArgumentException("encoder(%s): is no autoencoder. Expected one such as conv-autoencoder"
                    .formatted(Escaped.line(inner)));
        }
        Shape code = code(autoencoder, channels, height, width);
        return new EncoderClassifier(
                autoencoder, LayerText.build(rest.substring(1).strip(), code, classes));
    }

    private static Shape code(EncoderNet autoencoder, int channels, int height, int width) {
        autoencoder.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor nothing = Tensor.zeros(1, channels, height, width);
            return Shape.of(autoencoder
                    .state()
                    .undrawn(() -> autoencoder.encode(nothing).size(1)));
        } finally {
            autoencoder.state().train(true);
        }
    }

    private static int closing(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
            if (depth == 0 && text.charAt(i) == ')') {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "'%s': the bracket after encoder is not closed".formatted(Escaped.line(text)));
    }

    /** The autoencoder; its decoder is not used. */
    public EncoderNet autoencoder() {
        return autoencoder;
    }

    @Override
    public Tensor apply(Tensor images) {
        return head.forward(autoencoder.encode(images));
    }
}
