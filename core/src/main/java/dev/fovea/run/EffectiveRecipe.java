package dev.fovea.run;

import dev.fovea.data.Preprocess;
import dev.fovea.data.Sampling;
import dev.fovea.io.RegularFile;
import dev.fovea.train.InputSize;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RunFolder;
import dev.fovea.train.Task;
import dev.fovea.train.Transfer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * A recipe as a report shows it: what is off, or has no effect on this task, is left out.
 *
 * @param steps whether its network learns step by step
 */
record EffectiveRecipe(Recipe recipe, Preprocess shown, boolean steps) {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .build();

    /** Sections whose fields do nothing at 0, false or empty; a section in them does nothing where its first field is empty. */
    private static final List<String> SWITCHED =
            List.of("task", "update", "loss", "optimizer", "schedule", "selection");

    /** What is not trained step by step has none of these. */
    private static final List<String> OF_STEPS = List.of(
            "epochs",
            "batch",
            "input",
            "optimizer",
            "schedule",
            "loss",
            "augment",
            "augmentBatch",
            "update",
            "transfer",
            "freeze",
            "precision");

    /** As YAML. */
    String print() {
        var tree = (ObjectNode) YAML.readTree(RecipeFile.print(recipe));
        Task task = recipe.task();
        if (recipe.transfer().equals(Transfer.OFF)) {
            tree.remove("transfer");
        }
        if (!steps) {
            tree.remove(OF_STEPS);
            section(tree, "selection").remove(List.of("patience", "keep", "sampling"));
        } else {
            input(tree);
        }
        if (task.losses().size() < 2) { // it has one of its own
            tree.remove("loss");
        }
        SWITCHED.forEach(name -> withoutWhatIsOff(section(tree, name)));
        tree.path("augment").forEach(EffectiveRecipe::withoutUnusedFill);
        if (recipe.selection().sampling() == Sampling.INSTANCE_BALANCED) {
            section(tree, "selection").remove("sampling");
        }
        if (section(tree, "update").path("accumulate").asInt() == 1) {
            section(tree, "update").remove("accumulate");
        }
        for (String name : List.of("augment", "augmentBatch", "update", "selection", "freeze")) {
            if (tree.path(name).isEmpty()) {
                tree.remove(name);
            }
        }
        return YAML.writeValueAsString(tree);
    }

    /** All fields of a run's recipe with their values, keys of sections with a dot, as {@code optimizer.lr}. */
    static Map<String, Object> flat(RunFolder run) {
        var fields = new LinkedHashMap<String, Object>();
        try {
            flatten("", YAML.readTree(RegularFile.text(run.recipe())), fields);
        } catch (IOException e) {
            throw new UncheckedIOException(run.recipe() + ": cannot be read (" + e.getMessage() + ")", e);
        }
        return fields;
    }

    private static void flatten(String key, JsonNode node, Map<String, Object> fields) {
        if (node instanceof ObjectNode section) {
            section.properties()
                    .forEach(field -> flatten(
                            key.isEmpty() ? field.getKey() : key + "." + field.getKey(), field.getValue(), fields));
        } else if (node.isNumber()) {
            fields.put(key, node.asDouble());
        } else if (node.isBoolean()) {
            fields.put(key, node.asBoolean());
        } else {
            fields.put(key, node.isString() ? node.asString() : node.toString());
        }
    }

    /** With the model's own size and channels where the recipe leaves them to it. */
    private void input(ObjectNode tree) {
        ObjectNode input = section(tree, "input");
        if (recipe.input().size().own()) {
            input.set("size", YAML.valueToTree(new InputSize(shown.height(), shown.width())));
        }
        if (recipe.input().channels() == 0) {
            input.put("channels", shown.channels());
        }
        if (recipe.input().repeats() == 1) {
            input.remove("repeats");
        }
        if (recipe.input().augmentRepeats() == 1) {
            input.remove("augmentRepeats");
        }
        if (recipe.input().progressiveResizing().off()) {
            input.remove("progressiveResizing");
        }
        if (recipe.input().multiScale() == 1) {
            input.remove("multiScale");
        }
        if (recipe.input().balancedCrops() == 1) {
            input.remove("balancedCrops");
        }
        if (shown.frames().length() == 1) {
            input.remove("frames");
        }
    }

    /** The value is that of the constant, and of no other fill. */
    private static void withoutUnusedFill(JsonNode transform) {
        if (transform instanceof ObjectNode own
                && !own.path("fill").asString("").equals("constant")) {
            own.remove("fillValue");
        }
    }

    private static ObjectNode section(ObjectNode tree, String name) {
        return tree.get(name) instanceof ObjectNode section ? section : YAML.createObjectNode();
    }

    private static void withoutWhatIsOff(ObjectNode section) {
        var off = new ArrayList<String>();
        section.properties().forEach(field -> {
            JsonNode value = field.getValue();
            boolean nothing = value.isNumber() && value.asDouble() == 0
                    || value.isBoolean() && !value.asBoolean()
                    || value.isString() && value.asString().equals("none")
                    || value.isObject() && value.iterator().next().asString("-").isEmpty()
                    || value.isArray() && value.isEmpty();
            if (nothing) {
                off.add(field.getKey());
            }
        });
        section.remove(off);
    }
}
