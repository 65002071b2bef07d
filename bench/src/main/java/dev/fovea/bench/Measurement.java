package dev.fovea.bench;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * One round of one contender, as its line of JSON says.
 *
 * @param version of the engine, empty if it does not say
 * @param precision as it was run, empty if it does not say
 */
record Measurement(double imagesPerSecond, String version, String precision) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads the last line of {@code output} that is a JSON object; natives may print before it.
     *
     * @throws IllegalArgumentException if there is none, or it has no positive speed
     */
    static Measurement parse(String output) {
        String line = output.lines()
                .map(String::strip)
                .filter(l -> l.startsWith("{"))
                .reduce((first, second) -> second)
                .orElseThrow(() ->
                        new IllegalArgumentException("no line of JSON in the output, got '" + output.strip() + "'"));
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: '" + line + "'", e);
        }
        double speed = json.path("imagesPerSecond").asDouble(0);
        if (!(speed > 0) || Double.isInfinite(speed)) {
            throw new IllegalArgumentException("imagesPerSecond must be positive, got '" + line + "'");
        }
        return new Measurement(
                speed, json.path("version").asString(""), json.path("precision").asString(""));
    }
}
