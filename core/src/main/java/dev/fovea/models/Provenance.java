package dev.fovea.models;

import dev.fovea.io.Escaped;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a model was made, for people: nothing of it is needed to use the model.
 *
 * @param date when, in UTC
 * @param engine library and version that trained it
 * @param run name of the run folder
 * @param command as it was typed, or empty
 * @param recipe printed
 * @param epoch which epoch's weights it has and why, or empty
 * @param data that it was trained on
 */
public record Provenance(
        String date, String engine, String run, String command, String recipe, String epoch, Source data) {

    /**
     * Data as its user named it.
     *
     * @param name a path or name; empty of data that a program made
     * @param options that it was opened with, those that are not given left out
     */
    public record Source(String name, Map<String, Object> options, Part train, Part validation) {

        /** Of a model that was not trained here. */
        public static final Source NONE = new Source("", Map.of(), Part.NONE, Part.NONE);

        public Source {
            options.forEach((key, value) -> {
                if (value == null) {
                    throw new IllegalArgumentException("data option '%s' must have a value".formatted(Escaped.of(key)));
                }
            });
            options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        }
    }

    /** One part of the data; the fingerprint is of classes, names and targets, and of the content of a few images. */
    public record Part(int images, String fingerprint) {

        /** No images. */
        public static final Part NONE = new Part(0, "");
    }

    /** Of published weights, which come without more than the name of their file. */
    public static Provenance ofWeights(String file) {
        return new Provenance("", "", file, "", "", "", Source.NONE);
    }
}
