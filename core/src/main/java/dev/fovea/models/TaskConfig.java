package dev.fovea.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.fovea.io.Escaped;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a network was trained for, as recipes say it: the word of the task, its {@code type}, and its settings. The task
 * itself knows what they mean.
 */
public record TaskConfig(String type, Map<String, Object> settings) {

    private static final String TYPE = "type";

    public TaskConfig {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** @throws IllegalArgumentException if {@code values} has no {@code type} */
    @JsonCreator
    public static TaskConfig of(Map<String, Object> values) {
        if (!(values.get(TYPE) instanceof String type)) {
            throw new IllegalArgumentException("task: expected a type and its settings, got the keys "
                    + Escaped.of(String.valueOf(values.keySet())));
        }
        var settings = new LinkedHashMap<>(values);
        settings.remove(TYPE);
        return new TaskConfig(type, settings);
    }

    /** Type and settings, as in {@code config.json}. */
    @JsonValue
    public Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        values.put(TYPE, type);
        values.putAll(settings);
        return values;
    }
}
