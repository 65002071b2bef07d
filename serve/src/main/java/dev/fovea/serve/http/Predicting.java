package dev.fovea.serve.http;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import dev.fovea.serve.http.Asking.Answered;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The plain way to ask: an image in, the answer out, as `fovea predict --json` gives it or drawn. */
final class Predicting {

    private static final String PNG = "image/png";
    private static final String MASK = "mask";

    private Predicting() {}

    static List<Route> routes() {
        return List.of(
                describe(Route.send("/predict/{model}", "What a model answers about images", Predicting::predict)),
                describe(Route.send(
                        "/predict/{model}/versions/{version}",
                        "What a version of a model answers about images",
                        Predicting::predict)),
                Route.post("/v1/models/{model}:predict", "The same in KServe's first protocol", Predicting::first),
                Route.get("/v1/models", "The names of the models, in KServe's first protocol", Predicting::names),
                Route.get(
                        "/v1/models/{model}",
                        "Whether a model is ready, in KServe's first protocol",
                        Predicting::ready));
    }

    private static Route describe(Route route) {
        return route.giving("application/json", PNG)
                .with(
                        "draw",
                        "of an answer as an image: `answer` for what was found in the image (the default), `mask` for the "
                                + "number of the class of every pixel");
    }

    private static void predict(Call call) {
        String model = call.name("model");
        Optional<String> version = call.optionalName("version");
        boolean drawn = call.asksFor(PNG) && !call.asksFor("application/json");
        CompletableFuture<Answered> coming = Answering.ask(
                call, model, version, drawn, body -> SentImages.of(call, body).images());
        if (drawn) {
            call.answer(coming, answered -> drawing(call, model, answered), call::png);
        } else {
            call.answer(coming, answered -> call.json(values(model, answered)));
        }
    }

    private static Map<String, Object> values(String model, Answered answered) {
        var rows = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < answered.answers().size(); i++) {
            var row = new LinkedHashMap<String, Object>();
            row.put("name", answered.names().get(i));
            row.putAll(answered.answers().get(i).values());
            rows.add(row);
        }
        var values = new LinkedHashMap<String, Object>();
        values.put("model", model);
        values.put("version", answered.chosen().version());
        values.put("predictions", rows);
        return values;
    }

    private static byte[] drawing(Call call, String model, Answered answered) {
        if (answered.answers().size() != 1) {
            throw Refusal.of(
                    406,
                    "wrong-request",
                    "an answer is drawn into one image, got %s. Ask for JSON"
                            .formatted(answered.answers().size()));
        }
        String what = call.query("draw").orElse("answer");
        if (!what.equals("answer") && !what.equals(MASK)) {
            throw Refusal.wrong("draw: expected answer or mask, got '%s'".formatted(dev.fovea.io.Escaped.of(what)));
        }
        Predictor predictor = answered.chosen().predictor();
        Predictor.Answer answer = answered.answers().get(0);
        Image image = answered.images().get(0);
        call.holdDrawing(image.size());
        Optional<BufferedImage> drawn = what.equals(MASK) ? predictor.mask(answer) : predictor.drawn(image, answer);
        return drawn.map(Image::png)
                .orElseThrow(() -> Refusal.of(
                        406,
                        "wrong-request",
                        "the answers of model '%s' have no place in an image, so nothing can be drawn. Ask for JSON"
                                .formatted(model)));
    }

    private static void first(Call call) {
        call.answer(
                Answering.ask(
                        call,
                        call.name("model"),
                        Optional.empty(),
                        false,
                        body -> call.memory()
                                .during((long) SentImages.PARSED * body.length, () -> instances(call, body))),
                answered -> call.json(Map.of(
                        "predictions",
                        answered.answers().stream()
                                .map(Predictor.Answer::values)
                                .toList())));
    }

    private static List<SentImage> instances(Call call, byte[] body) {
        Limits limits = call.shared().settings().limits();
        var object = call.shared().json().object(body, 0, body.length);
        Json.check(object, "the body", List.of("instances", "parameters", "signature_name"));
        if (!object.has("instances")) {
            throw Refusal.wrong("the body has no 'instances', a list of images in base64");
        }
        List<SentImage> images = SentImages.list("instances", object.get("instances"), limits);
        SentImages.check(images, limits);
        return images;
    }

    private static void names(Call call) {
        call.json(Map.of(
                "models",
                call.shared().models().all().stream()
                        .map(one -> one.name())
                        .distinct()
                        .toList()));
    }

    private static void ready(Call call) {
        Answering.served(call, call.name("model"), Optional.empty());
        call.json(Map.of("name", call.name("model"), "ready", true));
    }
}
