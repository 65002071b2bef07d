package dev.fovea.export;

import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;

/**
 * A whole number of a recorded pass, such as a size, in each of several recordings: the same in all, or following the batch
 * and the size of the images.
 */
record Size(List<Long> each) {

    Size {
        each = List.copyOf(each);
    }

    /** The same in all of {@code recordings}. */
    static Size fixed(long value, int recordings) {
        return new Size(java.util.Collections.nCopies(recordings, value));
    }

    /** Whether it is the same in all. */
    boolean isFixed() {
        return each.stream().allMatch(each.get(0)::equals);
    }

    /** The value in the first recording. */
    long value() {
        return each.get(0);
    }

    boolean is(long value) {
        return each.stream().allMatch(one -> one == value);
    }

    /** Element by element. */
    Size with(Size other, LongBinaryOperator operator) {
        return new Size(IntStream.range(0, each.size())
                .mapToObj(i -> operator.applyAsLong(each.get(i), other.each.get(i)))
                .toList());
    }

    Size plus(Size other) {
        return with(other, Long::sum);
    }

    Size times(Size other) {
        return with(other, Math::multiplyExact);
    }
}
