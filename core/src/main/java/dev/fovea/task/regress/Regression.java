package dev.fovea.task.regress;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.data.TargetKind;
import dev.fovea.train.Task;
import java.util.List;

/**
 * One or several numbers an image, such as an age or a count.
 *
 * @param targets columns of the data that are learned; none for the only one that could be meant
 * @param mean what each number has subtracted before it is learned; none for the mean of the training images
 * @param deviation what each is divided by then, above 0; none for the standard deviation of the training images
 */
@JsonTypeName(Regression.WORD)
public record Regression(List<String> targets, List<Double> mean, List<Double> deviation) implements Task {

    static final String WORD = "regression";

    public Regression {
        targets = List.copyOf(targets);
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        new TargetKind.Numbers(targets); // checks the names
        Task.check(
                mean.size() == deviation.size(),
                "task.mean and task.deviation must have as many numbers, got %s and %s",
                mean.size(),
                deviation.size());
        Task.check(
                deviation.stream().allMatch(value -> value > 0) && mean.stream().allMatch(Double::isFinite),
                "task.deviation must be above 0 and task.mean finite, got %s and %s",
                deviation,
                mean);
    }

    /** Standardised by the training images. */
    public static Regression of(String... targets) {
        return new Regression(List.of(targets), List.of(), List.of());
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public TargetKind targetKind() {
        return new TargetKind.Numbers(targets);
    }

    @Override
    public List<String> losses() {
        return VALUES;
    }
}
