package dev.fovea.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongBinaryOperator;

/**
 * Finds how numbers that follow the batch or the size of the images come from sizes of tensors: as one of them, a multiple,
 * a part, one with a constant more or less, or a product of two or three.
 */
final class SizeFormulas {

    private static final long FARTHEST = 64;

    /** How a number comes about. */
    sealed interface Formula {

        /** A size of a tensor. */
        record Dim(String tensor, int axis) implements Formula {}

        /** An operation of ONNX on two. */
        record Of(String op, Formula left, Formula right) implements Formula {}

        /** A number. */
        record Number(long value) implements Formula {}
    }

    private final Map<Size, Formula> known = new LinkedHashMap<>();

    /** Notes the sizes of a tensor. */
    void add(String tensor, List<Size> shape) {
        for (int axis = 0; axis < shape.size(); axis++) {
            if (!shape.get(axis).isFixed()) {
                known.putIfAbsent(shape.get(axis), new Formula.Dim(tensor, axis));
            }
        }
    }

    /** A tensor that has {@code wanted} as a size. */
    Optional<Formula> dim(Size wanted) {
        return Optional.ofNullable(known.get(wanted));
    }

    /** How {@code wanted} comes from what is known, the simplest way first. */
    Optional<Formula> find(Size wanted) {
        if (wanted.isFixed()) {
            return Optional.of(new Formula.Number(wanted.value()));
        }
        if (known.containsKey(wanted)) {
            return dim(wanted);
        }
        var ones = new ArrayList<>(known.entrySet());
        return ofOne(wanted, ones).or(() -> ofProducts(wanted, ones));
    }

    private static Optional<Formula> ofOne(Size wanted, List<Map.Entry<Size, Formula>> ones) {
        for (var one : ones) {
            Optional<Formula> formula = scaled(wanted, one.getKey(), one.getValue());
            if (formula.isPresent()) {
                return formula;
            }
        }
        for (var one : ones) {
            Size apart = wanted.with(one.getKey(), (a, b) -> a - b);
            if (apart.isFixed() && Math.abs(apart.value()) <= FARTHEST) {
                return Optional.of(new Formula.Of("Add", one.getValue(), new Formula.Number(apart.value())));
            }
        }
        return Optional.empty();
    }

    private static Optional<Formula> ofProducts(Size wanted, List<Map.Entry<Size, Formula>> ones) {
        var pairs = new LinkedHashMap<Size, Formula>();
        for (var one : ones) {
            for (var other : ones) {
                pairs.putIfAbsent(
                        one.getKey().times(other.getKey()), new Formula.Of("Mul", one.getValue(), other.getValue()));
            }
        }
        Optional<Formula> ofTwo = ofScaled(wanted, pairs);
        if (ofTwo.isPresent()) {
            return ofTwo;
        }
        var triples = new LinkedHashMap<Size, Formula>();
        pairs.forEach((size, formula) -> ones.forEach(
                one -> triples.putIfAbsent(size.times(one.getKey()), new Formula.Of("Mul", formula, one.getValue()))));
        return ofScaled(wanted, triples);
    }

    private static Optional<Formula> ofScaled(Size wanted, Map<Size, Formula> candidates) {
        if (candidates.containsKey(wanted)) {
            return Optional.of(candidates.get(wanted));
        }
        return candidates.entrySet().stream()
                .flatMap(one -> scaled(wanted, one.getKey(), one.getValue()).stream())
                .findFirst();
    }

    /** {@code wanted} as a whole multiple or part of {@code size}. */
    private static Optional<Formula> scaled(Size wanted, Size size, Formula formula) {
        return ratio(wanted, size)
                .map(factor -> (Formula) new Formula.Of("Mul", formula, new Formula.Number(factor)))
                .or(() -> ratio(size, wanted)
                        .map(divisor -> new Formula.Of("Div", formula, new Formula.Number(divisor))));
    }

    private static Optional<Long> ratio(Size large, Size small) {
        LongBinaryOperator exact = (a, b) -> b > 0 && a % b == 0 ? a / b : -1;
        Size ratio = large.with(small, exact);
        return ratio.isFixed() && ratio.value() > 0 ? Optional.of(ratio.value()) : Optional.empty();
    }
}
