package dev.fovea.run.answers;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** One property of several things. */
public sealed interface Column {

    /** Numbers of so few values are words. */
    int FEW = 6;

    String name();

    /** Of each thing. */
    List<?> values();

    default int size() {
        return values().size();
    }

    /** Whether not all have the same. */
    default boolean tellsApart() {
        return new HashSet<>(values()).size() > 1;
    }

    /** The same property of other things, each of which has it of one of these. */
    Column of(int count, IntUnaryOperator which);

    /**
     * A number of each.
     *
     * @param values NaN where it is not known
     */
    record Numbers(String name, List<Double> values) implements Column {

        public Numbers {
            values = List.copyOf(values);
        }

        @Override
        public Column of(int count, IntUnaryOperator which) {
            return new Numbers(name, taken(values, count, which));
        }
    }

    /** A word of each, empty where it is not known. */
    record Words(String name, List<String> values) implements Column {

        public Words {
            values = List.copyOf(values);
        }

        @Override
        public Column of(int count, IntUnaryOperator which) {
            return new Words(name, taken(values, count, which));
        }
    }

    /** Cells of a table: numbers if all that are filled are numbers, and of more than a few values. */
    static Column ofCells(String name, List<String> cells) {
        List<Optional<Double>> numbers = cells.stream().map(Column::number).toList();
        boolean all = IntStream.range(0, cells.size())
                .allMatch(i -> cells.get(i).isEmpty() || numbers.get(i).isPresent());
        boolean many = new HashSet<>(numbers).size() > FEW;
        return all && many
                ? new Numbers(
                        name,
                        numbers.stream().map(one -> one.orElse(Double.NaN)).toList())
                : new Words(name, cells);
    }

    private static <T> List<T> taken(List<T> values, int count, IntUnaryOperator which) {
        return IntStream.range(0, count)
                .mapToObj(i -> values.get(which.applyAsInt(i)))
                .toList();
    }

    private static Optional<Double> number(String cell) {
        try {
            double value = Double.parseDouble(cell);
            return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
