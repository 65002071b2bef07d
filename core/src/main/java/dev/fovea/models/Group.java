package dev.fovea.models;

import dev.fovea.nn.Module;
import dev.fovea.nn.Net;

/** A level in the names of weights, and nothing else. */
final class Group extends Net {

    /** Registers {@code child} under {@code name} and returns it. */
    <M extends Module> M with(String name, M child) {
        return add(name, child);
    }
}
