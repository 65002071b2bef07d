package dev.fovea.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A log of all operations of its thread while it is open: summaries, counts of multiply-adds and exported graphs come
 * from it.
 *
 * <pre>{@code try (var recorder = new Recorder()) { net.forward(x); recorder.calls().forEach(System.out::println); }}</pre>
 */
public final class Recorder implements AutoCloseable {

    private static final ThreadLocal<Recorder> OPEN = new ThreadLocal<>();

    /**
     * A tensor as it was when it was recorded; two are the same tensor if they have the same number.
     *
     * @param number from 0, in the order in which tensors came up; -1 stands for an input that was not given
     */
    public record Value(int number, List<Long> shape, DType type) {

        private static final Value NONE = new Value(-1, List.of(), DType.FLOAT32);

        /** Whether there is one. */
        public boolean present() {
            return number >= 0;
        }

        /** How many elements it has. */
        public long elements() {
            return shape.stream().reduce(1L, (a, b) -> a * b);
        }
    }

    /**
     * One operation.
     *
     * @param outputs of one in place its first input
     * @param layers that were at work, the innermost last
     */
    public record Call(Op op, Attributes attributes, List<Value> inputs, List<Value> outputs, List<Object> layers) {}

    /**
     * One pass through a layer.
     *
     * @param from its first call
     * @param to the first call after it
     */
    public record Pass(Object layer, Value output, int from, int to) {}

    private final Recorder before = OPEN.get();
    private final Map<Tensor, Integer> numbers = new IdentityHashMap<>();
    private final Map<Integer, Tensor> given = new LinkedHashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Pass> passes = new ArrayList<>();
    private final Deque<Object> layers = new ArrayDeque<>();

    /** Opens one; of several on a thread the innermost sees. */
    public Recorder() {
        OPEN.set(this);
    }

    /** All operations so far. */
    public List<Call> calls() {
        return Collections.unmodifiableList(calls);
    }

    /** The passes through layers that have ended, the inner ones first. */
    public List<Pass> passes() {
        return Collections.unmodifiableList(passes);
    }

    /** Tensors that went into an operation and came out of none, by number: weights, and what the network was given. */
    public Map<Integer, Tensor> given() {
        return Collections.unmodifiableMap(given);
    }

    /** The number of a tensor; one that has not come up yet is noted as given. */
    public int number(Tensor tensor) {
        return value(tensor).number();
    }

    /** Whether somebody records what this thread computes. */
    public static boolean isOpen() {
        return OPEN.get() != null;
    }

    /** What {@code pass} gives; all that it calls happens in {@code layer}, if somebody records. */
    public static Tensor within(Object layer, Supplier<Tensor> pass) {
        Recorder open = OPEN.get();
        return open == null ? pass.get() : open.inside(layer, pass);
    }

    private Tensor inside(Object layer, Supplier<Tensor> pass) {
        int from = calls.size();
        layers.addLast(layer);
        try {
            Tensor output = pass.get();
            passes.add(new Pass(layer, value(output), from, calls.size()));
            return output;
        } finally {
            layers.removeLast();
        }
    }

    static void saw(Op op, Attributes attributes, Tensor[] inputs, Tensor[] outputs) {
        Recorder open = OPEN.get();
        if (open != null) {
            open.note(op, attributes, inputs, outputs);
        }
    }

    private void note(Op op, Attributes attributes, Tensor[] inputs, Tensor[] outputs) {
        var in = new ArrayList<Value>();
        for (Tensor input : inputs) {
            in.add(input == null ? Value.NONE : value(input));
        }
        var out = new ArrayList<Value>();
        for (Tensor output : outputs) {
            numbers.putIfAbsent(output, numbers.size());
            out.add(value(output));
        }
        calls.add(new Call(op, attributes, in, out, List.copyOf(layers)));
    }

    private Value value(Tensor tensor) {
        Integer number = numbers.get(tensor);
        if (number == null) {
            number = numbers.size();
            numbers.put(tensor, number);
            given.put(number, tensor);
        }
        var shape = new ArrayList<Long>();
        for (long size : tensor.shape()) {
            shape.add(size);
        }
        return new Value(number, List.copyOf(shape), tensor.type());
    }

    @Override
    public void close() {
        if (before == null) {
            OPEN.remove();
        } else {
            OPEN.set(before);
        }
    }
}
