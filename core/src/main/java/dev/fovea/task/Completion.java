package dev.fovea.task;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.models.TokenTransformer;
import java.util.ArrayList;
import java.util.List;

/**
 * The lower part of a picture written anew below the upper one.
 *
 * @param picture [1, C, H, W], values 0 to 1
 * @param kept share of its height that stays, 0 to below 1
 */
record Completion(TokenTransformer writer, Tensor picture, double kept) {

    /** So many completions, values 0 to 1; {@code label} -1 for the class that what is kept is likeliest of. */
    Tensor made(int count, int label, TokenTransformer.Choice choice) {
        int height = (int) picture.size(2);
        int rows = (int) Math.round(kept * height);
        int columns = writer.tokenizer().columns();
        int known = rows * (writer.tokenizer().length() / columns) / height * columns;
        Tensor given = writer.tokenizer().tokens(shown(rows));
        long asked = label >= 0 ? label : known == 0 ? 0 : writer.likeliest(given, known);
        Tensor labels = Tensor.full(asked, count).to(DType.INT64).to(picture.device());
        Tensor tokens = writer.write(given.expand(count, -1), known, labels, choice, true);
        Tensor lower = writer.tokenizer().ofTokens(tokens).narrow(2, rows, height - rows);
        return Tensor.cat(List.of(picture.narrow(2, 0, rows).expand(count, -1, -1, -1), lower), 2);
    }

    /** The picture with its last known row repeated downwards: an encoder that looks around sees nothing of the rest. */
    private Tensor shown(int rows) {
        if (rows == 0) {
            return picture.mul(0);
        }
        var parts = new ArrayList<Tensor>();
        parts.add(picture.narrow(2, 0, rows));
        Tensor last = picture.narrow(2, rows - 1, 1);
        for (long row = rows; row < picture.size(2); row++) {
            parts.add(last);
        }
        return Tensor.cat(parts, 2);
    }
}
