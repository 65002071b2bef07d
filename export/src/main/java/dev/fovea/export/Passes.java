package dev.fovea.export;

import dev.fovea.nn.Module;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Recorded passes through a network, each made once. */
final class Passes {

    private final Module net;
    private final Signature signature;
    private final Map<Setting, Recording> made = new HashMap<>();

    Passes(Module net, Signature signature) {
        this.net = net;
        this.signature = signature;
    }

    Module net() {
        return net;
    }

    Signature signature() {
        return signature;
    }

    /** With a setting that the network may refuse, as those do that take multiples of 32 alone. */
    Optional<Recording> taken(Setting setting) {
        try {
            return Optional.of(of(setting));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    Recording of(Setting setting) {
        Recording known = made.get(setting);
        if (known == null) {
            known = Recording.of(net, signature, setting);
            made.put(setting, known);
        }
        return known;
    }
}
