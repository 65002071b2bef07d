package dev.fovea.serve.studio.models;

import dev.fovea.image.Image;
import dev.fovea.run.OutputExplanation;
import dev.fovea.run.Trial;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Models tried on images that somebody drops, pastes or holds before a camera. */
final class TryRoutes {

    /** Classes that are named beside a model. */
    private static final int NAMED = 1000;

    private final ModelDesk desk;

    TryRoutes(ModelDesk desk) {
        this.desk = desk;
    }

    List<Route> routes() {
        return List.of(
                Answers.get("/api/models", "The models of the workspace", call -> Map.of("models", desk.listed())),
                Answers.get("/api/model", "What can be done with a model", this::model)
                        .with("model", "a run, a package or a file"),
                Route.post("/api/try", "What a model makes of an image, in events", this::attempt)
                        .giving("text/event-stream"),
                Route.post(
                                "/api/try/explain",
                                "Which part of an image an answer depends on, in events",
                                call -> desk.stream(call, this::explain))
                        .giving("text/event-stream"));
    }

    private Object model(Call call) {
        String path = call.query("model").orElse("");
        LoadedModel model = desk.load(path);
        var net = model.saved().net();
        var view = new LinkedHashMap<String, Object>();
        view.put("path", path);
        view.put("task", model.saved().type().word());
        view.put("classes", net.config().classes().stream().limit(NAMED).toList());
        view.put("metrics", net.config().metrics());
        view.put("width", net.preprocess().width());
        view.put("height", net.preprocess().height());
        view.put("channels", net.preprocess().channels());
        view.put("methods", model.explanationMethods());
        if (model.generates()) {
            view.put("generator", model.generator().offer());
        }
        try {
            Trial trial = model.trial();
            view.put("dials", trial.dials());
            view.put("masked", trial.masked());
            view.put("compares", trial.compares());
        } catch (IllegalArgumentException e) { // it only generates, or is for clips
            view.put("noImages", dev.fovea.io.Escaped.line(e.getMessage()));
        }
        return view;
    }

    private void explain(ModelThreads.Sink sink, ObjectNode body) {
        var said = new Said(body);
        Image image = Pictures.required(body, "image");
        LoadedModel model = desk.load(said.required("model"));
        OutputExplanation why = model.predictor()
                .explanation(
                        image,
                        said.text("method").orElse(""),
                        said.text("class").orElse(""),
                        sink::progress);
        var view = new LinkedHashMap<String, Object>();
        view.put("method", why.method());
        view.put("class", why.name());
        view.put("value", why.value());
        view.put("image", Pictures.address(why.overlay()));
        view.put("width", why.overlay().getWidth());
        view.put("height", why.overlay().getHeight());
        view.put("part", model.part(image));
        sink.send("explanation", view);
    }

    private void attempt(Call call) {
        desk.stream(call, this::attempt);
    }

    private void attempt(ModelThreads.Sink sink, ObjectNode body) {
        var said = new Said(body);
        Image image = Pictures.required(body, "image");
        Optional<Image> mask = Pictures.optional(body, "mask");
        Optional<Image> other = Pictures.optional(body, "other");
        LoadedModel model = desk.load(said.required("model"));
        sink.checkWanted();
        Trial trial = model.trial();
        long begin = System.nanoTime();
        Trial.Outcome outcome = other.map(own -> trial.compared(image, own))
                .orElseGet(() -> trial.of(image, mask, said.numbers("dials")));
        Map<String, Object> view = new LinkedHashMap<>(Pictures.view(outcome));
        view.put("width", image.width());
        view.put("height", image.height());
        view.put("seconds", (System.nanoTime() - begin) / 1e9);
        sink.send("outcome", view);
    }
}
