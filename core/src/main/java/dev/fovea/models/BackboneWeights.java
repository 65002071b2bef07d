package dev.fovea.models;

import dev.fovea.engine.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A classifier's weights for the backbone of a detector, a segmentation network or an embedding, which knows them by the same names
 * behind a prefix.
 */
public final class BackboneWeights {

    /** How the names of a trunk begin of which a backbone has the layers alone. */
    private static final String TRUNK = "features.";

    private BackboneWeights() {}

    /** The classifier under a network, as the registry names it; none of other networks, and where the backbone is its own. */
    public static Optional<String> classifier(String model) {
        return !Models.isText(model) && Architecture.of(model) instanceof Architecture.Registered registered
                ? registered
                        .config()
                        .backboneModel()
                        .filter(name -> Models.find(name).isPresent())
                : Optional.empty();
    }

    /**
     * Weights under the names that a network over a backbone knows them by.
     *
     * @param tensors of a classifier, by their names there
     * @param own names of the network
     * @return none where most of {@code tensors} have no place in it, or some are those of the network itself
     */
    static Optional<Map<String, Tensor>> placed(Map<String, Tensor> tensors, Set<String> own) {
        if (tensors.isEmpty() || tensors.keySet().stream().anyMatch(own::contains)) {
            return Optional.empty();
        }
        return behindPrefix(tensors, own).or(() -> behindPrefix(layers(tensors), own));
    }

    /** Of a trunk by the names that its layers have in it, without its name. */
    private static Map<String, Tensor> layers(Map<String, Tensor> tensors) {
        var layers = new LinkedHashMap<String, Tensor>();
        tensors.forEach(
                (name, tensor) -> layers.put(name.startsWith(TRUNK) ? name.substring(TRUNK.length()) : name, tensor));
        return layers;
    }

    private static Optional<Map<String, Tensor>> behindPrefix(Map<String, Tensor> tensors, Set<String> own) {
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
