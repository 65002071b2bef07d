package dev.fovea.serve.studio.annotate;

import dev.fovea.io.Escaped;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What requests about images name. */
final class Asked {

    private Asked() {}

    static Route path(Route route) {
        return route.with("path", "of the data set, from the workspace on, or its name");
    }

    static Route image(Route route) {
        return path(route).with("part", "train where it is left out").with("index", "in the part, from 0");
    }

    /** @throws Refusal if it is not given */
    static String path(Call call) {
        return call.query("path")
                .filter(path -> !path.isEmpty())
                .orElseThrow(() -> Refusal.wrong("path: expected the path of a data set, such as path=cells"));
    }

    static String part(Call call) {
        return part(call.query("part").filter(part -> !part.isEmpty()).orElse("train"));
    }

    private static String part(String part) {
        if (!List.of("train", "validation", "test").contains(part)) {
            throw Refusal.wrong("part: expected train, validation or test, got '%s'".formatted(Escaped.of(part)));
        }
        return part;
    }

    static int index(Call call) {
        String said = call.query("index").orElse("0");
        if (!said.matches("\\d{1,9}")) {
            throw Refusal.wrong("index: expected the number of an image, from 0, got '%s'".formatted(Escaped.of(said)));
        }
        return Integer.parseInt(said);
    }

    /** @throws Refusal if it is missing */
    static String text(ObjectNode body, String name) {
        JsonNode value = body.get(name);
        if (value == null || !value.isString() || value.asString().isEmpty()) {
            throw Refusal.wrong("%s: expected a text in the request".formatted(name));
        }
        return name.equals("part") ? part(value.asString()) : value.asString();
    }
}
