package dev.fovea;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.State;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Recorded values, and the formula that fills tensors alike on both sides (see {@code test/oracle/golden.py}). */
public final class Golden {

    private Golden() {}

    public static JsonNode read(String name) {
        return new JsonMapper().readTree(bytes(name));
    }

    public static byte[] bytes(String name) {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Tensor wave(int k, double scale, long... shape) {
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = scale * Math.sin(0.37 * i + k);
        }
        return Tensor.of(values, shape);
    }

    /** Every tensor in float64, parameters by the formula. */
    public static void fill(State state, double scale) {
        state.replace(tensor -> tensor.to(DType.FLOAT64));
        int k = 1;
        try (var noGrad = new NoGrad()) {
            for (Tensor parameter : state.parameters().values()) {
                parameter.copy_(wave(k++, scale, parameter.shape()));
            }
        }
    }

    public static double[] array(JsonNode node) {
        double[] values = new double[node.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = node.get(i).asDouble();
        }
        return values;
    }

    public static long[] shape(JsonNode node) {
        return Arrays.stream(array(node)).mapToLong(v -> (long) v).toArray();
    }
}
