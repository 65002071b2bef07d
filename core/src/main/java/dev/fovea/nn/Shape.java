package dev.fovea.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The sizes of one sample, without the batch: {@code C x H x W}, or the length of a vector. */
public record Shape(List<Long> sizes) {

    public Shape {
        sizes = List.copyOf(sizes);
    }

    static Shape of(long... sizes) {
        return new Shape(Arrays.stream(sizes).boxed().toList());
    }

    boolean picture() {
        return sizes.size() == 3;
    }

    int channels() {
        return Math.toIntExact(sizes.get(0));
    }

    long elements() {
        return sizes.stream().reduce(1L, (a, b) -> a * b);
    }

    @Override
    public String toString() {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }
}
