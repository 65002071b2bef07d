package dev.fovea.run.answers;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A number of each image.
 *
 * @param name such as psnr
 * @param scale what it says about the answer
 * @param threshold of the model, where it has one
 * @param values NaN where there is none
 */
public record Figure(String name, Scale scale, OptionalDouble threshold, List<Double> values) {

    public Figure {
        values = List.copyOf(values);
    }

    /** The mean of those that are known, errors without their signs; NaN where none is. */
    public double mean() {
        return values.stream()
                .filter(value -> !Double.isNaN(value))
                .mapToDouble(scale::compared)
                .average()
                .orElse(Double.NaN);
    }

    /** The largest of those that are finite; NaN where none is. */
    public double most() {
        return values.stream()
                .mapToDouble(value -> value)
                .filter(Double::isFinite)
                .max()
                .orElse(Double.NaN);
    }

    /** That of an image as images are compared by it. */
    double compared(int image) {
        return scale.compared(values.get(image));
    }

    /** Images above {@code threshold}. */
    public long above(double threshold) {
        return values.stream().filter(value -> value > threshold).count();
    }
}
