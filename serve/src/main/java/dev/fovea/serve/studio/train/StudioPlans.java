package dev.fovea.serve.studio.train;

import dev.fovea.run.DataRequest;
import dev.fovea.search.TrainingChoices;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.Workspace;
import dev.fovea.task.TrainingPlan;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Plans of trainings as the form has them: in and out of JSON. */
final class StudioPlans {

    /** Of a recipe, those that the form shows unfolded. */
    private static final List<String> FEW =
            List.of("epochs", "batch", "optimizer.lr", "input.size", "augment", "selection.validation", "seed");

    private final Workspace workspace;

    StudioPlans(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Whether weights are a run or file of the workspace, not what published ones are called. */
    static boolean isPath(String weights) {
        return weights.contains("/") || weights.endsWith(".safetensors") || weights.endsWith(".pth");
    }

    /**
     * The plan that a body describes; a recipe's text in it takes the place of the settings.
     *
     * @throws IllegalArgumentException if it cannot be, with key and value
     */
    TrainingPlan of(ObjectNode body) {
        String path = body.path("path").asString("");
        String model = body.path("model").asString("").strip();
        if (model.isEmpty()) {
            throw Refusal.wrong("choose a network first");
        }
        String weights = body.path("weights").asString("");
        var settings = new ArrayList<String>();
        for (JsonNode one : body.path("settings")) {
            String setting = one.asString("");
            if (setting.indexOf('=') < 1) {
                throw Refusal.wrong("settings: expected KEY=VALUE, got '%s'".formatted(setting));
            }
            settings.add(setting);
        }
        var plan = new TrainingPlan(
                DataRequest.of(path),
                model,
                isPath(weights) ? workspace.existing(weights).toString() : weights,
                body.path("fineTune").asBoolean(false) && !weights.isEmpty(),
                settings);
        return body.has("text") ? plan.withRecipe(body.path("text").asString("")) : plan;
    }

    /** With all that the form shows of it. */
    Map<String, Object> view(TrainingPlan plan) {
        Recipe recipe = plan.recipe();
        Map<String, Object> view = brief(plan);
        view.put("task", recipe.task().word());
        view.put("epochs", recipe.epochs());
        view.put("text", RecipeFile.print(recipe));
        view.put("fields", plan.fields());
        view.put("few", few(recipe));
        view.put("command", plan.command());
        return view;
    }

    private static Map<String, String> few(Recipe recipe) {
        Map<String, String> values = RecipeFile.values(recipe);
        var few = new LinkedHashMap<String, String>();
        FEW.forEach(key -> few.put(key, values.getOrDefault(key, "")));
        return few;
    }

    private Map<String, Object> brief(TrainingPlan plan) {
        var view = new LinkedHashMap<String, Object>();
        view.put("model", plan.model());
        view.put("weights", plan.weights());
        view.put("fineTune", plan.fineTune());
        view.put("settings", plan.settings());
        return view;
    }

    /** What can be learned, as the page reads it. */
    Map<String, Object> view(TrainingChoices choices) {
        var view = new LinkedHashMap<String, Object>();
        view.put("images", choices.images());
        view.put("classes", choices.classes());
        view.put("height", choices.height());
        view.put("width", choices.width());
        view.put("grey", choices.grey());
        view.put("uneven", choices.uneven());
        view.put(
                "tasks",
                choices.tasks().stream()
                        .map(fitting -> Map.of(
                                "task",
                                fitting.task(),
                                "models",
                                fitting.models().stream().map(this::view).toList(),
                                "others",
                                fitting.others()))
                        .toList());
        return view;
    }

    private Map<String, Object> view(TrainingChoices.Suggestion suggestion) {
        Map<String, Object> view = brief(suggestion.plan());
        view.put("epochs", suggestion.epochs());
        view.put("megabytes", suggestion.megabytes());
        return view;
    }
}
