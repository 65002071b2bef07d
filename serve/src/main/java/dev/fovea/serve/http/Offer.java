package dev.fovea.serve.http;

import dev.fovea.io.Nearest;
import dev.fovea.serve.ServedModels;
import dev.fovea.task.ImageSearch;
import dev.fovea.task.generate.Generator;
import dev.fovea.task.restore.Restorer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a server offers.
 *
 * @param models that answer about images
 * @param restorers by name
 * @param generators by name
 * @param indexes galleries of images to search in, by name
 */
public record Offer(
        ServedModels models,
        Map<String, Restorer> restorers,
        Map<String, Generator> generators,
        Map<String, ImageSearch> indexes) {

    /** Of nothing at all. */
    static final Offer NONE = new Offer(new NoModels());

    /** Of a name in addresses. */
    static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

    /** @throws IllegalArgumentException if a name cannot stand in an address, or is given twice */
    public Offer {
        restorers = new TreeMap<>(restorers);
        generators = new TreeMap<>(generators);
        indexes = new TreeMap<>(indexes);
        Set<String> names = new HashSet<>();
        for (var own : java.util.List.of(restorers, generators, indexes)) {
            for (String name : own.keySet()) {
                checkName(name);
                if (!names.add(name)) {
                    throw new IllegalArgumentException("two models are called '%s'. Name one of them".formatted(name));
                }
            }
        }
    }

    /** Of models that answer about images, and no others. */
    public Offer(ServedModels models) {
        this(models, Map.of(), Map.of(), Map.of());
    }

    /** @throws IllegalArgumentException if a name cannot stand in an address */
    public static void checkName(String name) {
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException(
                    "'%s': no name for an address. Expected up to 128 letters, digits, points, hyphens and underscores, as in flowers=runs/flowers-1"
                            .formatted(dev.fovea.io.Escaped.of(name)));
        }
    }

    /**
     * One of {@code all}.
     *
     * @param what it does, for a message
     * @throws ServedModels.UnknownModelException that names the nearest, if there is none
     */
    <T> T of(String what, Map<String, T> all, String name) {
        T found = all.get(name);
        if (found == null) {
            throw new ServedModels.UnknownModelException("nothing called '%s' %s here%s there %s"
                    .formatted(
                            name,
                            what,
                            Nearest.hint(name, all.keySet(), ","),
                            all.isEmpty() ? "is none" : "is " + String.join(", ", all.keySet())));
        }
        return found;
    }
}
