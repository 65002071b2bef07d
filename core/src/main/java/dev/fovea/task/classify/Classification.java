package dev.fovea.task.classify;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.nn.Loss;
import dev.fovea.train.Task;
import java.util.List;

/** Which of the classes an image shows. */
@JsonTypeName(Classification.WORD)
public record Classification() implements Task {

    static final String WORD = "classification";

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public boolean labelled() {
        return true;
    }

    @Override
    public List<String> losses() {
        return Loss.defaults().stream().map(Loss::word).toList();
    }
}
