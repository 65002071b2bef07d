package dev.fovea.models;

import dev.fovea.data.Preprocess;
import dev.fovea.engine.Allowance;
import dev.fovea.engine.EngineException;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.AtomicFile;
import dev.fovea.io.Escaped;
import dev.fovea.io.FormatException;
import dev.fovea.io.RegularFile;
import dev.fovea.io.Safetensors;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.nn.Weights;
import dev.fovea.nn.WeightsMismatchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A trained model on disk: a folder with {@code config.json} and {@code model.safetensors}, enough to predict,
 * evaluate and explain without code or flags; {@code calibration.safetensors} beside them where there is more to compare
 * answers with.
 *
 * @param config architecture, classes and preprocessing
 * @param net with its weights
 * @param held what was kept of held-out images, by name; most models have none
 */
public record ModelPackage(Config config, Module net, Map<String, Tensor> held) {

    /** The format written by this release; others are refused. */
    public static final int FORMAT = 2;

    /** The file of a package that says what the network is. */
    public static final String CONFIG = "config.json";

    private static final long LONGEST_CONFIG = 16 << 20;

    /** The file of a package that holds the weights. */
    public static final String WEIGHTS = "model.safetensors";

    /** The file of a package that holds what answers are compared with; most have none. */
    public static final String CALIBRATION = "calibration.safetensors";

    private static final long MOST_HELD = 1L << 26;

    /** Values of a head that a network is built with and then does without; 64 MB of them are no danger. */
    private static final long MOST_DROPPED = 1L << 24;

    /**
     * The content of {@code config.json}: all that using the model needs, and at last how it was made.
     *
     * @param format of this file, {@link #FORMAT}
     * @param task what the network was trained for, with its settings
     * @param architecture which network
     * @param classes in the order of the outputs
     * @param preprocess from an image to the input of the network: size, channels and normalisation
     * @param loss that {@code loss} among its metrics is of
     * @param thresholds by the name of what they are for: scores above which an image is anomalous
     * @param calibration numbers fitted on the validation part when it was made, by name, as the temperature of probabilities;
     *     none in packages of before there were any
     * @param metrics measured on the validation part when it was made
     * @param provenance how it was made
     */
    public record Config(
            int format,
            TaskConfig task,
            Architecture architecture,
            List<String> classes,
            Preprocess preprocess,
            Loss loss,
            Map<String, Double> thresholds,
            Map<String, Double> calibration,
            Map<String, Double> metrics,
            Provenance provenance) {

        public Config {
            if (classes.stream().anyMatch(Objects::isNull)) {
                throw new IllegalArgumentException("every class must have a name, one is null");
            }
            classes = List.copyOf(classes);
            thresholds = numbers("threshold", thresholds);
            calibration = numbers("calibration", calibration);
            metrics = numbers("metric", metrics);
        }

        /** Of a model whose metrics are not measured yet. */
        public Config(
                TaskConfig task,
                Architecture architecture,
                List<String> classes,
                Preprocess preprocess,
                Loss loss,
                Provenance provenance) {
            this(FORMAT, task, architecture, classes, preprocess, loss, Map.of(), Map.of(), Map.of(), provenance);
        }

        /** As it stands in the file. */
        public String text() {
            return JSON.writeValueAsString(this);
        }

        private static Map<String, Double> numbers(String what, Map<String, Double> values) {
            values.forEach((key, value) -> {
                if (value == null) {
                    throw new IllegalArgumentException("%s '%s' must be a number".formatted(what, Escaped.of(key)));
                }
            });
            return Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    public ModelPackage {
        held = Collections.unmodifiableMap(new LinkedHashMap<>(held));
    }

    /** Of a network alone. */
    public ModelPackage(Config config, Module net) {
        this(config, net, Map.of());
    }

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    /** Where the package of {@code path} lies: in the folder of a run, or there. */
    public static Path folder(Path path) {
        return isAt(path.resolve("model")) ? path.resolve("model") : path;
    }

    /** Whether {@code folder} looks like a model package. */
    public static boolean isAt(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG)) && Files.isRegularFile(folder.resolve(WEIGHTS));
    }

