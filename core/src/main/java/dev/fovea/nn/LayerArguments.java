package dev.fovea.nn;

import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What may follow a layer's word.
 *
 * @param fewest numbers that it takes
 * @param most numbers that it takes
 * @param fractions whether they may be below 1 and not whole; others count channels, values, groups or pixels
 * @param words in the place of a number, with the value that stands for them in a {@link Spec}
 * @param options by name
 * @param branches the least of them, or 0 for none in brackets
 * @param mostBranches the most of them
 */
record LayerArguments(
        int fewest,
        int most,
        boolean fractions,
        Map<String, Double> words,
        List<String> options,
        int branches,
        int mostBranches) {

    LayerArguments {
        words = Map.copyOf(words);
        options = List.copyOf(options);
    }

    static LayerArguments none() {
        return numbers(0, 0);
    }

    static LayerArguments numbers(int count) {
        return numbers(count, count);
    }

    static LayerArguments numbers(int fewest, int most) {
        return new LayerArguments(fewest, most, false, Map.of(), List.of(), 0, 0);
    }

    /** A single one. */
    static LayerArguments fraction() {
        return fractions(1, 1);
    }

    static LayerArguments fractions(int fewest, int most) {
        return new LayerArguments(fewest, most, true, Map.of(), List.of(), 0, 0);
    }

    /** From one branch in brackets to so many. */
    static LayerArguments branches(int most) {
        return new LayerArguments(0, 0, false, Map.of(), List.of(), 1, most);
    }

    LayerArguments withOptions(String... names) {
        return new LayerArguments(fewest, most, fractions, words, List.of(names), branches, mostBranches);
    }

    /** With a word that may stand, once, in the place of a number. */
    LayerArguments withWord(String word, double value) {
        var all = new LinkedHashMap<>(words);
        all.put(word, value);
        return new LayerArguments(fewest, most, fractions, all, options, branches, mostBranches);
    }

    /** Whether so many numbers are too few or too many. */
    boolean miscounts(int numbers) {
        return numbers < fewest || numbers > most;
    }

    /** What is wrong with such arguments of the layer {@code word}, empty if nothing is. */
    String fault(String word, List<Double> values, Map<String, Double> given, int inBrackets) {
        if (miscounts(values.size())) {
            return "%s takes %s, got %s".formatted(word, count(), values.size());
        }
        for (var option : given.entrySet()) {
            String fault = optionFault(word, option.getKey(), option.getValue());
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        for (double value : values) {
            String fault = words.containsValue(value) ? "" : numberFault(word, value);
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        for (var stands : words.entrySet()) {
            if (values.stream().filter(stands.getValue()::equals).count() > 1) {
                return "%s takes %s once".formatted(word, stands.getKey());
            }
        }
        if (inBrackets < branches || inBrackets > mostBranches) {
            return word + (branches > 0 ? " needs its layers in parentheses" : " takes no parentheses");
        }
        return "";
    }

    private String count() {
        return fewest == most ? fewest + (fewest == 1 ? " number" : " numbers") : fewest + " to " + most + " numbers";
    }

    private String numberFault(String word, double value) {
        if (!isNumber(value)) {
            return "%s takes numbers from 0 to below 1,000,000,000, got %s".formatted(word, value);
        }
        return value < 1 && !fractions
                ? "%s takes whole numbers from 1, got %s".formatted(word, Spec.number(value))
                : "";
    }

    private String optionFault(String word, String name, double value) {
        if (!options.contains(name)) {
            return unknown(word, name);
        }
        boolean stands = name.equals("pad") && value == Spec.SAME;
        return stands || isNumber(value)
                ? ""
                : "%s takes numbers from 0 to below 1,000,000,000, got %s=%s".formatted(word, name, value);
    }

    String unknown(String word, String option) {
        String takes =
                options.isEmpty() ? "" : Nearest.hint(option, options, ",") + " it takes " + String.join(", ", options);
        return "%s has no option '%s'%s".formatted(word, Escaped.of(option), takes);
    }

    static boolean isNumber(double value) {
        return value >= 0 && value < 1e9;
    }
}
