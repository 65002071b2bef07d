package dev.fovea.nn;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The sizes of one sample, without the batch: {@code C x H x W}, or the length of a vector. */
public record Shape(List<Long> sizes) {

    public Shape {
        sizes = List.copyOf(sizes);
    }

    /** Of these sizes, the batch left out. */
    public static Shape of(long... sizes) {
        return new Shape(Arrays.stream(sizes).boxed().toList());
    }

    /** Whether these are the channels, height and width of an image. */
    public boolean image() {
        return sizes.size() == 3;
    }

    /** Of an image, and the first size of anything else. */
    public int channels() {
        return Math.toIntExact(sizes.get(0));
    }

    /** Of an image, in pixels. */
    public int height() {
        return Math.toIntExact(sizes.get(1));
    }

    /** Of an image, in pixels. */
    public int width() {
        return Math.toIntExact(sizes.get(2));
    }

    /** The number of values of one sample. */
    public long elements() {
        return sizes.stream().reduce(1L, Math::multiplyExact);
    }

    /** The shape that {@code layer} makes of this one, found by running zeros through it. */
    public Shape after(Layer layer) {
        var all = new ArrayList<Long>(List.of(1L));
        all.addAll(sizes);
        boolean training = layer.state().training();
        layer.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor zeros = Tensor.zeros(all.stream().mapToLong(Long::longValue).toArray());
            long[] out = layer.state().undrawn(() -> layer.forward(zeros).shape());
            return Shape.of(Arrays.copyOfRange(out, 1, out.length));
        } finally {
            layer.state().train(training);
        }
    }

    @Override
    public String toString() {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }
}