    /**
     * Writes its files, each atomically; the config last, so that it never stands for missing ones.
     *
     * @throws IllegalStateException if a weight is infinite or not a number: such a model predicts nothing
     * @throws IllegalArgumentException if the network is in a file of another form, whose weights are not known here
     */
    public void write(Path folder) {
        if (config.architecture() instanceof Architecture.InFile file) {
            throw new IllegalArgumentException(
                    "%s: the weights of '%s' are in that file alone, no package can be written of it. Copy the file"
                            .formatted(folder, Escaped.of(file)));
        }
        net.state().notFinite().ifPresent(name -> {
            throw new IllegalStateException(
                    "%s: the model is not saved, '%s' has values that are infinite or not numbers: the training diverged. Lower the learning rate"
                            .formatted(folder, name));
        });
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be made (" + e.getMessage() + ")", e);
        }
        Safetensors.write(folder.resolve(WEIGHTS), net.state().tensors(), Map.of("format", "fovea"));
        if (held.isEmpty()) {
            AtomicFile.delete(folder.resolve(CALIBRATION));
        } else {
            Safetensors.write(folder.resolve(CALIBRATION), held, Map.of("format", "fovea"));
        }
        ModelCard.write(folder, config);
        AtomicFile.write(folder.resolve(CONFIG), config.text());
    }

    /**
     * The config of a package, or of a file that a {@link ModelFormat} reads.
     *
     * @throws IllegalArgumentException if there is no package, or it is damaged or of another format
     */
    public static Config readConfig(Path folder) {
        Optional<ModelFormat> format = ModelFormat.of(folder);
        if (format.isPresent()) {
            return format.get().readConfig(folder);
        }
        Path file = folder.resolve(CONFIG);
        if (!Files.exists(folder)) {
            throw new IllegalArgumentException(
                    folder + ": there is no such file or folder. Expected a run, a model package or an .onnx file");
        }
        if (!isAt(folder)) {
            throw new IllegalArgumentException(
                    "%s: not a model package. %s"
                            .formatted(
                                    folder,
                                    run(folder)
                                            .map(run -> "It holds runs: name one of them, such as " + run)
                                            .orElse(
                                                    "Expected a folder with config.json and model.safetensors, as `fovea train` writes")));
        }
        try {
            if (Files.size(file) > LONGEST_CONFIG) {
                throw new FormatException("%s: %s bytes are more than a config has, %s"
                        .formatted(file, Files.size(file), LONGEST_CONFIG));
            }
            return parseConfig(file, RegularFile.read(file, LONGEST_CONFIG));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /**
     * The config that {@code json} says.
     *
     * @param file that it stands in, for messages
     * @throws FormatException if it is none
     */
    public static Config parseConfig(Path file, byte[] json) {
        try {
            return config(file, JSON.readTree(json));
        } catch (JacksonException e) {
            throw new FormatException("%s: not readable: %s".formatted(file, reason(e)));
        }
    }

    /** The first run with a model in a folder of several. */
    private static Optional<Path> run(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(run -> isAt(run.resolve("model"))).sorted().findFirst();
        } catch (IOException e) {
            return Optional.empty(); // what is wrong is said already
        }
    }

    private static Config config(Path file, JsonNode tree) {
        if (!tree.path("format").isInt()) {
            throw new FormatException(
                    file + ": not readable: expected an object with 'format', 'task', 'architecture' and more");
        }
        int format = tree.path("format").asInt();
        if (format != FORMAT) {
            throw new IllegalArgumentException("%s: format %s, this release reads %s. Use the release that wrote it"
                    .formatted(file, format, FORMAT));
        }
        if (tree instanceof ObjectNode object && !object.has("calibration")) {
            object.putObject("calibration");
        }
        return JSON.treeToValue(tree, Config.class);
    }

    /** What is wrong and where, in our words and not in those of the parser. */
    private static String reason(JacksonException e) {
        String at = e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."))
                .replace(".[", "[");
        String line = e.getLocation() == null || e.getLocation().getLineNr() < 1
                ? ""
                : " (line %s)".formatted(e.getLocation().getLineNr());
        if (e.getCause() instanceof IllegalArgumentException own && own.getMessage() != null) {
            return Escaped.of(own.getMessage());
        }
        return at.isEmpty()
                ? "it is not a JSON object" + line
                : "'%s' is not what belongs there%s".formatted(Escaped.of(at), line);
    }

    /**
     * Reads a package, or a file that a {@link ModelFormat} reads. The header of the weights is compared with the network before anything of its size is made.
     *
     * @throws IllegalArgumentException if there is no package, or it is damaged or of another format, or its parts do
     *     not belong together
     */
    public static ModelPackage read(Path folder) {
        Optional<ModelFormat> format = ModelFormat.of(folder);
        if (format.isPresent()) {
            return format.get().read(folder);
        }
        Config config = readConfig(folder);
        Path file = folder.resolve(WEIGHTS);
        var header = Safetensors.header(file);
        Module net;
        // Heads that are dropped once the network stands, as that of a backbone, are not in the file.
        long most = Math.addExact(Math.multiplyExact(2, header.elements()), MOST_DROPPED);
        String reason = String.format(
                Locale.ROOT,
                "%s holds %,d values in %,d tensors",
                WEIGHTS,
                header.elements(),
                header.entries().size());
        try (var allowance = Allowance.open(most, 2L * header.entries().size() + 16, reason)) {
            net = Models.create(
                    config.architecture().text(),
                    config.preprocess(),
                    config.classes().size());
        } catch (IllegalArgumentException | EngineException e) {
            throw new FormatException("%s: %s".formatted(folder.resolve(CONFIG), e.getMessage()));
        }
        var shapes = new LinkedHashMap<String, List<Long>>();
        header.entries().forEach((name, entry) -> shapes.put(name, entry.shape()));
        try (var scope = new Scope()) {
            Weights.compare(shapes, net.state());
            Weights.load(Safetensors.read(file).tensors(), net.state());
        } catch (WeightsMismatchException e) {
            throw e.in(file);
        }
        net.state().train(false);
        return new ModelPackage(config, net, held(folder.resolve(CALIBRATION)));
    }

    private static Map<String, Tensor> held(Path file) {
        if (!Files.exists(file)) {
            return Map.of();
        }
        long elements = Safetensors.header(file).elements();
        if (elements > MOST_HELD) {
            throw new FormatException(
                    "%s: holds %s values, more than the %s that are read of it".formatted(file, elements, MOST_HELD));
        }
        return Safetensors.read(file).tensors();
    }

    /** This package with metrics measured now; those that are no numbers, which JSON does not know, are left out. */
    public ModelPackage withMetrics(Map<String, Double> values) {
        return with(config.task(), config.thresholds(), config.calibration(), finite(values), held);
    }

    /** This package with thresholds chosen now. */
    public ModelPackage withThresholds(Map<String, Double> values) {
        return with(config.task(), finite(values), config.calibration(), config.metrics(), held);
    }

    /** This package with what was fitted on held-out images, and what was kept of them. */
    public ModelPackage withCalibration(Map<String, Double> values, Map<String, Tensor> kept) {
        return with(config.task(), config.thresholds(), finite(values), config.metrics(), kept);
    }

    /** This package with another value of one of its task's settings. */
    public ModelPackage withSetting(String key, Object value) {
        var settings = new LinkedHashMap<>(config.task().settings());
        settings.put(key, value);
        return with(
                new TaskConfig(config.task().type(), settings),
                config.thresholds(),
                config.calibration(),
                config.metrics(),
                held);
    }

    private static Map<String, Double> finite(Map<String, Double> values) {
        var numbers = new LinkedHashMap<>(values);
        numbers.values().removeIf(value -> !Double.isFinite(value));
        return numbers;
    }

    private ModelPackage with(
            TaskConfig task,
            Map<String, Double> thresholds,
            Map<String, Double> calibration,
            Map<String, Double> metrics,
            Map<String, Tensor> kept) {
        return new ModelPackage(
                new Config(
                        config.format(),
                        task,
                        config.architecture(),
                        config.classes(),
                        config.preprocess(),
                        config.loss(),
                        thresholds,
                        calibration,
                        metrics,
                        config.provenance()),
                net,
                kept);
    }
}
