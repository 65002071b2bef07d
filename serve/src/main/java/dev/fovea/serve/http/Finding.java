package dev.fovea.serve.http;

import dev.fovea.run.gallery.Gallery.Match;
import dev.fovea.task.ImageSearch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The images of a gallery that are most like another one. */
final class Finding {

    private static final int TOP = 10;
    private static final int MOST = 1000;

    private Finding() {}

    static List<Route> routes() {
        return List.of(
                Route.send("/find/{index}", "The images of a gallery that are most like another one", Finding::find)
                        .with("top", "how many, 1 to %s; without it %s".formatted(MOST, TOP)));
    }

    private static void find(Call call) {
        ImageSearch search =
                call.shared().offer().of("is a gallery", call.shared().offer().indexes(), call.name("index"));
        double top =
                call.query("top").map(text -> Restoring.number("top", text)).orElse((double) TOP);
        if (top < 1 || top > MOST || top != Math.rint(top)) {
            throw Refusal.wrong("top: expected a whole number from 1 to %s, got %s".formatted(MOST, top));
        }
        var coming = call.body()
                .thenCompose(body -> call.work(
                        () -> search.find(SentImages.of(call, body).only().decoded(call), (int) top)));
        call.answer(
                coming,
                matches -> call.json(Map.of(
                        "images",
                        search.gallery().size(),
                        "matches",
                        matches.stream().map(Finding::values).toList())));
    }

    private static Map<String, Object> values(Match match) {
        var values = new LinkedHashMap<String, Object>();
        values.put("file", match.image().file());
        if (!match.image().label().isEmpty()) {
            values.put("label", match.image().label());
        }
        values.put("similarity", match.similarity());
        return values;
    }
}
