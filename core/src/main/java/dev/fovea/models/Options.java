package dev.fovea.models;

import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Settings that follow a model's name, as in {@code dense-autoencoder bottleneck=32}: names and values. A value of several
 * words stands in brackets: {@code backbone=(conv-autoencoder code=8)}.
 */
final class Options {

    /** So that the product of two and a small number is still an int; the widest networks have some thousands. */
    private static final int MOST = 1 << 16;

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** From words such as {@code code=64 width=32}. */
    static Options of(String words) {
        return new Options(read(words));
    }

    /** Words such as {@code code=64 width=32} as values, see {@link #typed()}. */
    static Map<String, Object> typed(String words) {
        return of(words).typed();
    }

    /** All values: whole numbers as Integer, or Long where they are too large, other numbers as Double, words as text. */
    Map<String, Object> typed() {
        var typed = new LinkedHashMap<String, Object>();
        values.forEach((name, value) -> typed.put(name, value(value)));
        return typed;
    }

    private static Object value(String value) {
        if (!isNumber(value)) {
            return value;
        }
        double number = Double.parseDouble(value);
        if (number != Math.rint(number) || Math.abs(number) > Long.MAX_VALUE) {
            return number;
        }
        return Math.abs(number) <= Integer.MAX_VALUE ? (Object) (int) number : (Object) (long) number;
    }

    /** The name alone. */
    static String nameOf(String model) {
        return model.strip().split("\\s+")[0];
    }

    /**
     * The options of {@code model}, laid over {@code defaults}.
     *
     * @throws IllegalArgumentException if one is unknown, or no number where the default is one
     */
    static Options parse(String model, String defaults) {
        List<String> words = words(model.strip());
        Map<String, String> values = read(defaults);
        var given = new HashSet<String>();
        for (String word : words.subList(1, words.size())) {
            String[] pair = word.split("=", 2);
            if (!values.containsKey(pair[0])) {
                throw fault("%s: unknown option '%s'%s it takes %s"
                        .formatted(
                                words.get(0),
                                pair[0],
                                Nearest.hint(pair[0], values.keySet(), ","),
                                defaults.isEmpty() ? "none" : defaults.replace(" ", ", ")));
            }
            if (pair.length < 2 || pair[1].isEmpty()) {
                throw fault("%s: option %s needs a value, as in %s=%s"
                        .formatted(words.get(0), pair[0], pair[0], values.get(pair[0])));
            }
            if (isNumber(values.get(pair[0])) && !isNumber(pair[1])) {
                throw fault("%s: option %s must be a number, got '%s'".formatted(words.get(0), pair[0], pair[1]));
            }
            if (!given.add(pair[0])) {
                throw fault("%s: option %s is given twice. Leave one out".formatted(words.get(0), pair[0]));
            }
            values.put(pair[0], pair[1].replaceFirst("^\\((.*)\\)$", "$1"));
        }
        return new Options(values);
    }

    private static IllegalArgumentException fault(String message) {
        return new IllegalArgumentException(Escaped.line(message));
    }

    /** {@code model} with that option, in the place of one of the same name. */
    static String with(String model, String name, String value) {
        String kept = words(model.strip()).stream()
                .filter(word -> !word.startsWith(name + "="))
                .collect(Collectors.joining(" "));
        boolean several = value.indexOf(' ') >= 0 || value.indexOf(',') >= 0;
        return "%s %s=%s".formatted(kept, name, several ? "(" + value + ")" : value);
    }

    /** Split at spaces that are in no brackets. */
    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ' ' : text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth < 0) {
                throw new IllegalArgumentException(
                        "'%s': a bracket is closed that was not opened".formatted(Escaped.of(text)));
            }
            if (i == text.length() || (depth == 0 && Character.isWhitespace(c))) {
                if (i > from) {
                    words.add(text.substring(from, i));
                }
                from = i + 1;
            }
        }
        return words;
    }

    private static Map<String, String> read(String words) {
        var values = new LinkedHashMap<String, String>();
        for (String word : words.isEmpty() ? new String[0] : words.split(" ")) {
            String[] pair = word.split("=", 2);
            values.put(pair[0], pair[1]);
        }
        return values;
    }

    private static boolean isNumber(String text) {
        return text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
    }

    String word(String name) {
        return values.get(name);
    }

    double number(String name) {
        return Double.parseDouble(values.get(name));
    }

    /** @throws IllegalArgumentException if it is not a whole number from 1 to 65,536 */
    int whole(String name) {
        return whole(name, 1, MOST);
    }

    /** @throws IllegalArgumentException if it is not a whole number from {@code least} to {@code most} */
    int whole(String name, int least, int most) {
        double value = number(name);
        if (value != Math.rint(value) || value < least || value > most) {
            throw new IllegalArgumentException("option %s must be a whole number from %s to %s, got %s"
                    .formatted(name, least, most, Escaped.of(values.get(name))));
        }
        return (int) value;
    }

    /**
     * One of the constants of an enum, in small letters.
     *
     * @throws IllegalArgumentException that lists them, if it is none
     */
    <E extends Enum<E>> E one(String name, Class<E> kind) {
        String value = values.get(name);
        List<String> words = Arrays.stream(kind.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        return Arrays.stream(kind.getEnumConstants())
                .filter(constant -> constant.name().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("option %s must be one of %s, got '%s'%s"
                        .formatted(name, String.join(", ", words), Escaped.of(value), Nearest.hint(value, words))));
    }

    /** Whether an option that is 0 or 1 is 1. */
    boolean on(String name) {
        return number(name) != 0;
    }
}
