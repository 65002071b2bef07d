package dev.fovea.search;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A key of the recipe that a search varies (a hyper-parameter), and the values it may have. */
public sealed interface Setting {

    /** Its name in a recipe, such as {@code optimizer.lr}. */
    String key();

    /** The value at a place from 0 to 1, as a recipe has it. */
    String at(double place);

    /** Where a value lies, from 0 to 1; the inverse of {@link #at}. */
    double place(String value);

    /** The smallest and the largest value of a range, all values of a choice: if these can be trained, so can the others. */
    List<String> ends();

    /** As {@link #parse} takes it. */
    String text();

    /**
     * Numbers between two ends, both included.
     *
     * @param log whether each doubling is as likely as the next, as for learning rates
     * @param whole whether values are whole numbers
     */
    record Range(String key, double low, double high, boolean log, boolean whole) implements Setting {

        /** Digits of a value between the ends; of a linear range, decimals are as many as tell a thousand values apart. */
        private static final int DIGITS = 3;

        private static final double NEAR = 0.005;

        public Range {
            if (!Double.isFinite(low) || !Double.isFinite(high) || !(low < high)) {
                throw new IllegalArgumentException(
                        "%s: expected a range from a smaller to a larger number, got %s..%s".formatted(key, low, high));
            }
            if (log && !(low > 0)) {
                throw new IllegalArgumentException(
                        "%s: a logarithmic range must begin above 0, got %s..%s".formatted(key, low, high));
            }
        }

        @Override
        public String at(double place) {
            double x = log ? from() * Math.pow(to() / from(), place) : from() + (to() - from()) * place;
            if (whole) {
                return text(Math.max(low, Math.min(high, Math.rint(x))));
            }
            var exact = new BigDecimal(x);
            BigDecimal rounded = log
                    ? exact.round(new MathContext(DIGITS))
                    : exact.setScale((int) Math.ceil(DIGITS - Math.log10(high - low)), RoundingMode.HALF_EVEN);
            double value = rounded.doubleValue();
            return value <= low ? text(low) : value >= high ? text(high) : text(rounded);
        }

        /** The first place that has the same value as this one; of fractions, one so near that the value is nearly the same. */
        double from(double place) {
            return whole ? place(Double.parseDouble(at(place)) - 0.5) : Math.max(0, place - NEAR);
        }

        /** The last place that has the same value as this one. */
        double to(double place) {
            return whole ? place(Double.parseDouble(at(place)) + 0.5) : Math.min(1, place + NEAR);
        }

        /** Half a step further than the end, where values are whole, so that the ends are as likely as all others. */
        private double from() {
            return whole ? low - 0.5 : low;
        }

        private double to() {
            return whole ? high + 0.5 : high;
        }

        private static String text(double value) {
            return text(BigDecimal.valueOf(value));
        }

        private static String text(BigDecimal value) {
            return value.stripTrailingZeros().toPlainString();
        }

        @Override
        public double place(String value) {
            return place(Double.parseDouble(value));
        }

        private double place(double x) {
            double place = log ? Math.log(x / from()) / Math.log(to() / from()) : (x - from()) / (to() - from());
            return Math.min(1, Math.max(0, place));
        }

        @Override
        public List<String> ends() {
            return List.of(text(low), text(high));
        }

        @Override
        public String text() {
            return "%s=%s..%s".formatted(key, text(low), text(high));
        }
    }

    /**
     * One of several values without an order.
     *
     * @param values as a recipe has them; a list in brackets
     */
    record Choice(String key, List<String> values) implements Setting {

        public Choice {
            values = List.copyOf(values);
            if (values.size() < 2 || values.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException("%s: expected two values or more with | between them, got '%s'"
                        .formatted(key, String.join("|", values)));
            }
            if (values.stream().distinct().count() < values.size()) {
                throw new IllegalArgumentException(
                        "%s: has a value twice, got '%s'".formatted(key, String.join("|", values)));
            }
        }

        @Override
        public String at(double place) {
            return values.get((int) Math.min(values.size() - 1, place * values.size()));
        }

        @Override
        public double place(String value) {
            return (values.indexOf(value) + 0.5) / values.size();
        }

        @Override
        public List<String> ends() {
            return values;
        }

        @Override
        public String text() {
            return key + "=" + String.join("|", values);
        }
    }

    /** A range whose end is at least so many times its beginning is logarithmic. */
    double WIDE = 8;

    Pattern RANGE = Pattern.compile("\\s*([^\\s|]+?)\\s*\\.\\.\\s*([^\\s|]+)\\s*");
    Pattern WHOLE = Pattern.compile("-?\\d+");

    /**
     * As users write it: {@code optimizer.lr=0.001..0.1}, a range, logarithmic where its end is at least 8 times its
     * beginning, of whole numbers where both ends are written so; or {@code batch=32|64|128}, one of several values.
     *
     * @throws IllegalArgumentException if it is neither, or no value fits
     */
    static Setting parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(
                    "'%s': expected KEY=LOW..HIGH or KEY=VALUE|VALUE, such as optimizer.lr=0.001..0.1".formatted(text));
        }
        String key = text.substring(0, equals).strip();
        String values = text.substring(equals + 1);
        var range = RANGE.matcher(values);
        if (!range.matches()) {
            return new Choice(
                    key,
                    Arrays.stream(values.split("\\|", -1)).map(String::strip).toList());
        }
        double low = number(key, range.group(1));
        double high = number(key, range.group(2));
        boolean whole = WHOLE.matcher(range.group(1)).matches()
                && WHOLE.matcher(range.group(2)).matches();
        return new Range(key, low, high, low > 0 && high >= WIDE * low, whole);
    }

    private static double number(String key, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "%s: expected numbers on both sides of '..', got '%s'".formatted(key, text), e);
        }
    }
}
