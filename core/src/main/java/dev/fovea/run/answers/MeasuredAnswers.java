package dev.fovea.run.answers;

import dev.fovea.metrics.Histogram;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Answers that are not right or wrong but have numbers, by one of which they are looked at. */
public sealed interface MeasuredAnswers extends Answers permits FigureAnswers, NumberAnswers, EmbeddingAnswers {

    /** All numbers of them. */
    List<Figure> figures();

    /** The name of the number by which they are looked at. */
    String by();

    /**
     * The same, looked at by another number.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    MeasuredAnswers by(String name);

    /** The number by which they are looked at. */
    default Figure figure() {
        return figure(by());
    }

    /** @throws IllegalArgumentException if there is none of that name */
    default Figure figure(String name) {
        return figures().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("figure: expected one of %s, got '%s'"
                        .formatted(
                                String.join(
                                        ", ",
                                        figures().stream().map(Figure::name).toList()),
                                name)));
    }

    @Override
    default Map<String, Double> metrics() {
        var metrics = new LinkedHashMap<String, Double>();
        figures().forEach(figure -> metrics.put(figure.name(), figure.mean()));
        return metrics;
    }

    /** Images by their number, the worst first, or the highest where neither end is worse; those without one are left out. */
    default List<Integer> worst() {
        Figure figure = figure();
        return known().boxed()
                .sorted(Comparator.comparing(figure::compared, figure.scale().worstFirst()))
                .toList();
    }

    private IntStream known() {
        Figure figure = figure();
        return IntStream.range(0, images().size())
                .filter(i -> !Double.isNaN(figure.values().get(i)));
    }

    /** How often each number was measured, and in which bar each image is. */
    default Histogram histogram() {
        return Histogram.of(
                figure().values(), figure().threshold().stream().boxed().toList());
    }

    /** The images in a bar of {@link #histogram}, in the order of {@link #worst}. */
    default List<Integer> bar(int bar) {
        Histogram histogram = histogram();
        Figure figure = figure();
        return worst().stream()
                .filter(i -> histogram.bar(figure.values().get(i)) == bar)
                .toList();
    }

    @Override
    default Cases cases() {
        Figure figure = figure();
        List<Integer> known = known().boxed().toList();
        return new Cases(known, known.stream().map(figure::compared).toList(), List.of(), figure.scale());
    }
}
