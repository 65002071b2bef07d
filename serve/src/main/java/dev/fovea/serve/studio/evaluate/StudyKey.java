package dev.fovea.serve.studio.evaluate;

import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which answers are looked at.
 *
 * @param run a run folder or a model package, from the workspace on
 * @param data a data set from the workspace on, or a built-in one; empty for that of the run
 * @param part train, validation or test; empty for the first that there is of validation, test and train
 */
record StudyKey(String run, String data, String part) {

    private static final List<String> PARTS = List.of("validation", "test", "train");

    StudyKey {
        if (run.isEmpty()) {
            throw Refusal.wrong("run: name a run or a model of the workspace, such as runs/flowers-1");
        }
        if (!part.isEmpty() && !PARTS.contains(part)) {
            throw Refusal.wrong("part: expected train, validation or test, got '%s'".formatted(part));
        }
    }

    static StudyKey of(Call call) {
        return of(name -> call.query(name).orElse(""));
    }

    static StudyKey of(ObjectNode body) {
        return of(name -> body.path(name).asString(""));
    }

    private static StudyKey of(Function<String, String> value) {
        return new StudyKey(value.apply("run"), value.apply("data"), value.apply("part"));
    }

    /** A route that names them. */
    static Route on(Route route) {
        return route.with("run", "a run or a model in the workspace")
                .with("data", "a data set in the workspace or a built-in one; without it that of the run")
                .with("part", "train, validation or test; without it the first that there is");
    }
}
