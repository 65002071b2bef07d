package dev.fovea.io;

import dev.fovea.engine.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Safetensors in several files beside a {@code *.safetensors.index.json} that says which tensor lies in which. */
final class ShardedSafetensors {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final long LONGEST = 16 << 20;

    private ShardedSafetensors() {}

    static Map<String, Tensor> read(Path index) {
        return joined(index, shard -> Safetensors.read(shard).tensors());
    }

    static Map<String, List<Long>> shapes(Path index) {
        return joined(index, shard -> {
            var shapes = new LinkedHashMap<String, List<Long>>();
            Safetensors.header(shard).entries().forEach((name, entry) -> shapes.put(name, entry.shape()));
            return shapes;
        });
    }

    /** In the order of the index; a shard's tensors that the index does not name are not there for its readers. */
    private static <T> Map<String, T> joined(Path index, Function<Path, Map<String, T>> reading) {
        Map<String, Path> places = places(index);
        Set<Path> shards = new LinkedHashSet<>(places.values());
        var missing =
                shards.stream().filter(shard -> !Files.isRegularFile(shard)).toList();
        check(
                missing.isEmpty(),
                index,
                "the file %s that it names is not beside it",
                missing.isEmpty() ? "" : missing.get(0).getFileName());
        for (Path shard : shards) { // all headers before the first values
            Set<String> held = Safetensors.header(shard).entries().keySet();
            places.forEach((name, place) -> check(
                    !place.equals(shard) || held.contains(name),
                    index,
                    "'%s' should be in %s, where it is not",
                    Escaped.of(name),
                    shard.getFileName()));
        }
        var all = new LinkedHashMap<String, T>();
        places.keySet().forEach(name -> all.put(name, null));
        for (Path shard : shards) {
            reading.apply(shard).forEach((name, value) -> {
                if (shard.equals(places.get(name))) {
                    all.put(name, value);
                }
            });
        }
        return all;
    }

    private static Map<String, Path> places(Path index) {
        JsonNode map;
        try {
            map = JSON.readTree(new String(RegularFile.read(index, LONGEST), StandardCharsets.UTF_8))
                    .path("weight_map");
        } catch (IOException e) {
            throw new FormatException("%s: cannot be read: %s".formatted(index, e.getMessage()));
        } catch (JacksonException e) {
            throw new FormatException("%s: not an index of safetensors: it is not JSON".formatted(index));
        }
        check(map.isObject() && !map.isEmpty(), index, "it has no weight_map");
        var places = new LinkedHashMap<String, Path>();
        for (var entry : map.properties()) {
            String shard = entry.getValue().isString() ? entry.getValue().asString() : "";
            check(
                    shard.matches("[\\w.-]+") && !shard.startsWith("."),
                    index,
                    "'%s' lies in '%s', expected the name of a file in the same folder",
                    Escaped.of(entry.getKey()),
                    Escaped.of(shard));
            places.put(entry.getKey(), index.resolveSibling(shard));
        }
        return places;
    }

    private static void check(boolean sound, Path index, String fault, Object... values) {
        if (!sound) {
            throw new FormatException("%s: an index of safetensors that does not hold: %s"
                    .formatted(index, String.format(Locale.ROOT, fault, values)));
        }
    }
}
