package dev.fovea.models;

import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The options behind a model's name, as in {@code dense-autoencoder bottleneck=32}: the components of its
 * {@link NetConfig}. A value of several words stands in brackets: {@code backbone=(conv-autoencoder code=8)}. A network over
 * another may have it in brackets behind its own name: {@code embedding(resnet18) pool=4}.
 */
final class Options {

    private static final String BACKBONE = "backbone";

    private Options() {}

    /** The name alone. */
    static String nameOf(String model) {
        String first = model.strip().split("\\s+")[0];
        int bracket = first.indexOf('(');
        return bracket > 0 ? first.substring(0, bracket) : first;
    }

    /**
     * With the network in brackets behind the name as the option that it is; all else as it was.
     *
     * @throws IllegalArgumentException if the bracket is not closed, or what follows is no option
     */
    private static String spelledOut(String model) {
        String text = model.strip();
        String name = nameOf(text);
        if (!text.startsWith("(", name.length())) {
            return text;
        }
        int depth = 0;
        for (int i = name.length(); i < text.length(); i++) {
            depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
            if (depth == 0) {
                String inner = text.substring(name.length() + 1, i).strip();
                String rest = text.substring(i + 1);
                if (inner.isEmpty() || !rest.isEmpty() && !Character.isWhitespace(rest.charAt(0))) {
                    throw fault("'%s': expected a network in brackets and then options, as in %s(resnet18) pool=2"
                            .formatted(text, name));
                }
                return "%s %s=%s%s".formatted(name, BACKBONE, bracketed(inner), rest);
            }
        }
        throw fault("'%s': the bracket after %s is not closed".formatted(text, name));
    }

    /**
     * The options of {@code model}, laid over {@code defaults}.
     *
     * @throws IllegalArgumentException if one is unknown, given twice or not of its kind
     */
    static NetConfig parse(String model, NetConfig defaults) {
        List<String> words = words(spelledOut(model));
        String name = words.get(0);
        var given = new LinkedHashMap<String, Object>();
        for (String word : words.subList(1, words.size())) {
            String[] pair = word.split("=", 2);
            Map<String, Object> usual = values(defaults);
            checkKnown(name, pair[0], defaults);
            if (pair.length < 2 || pair[1].isEmpty()) {
                throw fault("%s: option %s needs a value, as in %s=%s"
                        .formatted(name, pair[0], pair[0], worded(usual.get(pair[0]))));
            }
            if (given.put(pair[0], pair[1].replaceFirst("^\\((.*)\\)$", "$1")) != null) {
                throw fault("%s: option %s is given twice. Leave one out".formatted(name, pair[0]));
            }
        }
        return over(name, given, defaults);
    }

    /**
     * A config with some of its components replaced.
     *
     * @param name of the model, for messages
     * @param given by component: text or a value of its kind
     * @throws IllegalArgumentException if one is unknown or not of its kind
     */
    static NetConfig over(String name, Map<String, ?> given, NetConfig defaults) {
        given.keySet().forEach(option -> checkKnown(name, option, defaults));
        RecordComponent[] components = defaults.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            Object value = given.get(components[i].getName());
            values[i] = value == null
                    ? get(defaults, components[i])
                    : converted(name, components[i], value, get(defaults, components[i]));
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return defaults.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException own) {
                throw own;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void checkKnown(String name, String option, NetConfig defaults) {
        Map<String, Object> usual = values(defaults);
        if (!usual.containsKey(option)) {
            throw fault("%s: unknown option '%s'%s it takes %s"
                    .formatted(
                            name,
                            option,
                            Nearest.hint(option, usual.keySet(), ","),
                            usual.isEmpty() ? "none" : text(defaults).replace(" ", ", ")));
        }
    }

    private static Object converted(String model, RecordComponent component, Object value, Object usual) {
        String text = worded(value);
        String option = component.getName();
        if (usual instanceof Integer) {
            return whole(model, option, text);
        }
        if (usual instanceof Double) {
            if (!isNumber(text)) {
                throw fault("%s: option %s must be a number, got '%s'".formatted(model, option, text));
            }
            return Double.parseDouble(text);
        }
        if (usual instanceof Boolean) {
            if (!List.of("true", "false", "1", "0").contains(text)) {
                throw fault("%s: option %s must be true or false, got '%s'".formatted(model, option, text));
            }
            return text.equals("true") || text.equals("1");
        }
        if (usual instanceof List) {
            return Arrays.stream(text.split(",", -1))
                    .map(number -> whole(model, option, number.strip()))
                    .toList();
        }
        return usual instanceof Enum<?> constant ? constant(option, text, constant) : text;
    }

    private static int whole(String model, String option, String text) {
        if (!isNumber(text)) {
            throw fault("%s: option %s must be a number, got '%s'".formatted(model, option, text));
        }
        double value = Double.parseDouble(text);
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw fault(
                    "option %s must be a whole number from 1 to %s, got %s".formatted(option, NetConfig.MOST, text));
        }
        return (int) value;
    }

    private static Enum<?> constant(String option, String text, Enum<?> usual) {
        Enum<?>[] all = usual.getDeclaringClass().getEnumConstants();
        List<String> words = Arrays.stream(all).map(Options::worded).toList();
        return Arrays.stream(all)
                .filter(one -> one.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("option %s must be one of %s, got '%s'%s"
                        .formatted(option, String.join(", ", words), Escaped.of(text), Nearest.hint(text, words))));
    }

    /** All options by name: whole numbers, numbers, true or false, words, lists of whole numbers. */
    static Map<String, Object> values(NetConfig config) {
        var values = new LinkedHashMap<String, Object>();
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            Object value = get(config, component);
            values.put(component.getName(), value instanceof Enum<?> ? worded(value) : value);
        }
        return values;
    }

    /** All options as they follow a name: {@code code=64 width=32}. */
    static String text(NetConfig config) {
        return values(config).entrySet().stream()
                .map(option -> option.getKey() + "=" + bracketed(worded(option.getValue())))
                .collect(Collectors.joining(" "));
    }

    /** {@code model} with that option, in the place of one of the same name. */
    static String with(String model, String name, Object value) {
        String others = words(spelledOut(model)).stream()
                .filter(word -> !word.startsWith(name + "="))
                .collect(Collectors.joining(" "));
        return "%s %s=%s".formatted(others, name, bracketed(worded(value)));
    }

    private static String bracketed(String value) {
        return value.indexOf(' ') >= 0 ? "(" + value + ")" : value;
    }

    private static String worded(Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        boolean whole = value instanceof Double number && number == Math.rint(number);
        return whole ? String.valueOf(((Double) value).longValue()) : String.valueOf(value);
    }

    private static Object get(NetConfig config, RecordComponent component) {
        try {
            return component.getAccessor().invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static IllegalArgumentException fault(String message) {
        return new IllegalArgumentException(Escaped.line(message));
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

    private static boolean isNumber(String text) {
        return text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
    }
}
