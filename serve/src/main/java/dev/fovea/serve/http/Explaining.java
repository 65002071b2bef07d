package dev.fovea.serve.http;

import dev.fovea.image.Image;
import dev.fovea.run.OutputExplanation;
import dev.fovea.run.Predictor;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which part of an image an answer depends on. */
final class Explaining {

    private Explaining() {}

    static List<Route> routes() {
        return List.of(Route.send(
                        "/explain/{model}", "Which part of an image an answer depends on", Explaining::explain)
                .giving("image/png", "application/json")
                .with("method", "such as `grad-cam`; without it the best that fits the network")
                .with("class", "the class, label, number or object that is explained; without it the answer itself"));
    }

    private static void explain(Call call) {
        String model = call.name("model");
        Answering.served(call, model, Optional.empty());
        String method = call.query("method").orElse("");
        String name = call.query("class").orElse("");
        var coming = call.body()
                .thenCompose(body -> call.work(() -> {
                    Image image = SentImages.of(call, body).only().decoded(call);
                    call.holdDrawing(image.size());
                    Predictor predictor = call.shared().models().predictor(model, Optional.empty());
                    return predictor.explanation(image, method, name);
                }));
        call.answer(
                coming,
                explanation -> Map.entry(explanation, Image.png(explanation.image())),
                drawn -> respond(call, drawn.getKey(), drawn.getValue()));
    }

    private static void respond(Call call, OutputExplanation explanation, byte[] png) {
        if (!call.asksFor("application/json")) {
            call.png(png);
            return;
        }
        var values = new LinkedHashMap<String, Object>();
        values.put("method", explanation.method());
        values.put("class", explanation.name());
        values.put("value", explanation.value());
        values.put("image", Base64.getEncoder().encodeToString(png));
        call.json(values);
    }
}
