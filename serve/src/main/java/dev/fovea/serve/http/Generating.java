package dev.fovea.serve.http;

import dev.fovea.image.Image;
import dev.fovea.task.generate.Generator;
import dev.fovea.task.generate.Generator.Generated;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** New images, at once or while they are made. */
final class Generating {

    private static final String EVENTS = "text/event-stream";
    private static final int MOST_BODY = 64 << 10;

    private Generating() {}

    static List<Route> routes() {
        Route get = Route.get(
                "/generate/{model}", "New images, or server-sent events while they are made", Generating::generate);
        Route post = Route.post("/generate/{model}", "The same, asked for in JSON", Generating::generate);
        for (Map.Entry<String, String> key : GenerationRequest.KEYS.entrySet()) {
            get = get.with(key.getKey(), key.getValue());
            post = post.with(key.getKey(), key.getValue());
        }
        return List.of(
                get.giving("image/png", "application/json", EVENTS),
                post.giving("image/png", "application/json", EVENTS));
    }

    private static void generate(Call call) {
        Generator generator =
                call.shared().offer().of("makes images", call.shared().offer().generators(), call.name("model"));
        var asked = call.body(MOST_BODY)
                .thenCompose(body -> call.shared()
                        .decoding()
                        .submit(() -> GenerationRequest.of(call, body).request()));
        if (call.asksFor(EVENTS)) {
            call.answer(asked, request -> stream(call, generator, request));
            return;
        }
        call.answer(
                asked.thenCompose(request -> call.work(() -> made(call, generator, request))
                        .thenApply(images -> Map.entry(request, images))),
                done -> response(call, done.getKey(), done.getValue()),
                Runnable::run);
    }

    /** Ends when nobody waits any more: a step looks. */
    private static List<Generated> made(Call call, Generator generator, Generator.Request request) {
        var images = new ArrayList<Generated>();
        generator.stream(request, (done, of, seen) -> call.checkWanted(), images::add);
        return images;
    }

    private static Runnable response(Call call, Generator.Request request, List<Generated> images) {
        call.put("X-Seed", String.valueOf(request.seed()));
        if (!call.asksFor("application/json")) {
            byte[] png = drawing(images.stream().map(Generated::image).toList());
            return () -> call.png(png);
        }
        var values = Map.of(
                "seed",
                request.seed(),
                "images",
                images.stream().map(Generating::values).toList());
        return () -> call.json(values);
    }

    private static Map<String, Object> values(Generated made) {
        var values = new LinkedHashMap<String, Object>();
        if (!made.label().isEmpty()) {
            values.put("label", made.label());
        }
        values.put("image", png(List.of(made.image())));
        return values;
    }

    private static String png(List<Image> images) {
        return Base64.getEncoder().encodeToString(drawing(images));
    }

    private static byte[] drawing(List<Image> images) {
        return Image.png(images.size() == 1 ? images.get(0).toBufferedImage() : Generator.grid(images));
    }

    /** The response begins when its turn has come: until then a full queue can still be said. */
    private static void stream(Call call, Generator generator, Generator.Request request) {
        CompletableFuture<Void> work = call.work(() -> {
            EventStream events = call.events().orElseThrow(CancellationException::new);
            try {
                events(call, generator, request, events);
                events.end();
            } catch (CompletionException | CancellationException e) {
                events.fail(e); // the client is gone, or the time is over
            } catch (RuntimeException | Error e) {
                failed(call, events, e);
            }
            return null;
        });
        work.exceptionally(failure -> {
            call.fail(failure);
            return null;
        });
    }

    /** The response has begun; what counts is whether anybody is left to read it. */
    private static void checkStreamed(Call call) {
        if (call.gone() || call.left().isNegative()) {
            throw new CancellationException("nobody waits for these images any more");
        }
    }

    /** Whatever happens, the response ends. */
    private static void failed(Call call, EventStream events, Throwable thrown) {
        try {
            Problem problem = Problem.of(thrown);
            if (problem.fault()) {
                call.shared().log().fault(RequestId.of(call.request()), thrown);
            }
            events.send("error", call.shared().json().line(Map.of("detail", problem.detail())));
            events.end();
        } catch (RuntimeException | Error e) {
            events.fail(e);
        }
    }

    private static void events(Call call, Generator generator, Generator.Request request, EventStream events) {
        Json json = call.shared().json();
        events.send("begin", json.line(Map.of("seed", request.seed(), "count", request.count())));
        var count = new int[1];
        generator.stream(
                request,
                (done, of, images) -> {
                    checkStreamed(call);
                    if (events.hasRoom()) { // who reads slowly sees fewer steps, and holds up nobody
                        events.send("step", json.line(Map.of("step", done, "of", of, "image", png(images.get()))));
                    }
                },
                made -> {
                    checkStreamed(call);
                    var values = new LinkedHashMap<>(values(made));
                    values.put("index", count[0]++);
                    events.send("image", json.line(values));
                });
        events.send("end", json.line(Map.of("count", count[0])));
    }
}
