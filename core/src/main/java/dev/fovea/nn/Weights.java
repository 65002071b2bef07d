package dev.fovea.nn;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Weights by name, as read from a file. */
public final class Weights {

    private Weights() {}

    /**
     * Copies tensors into a network, matching them by name.
     *
     * <p>All names and shapes are compared before the first is copied: either every tensor is replaced or none.
     *
     * @throws WeightsMismatchException if a name is missing, unknown or of another shape
     */
    public static void load(Map<String, Tensor> tensors, State state) {
        Map<String, Tensor> own = state.tensors();
        var missing =
                own.keySet().stream().filter(name -> !tensors.containsKey(name)).toList();
        var unknown = tensors.keySet().stream()
                .filter(name -> !own.containsKey(name) && !name.endsWith("num_batches_tracked"))
                .toList();
        var different = new ArrayList<String>();
        own.forEach((name, tensor) -> {
            if (tensors.containsKey(name) && !Arrays.equals(tensors.get(name).shape(), tensor.shape())) {
                different.add("'%s' is %s in the file, %s in the net"
                        .formatted(name, Arrays.toString(tensors.get(name).shape()), Arrays.toString(tensor.shape())));
            }
        });
        if (!missing.isEmpty() || !unknown.isEmpty() || !different.isEmpty()) {
            throw new WeightsMismatchException(mismatch(missing, unknown, different, own));
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            own.forEach((name, tensor) -> tensor.copy_(tensors.get(name)));
        }
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
        String listed = String.join(", ", names.subList(0, Math.min(5, names.size())));
        return names.size() <= 5 ? listed : listed + " and %d more".formatted(names.size() - 5);
    }
}
