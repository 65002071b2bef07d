package dev.fovea.nn.compiled;

import dev.fovea.engine.DType;
import dev.fovea.engine.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One operation of a trace.
 *
 * @param attributes where a length depends on the number of images, it is {@link PerImage}
 * @param inputs numbers of tensors, -1 for one that is not given
 * @param shape of the output for one image
 */
record Step(Op op, List<Object> attributes, List<Integer> inputs, int output, List<Long> shape, DType type) {

    /**
     * A length in proportion to the number of images.
     *
     * @param count for one image
     */
    record PerImage(long count) {}

    long whole(int index) {
        return (Long) attributes.get(index);
    }

    double real(int index) {
        return ((Number) attributes.get(index)).doubleValue();
    }

    boolean flag(int index) {
        return (Boolean) attributes.get(index);
    }

    int input(int index) {
        return inputs.get(index);
    }

    /** Whether there is such an input. */
    boolean has(int index) {
        return index < inputs.size() && inputs.get(index) >= 0;
    }

    /** The same that reads and writes other tensors. */
    Step with(List<Integer> from, int to) {
        return new Step(op, attributes, from, to, shape, type);
    }

    /**
     * An attribute that fits one image as well as two.
     *
     * @throws NotCompilableException if there is none
     */
    static Object general(Object one, Object two, Op op) {
        if (one instanceof long[] first && two instanceof long[] second && first.length == second.length) {
            var lengths = new ArrayList<Object>();
            for (int i = 0; i < first.length; i++) {
                lengths.add(general(first[i], second[i], op));
            }
            return lengths.stream().allMatch(Long.class::isInstance) ? first : lengths;
        }
        if (Objects.deepEquals(one, two)) {
            return one;
        }
        if (one instanceof Long first && two instanceof Long second && second == 2 * first) {
            return new PerImage(first);
        }
        throw new NotCompilableException("%s depends on the number of images in a way of its own".formatted(op));
    }
}
