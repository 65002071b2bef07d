package dev.fovea.nn;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Escaped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Weights by name, as read from a file. */
public final class Weights {

    private Weights() {}

    /**
     * Copies tensors into a network, matching them by name.
     *
     * <p>All names, shapes and values are checked before the first is copied: either every tensor is replaced or none.
     *
     * @throws WeightsMismatchException if a name is missing, unknown or of another shape, or a value is not finite
     */
    public static void load(Map<String, Tensor> tensors, State state) {
        var shapes = new LinkedHashMap<String, List<Long>>();
        tensors.forEach((name, tensor) -> shapes.put(name, shape(tensor)));
        compare(shapes, state);
        notFinite(tensors).ifPresent(name -> {
            throw new WeightsMismatchException(
                    "'%s' has values that are infinite or not numbers. The weights are damaged, or their training diverged"
                            .formatted(Escaped.of(name)));
        });
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            state.load(tensors);
        }
    }

    /** The name of the first tensor with a value that is infinite or not a number. */
    static Optional<String> notFinite(Map<String, Tensor> tensors) {
        return tensors.entrySet().stream()
                .filter(entry -> !finite(entry.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean finite(Tensor tensor) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            if (tensor.elements() == 0 || Double.isFinite(tensor.sum().item())) {
                return true; // a value that is not would show in the sum, which takes a fraction of the time
            }
            return tensor.isFinite().sum().item() == tensor.elements();
        }
    }

    /**
     * Compares names and shapes, as a file's header has them, with those of a network.
     *
     * @throws WeightsMismatchException if a name is missing, unknown or of another shape
     */
    public static void compare(Map<String, List<Long>> tensors, State state) {
        Map<String, Tensor> own = state.undrawn(state::tensors);
        var missing =
                own.keySet().stream().filter(name -> !tensors.containsKey(name)).toList();
        var unknown = tensors.keySet().stream()
                .filter(name -> !own.containsKey(name) && !name.endsWith("num_batches_tracked"))
                .toList();
        var different = new ArrayList<String>();
        own.forEach((name, tensor) -> {
            if (tensors.containsKey(name) && !tensors.get(name).equals(shape(tensor))) {
                different.add(
                        "'%s' is %s in the file, %s in the net".formatted(name, tensors.get(name), shape(tensor)));
            }
        });
        if (!missing.isEmpty() || !unknown.isEmpty() || !different.isEmpty()) {
            throw new WeightsMismatchException(mismatch(missing, unknown, different, own));
        }
    }

    private static List<Long> shape(Tensor tensor) {
        return Arrays.stream(tensor.shape()).boxed().toList();
    }

    private static String mismatch(
            List<String> missing, List<String> unknown, List<String> different, Map<String, Tensor> own) {
        var parts = new ArrayList<String>();
        if (!different.isEmpty()) {
            parts.add(first(different));
        }
        if (!missing.isEmpty()) {
            parts.add("missing in the file: " + first(missing));
        }
        if (!unknown.isEmpty()) {
            parts.add("unknown to the net: " + first(unknown));
        }
        var names = List.copyOf(own.keySet());
        String head = names.get(names.size() - 1).replaceFirst("\\.[^.]*$", "") + ".";
        boolean onlyHead = missing.isEmpty()
                && unknown.isEmpty()
                && different.stream().allMatch(text -> text.startsWith("'" + head));
        return "weights do not fit: " + String.join("; ", parts)
                + (onlyHead ? ". Only the head differs: the class count is another" : "");
    }

    private static String first(List<String> names) {
        String listed = names.stream().limit(5).map(Escaped::of).collect(Collectors.joining(", "));
        return names.size() <= 5 ? listed : listed + " and %s more".formatted(names.size() - 5);
    }
}
