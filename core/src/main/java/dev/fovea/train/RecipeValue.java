package dev.fovea.train;

import dev.fovea.io.Nearest;
import dev.fovea.models.Architecture;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;

/** What a value of a recipe must be, in words of recipes and not of the parser. */
final class RecipeValue {

    private static final int SHOWN = 60;

    private RecipeValue() {}

    /** What a value in the place of {@code present} must be, if {@code given} is of another kind. */
    static Optional<String> expected(JsonNode present, JsonNode given) {
        if (present.isInt()) {
            return number(given, Integer.MIN_VALUE, Integer.MAX_VALUE)
                    ? Optional.empty()
                    : Optional.of("a whole number of at most " + Integer.MAX_VALUE);
        }
        if (present.isNumber()) {
            boolean whole = present.isIntegralNumber();
            boolean fits = whole
                    ? number(given, Long.MIN_VALUE, Long.MAX_VALUE)
                    : number(given) && Double.isFinite(Double.parseDouble(given.asString()));
            return fits ? Optional.empty() : Optional.of(whole ? "a whole number" : "a finite number");
        }
        if (present.isBoolean()) {
            boolean fits = given.isBoolean() || given.asString("").matches("(?i)true|false");
            return fits ? Optional.empty() : Optional.of("true or false");
        }
        if (present.isString()) {
            return given.isValueNode() && !given.isNull() ? Optional.empty() : Optional.of("a word");
        }
        return Optional.empty();
    }

    /**
     * A model as text, {@code vae code=8}, or as a mapping, {@code {name: vae, code: 8}}.
     *
     * @throws RecipeException if it is neither, or there is no such network or option
     */
    static String model(JsonNode given, String source) {
        if (given.isString()) {
            return given.asString();
        }
        try {
            Map<String, Object> values = RecipeFile.YAML.convertValue(given, new TypeReference<>() {});
            if (values == null) {
                throw noModel(source);
            }
            return Architecture.of(values).text();
        } catch (JacksonException e) {
            throw noModel(source);
        } catch (IllegalArgumentException e) {
            throw new RecipeException(source + ": " + e.getMessage());
        }
    }

    private static RecipeException noModel(String source) {
        return new RecipeException(
                source + ": model must be a name with its options, or layers as text, as in 'vae code=8'");
    }

    private static boolean number(JsonNode given, long least, long most) {
        if (!number(given) || !given.asString().strip().matches("[-+]?\\d+")) {
            return false;
        }
        var value = new BigInteger(given.asString().strip());
        return value.compareTo(BigInteger.valueOf(least)) >= 0 && value.compareTo(BigInteger.valueOf(most)) <= 0;
    }

    /** YAML takes {@code 3e-4} for text, so text that is a number is one. */
    private static boolean number(JsonNode given) {
        if (!given.isNumber() && !given.isString()) {
            return false;
        }
        try {
            Double.parseDouble(given.asString());
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** A value as it stands in a message, shortened where it is long. */
    static String shown(JsonNode value) {
        String text = value.isValueNode() ? value.asString("") : value.toString();
        if (text.isEmpty()) {
            return "nothing";
        }
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    /** The key that could not be read, with the sections before it. */
    static String path(JacksonException e) {
        return e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."))
                .replace(".[", "[");
    }

    /** Why a tree is no recipe. */
    static String reason(JacksonException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        if (e instanceof InvalidFormatException format) {
            String got = String.valueOf(format.getValue());
            Class<?> type = format.getTargetType();
            if (type.isEnum()) {
                List<String> words = Arrays.stream(type.getEnumConstants())
                        .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                        .toList();
                return "%s must be one of %s, got '%s'%s"
                        .formatted(path(e), String.join(", ", words), got, Nearest.hint(got, words));
            }
            return "%s must be %s, got '%s'".formatted(path(e), name(type), got);
        }
        return e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
                ? "%s must be %s".formatted(path(e), name(mismatch.getTargetType()))
                : "%s has a value that is not understood, or out of range".formatted(path(e));
    }

    private static String name(Class<?> type) {
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        return type.isArray() || List.class.isAssignableFrom(type)
                ? "a list, as in [1, 2]"
                : "a word or a section of keys";
    }
}
