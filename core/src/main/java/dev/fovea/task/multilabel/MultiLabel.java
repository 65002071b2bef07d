package dev.fovea.task.multilabel;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.data.TargetKind;
import dev.fovea.train.Task;
import java.util.List;

/**
 * Which labels, any number of them, an image has.
 *
 * @param allowEmpty whether an empty cell of a table says that an image has none, even where the heading of the column is
 *     no plural
 */
@JsonTypeName(MultiLabel.WORD)
public record MultiLabel(boolean allowEmpty) implements Task {

    static final String WORD = "multi-label";

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public boolean labelled() {
        return true;
    }

    @Override
    public TargetKind targetKind() {
        return new TargetKind.SeveralLabels(allowEmpty);
    }

    @Override
    public List<String> losses() {
        return List.of("binary-cross-entropy", "asymmetric");
    }
}
