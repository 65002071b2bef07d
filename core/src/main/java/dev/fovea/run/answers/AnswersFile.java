package dev.fovea.run.answers;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.FormatException;
import dev.fovea.io.Safetensors;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Answers in a file: numbers as tensors, names as JSON in its metadata. */
public final class AnswersFile {

    private static final String FORMAT = "1";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private AnswersFile() {}

    /** The numbers of some answers by name, and the names and thresholds that go with them. */
    record Packed(List<String> classes, List<ImageFacts> images, Map<String, double[]> numbers) {

        double[] of(String name) {
            double[] values = numbers.get(name);
            if (values == null) {
                throw new IllegalArgumentException("'" + name + "' is missing");
            }
            return values;
        }

        /** Whole numbers. */
        int[] whole(String name) {
            double[] values = of(name);
            int[] whole = new int[values.length];
            for (int i = 0; i < whole.length; i++) {
                whole[i] = Math.toIntExact(Math.round(values[i]));
            }
            return whole;
        }
    }

    /** @throws UncheckedIOException if it cannot be written; an older file is then unchanged */
    public static void write(Path file, Answers answers) {
        Packing kind = Packing.of(answers);
        Packed packed = kind.pack(answers);
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("format", FORMAT);
        metadata.put("kind", kind.name());
        metadata.put("classes", JSON.writeValueAsString(packed.classes()));
        metadata.put("images", JSON.writeValueAsString(packed.images()));
        try (var scope = new Scope()) {
            var tensors = new LinkedHashMap<String, Tensor>();
            packed.numbers().forEach((name, values) -> tensors.put(name, tensor(values)));
            Safetensors.write(file, tensors, metadata);
        }
    }

    /** In half the room where that loses nothing. */
    private static Tensor tensor(double[] values) {
        float[] narrow = new float[values.length];
        boolean same = true;
        for (int i = 0; i < values.length; i++) {
            narrow[i] = (float) values[i];
            same &= Double.compare(narrow[i], values[i]) == 0;
        }
        return same ? Tensor.of(narrow, narrow.length) : Tensor.of(values, values.length);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws FormatException if it is something else or damaged
     * @throws UncheckedIOException if it cannot be read
     */
    public static Answers read(Path file) {
        try (var scope = new Scope()) {
            Safetensors.Content content = Safetensors.read(file);
            Map<String, String> metadata = content.metadata();
            if (!FORMAT.equals(metadata.get("format"))) {
                throw new FormatException(
                        "%s: answers of format %s, expected %s".formatted(file, metadata.get("format"), FORMAT));
            }
            var numbers = new LinkedHashMap<String, double[]>();
            content.tensors().forEach((name, tensor) -> numbers.put(name, numbers(tensor)));
            var packed = new Packed(
                    List.of(JSON.readValue(metadata.getOrDefault("classes", ""), String[].class)),
                    List.of(JSON.readValue(metadata.getOrDefault("images", ""), ImageFacts[].class)),
                    numbers);
            return Packing.valueOf(metadata.getOrDefault("kind", "")).unpack(packed);
        } catch (JacksonException | IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
            throw e instanceof FormatException own
                    ? own
                    : new FormatException(file + ": damaged, or no answers of a model (" + e.getMessage() + ")");
        }
    }

    private static double[] numbers(Tensor tensor) {
        return switch (tensor.type()) {
            case FLOAT64 -> tensor.toDoubles();
            default -> widened(tensor.toFloats());
        };
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
