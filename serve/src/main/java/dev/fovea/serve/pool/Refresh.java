package dev.fovea.serve.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Brings what is served in line with what lies in the folders, look by look, on one thread. A version is taken once its files
 * have stayed the same between two looks, and given up once it is missing in two; requests go to the old ones until it is warmed up, and go on there if it cannot be.
 */
final class Refresh {

    /** What could not be loaded may have lacked memory: it is tried again, though seldom. */
    private static final long AGAIN_NANOS = 60_000_000_000L;

    /** Loads an edition and warms it up. */
    @FunctionalInterface
    interface Loading {
        /** @throws RuntimeException that says what is wrong with it */
        ServedVersion load(Edition edition);
    }

    private record Failed(String fingerprint, String message, long at) {}

    private final ModelFolders folders;
    private final Map<String, ServedModel> models;
    private final Loading loading;
    private final PoolMetrics metrics;
    private final Consumer<String> log;
    private final Map<ServedVersion, Edition> editions = new HashMap<>();
    private final Map<String, Failed> failures = new HashMap<>();
    private final List<ServedVersion> retired = new CopyOnWriteArrayList<>();
    private Map<String, FoundModel> before = Map.of();
    private boolean first = true;

    /** @param models that are served; changed by each look */
    Refresh(
            ModelFolders folders,
            Map<String, ServedModel> models,
            Loading loading,
            PoolMetrics metrics,
            Consumer<String> log) {
        this.folders = folders;
        this.models = models;
        this.loading = loading;
        this.metrics = metrics;
        this.log = log;
    }

    /** Looks once. */
    void look() {
        Map<String, FoundModel> found = folders.look();
        found.keySet().forEach(name -> models.computeIfAbsent(name, ServedModel::new));
        for (String name : List.copyOf(models.keySet())) {
            if (found.containsKey(name)) {
                update(models.get(name), withMissing(models.get(name), found.get(name)));
            } else if (!before.containsKey(name)) {
                remove(models.get(name));
            }
        }
        before = found;
        if (first) {
            folders.withoutModels().forEach(log);
        }
        first = false;
        free();
    }

    /** Those that are retired but not free yet. */
    List<ServedVersion> retired() {
        return retired;
    }

    /** With the versions that serve and are missing for the first time: between two copies of one there may be nothing. */
    private FoundModel withMissing(ServedModel model, FoundModel found) {
        FoundModel last = before.get(model.name());
        if (last == null || !found.problem().isEmpty()) {
            return found;
        }
        var versions = new TreeMap<>(found.versions());
        model.versions().forEach((version, served) -> {
            if (last.versions().containsKey(version) && editions.containsKey(served)) {
                versions.putIfAbsent(version, editions.get(served));
            }
        });
        return new FoundModel(found.name(), versions, found.shares(), "");
    }

    private void update(ServedModel model, FoundModel found) {
        var wrong = new LinkedHashMap<String, String>();
        Map<String, ServedVersion> wanted =
                found.shares().newest() ? newest(model, found, wrong) : shared(model, found, wrong);
        if (!wanted.isEmpty()) { // else versions and shares stay as they were: the newest may be just what they forbid
            exchange(model, wanted, found.shares());
        }
        say(model, found.problem(), wrong);
    }

    /** The newest that can be loaded. An older one is loaded only where none is served. */
    private Map<String, ServedVersion> newest(ServedModel model, FoundModel found, Map<String, String> wrong) {
        boolean held = false;
        for (Edition edition : descending(found)) {
            boolean own = model.versions().containsKey(edition.version());
            if (!held || own || model.versions().isEmpty()) {
                Optional<ServedVersion> served = served(model, edition, wrong);
                if (served.isPresent()) {
                    return Map.of(edition.version(), served.get());
                }
            }
            held = true;
        }
        return Map.of();
    }

    private static List<Edition> descending(FoundModel found) {
        return found.versions().values().stream()
                .sorted(Comparator.comparing(Edition::version, FoundModel.BY_NUMBER.reversed()))
                .toList();
    }

    private Map<String, ServedVersion> shared(ServedModel model, FoundModel found, Map<String, String> wrong) {
        var wanted = new HashMap<String, ServedVersion>();
        for (String version : found.shares().weights().keySet()) {
            Edition edition = found.versions().get(version);
            if (edition == null) {
                wrong.put(version, "%s: there is no version %s to give a share to".formatted(model.name(), version));
            }
            Optional<ServedVersion> served = edition == null
                    ? Optional.ofNullable(model.versions().get(version))
                    : served(model, edition, wrong);
            served.ifPresent(one -> wanted.put(version, one));
        }
        return wanted;
    }

