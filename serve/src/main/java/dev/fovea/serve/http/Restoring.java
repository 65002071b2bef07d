package dev.fovea.serve.http;

import dev.fovea.image.Image;
import dev.fovea.io.Escaped;
import dev.fovea.task.restore.Restorer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Clean images from damaged ones. */
final class Restoring {

    private Restoring() {}

    static List<Route> routes() {
        return List.of(
                Route.send("/restore/{model}", "The clean image of a damaged one", Restoring::restore)
                        .giving("image/png", "application/json")
                        .with(
                                "amount",
                                "of degradation, for a model that takes it: deviation of noise, 0 to 255, or quality of JPEG, 1 to 100"));
    }

    private static void restore(Call call) {
        Restorer restorer = call.shared()
                .offer()
                .of("restores images", call.shared().offer().restorers(), call.name("model"));
        Optional<Double> amount = call.query("amount").map(text -> number("amount", text));
        var coming = call.body()
                .thenCompose(body -> call.work(() -> {
                    SentImages sent = SentImages.of(call, body);
                    Image image = sent.only().decoded(call);
                    call.holdDrawing(image.size());
                    return sent.mask()
                            .map(mask -> restorer.fill(image, mask.decoded(call)))
                            .or(() -> amount.map(own -> restorer.restore(image, own)))
                            .orElseGet(() -> restorer.restore(image));
                }));
        call.answer(coming, image -> Image.png(image.toBufferedImage()), png -> {
            if (call.asksFor("application/json")) {
                call.json(Map.of("image", Base64.getEncoder().encodeToString(png)));
            } else {
                call.png(png);
            }
        });
    }

    static double number(String name, String text) {
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // the sentence below says so
        }
        throw Refusal.wrong("%s: expected a number, got '%s'".formatted(name, Escaped.of(text)));
    }
}
