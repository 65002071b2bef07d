package dev.fovea.task.generate;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.train.Task;

/**
 * Predicts the next token of an image from those before it.
 *
 * @param tokenizer a run or model of {@link dev.fovea.models.VqVae} that encodes images as tokens
 */
@JsonTypeName(Tokens.WORD)
public record Tokens(String tokenizer) implements Task {

    static final String WORD = "tokens";

    @Override
    public String word() {
        return WORD;
    }
}
