package dev.fovea.serve.studio.evaluate;

import dev.fovea.data.Order;
import dev.fovea.metrics.Histogram;
import dev.fovea.metrics.PrecisionRecall;
import dev.fovea.run.answers.EmbeddingAnswers;
import dev.fovea.run.answers.Figure;
import dev.fovea.run.answers.MeasuredAnswers;
import dev.fovea.run.answers.NumberAnswers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Of a model whose answers have numbers, by one of which they are looked at. */
final class FigureView extends View {

    /** Classes whose bars can be told apart. */
    private static final int SERIES = 4;

    /** Points that can be told apart. */
    private static final int POINTS = 2000;

    private final MeasuredAnswers answers;

    FigureView(Study study, MeasuredAnswers answers) {
        super(study);
        this.answers = answers;
    }

    @Override
    View by(String figure) {
        return figure.isEmpty() ? this : new FigureView(study(), answers.by(figure));
    }

    @Override
    void checkThreshold(double threshold) {
        // any number can be one
    }

    @Override
    Map<String, Object> summary() {
        Map<String, Object> summary = head();
        summary.put("figures", answers.figures().stream().map(FigureView::view).toList());
        if (answers instanceof NumberAnswers numbers) {
            summary.put("targets", numbers.result().perTarget());
        }
        if (answers instanceof EmbeddingAnswers embeddings) {
            embeddings.threshold().ifPresent(value -> summary.put("threshold", value));
        }
        return summary;
    }

    private static Map<String, Object> view(Figure figure) {
        var view = new LinkedHashMap<String, Object>();
        view.put("name", figure.name());
        view.put("scale", figure.scale().name().toLowerCase(Locale.ROOT));
        view.put("mean", figure.mean());
        view.put("most", figure.most());
        figure.threshold().ifPresent(value -> view.put("threshold", value));
        return view;
    }

    /** How many are above a threshold; of pairs the shares that are taken for one identity. */
    @Override
    Map<String, Object> at(OptionalDouble threshold) {
        double value = threshold.orElse(0);
        if (answers instanceof EmbeddingAnswers embeddings) {
            return Map.of("same", embeddings.accepted(true, value), "different", embeddings.accepted(false, value));
        }
        return Map.of(
                "above",
                answers.figure().above(value),
                "of",
                answers.figure().values().size());
    }

    @Override
    PrecisionRecall curve(int label) {
        throw new IllegalArgumentException("curve: answers that are numbers are not right or wrong, so there is none");
    }

    /** Bars of how often each number was measured, of each class where there are few; and of predicted numbers the points. */
    Map<String, Object> spread() {
        Histogram all = answers.histogram();
        var spread = new LinkedHashMap<String, Object>();
        spread.put("least", all.least());
        spread.put("step", all.step());
        spread.put("series", series(all));
        if (answers instanceof NumberAnswers numbers) {
            spread.put("points", points(numbers));
        }
        return spread;
    }

    private List<Map<String, Object>> series(Histogram all) {
        var classes = new TreeSet<String>();
        IntStream.range(0, answers.images().size()).forEach(i -> classes.add(study().label(i)));
        if (classes.size() < 2 || classes.size() > SERIES) {
            return List.of(Map.of("name", "", "counts", all.counts()));
        }
        List<Double> values = answers.figure().values();
        return classes.stream()
                .map(name -> Map.<String, Object>of(
                        "name",
                        name,
                        "counts",
                        all.counts(IntStream.range(0, values.size())
                                .filter(i -> study().label(i).equals(name))
                                .mapToObj(values::get)
                                .toList())))
                .toList();
    }

    /** Truth, prediction and position of images spread over all. */
    private static List<List<Number>> points(NumberAnswers numbers) {
        int target = numbers.classes().indexOf(numbers.by());
        return IntStream.of(Order.spread(numbers.images().size(), POINTS))
                .<List<Number>>mapToObj(i -> List.of(
                        numbers.truth().get(i)[target], numbers.predicted().get(i)[target], i))
                .toList();
    }

    @Override
    List<Integer> pick(Pick pick) {
        return switch (pick.of()) {
            case "worst" -> answers.worst();
            case "bar" ->
                answers.bar(pick.number("bar", answers.histogram().counts().size()));
            default -> super.pick(pick);
        };
    }

    @Override
    MeasuredAnswers answers(OptionalDouble threshold) {
        return answers;
    }

    @Override
    Map<String, Object> item(int answer, OptionalDouble threshold) {
        Map<String, Object> item = base(answer);
        item.put("label", study().label(answer));
        var figures = new LinkedHashMap<String, Double>();
        answers.figures().forEach(one -> figures.put(one.name(), one.values().get(answer)));
        item.put("figures", figures);
        if (answers instanceof NumberAnswers numbers) {
            item.put("truth", numbers.truth().get(answer));
            item.put("predicted", numbers.predicted().get(answer));
        }
        if (answers instanceof EmbeddingAnswers embeddings && embeddings.nearest(answer) >= 0) {
            int nearest = embeddings.nearest(answer);
            item.put(
                    "nearest",
                    Map.of("answer", nearest, "label", study().label(nearest), "name", study().name(nearest)));
        }
        return item;
    }
}
