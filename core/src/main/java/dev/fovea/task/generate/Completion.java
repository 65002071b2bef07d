package dev.fovea.task.generate;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.models.TokenTransformer;
import java.util.ArrayList;
import java.util.List;

/**
 * Generates the lower part of an image below its upper part.
 *
 * @param image [1, C, H, W], values 0 to 1
 * @param kept share of its height that stays, 0 to below 1
 */
record Completion(TokenTransformer transformer, Tensor image, double kept) {

    /** So many completions, values 0 to 1; {@code label} -1 for the most likely class of the upper part. */
    Tensor made(int count, int label, TokenTransformer.Choice choice) {
        int height = (int) image.size(2);
        int rows = (int) Math.round(kept * height);
        int columns = transformer.tokenizer().columns();
        int known = rows * (transformer.tokenizer().length() / columns) / height * columns;
        Tensor given = transformer.tokenizer().tokens(shown(rows));
        long conditioning = label >= 0 ? label : known == 0 ? 0 : transformer.mostLikelyClass(given, known);
        Tensor labels = Tensor.full(conditioning, count).to(DType.INT64).to(image.device());
        Tensor tokens = transformer.generate(given.expand(count, -1), known, labels, choice, true);
        Tensor lower = transformer.tokenizer().ofTokens(tokens).narrow(2, rows, height - rows);
        return Tensor.cat(List.of(image.narrow(2, 0, rows).expand(count, -1, -1, -1), lower), 2);
    }

    /**
     * The image with its last known row repeated downwards: an encoder with a receptive field gets nothing of the rest.
     */
    private Tensor shown(int rows) {
        if (rows == 0) {
            return image.mul(0);
        }
        var parts = new ArrayList<Tensor>();
        parts.add(image.narrow(2, 0, rows));
        Tensor last = image.narrow(2, rows - 1, 1);
        for (long row = rows; row < image.size(2); row++) {
            parts.add(last);
        }
        return Tensor.cat(parts, 2);
    }
}
