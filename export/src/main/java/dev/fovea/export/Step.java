package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.Op;
import dev.fovea.engine.Recorder.Call;
import dev.fovea.engine.Recorder.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * One operation as several recordings show it.
 *
 * @param calls one of each recording
 * @param layer where it happens, by its name in the state; empty for the network itself
 */
record Step(List<Call> calls, String layer) {

    Step {
        calls = List.copyOf(calls);
    }

    Call first() {
        return calls.get(0);
    }

    Op op() {
        return first().op();
    }

    int recordings() {
        return calls.size();
    }

    /** Whether there is an attribute at that place; operations with two tensors have no number, for one. */
    boolean has(int attribute) {
        return first().attributes().values().size() > attribute;
    }

    double real(int attribute) {
        return (Double) first().attributes().values().get(attribute);
    }

    boolean flag(int attribute) {
        return (Boolean) first().attributes().values().get(attribute);
    }

    /** An attribute of any type, from the first recording. */
    <T> T get(int attribute, Class<T> type) {
        return type.cast(first().attributes().values().get(attribute));
    }

    /** A whole number. */
    Size size(int attribute) {
        return each(call -> (Long) call.attributes().values().get(attribute));
    }

    /** Whole numbers. */
    List<Size> sizes(int attribute) {
        var sizes = new ArrayList<Size>();
        for (int i = 0; i < get(attribute, long[].class).length; i++) {
            int at = i;
            sizes.add(each(call -> ((long[]) call.attributes().values().get(attribute))[at]));
        }
        return sizes;
    }

    /** Whole numbers that are the same in all recordings. */
    long[] wholes(int attribute) {
        return sizes(attribute).stream()
                .mapToLong(size -> fixed(attribute, size))
                .toArray();
    }

    /** A whole number that is the same in all recordings. */
    long whole(int attribute) {
        return fixed(attribute, size(attribute));
    }

    private long fixed(int attribute, Size size) {
        if (!size.isFixed()) {
            throw new SizeDependentException("%s: %s of %s hangs on the size of the images"
                    .formatted(place(), op().names().get(attribute), op()));
        }
        return size.value();
    }

    /** A dimension of the first input, counted from 0. */
    int dim(int attribute) {
        return dim(whole(attribute), rank(0));
    }

    static int dim(long dim, int rank) {
        return (int) (dim < 0 ? dim + rank : dim);
    }

    int rank(int input) {
        return first().inputs().get(input).shape().size();
    }

    boolean present(int input) {
        return first().inputs().size() > input && first().inputs().get(input).present();
    }

    /** The shape of an input. */
    List<Size> shape(int input) {
        return shape(call -> call.inputs().get(input));
    }

    /** The shape of an output. */
    List<Size> made(int output) {
        return shape(call -> call.outputs().get(output));
    }

    DType type(int input) {
        return first().inputs().get(input).type();
    }

    /** The type of the first output. */
    DType made() {
        return first().outputs().get(0).type();
    }

    private List<Size> shape(Function<Call, Value> value) {
        var sizes = new ArrayList<Size>();
        for (int i = 0; i < value.apply(first()).shape().size(); i++) {
            int at = i;
            sizes.add(each(call -> value.apply(call).shape().get(at)));
        }
        return sizes;
    }

    private Size each(ToLongFunction<Call> number) {
        return new Size(calls.stream().map(number::applyAsLong).toList());
    }

    /** The layer as messages name it. */
    String place() {
        return layer.isEmpty() ? "the network" : layer;
    }
}
