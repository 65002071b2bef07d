package dev.fovea.serve.pool;

import dev.fovea.io.Escaped;
import dev.fovea.serve.ServedModels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** A model with the versions that are served now. Thread-safe. */
final class ServedModel {

    /** Multiples of it are spread so evenly that shares are kept within every few requests, and follow no pattern of theirs. */
    private static final double GOLDEN = 0.6180339887498949;

    private record Now(Map<String, ServedVersion> versions, Map<String, Double> shares) {}

    private final String name;
    private final AtomicLong turn = new AtomicLong();
    private volatile Now now = new Now(Map.of(), Map.of());
    private volatile Map<String, String> failures = Map.of();
    private volatile String problem = "";
    private volatile String said = "";

    ServedModel(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** By version, the oldest first. */
    Map<String, ServedVersion> versions() {
        return now.versions();
    }

    /** The share of the requests of each version. */
    Map<String, Double> shares() {
        return now.shares();
    }

    /** What is wrong with it, empty where nothing is. */
    String problem() {
        return problem;
    }

    /**
     * The version of that name, or the one whose turn it is.
     *
     * @throws ServedModels.UnknownModelException if there is no such version
     * @throws ServedModels.OverloadedException if none is loaded yet
     */
    ServedVersion chosen(Optional<String> version) {
        Now current = now;
        if (version.isPresent()) {
            ServedVersion served = current.versions().get(version.get());
            if (served == null) {
                throw new ServedModels.UnknownModelException("%s: version %s is not served, there %s"
                        .formatted(
                                name,
                                Escaped.of(version.get()),
                                current.versions().isEmpty()
                                        ? "is none yet"
                                        : "is "
                                                + String.join(
                                                        ", ", current.versions().keySet())));
            }
            return served;
        }
        if (current.versions().isEmpty()) {
            throw new ServedModels.OverloadedException(
                    said.isEmpty() ? name + ": the model is still being loaded" : said, Duration.ofSeconds(1));
        }
        return current.versions().get(turn(current.shares()));
    }

    private String turn(Map<String, Double> shares) {
        double at = turn.getAndIncrement() * GOLDEN % 1;
        String last = "";
        for (Map.Entry<String, Double> one : shares.entrySet()) {
            if (one.getValue() > 0) {
                last = one.getKey();
                at -= one.getValue();
                if (at < 0) {
                    break;
                }
            }
        }
        return last;
    }

    /** From now on these are served. */
    void exchange(Map<String, ServedVersion> versions, Shares wanted) {
        var sorted = new TreeMap<String, ServedVersion>(FoundModel.BY_NUMBER);
        sorted.putAll(versions);
        now = new Now(Collections.unmodifiableMap(sorted), wanted.among(sorted.keySet()));
    }

    /**
     * Says what is wrong.
     *
     * @param text empty where nothing is
     * @param versions that could not be loaded, with the reason
     * @param shown gives the same without what is not for clients
     */
    void wrong(String text, Map<String, String> versions, UnaryOperator<String> shown) {
        var all = new LinkedHashMap<String, String>();
        versions.forEach((version, reason) -> all.put(version, shown.apply(reason)));
        failures = Collections.unmodifiableMap(all);
        problem = text;
        said = shown.apply(text);
    }

    /** Each version that is served, and those that cannot be; for clients. */
    List<ServedModels.Description> descriptions() {
        var all = new ArrayList<ServedModels.Description>();
        Now current = now;
        String text = said;
        current.versions().forEach((version, served) -> {
            LoadedModel model = served.model();
            all.add(new ServedModels.Description(
                    name,
                    version,
                    model.task(),
                    model.classes(),
                    model.channels(),
                    model.height(),
                    model.width(),
                    true,
                    text));
        });
        failures.forEach((version, failure) -> {
            if (!current.versions().containsKey(version)) {
                all.add(absent(version, failure));
            }
        });
        if (all.isEmpty()) {
            all.add(absent("", text));
        }
        return all;
    }

    private ServedModels.Description absent(String version, String failure) {
        return new ServedModels.Description(name, version, "", List.of(), 0, 0, 0, false, failure);
    }
}
