package dev.fovea.serve.http;

import dev.fovea.io.Escaped;
import dev.fovea.task.generate.Generator;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** What a client says about the images it wants: behind the question mark, or in JSON. */
record GenerationRequest(Map<String, String> said, Limits limits) {

    static final Map<String, String> KEYS = keys();

    private static final int MOST_STEPS = 1000;

    private static Map<String, String> keys() {
        var keys = new LinkedHashMap<String, String>();
        keys.put("count", "how many; without it 1");
        keys.put("class", "of all of them; without it all classes in turn");
        keys.put("seed", "of the noise, the same gives the same images; without it another one each time");
        keys.put("steps", "from noise to image, of diffusion; without it 30");
        keys.put("sampler", "of diffusion: heun, ddim or ddpm");
        keys.put("guidance", "scale towards the class, of diffusion; without it 1");
        keys.put("temperature", "of tokens; without it 1");
        keys.put("topK", "samples among so many tokens; without it all");
        keys.put("topP", "samples among the tokens that together reach this probability; without it 1");
        return keys;
    }

    /** @throws Refusal if a key is unknown */
    static GenerationRequest of(Call call, byte[] body) {
        var said = new LinkedHashMap<String, String>();
        KEYS.keySet().forEach(key -> call.query(key).ifPresent(value -> said.put(key, value)));
        if (body.length > 0) {
            ObjectNode object = call.shared().json().object(body, 0, body.length);
            Json.check(object, "the body", List.copyOf(KEYS.keySet()));
            for (String key : object.propertyNames()) {
                said.put(key, object.get(key).asString());
            }
        }
        return new GenerationRequest(said, call.shared().settings().limits());
    }

    /** @throws Refusal if a value is not of its range */
    Generator.Request request() {
        return new Generator.Request(
                (int) whole("count", 1, 1, limits.generated()),
                said.getOrDefault("class", ""),
                whole("seed", ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE), Long.MIN_VALUE, Long.MAX_VALUE),
                (int) whole("steps", 30, 1, MOST_STEPS),
                sampler(),
                number("guidance", 1),
                new Generator.Choice(
                        number("temperature", 1), (int) whole("topK", 0, 0, Integer.MAX_VALUE), number("topP", 1)));
    }

    private Generator.Sampling sampler() {
        String asked = said.getOrDefault("sampler", "heun");
        return Arrays.stream(Generator.Sampling.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(asked))
                .findFirst()
                .orElseThrow(() -> Refusal.wrong("sampler: expected one of %s, got '%s'"
                        .formatted(
                                Arrays.stream(Generator.Sampling.values())
                                        .map(one -> one.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", ")),
                                Escaped.of(asked))));
    }

    private double number(String key, double otherwise) {
        return Optional.ofNullable(said.get(key))
                .map(text -> Restoring.number(key, text))
                .orElse(otherwise);
    }

    private long whole(String key, long otherwise, long least, long most) {
        String text = said.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // the sentence below says so
        }
        throw Refusal.wrong(
                "%s: expected a whole number from %s to %s, got '%s'".formatted(key, least, most, Escaped.of(text)));
    }
}
