package dev.fovea.engine;

import java.util.Arrays;
import java.util.List;

/**
 * All that an operation is called with beside tensors, in the order of {@link Op#names}: numbers, flags, words, shapes,
 * types, devices, streams of random numbers.
 */
public final class Attributes {

    static final Attributes NONE = new Attributes();

    private final Object[] values;

    private Attributes(Object... values) {
        this.values = values;
    }

    /** In the order of the operation's names. */
    public static Attributes with(Object... values) {
        return values.length == 0 ? NONE : new Attributes(values);
    }

    /** All of them; whole numbers are of type {@link Long}, shapes arrays. */
    public List<Object> values() {
        return Arrays.asList(values);
    }

    boolean isEmpty() {
        return values.length == 0;
    }

    long whole(int index) {
        return (Long) values[index];
    }

    double real(int index) {
        return (Double) values[index];
    }

    boolean flag(int index) {
        return (Boolean) values[index];
    }

    long[] wholes(int index) {
        return (long[]) values[index];
    }

    <T> T get(int index, Class<T> type) {
        return type.cast(values[index]);
    }
}
