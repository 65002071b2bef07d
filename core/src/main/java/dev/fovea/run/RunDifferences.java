package dev.fovea.run;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** In which of their settings, of their data and of its corrections several runs differ. */
final class RunDifferences {

    /** Images that are named; of more there is the number. */
    private static final int NAMED = 3;

    private RunDifferences() {}

    /** By key one value for each run; none where all runs are alike. */
    static Map<String, List<String>> of(List<Path> runs) {
        List<Map<String, String>> values =
                runs.stream().map(RunDifferences::values).toList();
        var names = new LinkedHashSet<String>();
        values.forEach(own -> names.addAll(own.keySet()));
        var differences = new LinkedHashMap<String, List<String>>();
        for (String name : names) {
            List<String> each =
                    values.stream().map(own -> own.getOrDefault(name, "")).toList();
            if (each.stream().distinct().count() > 1) {
                differences.put(name, each);
            }
        }
        List<List<Finding>> kept = runs.stream().map(RunDifferences::kept).toList();
        differ(differences, "data.leftOut", kept, Finding.Action.REMOVE);
        differ(differences, "data.relabelled", kept, Finding.Action.RELABEL);
        return differences;
    }

    private static Map<String, String> values(Path run) {
        var values = new LinkedHashMap<>(Runs.recipe(run, new ArrayList<>()));
        Runs.facts(run, new ArrayList<>()).ifPresent(facts -> {
            DataRequest data = facts.asked().data().from(run);
            values.put("data", data.data());
            values.put("data.validation", data.validation());
            values.put("data.corrections", data.corrections());
            values.put("data.only", String.join(", ", data.only()));
            values.put("data.perClass", data.perClass() == 0 ? "" : Integer.toString(data.perClass()));
            values.put("data.extra", data.extra());
            values.put("data.trainImages", Integer.toString(facts.seen().train().images()));
            values.put(
                    "data.validationImages",
                    Integer.toString(facts.seen().validation().images()));
            values.put("weights", String.join(", ", facts.asked().weights()));
        });
        return values;
    }

    private static void differ(
            Map<String, List<String>> differences, String key, List<List<Finding>> kept, Finding.Action action) {
        List<Set<String>> each = kept.stream().map(own -> images(own, action)).toList();
        if (each.stream().distinct().count() > 1) {
            differences.put(key, words(each));
        }
    }

    /** The list that a run has kept; a run without corrections has none. */
    private static List<Finding> kept(Path run) {
        Path copy = run.resolve(Corrections.COPY);
        try {
            return Files.isRegularFile(copy) ? Corrections.read(copy, run).all() : List.of();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return List.of(); // what else differs is shown all the same
        }
    }

    private static Set<String> images(List<Finding> findings, Finding.Action action) {
        return findings.stream()
                .filter(one -> one.action() == action)
                .map(one -> action == Finding.Action.RELABEL ? one.path() + " as " + one.proposed() : one.path())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static List<String> words(List<Set<String>> each) {
        return each.stream()
                .map(own -> words(
                        own.size(),
                        own.stream()
                                .filter(image -> !each.stream().allMatch(other -> other.contains(image)))
                                .toList()))
                .toList();
    }

    private static String words(int count, List<String> notInAll) {
        if (notInAll.isEmpty()) {
            return count == 0 ? "" : Integer.toString(count);
        }
        String named = notInAll.stream().limit(NAMED).collect(Collectors.joining(", "));
        int more = notInAll.size() - NAMED;
        return "%s, not in all runs: %s%s".formatted(count, named, more > 0 ? " and %s more".formatted(more) : "");
    }
}
