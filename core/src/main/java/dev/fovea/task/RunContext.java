package dev.fovea.task;

import dev.fovea.data.DataRemarks;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.engine.Device;
import dev.fovea.engine.Engine;
import dev.fovea.engine.Precision;
import dev.fovea.models.ModelPackage;
import dev.fovea.nn.Layer;
import dev.fovea.train.Pixels;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RunFolder;
import dev.fovea.train.SelectedEpoch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run under way, as a task sees it.
 *
 * @param data with its validation part split off
 * @param began reading of {@link System#nanoTime} when the run began
 * @param kept the epoch whose weights the network has
 */
record RunContext(
        Recipe recipe,
        Splits data,
        RunFolder folder,
        Preprocess preprocess,
        Layer net,
        Device device,
        Precision precision,
        long began,
        SelectedEpoch kept) {

    /** Before anything is trained. */
    RunContext(
            Recipe recipe,
            Splits data,
            RunFolder folder,
            Preprocess preprocess,
            Layer net,
            Device device,
            Precision precision,
            long began) {
        this(recipe, data, folder, preprocess, net, device, precision, began, SelectedEpoch.NONE);
    }

    RunContext withKept(SelectedEpoch value) {
        return new RunContext(recipe, data, folder, preprocess, net, device, precision, began, value);
    }

    Pixels pixels() {
        return new Pixels(preprocess, device);
    }

    /** Since the run began in this process. */
    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** The network as it is now, with all that others need to use it. */
    ModelPackage model() {
        return new ModelPackage(
                new ModelPackage.Config(
                        ModelPackage.FORMAT,
                        recipe.task().word(),
                        recipe.model(),
                        data.train().classes(),
                        preprocess,
                        provenance(),
                        Map.of()),
                net);
    }

    private Map<String, String> provenance() {
        var facts = new LinkedHashMap<String, String>();
        facts.put("made", Instant.now().toString());
        facts.put("run", String.valueOf(folder.path().getFileName()));
        facts.put("engine", "libtorch " + Engine.version());
        facts.put("recipe", RecipeFile.print(recipe));
        if (kept.epoch() > 0) {
            facts.put("kept", kept.words());
        }
        facts.put("trainImages", Integer.toString(data.train().size()));
        facts.put("validationImages", Integer.toString(data.validation().size()));
        return facts;
    }

    /** What was noticed while the data was read and split, and what about it is likely to mislead. */
    static List<String> remarks(Recipe recipe, Splits data) {
        var remarks = new ArrayList<>(data.notes());
        if (data.train() != data.validation()) { // not where a few images are both, as for a quick look
            remarks.addAll(
                    recipe.task().labelled()
                            ? DataRemarks.of(data, recipe.selection().balanced())
                            : DataRemarks.ofValidation(data));
        }
        return remarks;
    }
}
