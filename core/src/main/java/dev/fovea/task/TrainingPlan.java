package dev.fovea.task;

import dev.fovea.io.Records;
import dev.fovea.run.DataRequest;
import dev.fovea.run.PublishedWeights;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RecipeReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A training that somebody has in mind: what a command line, or a form, says of it.
 *
 * @param data that is learned from
 * @param model a name of the registry with its options, or layers as text
 * @param weights to start from: {@code imagenet}, a tag, a file or a run; or empty
 * @param fineTune whether it starts from the recipe for such weights
 * @param settings of its recipe, {@code key=value}, in the order in which they hold
 */
public record TrainingPlan(DataRequest data, String model, String weights, boolean fineTune, List<String> settings) {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

    /**
     * A key of its recipe.
     *
     * @param value as the recipe prints it
     * @param usual what it would be without the settings; empty where it would not be there
     */
    public record Field(String key, String value, String usual) {}

    public TrainingPlan {
        settings = List.copyOf(settings);
        if (fineTune && weights.isEmpty()) {
            throw new IllegalArgumentException("fine-tuning goes on from trained weights: name some, or leave it out");
        }
    }

    /** On other settings. */
    public TrainingPlan withSettings(List<String> value) {
        return Records.with(this, "settings", value);
    }

    /**
     * Its recipe.
     *
     * @throws IllegalArgumentException if a setting is unknown or out of range, with its key and value
     */
    public Recipe recipe() {
        return recipe(settings);
    }

    private Recipe recipe(List<String> own) {
        if (fineTune) {
            return Tasks.ALL.fineTune(model, weights, own);
        }
        var all = new ArrayList<String>();
        if (!weights.isEmpty()) {
            all.addAll(PublishedWeights.recipe(model, weights, own));
        }
        all.addAll(own);
        return Tasks.ALL.recipes().of(model, all).checked();
    }

    /** The recipe with what says for which task it is and nothing more. */
    private Recipe usual() {
        return recipe(RecipeReader.task(settings)
                .map(word -> List.of("task.type=" + word))
                .orElse(List.of()));
    }

    /** All keys of the recipe with their values. */
    public List<Field> fields() {
        Map<String, String> usual = RecipeFile.values(usual());
        return RecipeFile.values(recipe()).entrySet().stream()
                .map(e -> new Field(e.getKey(), e.getValue(), usual.getOrDefault(e.getKey(), "")))
                .toList();
    }

    /**
     * The plan whose recipe is that of {@code text}, with no more settings than it needs.
     *
     * @throws IllegalArgumentException if it is no recipe, with the line
     */
    public TrainingPlan withRecipe(String text) {
        return withRecipe(Tasks.ALL.recipes().parse(text, List.of(), "recipe").checked());
    }

    /** The plan with this recipe, with no more settings than it needs. */
    public TrainingPlan withRecipe(Recipe recipe) {
        String task = recipe.task().word();
        boolean own = Tasks.ALL.ofModel(recipe.model()).word().equals(task);
        var plan = new TrainingPlan(
                data, recipe.model(), weights, fineTune, own ? List.of() : List.of("task.type=" + task));
        return plan.withSettings(plan.settingsOf(recipe));
    }

    /** Over what it starts from. Where a section is of another type, its keys begin at that type's own values. */
    private List<String> settingsOf(Recipe recipe) {
        var chosen = new LinkedHashMap<String, String>();
        settings.forEach(one -> chosen.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1)));
        Map<String, String> wanted = RecipeFile.values(recipe);
        Map<String, String> usual = RecipeFile.values(recipe(listed(chosen)));
        wanted.forEach((key, value) -> {
            if (key.endsWith(".type") && !value.equals(usual.get(key))) {
                chosen.put(key, value);
            }
        });
        Map<String, String> typed = RecipeFile.values(recipe(listed(chosen)));
        wanted.forEach((key, value) -> {
            if (!key.equals("model") && !value.equals(typed.get(key))) {
                chosen.put(key, value);
            }
        });
        return listed(chosen);
    }

    private static List<String> listed(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .toList();
    }

    /** The same as a command line, for a shell. */
    public String command() {
        var words = new ArrayList<>(List.of("fovea", "train", model, "--data", data.data()));
        option(words, "--validation", data.validation());
        option(words, "--corrections", data.corrections());
        option(words, "--weights", weights);
        if (fineTune) {
            words.add("--fine-tune");
        }
        for (String setting : settings) {
            String key = setting.substring(0, setting.indexOf('='));
            String value = setting.substring(setting.indexOf('=') + 1);
            switch (key) {
                case "epochs" -> option(words, "--epochs", value);
                case "batch" -> option(words, "--batch", value);
                case "optimizer.lr" -> option(words, "--lr", value);
                case "seed" -> option(words, "--seed", value);
                case "task.type" -> option(words, "--task", value);
                default -> option(words, "--set", setting);
            }
        }
        return String.join(" ", words.stream().map(TrainingPlan::quoted).toList());
    }

    private static void option(List<String> words, String name, String value) {
        if (!value.isEmpty()) {
            words.addAll(List.of(name, value));
        }
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
