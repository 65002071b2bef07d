package dev.fovea.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.fovea.io.Escaped;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which network a package holds. In {@code config.json} a registered one is its name and the values of all its options,
 * <code>{"name": "vae", "code": 16, "width": 32}</code>, so that it stays the same network should a default change; any
 * other is its layers as text, <code>{"layers": "conv 32 3, relu, ..."}</code>. That of a model in a file of another form is
 * never written.
 */
public sealed interface Architecture {

    /** As {@link Models#create} takes it: a name with the options that differ from the defaults, or layers. */
    String text();

    /** What it has in common with all networks that are used like it, see {@link Models#network}. */
    default Class<?> network() {
        return Models.network(text());
    }

    /** What {@code config.json} holds. */
    @JsonValue
    Map<String, Object> values();

    /**
     * A network of the registry.
     *
     * @param config all its options
     */
    record Registered(String name, NetConfig config) implements Architecture {

        @Override
        public String text() {
            Map<String, Object> usual = Models.get(name).options();
            String text = name;
            for (var option : Options.values(config).entrySet()) {
                if (!option.getValue().equals(usual.get(option.getKey()))) {
                    text = Options.with(text, option.getKey(), option.getValue());
                }
            }
            return text;
        }

        @Override
        public Map<String, Object> values() {
            var values = new LinkedHashMap<String, Object>();
            values.put("name", name);
            values.putAll(Options.values(config));
            return values;
        }

        @Override
        public String toString() {
            return text();
        }
    }

    /** A network that a user put together from layers. */
    record Layers(String text) implements Architecture {

        @Override
        public Map<String, Object> values() {
            return Map.of("layers", text);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A network that a file holds whole, as an ONNX file does: it answers, and nothing can be built of it or upon it.
     *
     * @param text the name of the file
     */
    record InFile(String text, Class<?> network) implements Architecture {

        @Override
        public Map<String, Object> values() {
            return Map.of("file", text);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Of a model as recipes name it.
     *
     * @throws IllegalArgumentException if there is no network of that name, or it has no such option
     */
    static Architecture of(String model) {
        if (Models.isText(model)) {
            return new Layers(model);
        }
        ModelEntry entry = Models.get(model);
        return new Registered(entry.name(), Options.parse(model, entry.config()));
    }

    /** @throws IllegalArgumentException if there is neither a name nor layers */
    @JsonCreator
    static Architecture of(Map<String, Object> values) {
        if (values.get("layers") instanceof String layers && values.size() == 1) {
            return new Layers(layers);
        }
        if (!(values.get("name") instanceof String name)) {
            throw new IllegalArgumentException("architecture: expected the name of a network with its options, or "
                    + "layers as text, got the keys " + Escaped.of(String.valueOf(values.keySet())));
        }
        var options = new LinkedHashMap<>(values);
        options.remove("name");
        return new Registered(name, Options.over(name, options, Models.get(name).config()));
    }
}
