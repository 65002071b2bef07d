package dev.fovea.nn;

import dev.fovea.engine.Allowance;
import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Networks as text: layers separated by commas, each a word, its numbers and its options.
 *
 * <pre>{@code
 * conv 32 3 pad=same, relu, maxpool 2, residual(conv 32 3 pad=same, relu), concat(conv 8 1 | conv 8 3 pad=1),
 * flatten, dense 64, relu, dropout 0.5, dense classes
 * }</pre>
 */
public final class LayerText {

    private static final String NUMBER = "\\+?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?";
    private static final int LONGEST = 100_000;
    private static final int MOST_LAYERS = 5_000;
    private static final int DEEPEST = 50;

    private final String text;
    private int at;
    private int count;

    private LayerText(String text) {
        this.text = text;
    }

    /**
     * Reads layers.
     *
     * @throws IllegalArgumentException with the position, if the text is not understood
     */
    public static List<Spec> parse(String text) {
        checkNesting(text);
        var parser = new LayerText(text);
        List<Spec> layers = parser.layers();
        if (parser.at < text.length()) {
            throw parser.fault("expected a comma or the end, got '" + Escaped.of(text.charAt(parser.at)) + "'");
        }
        return layers;
    }

    /**
     * Refuses text that no one has written by hand before anything reads it: longer than 100,000 characters, or with
     * brackets in more than 50 others.
     *
     * @throws IllegalArgumentException if it is such a text
     */
    public static void checkNesting(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "layers: the text has %s characters, at most %s are read".formatted(text.length(), LONGEST));
        }
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
            if (depth > DEEPEST) {
                throw new IllegalArgumentException(
                        "layers, at character %s: more than %s brackets one in another".formatted(i + 1, DEEPEST));
            }
        }
    }

    /**
     * Builds the network of {@code text} for inputs of this shape.
     *
     * @throws IllegalArgumentException if it is not understood, its layers do not fit, or it would be too large
     */
    public static Sequential build(String text, Shape input, int classes) {
        List<Spec> layers = parse(text);
        try (var allowance = Allowance.ofText()) {
            return Spec.build(input, layers, classes);
        }
    }

    /** Builds the network of {@code text} for images of this shape. */
    public static Sequential build(String text, int channels, int height, int width, int classes) {
        return build(text, Shape.of(channels, height, width), classes);
    }

    static String print(Spec spec) {
        var out = new StringBuilder(spec.kind());
        if (!spec.branches().isEmpty()) {
            out.append(spec.branches().stream().map(Spec::join).collect(Collectors.joining(" | ", "(", ")")));
        }
        spec.values().forEach(value -> out.append(' ').append(printed(spec.kind(), value)));
        spec.options()
                .forEach((name, value) -> out.append(' ')
                        .append(name)
                        .append('=')
                        .append(value == Spec.SAME ? "same" : Spec.number(value)));
        return out.toString();
    }

    private static String printed(String kind, double value) {
        return LayerTypes.get(kind).takes().words().entrySet().stream()
                .filter(word -> word.getValue() == value)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Spec.number(value));
    }

    private List<Spec> layers() {
        var layers = new ArrayList<Spec>();
        do {
            layers.add(layer());
        } while (accept(','));
        return layers;
    }

    private Spec layer() {
        int start = skip();
        String word = word();
        if (word.isEmpty()) {
            throw fault("expected a layer");
        }
        if (++count > MOST_LAYERS) {
            throw fault("more than %s layers".formatted(MOST_LAYERS));
        }
        LayerType kind = kind(word, start);
        var branches = new ArrayList<List<Spec>>();
        if (accept('(')) {
            do {
                branches.add(layers());
            } while (accept('|'));
            if (!accept(')')) {
                throw fault("expected ')'");
            }
        }
        var values = new ArrayList<Double>();
        var options = new TreeMap<String, Double>();
        for (String token = word(); !token.isEmpty(); token = word()) {
            argument(kind, token, values, options);
        }
        String fault = kind.takes().fault(word, values, options, branches.size());
        if (!fault.isEmpty()) {
            at = kind.takes().miscounts(values.size()) ? start : at;
            throw fault(fault);
        }
        return new Spec(word, values, options, branches);
    }

    private void argument(LayerType kind, String token, List<Double> values, Map<String, Double> options) {
        int equals = token.indexOf('=');
        if (equals < 0) {
            Double standsFor = kind.takes().words().get(token);
            values.add(standsFor == null ? number(token) : standsFor);
            return;
        }
        String name = token.substring(0, equals);
        if (!kind.takes().options().contains(name)) {
            throw fault(kind.takes().unknown(kind.word(), name));
        }
        if (options.containsKey(name)) {
            throw fault("%s: option %s is given twice".formatted(kind.word(), name));
        }
        String value = token.substring(equals + 1);
        options.put(name, value.equals("same") && name.equals("pad") ? Spec.SAME : number(value));
    }

    private LayerType kind(String word, int start) {
        return LayerTypes.find(word).orElseThrow(() -> {
            at = start;
            List<String> known = LayerTypes.words();
            return fault("unknown layer '%s'%s"
                    .formatted(word, Nearest.hint(word, known, ", there are " + String.join(", ", known))));
        });
    }

    private double number(String token) {
        if (token.matches(NUMBER) && LayerArguments.isNumber(Double.parseDouble(token))) {
            return Double.parseDouble(token);
        }
        throw fault("expected a number, got '" + Escaped.of(token) + "'");
    }

    private String word() {
        skip();
        int start = at;
        while (at < text.length() && " \t\n\r,()|".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private boolean accept(char symbol) {
        skip();
        if (at < text.length() && text.charAt(at) == symbol) {
            at++;
            return true;
        }
        return false;
    }

    private int skip() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private IllegalArgumentException fault(String what) {
        return new IllegalArgumentException("layers, at character %s: %s".formatted(at + 1, Escaped.line(what)));
    }
}