    /** The version as it lies there, or as it is served while what lies there changes or cannot be loaded. */
    private Optional<ServedVersion> served(ServedModel model, Edition edition, Map<String, String> wrong) {
        ServedVersion old = model.versions().get(edition.version());
        if (old != null && edition.equals(editions.get(old))) {
            return Optional.of(old);
        }
        Optional<ServedVersion> loaded = settled(edition) ? loaded(edition, wrong) : Optional.empty();
        return loaded.or(() -> Optional.ofNullable(old));
    }

    private boolean settled(Edition edition) {
        FoundModel last = before.get(edition.model());
        return first || (last != null && edition.equals(last.versions().get(edition.version())));
    }

    private Optional<ServedVersion> loaded(Edition edition, Map<String, String> wrong) {
        String key = edition.model() + "/" + edition.version();
        Failed failed = failures.get(key);
        long begin = System.nanoTime();
        if (failed != null && failed.fingerprint().equals(edition.fingerprint()) && begin - failed.at() < AGAIN_NANOS) {
            wrong.put(edition.version(), failed.message());
            return Optional.empty();
        }
        try {
            ServedVersion served = loading.load(edition);
            double seconds = (System.nanoTime() - begin) / 1e9;
            editions.put(served, edition);
            failures.remove(key);
            metrics.loaded(edition.model(), seconds);
            log.accept("%s: version %s is loaded, in %s ms"
                    .formatted(edition.model(), edition.version(), Math.round(1000 * seconds)));
            return Optional.of(served);
        } catch (RuntimeException | Error e) { // a model that cannot be loaded stops no other
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            failures.put(key, new Failed(edition.fingerprint(), message, begin));
            metrics.notLoaded(edition.model());
            wrong.put(edition.version(), message);
            return Optional.empty();
        }
    }

    private void exchange(ServedModel model, Map<String, ServedVersion> wanted, Shares shares) {
        Map<String, ServedVersion> old = model.versions();
        model.exchange(wanted, shares);
        old.values().stream().filter(one -> !wanted.containsValue(one)).forEach(one -> retire(model, one));
        model.shares().forEach((version, share) -> metrics.serves(model.name(), version, share));
    }

    private void retire(ServedModel model, ServedVersion version) {
        version.retire();
        retired.add(version);
        editions.remove(version);
        if (!model.versions().containsKey(version.version())) {
            metrics.forget(model.name(), version.version());
        }
        log.accept("%s: version %s is served no more".formatted(model.name(), version.version()));
    }

    private void say(ServedModel model, String problem, Map<String, String> wrong) {
        var parts = new ArrayList<String>();
        if (!problem.isEmpty()) {
            parts.add(problem);
        }
        wrong.forEach((version, message) -> parts.add("version %s cannot be loaded: %s".formatted(version, message)));
        if (!parts.isEmpty() && !model.versions().isEmpty()) {
            var serving = model.versions().keySet();
            String names = String.join(", ", serving);
            parts.add(
                    serving.size() == 1
                            ? "version %s goes on serving, as it was loaded".formatted(names)
                            : "versions %s go on serving, as they were loaded".formatted(names));
        }
        String text = String.join("; ", parts);
        if (!text.equals(model.problem())) {
            log.accept(text.isEmpty() ? "%s: all is well again".formatted(model.name()) : model.name() + ": " + text);
        }
        model.wrong(text, wrong, folders::withoutPaths);
        metrics.state(model.name(), !text.isEmpty());
    }

    private void remove(ServedModel model) {
        models.remove(model.name());
        exchange(model, Map.of(), Shares.NEWEST);
        metrics.forget(model.name());
        failures.keySet().removeIf(key -> key.startsWith(model.name() + "/"));
    }

    /**
     * Weights of networks are freed with the objects that hold them, and a heap as small as a server's is seldom collected
     * by itself.
     */
    private void free() {
        var ended = new HashSet<>(retired);
        ended.removeIf(version -> !version.ended());
        if (retired.removeAll(ended)) {
            System.gc();
        }
    }
}
