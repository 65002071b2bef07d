package dev.fovea.serve.studio.models;

import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Models served with one click. */
record ServeRoutes(ModelDesk desk, ServedModelList served) {

    List<Route> routes() {
        return List.of(
                Answers.get("/api/served", "Models that are served", call -> Map.of("served", served.views())),
                Answers.post("/api/served", "Serves a model to this machine, a job", this::serve),
                Answers.post("/api/served/stop", "Stops serving a model", this::stop));
    }

    private Object serve(Call call, ObjectNode body) {
        Path model = desk.run(new Said(body));
        return desk.studio().jobs().soon("serve", String.valueOf(model.getFileName()), job -> served.serve(model, job));
    }

    private Object stop(Call call, ObjectNode body) {
        served.stop(new Said(body).whole("id", 0, 0, Integer.MAX_VALUE));
        return Map.of("served", served.views());
    }
}
