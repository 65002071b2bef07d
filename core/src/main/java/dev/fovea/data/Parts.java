package dev.fovea.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Folders side by side that are the parts of a data set, by their names: {@code Training} and {@code Testing},
 * {@code seg_train} and {@code seg_test}, {@code train2017} and {@code val2017}.
 */
final class Parts {

    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("train", "train"),
            Map.entry("training", "train"),
            Map.entry("trainset", "train"),
            Map.entry("val", "validation"),
            Map.entry("valid", "validation"),
            Map.entry("validation", "validation"),
            Map.entry("valset", "validation"),
            Map.entry("validset", "validation"),
            Map.entry("test", "test"),
            Map.entry("testing", "test"),
            Map.entry("testset", "test"));

    /** Say nothing about which data it is. */
    private static final Set<String> FILLERS = Set.of(
            "image",
            "images",
            "img",
            "imgs",
            "picture",
            "pictures",
            "photos",
            "data",
            "dataset",
            "set",
            "part",
            "split");

    /** A folder's name: the part it speaks of, and all else it says. */
    private record Name(String part, String rest) {}

    private Parts() {}

    /**
     * The part that each of some folders is; those that are none are left out.
     *
     * <p>A word beside that of the part counts if another part has it too: {@code steam_train} alone is no part. Nor
     * do the folders of one part stand for a layout in parts, unless their name is that of the part and no more.
     *
     * @param folders names of folders side by side
     * @param source for messages
     * @return in the order train, validation, test
     * @throws DataException if two folders are the same part, or there is more than one set of parts
     */
    static Map<String, String> of(Collection<String> folders, String source) {
        var byRest = new TreeMap<String, Map<String, String>>();
        for (String folder : new LinkedHashSet<>(folders)) {
            name(folder)
                    .ifPresent(name -> byRest.computeIfAbsent(name.rest(), r -> new LinkedHashMap<>())
                            .put(folder, name.part()));
        }
        List<Map<String, String>> sets = byRest.values().stream()
                .filter(set -> new LinkedHashSet<>(set.values()).size() > 1)
                .toList();
        if (sets.size() > 1) {
            throw new DataException("%s: has more than one set of parts: %s. Move all but one away"
                    .formatted(
                            source,
                            sets.stream()
                                    .map(set -> String.join(", ", set.keySet()))
                                    .collect(Collectors.joining("; "))));
        }
        Map<String, String> found = sets.isEmpty() ? byRest.getOrDefault("", Map.of()) : sets.get(0);
        var taken = new LinkedHashMap<String, String>();
        found.forEach((folder, part) -> {
            String other = taken.put(part, folder);
            if (other != null) {
                throw new DataException("%s: two folders for the %s part, '%s' and '%s'. Rename or remove one"
                        .formatted(source, part, other, folder));
            }
        });
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String part : List.of("train", "validation", "test")) {
            if (taken.containsKey(part)) {
                ordered.put(taken.get(part), part);
            }
        }
        return ordered;
    }

    /** Whether a folder's name is that of a part, perhaps beside other words. */
    static boolean speaksOf(String folder, String part) {
        return name(folder).filter(name -> name.part().equals(part)).isPresent();
    }

    private static Optional<Name> name(String folder) {
        var parts = new ArrayList<String>();
        var rest = new ArrayList<String>();
        String spaced = folder.replaceAll("(?<=\\p{Ll})(?=\\p{Lu})", " ").replaceAll("(?<=\\p{L})(?=\\p{N})", " ");
        Arrays.stream(spaced.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
                .filter(word -> !word.isEmpty())
                .forEach(word -> {
                    if (WORDS.containsKey(word)) {
                        parts.add(WORDS.get(word));
                    } else if (!FILLERS.contains(word)) {
                        rest.add(word);
                    }
                });
        return parts.size() == 1 ? Optional.of(new Name(parts.get(0), String.join(" ", rest))) : Optional.empty();
    }
}
