package dev.fovea.serve.studio.evaluate;

import dev.fovea.metrics.ClassificationResult;
import dev.fovea.metrics.PrecisionRecall;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.ClassAnswers;
import dev.fovea.run.answers.ImageFacts;
import dev.fovea.run.answers.LabelAnswers;
import dev.fovea.run.answers.MeasuredAnswers;
import dev.fovea.run.answers.ObjectAnswers;
import dev.fovea.run.answers.PixelAnswers;
import dev.fovea.run.answers.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Answers as the page shows them; each kind has its own. All is computed from the answers, none of it by the network. */
abstract class View {

    /** Of recall and precision together, what can be seen between two points of a curve. */
    private static final double STEP = 0.004;

    private final Study study;

    View(Study study) {
        this.study = study;
    }

    static View of(Study study) {
        Answers answers = study.answers();
        if (answers instanceof ClassAnswers own) {
            return new ClassView(study, own);
        }
        if (answers instanceof LabelAnswers own) {
            return new LabelView(study, own);
        }
        if (answers instanceof MeasuredAnswers own) {
            return new FigureView(study, own);
        }
        return answers instanceof ObjectAnswers own
                ? new ObjectView(study, own)
                : new PixelView(study, (PixelAnswers) answers);
    }

    Study study() {
        return study;
    }

    /**
     * Which images are wanted.
     *
     * @param of worst, all, cell, error or slice
     * @param numbers by name, such as the classes of a cell
     * @param word such as a kind of error
     * @param threshold that answers must reach; none for that of the model
     */
    record Pick(String of, Map<String, Integer> numbers, String word, OptionalDouble threshold) {

        /** One from 0 to below {@code count}. */
        int number(String name, int count) {
            Integer value = numbers.get(name);
            if (value == null || value < 0 || value >= count) {
                throw new IllegalArgumentException(
                        "%s: expected a number from 0 to %s, got %s".formatted(name, count - 1, value));
            }
            return value;
        }
    }

    /**
     * The same looked at by another number of each image, where there are several.
     *
     * @param figure its name; empty for the usual one
     */
    View by(String figure) {
        return this;
    }

    /** @throws IllegalArgumentException if no answer can be held against such a threshold */
    void checkThreshold(double threshold) {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException(
                    "threshold: expected a number from 0 to 1, got '%s'".formatted(threshold));
        }
    }

    /** What does not depend on a threshold. */
    abstract Map<String, Object> summary();

    /** What depends on it. */
    abstract Map<String, Object> at(OptionalDouble threshold);

    /** The first number of a class that has a curve: 0, or -1 where there is one of all together. */
    int firstCurve() {
        return 0;
    }

    /** Precision and recall of a class. */
    abstract PrecisionRecall curve(int label);

    /** The images that are wanted, as positions among the answers, the most interesting first. */
    List<Integer> pick(Pick pick) {
        return switch (pick.of()) {
            case "all" -> range();
            case "slice" -> inSlice(pick);
            default ->
                throw new IllegalArgumentException("of: expected images of another kind, got '" + pick.of() + "'");
        };
    }

    private List<Integer> range() {
        return IntStream.range(0, study.answers().images().size()).boxed().toList();
    }

    private List<Integer> inSlice(Pick pick) {
        Answers answers = answers(pick.threshold());
        List<Slice> slices = study.slices(answers);
        int number = pick.number("slice", slices.size());
        Answers.Cases cases = answers.cases();
        return slices.get(number).cases().stream()
                .sorted(Comparator.comparing(cases.values()::get, cases.scale().worstFirst()))
                .map(cases.images()::get)
                .distinct()
                .toList();
    }

    /** The answers at a threshold. */
    abstract Answers answers(OptionalDouble threshold);

    /** What is said of an image. */
    abstract Map<String, Object> item(int answer, OptionalDouble threshold);

    /** What is known of every image, whatever the model is for. */
    Map<String, Object> base(int answer) {
        ImageFacts facts = study.answers().images().get(answer);
        var item = new LinkedHashMap<String, Object>();
        item.put("answer", answer);
        item.put("index", facts.index());
        item.put("name", facts.name());
        item.put("width", facts.width());
        item.put("height", facts.height());
        return item;
    }

    /** What every summary begins with. */
    Map<String, Object> head() {
        Study own = study;
        var head = new LinkedHashMap<String, Object>();
        head.put("kind", own.kind());
        head.put("run", own.key().run());
        head.put("data", own.key().data());
        head.put("address", own.address());
        head.put("changed", own.changed());
        head.put("part", own.part());
        head.put("images", own.answers().images().size());
        head.put("all", own.all());
        head.put("unreadable", own.result().unreadable());
        head.put("classes", own.answers().classes());
        head.put("metrics", own.answers().metrics());
        head.put("methods", own.methods());
        return head;
    }

    /** Slices as the page shows them. */
    Map<String, Object> slices(OptionalDouble threshold) {
        Answers answers = answers(threshold);
        Answers.Cases cases = answers.cases();
        return Map.of(
                "scale",
                cases.scale().name().toLowerCase(Locale.ROOT),
                "overall",
                cases.values().stream().mapToDouble(value -> value).average().orElse(Double.NaN),
                "slices",
                study.slices(answers).stream().map(View::slice).toList());
    }

    private static Map<String, Object> slice(Slice slice) {
        var row = new LinkedHashMap<String, Object>();
        row.put("column", slice.column());
        row.put("word", slice.word());
        row.put("from", slice.from());
        row.put("to", slice.to());
        row.put("count", slice.cases().size());
        row.put("value", slice.value());
        row.put("low", slice.interval().low());
        row.put("high", slice.interval().high());
        row.put("weak", slice.weak());
        return row;
    }

    private static double apart(PrecisionRecall.Point a, PrecisionRecall.Point b) {
        return Math.abs(a.recall() - b.recall()) + Math.abs(a.precision() - b.precision());
    }

    /** A curve in three arrays, of as many points as can be seen. */
    static Map<String, Object> drawn(PrecisionRecall curve) {
        List<PrecisionRecall.Point> all = curve.points();
        var kept = new ArrayList<PrecisionRecall.Point>();
        for (PrecisionRecall.Point point : all) {
            if (kept.isEmpty() || apart(kept.get(kept.size() - 1), point) >= STEP) {
                kept.add(point);
            }
        }
        if (!all.isEmpty() && kept.get(kept.size() - 1) != all.get(all.size() - 1)) {
            kept.add(all.get(all.size() - 1));
        }
        return Map.of(
                "score", kept.stream().map(PrecisionRecall.Point::score).toList(),
                "precision", kept.stream().map(PrecisionRecall.Point::precision).toList(),
                "recall", kept.stream().map(PrecisionRecall.Point::recall).toList());
    }

    static List<Map<String, Object>> bins(List<ClassificationResult.Bin> bins) {
        return bins.stream()
                .map(bin -> {
                    var one = new LinkedHashMap<String, Object>();
                    one.put("low", bin.low());
                    one.put("high", bin.high());
                    one.put("confidence", bin.confidence());
                    one.put("accuracy", bin.accuracy());
                    one.put("count", bin.count());
                    return (Map<String, Object>) one;
                })
                .toList();
    }
}
