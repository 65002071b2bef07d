package dev.fovea.cli;

import dev.fovea.data.Dataset;
import dev.fovea.run.FeatureExtractor;
import dev.fovea.task.AccuracyScore;
import dev.fovea.task.Tasks;
import dev.fovea.task.generate.GenerationScore;
import dev.fovea.task.generate.Generator;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** How images of a generator are made and compared with real ones. */
final class GenerationOptions {

    @Option(
            names = "--features",
            paramLabel = "CLASSIFIER",
            description = "Classifier whose features compare generated images with real ones, a run or model "
                    + "package; or a safetensors file with torchvision's weights of Inception v3.")
    private Path features;

    @Option(
            names = "--student",
            paramLabel = "MODEL|RECIPE.yaml",
            description = "Model to train on generated images alone, with --features: adds accuracyScore, its "
                    + "accuracy on --data.")
    private String student = "";

    @Option(
            names = "-n",
            defaultValue = "10000",
            description = "Number of images to generate (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--seed", defaultValue = "0", description = "Seed of the noise (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--steps",
            defaultValue = "30",
            description = "Steps from noise to image, for diffusion (default: 30).")
    private int steps;

    @Option(names = "--sampler", defaultValue = "heun", description = "Diffusion sampler: ddim, ddpm or heun.")
    private Generator.Sampling sampler;

    @Option(names = "--guidance", defaultValue = "1", description = "Guidance scale, for diffusion (default: 1, none).")
    private double guidance;

    /** Whether generated images are to be compared. */
    boolean given() {
        return features != null;
    }

    /** What no option alone can know to be wrong. */
    void check() {
        EvaluateCommand.needs("--student", !student.isEmpty(), "--features", given());
    }

    /** The first line of what is printed, of the {@code json} of {@link #score}. */
    String heading(String data, Map<String, Object> json) {
        return String.format(
                Locale.ROOT,
                "%,d generated images beside those of %s, by the features of %s (%s)%n",
                count,
                data,
                json.get("network"),
                features);
    }

    /**
     * The metrics of generated images.
     *
     * @param data as the user named it
     * @param json is given what they are of
     */
    Map<String, Double> score(Path model, Dataset images, String data, String device, Map<String, Object> json) {
        var generator = Generator.load(model, device);
        var request = new Generator.Request(count).withSeed(seed).withSampling(steps, sampler, guidance);
        var extractor = FeatureExtractor.load(features, device);
        var score = GenerationScore.of(generator, request, extractor, images);
        json.put("features", features.toString());
        json.put("network", score.features());
        json.put("samples", score.samples());
        json.put("reference", data);
        json.put("missing", score.missing());
        var metrics = new LinkedHashMap<>(score.metrics());
        if (!student.isEmpty()) {
            Recipe recipe = Tasks.ALL.recipes().of(student, List.of());
            metrics.put("accuracyScore", AccuracyScore.of(generator, request, extractor.classes(), images, recipe));
        }
        return metrics;
    }
}
