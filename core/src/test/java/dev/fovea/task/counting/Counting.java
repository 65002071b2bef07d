package dev.fovea.task.counting;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.train.Task;

/**
 * How many dots an image has.
 *
 * @param weight of the error, above 0
 */
@JsonTypeName(Counting.WORD)
public record Counting(double weight) implements Task {

    static final String WORD = "counting";

    public Counting {
        Task.check(weight > 0, "task.weight must be above 0, got task.weight=%s", weight);
    }

    @Override
    public String word() {
        return WORD;
    }
}
