package dev.fovea.export;

import java.util.List;
import java.util.stream.Collectors;

/** A tensor that goes into an ONNX graph or comes out of it. */
public record OnnxValue(String name, OnnxType type, List<Dim> dims) {

    /**
     * One of its sizes.
     *
     * @param size 0 or more, or -1 for any
     * @param name of a size that may be any; equal names mean equal sizes; empty for none
     */
    public record Dim(long size, String name) {

        /** A fixed size. */
        public static Dim of(long size) {
            return new Dim(size, "");
        }

        /** Any size. */
        public static Dim any(String name) {
            return new Dim(-1, name);
        }

        /** Whether it is always the same. */
        public boolean fixed() {
            return size >= 0;
        }

        @Override
        public String toString() {
            return fixed() ? Long.toString(size) : name.isEmpty() ? "?" : name;
        }
    }

    public OnnxValue {
        dims = List.copyOf(dims);
    }

    /** As {@code float32 [N, 3, 224, 224]}. */
    public String description() {
        return dims.stream()
                .map(Dim::toString)
                .collect(Collectors.joining(", ", type.name().toLowerCase(java.util.Locale.ROOT) + " [", "]"));
    }
}
