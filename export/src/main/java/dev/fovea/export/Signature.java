package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.export.OnnxValue.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What of a network is exported: a function from tensors to tensors, each with a name.
 *
 * @param outputs their names
 * @param pass the function, as it is recorded
 */
record Signature(List<Input> inputs, List<String> outputs, UnaryOperator<List<Tensor>> pass) {

    static final String BATCH = "batch";
    static final String HEIGHT = "height";
    static final String WIDTH = "width";

    Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * A tensor that goes in.
     *
     * @param dims {@link #BATCH}, {@link #HEIGHT} and {@link #WIDTH} are those of the setting
     * @param below of whole numbers, which are 0 or more: all are below this; fractions are from 0 to 1
     */
    record Input(String name, DType type, List<Dim> dims, long below) {

        Input {
            dims = List.copyOf(dims);
        }

        /** Numbers [N, sizes]. */
        static Input of(String name, DType type, long below, Dim... sizes) {
            var dims = new ArrayList<>(List.of(Dim.any(BATCH)));
            dims.addAll(List.of(sizes));
            return new Input(name, type, dims, below);
        }

        /** Random values for {@code setting}; the same for the same. */
        Tensor example(Setting setting) {
            long[] shape = dims.stream().mapToLong(dim -> size(dim, setting)).toArray();
            Tensor values = Tensor.rand(Random.of(new Seed(setting.seed())), shape);
            return type == DType.FLOAT32
                    ? values
                    : values.mul(below).to(DType.INT64).to(type);
        }

        long size(Dim dim, Setting setting) {
            return switch (dim.name()) {
                case BATCH -> setting.batch();
                case HEIGHT -> setting.height();
                case WIDTH -> setting.width();
                default -> dim.size();
            };
        }
    }

    List<Tensor> example(Setting setting) {
        return inputs.stream().map(input -> input.example(setting)).toList();
    }

    /** Whether images of any size go in. */
    boolean takesSizes() {
        return inputs.stream()
                .flatMap(input -> input.dims().stream())
                .anyMatch(dim -> dim.name().equals(HEIGHT));
    }
}
