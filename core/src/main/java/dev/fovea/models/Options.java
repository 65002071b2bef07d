package dev.fovea.models;

import java.util.Map;
import java.util.TreeMap;

/**
 * Numbers that follow a model's name, as in {@code dense-autoencoder bottleneck=32}.
 *
 * @param values by name, those left out with their defaults
 */
public record Options(Map<String, Double> values) {

    public Options {
        values = Map.copyOf(values);
    }

    /** The name alone. */
    static String nameOf(String model) {
        return model.strip().split("\\s+")[0];
    }

    /**
     * The options of {@code model}, laid over {@code defaults}.
     *
     * @throws IllegalArgumentException if one is unknown or not a number
     */
    static Options parse(String model, Map<String, Double> defaults) {
        String[] words = model.strip().split("\\s+");
        var values = new TreeMap<>(defaults);
        for (int i = 1; i < words.length; i++) {
            String[] pair = words[i].split("=", 2);
            if (pair.length < 2 || !defaults.containsKey(pair[0])) {
                throw new IllegalArgumentException("%s: unknown option '%s', it takes %s"
                        .formatted(
                                words[0],
                                words[i],
                                defaults.isEmpty()
                                        ? "none"
                                        : String.join(
                                                ", ",
                                                new TreeMap<>(defaults)
                                                        .entrySet().stream()
                                                                .map(e -> e.getKey() + "=" + text(e.getValue()))
                                                                .toList())));
            }
            try {
                values.put(pair[0], Double.parseDouble(pair[1]));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "%s: option %s must be a number, got '%s'".formatted(words[0], pair[0], pair[1]), e);
            }
        }
        return new Options(values);
    }

    double number(String name) {
        return values.get(name);
    }

    /** @throws IllegalArgumentException if it is not a whole number from 1 on */
    int whole(String name) {
        double value = values.get(name);
        if (value != Math.rint(value) || value < 1 || value > 1 << 20) {
            throw new IllegalArgumentException(
                    "option %s must be a whole number from 1 on, got %s".formatted(name, text(value)));
        }
        return (int) value;
    }

    /** Whether an option that is 0 or 1 is 1. */
    boolean on(String name) {
        return values.get(name) != 0;
    }

    private static String text(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
