package dev.fovea.serve.pool;

import dev.fovea.io.Escaped;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Which share of the requests each version of a model gets.
 *
 * @param weights by version, in any unit; 0 for one that only those get who ask for it; empty where the newest gets all
 */
record Shares(Map<String, Double> weights) {

    static final String FILE = "serving.yaml";

    /** The newest version gets all. */
    static final Shares NEWEST = new Shares(Map.of());

    private static final String VERSIONS = "versions";
    private static final long LONGEST = 64 << 10;
    private static final YAMLMapper YAML = new YAMLMapper();

    Shares {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    boolean newest() {
        return weights.isEmpty();
    }

    /**
     * Reads the {@code serving.yaml} of a model's folder; {@link #NEWEST} where there is none.
     *
     * @throws IllegalArgumentException if it says something else than shares of versions
     */
    static Shares read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return NEWEST;
        }
        try {
            if (Files.size(file) > LONGEST) {
                throw new IllegalArgumentException("%s: longer than such a file can be".formatted(file));
            }
            return of(file, YAML.readTree(Files.readAllBytes(file)));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(expected(file, "what is there is no YAML"), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("%s: cannot be read (%s)".formatted(file, Reason.of(e)), e);
        }
    }

    private static Shares of(Path file, JsonNode tree) {
        if (!tree.isObject()
                || !Set.copyOf(tree.propertyNames()).equals(Set.of(VERSIONS))
                || !tree.get(VERSIONS).isObject()) {
            throw new IllegalArgumentException(expected(file, "got something else"));
        }
        var weights = new LinkedHashMap<String, Double>();
        for (Map.Entry<String, JsonNode> one : tree.get(VERSIONS).properties()) {
            double weight = one.getValue().asDouble(-1);
            if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(expected(
                        file, "got %s for version %s".formatted(Escaped.of(one.getValue()), Escaped.of(one.getKey()))));
            }
            weights.put(one.getKey(), weight);
        }
        if (weights.values().stream().mapToDouble(w -> w).sum() <= 0) {
            throw new IllegalArgumentException(expected(file, "no version has a share above 0"));
        }
        return new Shares(weights);
    }

    private static String expected(Path file, String got) {
        return "%s: expected shares of versions, such as `versions: {1: 90, 2: 10}`, %s".formatted(file, got);
    }

    /** The shares among the versions of {@code loaded}, which sum to 1; the last of them has all where nothing else is said. */
    Map<String, Double> among(Iterable<String> loaded) {
        var own = new LinkedHashMap<String, Double>();
        String last = "";
        for (String version : loaded) {
            own.put(version, weights.getOrDefault(version, 0.0));
            last = version;
        }
        double sum = own.values().stream().mapToDouble(weight -> weight).sum();
        if (sum > 0) {
            own.replaceAll((version, weight) -> weight / sum);
        } else if (!own.isEmpty()) {
            own.put(last, 1.0);
        }
        return own;
    }
}
