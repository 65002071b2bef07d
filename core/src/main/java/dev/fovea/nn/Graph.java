package dev.fovea.nn;

import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Op;
import dev.fovea.engine.Recorder;
import dev.fovea.engine.Recorder.Call;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The operations of a forward pass in evaluation mode, whatever the batch: sizes that follow it are of type {@link Batch}.
 *
 * <p>The pass is recorded twice, with batches of 2 and 3; what differs must be a multiple of both.
 */
public record Graph(List<Node> nodes) {

    private static final int FEW = 2;
    private static final int MORE = 3;

    /** So many times the batch. */
    public record Batch(long times) {
        @Override
        public String toString() {
            return times == 1 ? "N" : times + "N";
        }
    }

    /**
     * One operation.
     *
     * @param number from 1
     * @param layer where it happens, by its name in the state; empty for the network itself
     * @param attributes by name; sizes are {@link Long} or {@link Batch}, shapes lists of them
     * @param inputs numbers of operations, of one with several outputs with the place behind a dot; {@code image}, and the
     *     names of weights; {@code none} where one was not given
     * @param shapes of the outputs
     */
    public record Node(
            int number,
            String layer,
            Op op,
            Map<String, Object> attributes,
            List<String> inputs,
            List<List<Object>> shapes) {

        /** In a line: number, layer, operation with its attributes, what goes in, the shape of what comes out. */
        @Override
        public String toString() {
            String arguments = attributes.entrySet().stream()
                    .map(e -> " " + e.getKey() + "=" + e.getValue())
                    .collect(Collectors.joining());
            String made = shapes.stream().map(Object::toString).collect(Collectors.joining(" "));
            return "%s %s %s%s (%s) -> %s"
                    .formatted(number, layer.isEmpty() ? "-" : layer, op, arguments, String.join(", ", inputs), made);
        }
    }

    public Graph {
        nodes = List.copyOf(nodes);
    }

    /**
     * Of what {@code net} makes of images of one shape, on the device where its weights are.
     *
     * @throws IllegalArgumentException if it does something else with another batch, or computes outside of tensors
     */
    public static Graph of(Module net, Shape image) {
        Trace few = Trace.of(net, image, FEW);
        Trace more = Trace.of(net, image, MORE);
        few.calls.stream().filter(call -> call.op() == Op.READ).findFirst().ifPresent(call -> {
            throw new IllegalArgumentException(
                    "graph: the network reads the values of operation %s and goes on in Java, which no graph shows"
                            .formatted(few.calls.indexOf(call)));
        });
        if (few.calls.size() != more.calls.size()) {
            throw new IllegalArgumentException(
                    "graph: the network runs %s operations for a batch of %s and %s for one of %s, so no graph fits all"
                            .formatted(few.calls.size(), FEW, more.calls.size(), MORE));
        }
        var nodes = new ArrayList<Node>();
        var makers = new HashMap<>(few.given);
        for (int i = 0; i < few.calls.size(); i++) {
            nodes.add(node(i + 1, few.calls.get(i), more.calls.get(i), few.names, makers));
        }
        return new Graph(nodes);
    }

    private static Node node(int number, Call few, Call more, Map<Object, String> names, Map<Integer, String> makers) {
        List<String> inputs = few.inputs().stream()
                .map(value -> value.present() ? makers.get(value.number()) : "none")
                .toList();
        var attributes = new LinkedHashMap<String, Object>();
        for (int i = 0; i < few.attributes().values().size(); i++) {
            String name = few.op().names().get(i);
            Object one = few.attributes().values().get(i);
            Object other = more.attributes().values().get(i);
            attributes.put(name, free(number, few.op() + " " + name, one, other));
        }
        var shapes = new ArrayList<List<Object>>();
        for (int i = 0; i < few.outputs().size(); i++) {
            shapes.add(sizes(
                    number,
                    few.op().toString(),
                    few.outputs().get(i).shape(),
                    more.outputs().get(i).shape()));
            String place = few.outputs().size() > 1 ? number + "." + i : Integer.toString(number);
            makers.put(few.outputs().get(i).number(), place);
        }
        return new Node(number, Summary.path(few, names), few.op(), attributes, inputs, shapes);
    }

    /** An attribute with the batch free in it; long arrays of values show how many they are. */
    private static Object free(int number, String what, Object few, Object more) {
        if (few instanceof Long a && more instanceof Long b) {
            return size(number, what, a, b);
        }
        if (few instanceof long[] a && more instanceof long[] b) {
            return sizes(number, what, boxed(a), boxed(b));
        }
        if (few != null && few.getClass().isArray()) {
            return sizes(number, what, List.of((long) Array.getLength(few)), List.of((long) Array.getLength(more)))
                    + " values";
        }
        if (!Objects.equals(few, more)) {
            throw bound(number, what, few, more);
        }
        return few;
    }

    private static List<Object> sizes(int number, String what, List<Long> few, List<Long> more) {
        if (few.size() != more.size()) {
            throw bound(number, what, few, more);
        }
        var sizes = new ArrayList<Object>();
        for (int i = 0; i < few.size(); i++) {
            sizes.add(size(number, what, few.get(i), more.get(i)));
        }
        return List.copyOf(sizes);
    }

    private static Object size(int number, String what, long few, long more) {
        if (few == more) {
            return few;
        }
        if (few % FEW == 0 && few / FEW * MORE == more) {
            return new Batch(few / FEW);
        }
        throw bound(number, what, few, more);
    }

    private static IllegalArgumentException bound(int number, String what, Object few, Object more) {
        return new IllegalArgumentException(
                "graph: operation %s (%s) is bound to its batch: %s for %s images, %s for %s. Compute it from sizes of tensors"
                        .formatted(number, what, few, FEW, more, MORE));
    }

    private static List<Long> boxed(long[] values) {
        var boxed = new ArrayList<Long>();
        for (long value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    /** What was recorded of one pass, with names for what went into it and for its layers. */
    private record Trace(List<Call> calls, Map<Integer, String> given, Map<Object, String> names) {

        static Trace of(Module net, Shape image, int batch) {
            boolean training = net.state().training();
            net.state().train(false);
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                Map<String, Tensor> weights = net.state().undrawn(net.state()::tensors);
                Device device = weights.values().stream()
                        .findFirst()
                        .map(Tensor::device)
                        .orElse(Device.CPU);
                var shape = new ArrayList<>(List.of((long) batch));
                shape.addAll(image.sizes());
                Tensor images = Tensor.zeros(
                                shape.stream().mapToLong(Long::longValue).toArray())
                        .to(device);
                try (var recorder = new Recorder()) {
                    var given = new HashMap<Integer, String>();
                    given.put(recorder.number(images), "image");
                    weights.forEach((name, tensor) -> given.put(recorder.number(tensor), name));
                    net.state().undrawn(() -> Traceable.run(net, images));
                    recorder.given().keySet().forEach(number -> given.putIfAbsent(number, "constant"));
                    return new Trace(List.copyOf(recorder.calls()), given, Summary.names(net));
                }
            } finally {
                net.state().train(training);
            }
        }
    }

    /** One line for each operation. */
    @Override
    public String toString() {
        return nodes.stream().map(Node::toString).collect(Collectors.joining(System.lineSeparator()));
    }
}
