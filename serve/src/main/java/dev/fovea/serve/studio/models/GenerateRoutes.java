package dev.fovea.serve.studio.models;

import dev.fovea.image.Image;
import dev.fovea.io.Nearest;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.task.generate.Generator;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** New images, and images that are made of others, while somebody looks on. */
final class GenerateRoutes {

    private static final int MOST_IMAGES = 64;
    private static final int MOST_STEPS = 1000;
    private static final int LARGEST_SEED = Integer.MAX_VALUE;

    private final ModelDesk desk;

    GenerateRoutes(ModelDesk desk) {
        this.desk = desk;
    }

    List<Route> routes() {
        return List.of(
                Route.post(
                                "/api/generate",
                                "New images in events, while they are made",
                                call -> desk.stream(call, this::generate))
                        .giving("text/event-stream"),
                Route.post(
                                "/api/generate/edit",
                                "Images made of another one, in events",
                                call -> desk.stream(call, this::edit))
                        .giving("text/event-stream"));
    }

    private void generate(ModelThreads.Sink sink, ObjectNode body) {
        var said = new Said(body);
        Generator.Request request = request(said);
        Generator generator = desk.load(said.required("model")).generator();
        begin(sink, request);
        var count = new int[1];
        generator.stream(
                request,
                (done, of, images) -> step(sink, done, of, images),
                made -> image(sink, count[0]++, made.image(), made.label()));
        sink.send("end", Map.of("count", count[0]));
    }

    private static void begin(ModelThreads.Sink sink, Generator.Request request) {
        sink.send("begin", Map.of("seed", request.seed(), "count", request.count()));
    }

    /** A page that reads slowly sees fewer steps, and holds up nobody. */
    private static void step(ModelThreads.Sink sink, int done, int of, Supplier<List<Image>> images) {
        sink.checkWanted();
        if (sink.hasRoom()) {
            var values = new LinkedHashMap<String, Object>();
            values.put("step", done);
            values.put("of", of);
            values.put("images", images.get().stream().map(Pictures::address).toList());
            sink.send("step", values);
        }
    }

    private static void image(ModelThreads.Sink sink, int index, Image image, String label) {
        var values = new LinkedHashMap<String, Object>();
        values.put("index", index);
        values.put("label", label);
        values.put("image", Pictures.address(image));
        sink.send("image", values);
    }

    private void edit(ModelThreads.Sink sink, ObjectNode body) {
        var said = new Said(body);
        Generator.Request request = request(said);
        Generator generator = desk.load(said.required("model")).generator();
        begin(sink, request);
        String way = said.required("way");
        Generator.Steps watch = (done, of, images) -> step(sink, done, of, images);
        List<Image> images = switch (way) {
            case "inpaint" ->
                generator.inpaint(Pictures.required(body, "image"), Pictures.required(body, "mask"), request, watch);
            case "vary" ->
                generator.vary(Pictures.required(body, "image"), said.number("strength", 0.6), request, watch);
            case "complete" -> generator.complete(Pictures.required(body, "image"), said.number("kept", 0.5), request);
            case "interpolate" -> generator.interpolate(request, Math.max(2, request.count()));
            default ->
                throw Refusal.wrong("way: expected inpaint, vary, complete or interpolate, got '%s'"
                        .formatted(dev.fovea.io.Escaped.of(way)));
        };
        for (int i = 0; i < images.size(); i++) {
            image(sink, i, images.get(i), "");
        }
        sink.send("end", Map.of("count", images.size()));
    }

    /** What is wanted; without a seed another one every time, which is said. */
    static Generator.Request request(Said said) {
        var choice = new Generator.Choice(
                said.number("temperature", 1), said.whole("topK", 0, 0, Integer.MAX_VALUE), said.number("topP", 1));
        return new Generator.Request(
                said.whole("count", 1, 1, MOST_IMAGES),
                said.text("class").orElse(""),
                said.whole("seed", ThreadLocalRandom.current().nextInt(LARGEST_SEED), 0, LARGEST_SEED),
                said.whole("steps", 30, 1, MOST_STEPS),
                sampler(said.text("sampler").orElse("heun")),
                said.number("guidance", 1),
                choice);
    }

    private static Generator.Sampling sampler(String word) {
        List<String> words = Arrays.stream(Generator.Sampling.values())
                .map(one -> one.name().toLowerCase(Locale.ROOT))
                .toList();
        if (!words.contains(word)) {
            throw Refusal.wrong("sampler: expected one of %s, got '%s'%s"
                    .formatted(String.join(", ", words), dev.fovea.io.Escaped.of(word), Nearest.hint(word, words)));
        }
        return Generator.Sampling.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
