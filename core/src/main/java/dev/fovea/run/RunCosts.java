package dev.fovea.run;

import dev.fovea.data.Preprocess;
import dev.fovea.image.Image;
import dev.fovea.io.AtomicFile;
import dev.fovea.io.RegularFile;
import dev.fovea.io.Safetensors;
import dev.fovea.models.ModelPackage;
import dev.fovea.nn.Summary;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the model of a run costs. Those that take a moment to find are found by {@link #measure}, once, and kept in {@code
 * costs.json} of the run.
 */
public final class RunCosts {

    /** Names of the values of {@link #of}, in the order in which they are shown. */
    public enum Cost {
        /** Of training. */
        SECONDS("seconds"),
        /** Of all trained tensors; before it was measured, of all tensors. */
        PARAMETERS("parameters"),
        /** For one image. */
        MULTIPLY_ADDS("multiplyAdds"),
        /** Of the files of the model package. */
        PACKAGE_BYTES("packageBytes"),
        /** For one image at a time on this machine, median. */
        LATENCY_MILLIS("latencyMillis");

        private final String word;

        Cost(String word) {
            this.word = word;
        }

        /** Its name in JSON. */
        public String word() {
            return word;
        }
    }

    private static final int WARM_UPS = 10;
    private static final int TIMES = 15;
    private static final String FILE = "costs.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /**
     * What was measured.
     *
     * @param weights size and time of change of the weights it was measured of: of others it says nothing
     * @param multiplyAdds 0 where a network's operations cannot be counted
     * @param latencyMillis 0 where its models are not asked image by image
     */
    private record Measured(String weights, long parameters, long multiplyAdds, double latencyMillis) {}

    private RunCosts() {}

    /** Those that are known without loading the model, by name; those that are not known are left out. */
    public static Map<String, Double> of(Runs.Row row) {
        var costs = new LinkedHashMap<String, Double>();
        put(costs, Cost.SECONDS, row.seconds());
        Path model = new RunFolder(row.run()).model();
        Path weights = model.resolve(ModelPackage.WEIGHTS);
        Measured measured = read(row.run().resolve(FILE));
        if (measured.weights().equals(print(weights))) {
            put(costs, Cost.PARAMETERS, measured.parameters());
            put(costs, Cost.MULTIPLY_ADDS, measured.multiplyAdds());
            put(costs, Cost.LATENCY_MILLIS, measured.latencyMillis());
        } else {
            elements(weights).ifPresent(count -> put(costs, Cost.PARAMETERS, count));
        }
        put(costs, Cost.PACKAGE_BYTES, bytes(model));
        return costs;
    }

    /** Whether {@link #measure} has something to find. */
    public static boolean unmeasured(Path run) {
        Path weights = new RunFolder(run).model().resolve(ModelPackage.WEIGHTS);
        return Files.isRegularFile(weights)
                && !read(run.resolve(FILE)).weights().equals(print(weights));
    }

    /**
     * Counts the operations of the model and times it, image by image.
     *
     * @throws IllegalArgumentException if the run has no model
     */
    public static void measure(TaskTypes types, Path run) {
        TaskTypes.Saved saved = types.load(run, "cpu");
        String weights = print(new RunFolder(run).model().resolve(ModelPackage.WEIGHTS));
        Preprocess shown = saved.net().preprocess();
        var measured = new Measured(
                weights, saved.net().net().state().parameterCount(), multiplyAdds(saved.net(), shown), latency(saved));
        AtomicFile.write(run.resolve(FILE), JSON.writeValueAsString(measured));
    }

    private static long multiplyAdds(SavedNet net, Preprocess shown) {
        try {
            return Summary.of(net.net(), shown.channels(), shown.frames().length(), shown.height(), shown.width())
                    .macs();
        } catch (IllegalArgumentException | UnsupportedOperationException | IllegalStateException e) {
            return 0; // a network that cannot be followed is shown without this figure
        }
    }

    private static double latency(TaskTypes.Saved saved) {
        Preprocess shown = saved.net().preprocess();
        if (shown.frames().length() > 1) {
            return 0;
        }
        Predictor predictor;
        try {
            predictor = saved.predictor();
        } catch (IllegalArgumentException e) {
            return 0;
        }
        var image = new Image(
                shown.width(), shown.height(), 3, new byte[Math.multiplyExact(shown.height() * shown.width(), 3)]);
        double[] millis = new double[TIMES];
        for (int i = -WARM_UPS; i < TIMES; i++) {
            long begin = System.nanoTime();
            predictor.predict(image);
            millis[Math.max(0, i)] = (System.nanoTime() - begin) / 1e6;
        }
        Arrays.sort(millis);
        return millis[TIMES / 2];
    }

    private static void put(Map<String, Double> costs, Cost cost, double value) {
        if (value > 0 && Double.isFinite(value)) {
            costs.put(cost.word(), value);
        }
    }

    private static Measured read(Path file) {
        try {
            if (Files.isRegularFile(file)) {
                return JSON.readValue(RegularFile.text(file), Measured.class);
            }
        } catch (IOException | JacksonException e) {
            // it is measured again
        }
        return new Measured("none", 0, 0, 0);
    }

    private static String print(Path weights) {
        try {
            return Files.size(weights) + " "
                    + Files.getLastModifiedTime(weights).toMillis();
        } catch (IOException e) {
            return "";
        }
    }

    private static OptionalDouble elements(Path weights) {
        if (!Files.isRegularFile(weights)) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(Safetensors.header(weights).elements());
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return OptionalDouble.empty();
        }
    }

    private static long bytes(Path model) {
        if (!Files.isDirectory(model)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(model)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }
}
