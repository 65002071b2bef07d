package dev.fovea.serve.studio.train;

import dev.fovea.io.Escaped;
import dev.fovea.run.DataRequest;
import dev.fovea.search.TrainingChoices;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.RunPlaces;
import dev.fovea.serve.studio.Workspace;
import dev.fovea.task.Tasks;
import dev.fovea.task.TrainingPlan;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Plans of trainings as the form has them: in and out of JSON. */
final class StudioPlans {

    /** Of a recipe, those that the form shows unfolded. */
    private static final List<String> FEW =
            List.of("epochs", "batch", "optimizer.lr", "input.size", "augment", "selection.validation", "seed");

    /** Keys of recipes that name a model beside the one that is trained: a run or, with weights of the same section, a network. */
    private static final Pattern MODEL = Pattern.compile("(task\\.(?:.*\\.)?)(?:teacher|backbone|tokenizer)");

    private final TrainingData data;
    private final RunPlaces places;

    StudioPlans(Workspace workspace) {
        data = new TrainingData(workspace);
        places = new RunPlaces(workspace);
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
        if (model.endsWith(".yaml") || model.endsWith(".yml")) {
            throw Refusal.wrong(
                    "expected the name of a network or layers, got the recipe file '%s'. Put in its text instead"
                            .formatted(Escaped.of(model)));
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
                data.shown(data.request(path)),
                model,
                places.weights(model, weights),
                body.path("fineTune").asBoolean(false) && !weights.isEmpty(),
                settings);
        return placed(body.has("text") ? plan.withRecipe(body.path("text").asString("")) : plan);
    }

    /** With the models that its recipe names where they lie in the workspace: a run counts paths from elsewhere. */
    private TrainingPlan placed(TrainingPlan plan) {
        Recipe recipe = plan.recipe();
        Map<String, String> values = RecipeFile.values(recipe);
        var found = new ArrayList<String>();
        values.forEach((key, named) -> {
            Matcher model = MODEL.matcher(key);
            if (named.isEmpty() || !model.matches()) {
                return;
            }
            String published = model.group(1) + "weights";
            String weights = values.getOrDefault(published, "");
            found.add(
                    weights.isEmpty()
                            ? key + "=" + places.file(named)
                            : published + "=" + places.weights(named, weights));
        });
        return found.isEmpty()
                ? plan
                : plan.withRecipe(Tasks.ALL
                        .recipes()
                        .parse(RecipeFile.print(recipe), found, "recipe")
                        .checked());
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

    /**
     * What can be learned, as the page reads it.
     *
     * @param request as the page calls its paths
     */
    Map<String, Object> view(TrainingChoices choices, DataRequest request) {
        var view = new LinkedHashMap<String, Object>();
        view.put("images", choices.images());
        view.put("classes", choices.classes());
        view.put("height", choices.height());
        view.put("width", choices.width());
        view.put("grey", choices.grey());
        view.put("uneven", choices.uneven());
        view.put("corrections", request.corrections());
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
