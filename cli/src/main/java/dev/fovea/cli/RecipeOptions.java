package dev.fovea.cli;

import dev.fovea.run.PublishedWeights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What a command line says of a recipe. */
final class RecipeOptions {

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description =
                    "What to learn, where a network is for several tasks: classification, multi-label, regression or self-supervised; as --set task.type=TASK.")
    private String task = "";

    @Option(
            names = "--targets",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns of numbers to learn, for regression; as --set task.targets=[COLUMN].")
    private List<String> targets = List.of();

    @Option(names = "--epochs", description = "Passes over the training data.")
    private Integer epochs;

    @Option(names = "--batch", description = "Images per step.")
    private Integer batch;

    @Option(names = "--lr", description = "Base learning rate.")
    private Double lr;

    @Option(names = "--seed", description = "Seed of weights, order, augmentation and dropout.")
    private Long seed;

    @Option(names = "--precision", description = "Precision: auto, fp32 or bf16.")
    private String precision = "";

    @Option(
            names = "--freeze",
            split = ",",
            paramLabel = "PATTERN",
            description =
                    "Weights that do not learn, by name or module, such as layer1.* or bn1; batch norms among them "
                            + "keep their statistics. `fovea models --summary NAME` lists the layers.")
    private List<String> freeze = List.of();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A recipe field, such as optimizer.lr=0.2 or augment=[flip,rotate].")
    private List<String> settings = new ArrayList<>();

    /** Those that make no sense for a run that goes on, and whether they are given. */
    Map<String, Boolean> ofNewRuns() {
        var given = new LinkedHashMap<String, Boolean>();
        given.put("--task", !task.isEmpty());
        given.put("--targets", !targets.isEmpty());
        return given;
    }

    /**
     * What they set in a recipe, as {@code KEY=VALUE}, in the order in which it holds.
     *
     * @param weights that training starts from, or empty; what they ask of the recipe comes first
     */
    List<String> overrides(String model, String weights) {
        var overrides = new ArrayList<String>();
        if (!weights.isEmpty()) {
            overrides.addAll(PublishedWeights.recipe(model, weights, settings)); // first: what --set says holds
        }
        if (!task.isEmpty()) {
            overrides.add("task.type=" + task);
        }
        overrides.addAll(settings);
        if (!targets.isEmpty()) {
            overrides.add("task.targets=" + listed(targets));
        }
        if (epochs != null) {
            overrides.add("epochs=" + epochs);
        }
        if (batch != null) {
            overrides.add("batch=" + batch);
        }
        if (lr != null) {
            overrides.add("optimizer.lr=" + lr);
        }
        if (seed != null) {
            overrides.add("seed=" + seed);
        }
        if (!precision.isEmpty()) {
            overrides.add("precision=" + precision);
        }
        if (!freeze.isEmpty()) {
            overrides.add("freeze=" + listed(freeze));
        }
        return overrides;
    }

    /** As a list of texts in a recipe. */
    private static String listed(List<String> words) {
        return words.stream()
                .map(word -> "'" + word.strip().replace("'", "''") + "'")
                .toList()
                .toString();
    }
}
