package dev.fovea.nn;

import dev.fovea.engine.Recorder.Call;
import dev.fovea.engine.Recorder.Value;
import java.util.List;

/**
 * What operations cost in multiply-adds: convolutions, linear layers, recurrent ones and products of matrices, those of
 * attention included, as torchvision counts them.
 */
final class MultiplyAdds {

    private MultiplyAdds() {}

    static long of(List<Call> calls) {
        return calls.stream().mapToLong(MultiplyAdds::of).sum();
    }

    static long of(Call call) {
        List<Value> in = call.inputs();
        return switch (call.op()) {
            case CONV2D, CONV3D, LINEAR -> call.outputs().get(0).elements() * each(in.get(1));
            case CONV_TRANSPOSE2D -> in.get(0).elements() * each(in.get(1));
            case MATMUL -> call.outputs().get(0).elements() * last(in.get(0));
            case ATTENTION ->
                in.get(0).elements() / last(in.get(0)) * rows(in.get(1)) * (last(in.get(1)) + last(in.get(2)));
            case RECURRENT -> in.get(0).shape().get(0) * in.get(0).shape().get(1) * matrices(in);
            case RECURRENT_PACKED -> in.get(0).shape().get(0) * matrices(in);
            default -> 0;
        };
    }

    private static long last(Value value) {
        return value.shape().get(value.shape().size() - 1);
    }

    private static long rows(Value value) {
        return value.shape().get(value.shape().size() - 2);
    }

    /** Elements of a weight for each entry of its first dimension. */
    private static long each(Value weight) {
        return weight.elements() / weight.shape().get(0);
    }

    /** Elements of the weights of a recurrent network; its sequences and states have three dimensions, biases one. */
    private static long matrices(List<Value> inputs) {
        return inputs.stream()
                .skip(1)
                .filter(value -> value.shape().size() == 2)
                .mapToLong(Value::elements)
                .sum();
    }
}
