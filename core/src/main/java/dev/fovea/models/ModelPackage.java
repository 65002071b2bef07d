package dev.fovea.models;

import dev.fovea.data.Preprocess;
import dev.fovea.engine.Scope;
import dev.fovea.io.AtomicFile;
import dev.fovea.io.Safetensors;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Weights;
import dev.fovea.nn.WeightsMismatchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A trained model on disk: a folder with {@code config.json} and {@code model.safetensors}, enough to predict,
 * evaluate and explain without code or flags.
 *
 * @param config what the network is and what it wants to be shown
 * @param net with its weights
 */
public record ModelPackage(Config config, Layer net) {

    /** The format written by this release; others are refused. */
    public static final int FORMAT = 1;

    /** The file of a package that holds the weights. */
    public static final String WEIGHTS = "model.safetensors";

    /**
     * The content of {@code config.json}.
     *
     * @param format of this file, {@link #FORMAT}
     * @param task such as {@code classification}
     * @param architecture registry name, or layers as text
     * @param classes in the order of the outputs
     * @param preprocess from a picture to what the network sees, size, channels and normalisation included
     * @param provenance how it was made: recipe, versions, date, data
     * @param metrics measured when it was made
     */
    public record Config(
            int format,
            String task,
            String architecture,
            List<String> classes,
            Preprocess preprocess,
            Map<String, String> provenance,
            Map<String, Double> metrics) {}

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    /** Whether {@code folder} looks like a model package. */
    public static boolean isAt(Path folder) {
        return Files.isRegularFile(folder.resolve("config.json")) && Files.isRegularFile(folder.resolve(WEIGHTS));
    }

    /** Writes both files, each atomically; the weights first, so that a config never stands for missing ones. */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be made (" + e.getMessage() + ")", e);
        }
        Safetensors.write(folder.resolve(WEIGHTS), net.state().tensors(), Map.of("format", "fovea"));
        AtomicFile.write(folder.resolve("config.json"), JSON.writeValueAsString(config));
    }

    /** @throws IllegalArgumentException if there is no package, or it is damaged or of another format */
    public static Config readConfig(Path folder) {
        Path file = folder.resolve("config.json");
        if (!Files.exists(folder)) {
            throw new IllegalArgumentException(folder + ": there is no such folder. Expected a run or a model package");
        }
        if (!isAt(folder)) {
            throw new IllegalArgumentException(
                    folder
                            + ": not a model package. Expected a folder with config.json and model.safetensors, as `fovea train` writes");
        }
        Config config;
        try {
            config = JSON.readValue(Files.readString(file), Config.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    file + ": not readable: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
        if (config.format() != FORMAT) {
            throw new IllegalArgumentException("%s: format %d, this release reads %d. Use the release that wrote it"
                    .formatted(file, config.format(), FORMAT));
        }
        return config;
    }

    /** @throws IllegalArgumentException if there is no package, or it is damaged or of another format */
    public static ModelPackage read(Path folder) {
        Config config = readConfig(folder);
        Preprocess preprocess = config.preprocess();
        Layer net = Models.create(
                config.architecture(), preprocess, config.classes().size());
        try (var scope = new Scope()) {
            Weights.load(Safetensors.read(folder.resolve(WEIGHTS)).tensors(), net.state());
        } catch (WeightsMismatchException e) {
            throw e.in(folder.resolve(WEIGHTS));
        }
        net.state().train(false);
        return new ModelPackage(config, net);
    }

    /** This package with metrics measured now. */
    public ModelPackage withMetrics(Map<String, Double> values) {
        return new ModelPackage(
                new Config(
                        config.format(),
                        config.task(),
                        config.architecture(),
                        config.classes(),
                        config.preprocess(),
                        config.provenance(),
                        new LinkedHashMap<>(values)),
                net);
    }
}
