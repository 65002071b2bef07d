package dev.fovea.models;

import dev.fovea.engine.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A classifier's weights for the backbone of a detector or an embedding, which knows them by the same names behind a prefix. */
public final class BackboneWeights {

    private static final String OPTION = "backbone";

    private BackboneWeights() {}

    /**
     * The classifier under a detector or an embedding, as the registry names it; none of other networks, and where the backbone is
     * its own.
     */
    public static Optional<String> classifier(String model) {
        if (Models.isText(model)
                || !List.of(DetectionNet.class, EmbeddingNet.class).contains(Models.network(model))
                || !(Architecture.of(model) instanceof Architecture.Registered registered)) {
            return Optional.empty();
        }
        return Optional.ofNullable(Options.values(registered.config()).get(OPTION))
                .map(Object::toString)
                .filter(name -> Models.find(name).isPresent());
    }

    /**
     * Weights under the names that a detector knows them by.
     *
     * @param tensors of a classifier, by their names there
     * @param own names of the network over it
     * @return none where most of {@code tensors} have no place in it, or some are those of that network itself
     */
    static Optional<Map<String, Tensor>> placed(Map<String, Tensor> tensors, Set<String> own) {
        if (tensors.isEmpty() || tensors.keySet().stream().anyMatch(own::contains)) {
            return Optional.empty();
        }
        var counts = new TreeMap<String, Integer>();
        own.forEach(name -> {
            for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
                if (tensors.containsKey(name.substring(dot + 1))) {
                    counts.merge(name.substring(0, dot + 1), 1, Integer::sum);
                }
            }
        });
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(most -> 2 * most.getValue() > tensors.size())
                .map(most -> placed(tensors, own, most.getKey()));
    }

    private static Map<String, Tensor> placed(Map<String, Tensor> tensors, Set<String> own, String prefix) {
        var placed = new LinkedHashMap<String, Tensor>();
        tensors.forEach((name, tensor) -> {
            if (own.contains(prefix + name)) {
                placed.put(prefix + name, tensor);
            }
        });
        return placed;
    }
}
