package dev.fovea.nn.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.models.Zoo;
import tools.jackson.databind.JsonNode;

/** The values that both sides compute (see {@code test/oracle/detectors.py}). */
final class Formula {

    static final JsonNode GOLDEN = Golden.read("detect.json");

    private Formula() {}

    private static Tensor uniform(String name, double low, double high, long... shape) {
        return Zoo.noise(name, shape).add(1).mul(high - low).div(2).add(low).to(DType.FLOAT32);
    }

    /** Boxes in an image of that size, [count, 4]. */
    static Tensor boxes(String name, int count, double size) {
        Tensor corner = uniform(name, 0, size * 0.7, count, 2);
        return Tensor.cat(java.util.List.of(corner, corner.add(uniform(name + "side", 4, size * 0.5, count, 2))), 1);
    }

    static void close(Tensor found, JsonNode wanted, double tolerance) {
        close(found.toFloats(), Golden.array(wanted), tolerance);
    }

    static void close(float[] found, double[] wanted, double tolerance) {
        assertThat(found).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            assertThat((double) found[i])
                    .as("value %s", i)
                    .isCloseTo(wanted[i], within(tolerance * Math.max(1, Math.abs(wanted[i]))));
        }
    }

    /** Every so many-th value, and the mean of all magnitudes. */
    static void sampled(float[] found, JsonNode wanted, double tolerance) {
        int step = wanted.get("step").asInt();
        double[] values = Golden.array(wanted.get("values"));
        float[] some = new float[values.length];
        for (int i = 0; i < some.length; i++) {
            some[i] = found[i * step];
        }
        close(some, values, tolerance);
        double sum = 0;
        for (float value : found) {
            sum += Math.abs(value);
        }
        double mean = wanted.get("mean").asDouble();
        assertThat(sum / found.length).isCloseTo(mean, within(tolerance * Math.max(1, mean)));
    }
}
