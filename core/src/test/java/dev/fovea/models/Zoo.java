package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.State;
import dev.fovea.nn.Weights;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The formula by which a network is filled on both sides (see {@code test/oracle/zoo.py}). */
public final class Zoo {

    private Zoo() {}

    /** From -1 to 1: the fraction that rounding takes off a large sine. */
    public static Tensor noise(String name, long... shape) {
        long k = 0;
        for (int i = 0; i < name.length(); i++) {
            k += (i + 1L) * name.charAt(i);
        }
        long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        Tensor t = Tensor.arange(count)
                .to(DType.FLOAT64)
                .mul(12.9898)
                .add(k % 1000)
                .sin()
                .mul(43758.5453);
        return t.sub(t.round()).mul(2).reshape(shape);
    }

    /** What a tensor of that name is filled with. */
    static Tensor value(String name, long... shape) {
        Tensor values = noise(name, shape);
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (last.equals("running_var")) {
            return values.mul(0.5).add(1);
        }
        if (shape.length > 1) {
            long fan = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
            return values.mul(Math.sqrt(6.0 / fan));
        }
        return last.equals("weight") ? values.mul(0.2).add(0.6) : values.mul(0.1);
    }

    /** Fills every tensor. */
    static void fill(State state) {
        Map<String, Tensor> own = state.undrawn(state::tensors);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var values = new LinkedHashMap<String, Tensor>();
            own.forEach((name, tensor) -> values.put(
                    name, Scope.only(() -> value(name, tensor.shape()).to(DType.FLOAT32))));
            Weights.load(values, state);
        }
    }

    /** Names and shapes in their order, a line each. */
    static String listing(State state) {
        return state.undrawn(state::tensors).entrySet().stream()
                .map(entry -> entry.getKey() + " "
                        + Arrays.stream(entry.getValue().shape())
                                .mapToObj(Long::toString)
                                .collect(Collectors.joining("x"))
                        + "\n")
                .collect(Collectors.joining());
    }

    static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
