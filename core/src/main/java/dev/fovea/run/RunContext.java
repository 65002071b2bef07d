package dev.fovea.run;

import dev.fovea.data.DataRemarks;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.engine.Device;
import dev.fovea.engine.Engine;
import dev.fovea.engine.Precision;
import dev.fovea.models.Architecture;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Provenance;
import dev.fovea.models.TaskConfig;
import dev.fovea.nn.Module;
import dev.fovea.train.Pixels;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RunFolder;
import dev.fovea.train.SelectedEpoch;
import dev.fovea.train.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A run under way, as a task sees it.
 *
 * @param type what it is for
 * @param data with its validation part split off
 * @param clock of the run in this process
 * @param facts what the run was asked for and has seen
 * @param selected the epoch whose weights the network has
 */
public record RunContext(
        TaskType<?> type,
        Recipe recipe,
        Splits data,
        RunFolder folder,
        Preprocess preprocess,
        Module net,
        Device device,
        Precision precision,
        RunClock clock,
        RunFacts facts,
        SelectedEpoch selected) {

    /** Before anything is trained. */
    public RunContext(
            TaskType<?> type,
            Recipe recipe,
            Splits data,
            RunFolder folder,
            Preprocess preprocess,
            Module net,
            Device device,
            Precision precision,
            RunClock clock,
            RunFacts facts) {
        this(type, recipe, data, folder, preprocess, net, device, precision, clock, facts, SelectedEpoch.NONE);
    }

    public RunContext withSelected(SelectedEpoch value) {
        return new RunContext(type, recipe, data, folder, preprocess, net, device, precision, clock, facts, value);
    }

    /** With settings that hold what was found out from the data. */
    public RunContext withTask(Task value) {
        return new RunContext(
                type, recipe.withTask(value), data, folder, preprocess, net, device, precision, clock, facts, selected);
    }

    public Pixels pixels() {
        return new Pixels(preprocess, device);
    }

    /** Since the run began in this process, without pauses. */
    public double seconds() {
        return clock.seconds();
    }

    /** The network as it is now, with all that others need to use it. */
    public ModelPackage model() {
        return new ModelPackage(
                new ModelPackage.Config(
                        TaskConfig.of(RecipeFile.values(recipe.task())),
                        Architecture.of(recipe.model()),
                        type.outputs(recipe, data.train()),
                        preprocess,
                        recipe.loss(),
                        provenance()),
                net);
    }

    private Provenance provenance() {
        return new Provenance(
                Instant.now().toString(),
                "libtorch " + Engine.version(),
                String.valueOf(folder.path().getFileName()),
                facts.asked().command(),
                RecipeFile.print(recipe),
                selected.words(),
                new Provenance.Source(
                        facts.asked().data().data(),
                        facts.asked().data().options(),
                        facts.seen().train(),
                        facts.seen().validation()));
    }

    /** What was noticed while the data was read and split, and what about it is likely to mislead. */
    public static List<String> remarks(Recipe recipe, Splits data) {
        var remarks = new ArrayList<>(data.notes());
        if (data.train() != data.validation()) { // not where a few images are both, as for a quick look
            boolean choosing = recipe.selection().keep() == Recipe.Keep.BEST;
            if (recipe.task().labelled()) {
                remarks.addAll(DataRemarks.of(data, !recipe.balances(), choosing));
            } else if (choosing || data.train().classes().size() > 1) { // else nothing is measured on it
                remarks.addAll(DataRemarks.ofValidation(data, choosing));
            }
        }
        return remarks;
    }
}
