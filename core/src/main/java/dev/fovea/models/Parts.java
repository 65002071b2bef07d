package dev.fovea.models;

import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import java.util.Map;

/** Modules under names, and nothing more: what gives weights the names that their publisher has. */
final class Parts extends Net {

    /** In the order of their names. */
    Parts(Map<String, ? extends Module> parts) {
        parts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(part -> add(part.getKey(), part.getValue()));
    }
}
