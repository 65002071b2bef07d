package dev.fovea.search;

import dev.fovea.data.Splits;
import dev.fovea.io.AtomicFile;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Runs;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A search for the best settings of a recipe, in a folder of its own: {@code search.json} with what is known, {@code trials/} with
 * a run for each trial, and in the end {@code best.yaml}, the best recipe, and {@code search.html}.
 *
 * <p>A search that was stopped or killed goes on when it is started again in the same folder.
 */
public final class RecipeSearch {

    /** How trials are chosen and how long they are trained. */
    public enum Method {
        /** By what was learned from earlier trials; only the best are trained to their end. */
        HALVING,
        /** At random, each to its end: what others are measured by. */
        RANDOM
    }

    /**
     * What is searched.
     *
     * @param recipe of all trials; its epochs are those of a whole training
     * @param data as the user named it, so that a search does not go on with other data
     * @param trials at most; 0 for no limit
     * @param time at most; zero for no limit
     * @param again whether the best recipe is trained once more in the end, from another seed: the figure of the best of many
     *     is partly luck, that of this training is not
     */
    public record Asked(
            Recipe recipe,
            Space space,
            String data,
            Method method,
            int trials,
            Duration time,
            long seed,
            boolean again) {}

    /**
     * What came of it.
     *
     * @param finished whether it came to its end
     * @param trials that were begun
     * @param best the number of the best trial, if one has a score
     * @param values of the best trial
     * @param metric by which trials were compared
     * @param value of the best trial
     * @param run of the best recipe: trained again, or that of the best trial
     * @param validation metrics of the training again; none without one
     * @param seconds of all parts of the search
     */
    public record Found(
            boolean finished,
            int trials,
            Optional<Integer> best,
            Map<String, String> values,
            String metric,
            double value,
            Optional<Path> run,
            Map<String, Double> validation,
            double seconds) {}

    /** The recipe of the best trial. */
    public static final String BEST = "best.yaml";

    /** The page. */
    public static final String PAGE = "search.html";

    private static final String AGAIN = "best";

    private RecipeSearch() {}

    /** Whether a folder holds a search that can go on. */
    public static boolean isAt(Path folder) {
        return TrialTable.isAt(folder);
    }

    /**
     * Searches, or goes on with the search in {@code folder}.
     *
     * @param settings of each training; its folder and name are the search's own
     * @param say told what is being done
     * @param stop asked after every step; true ends the search, which can go on later
     * @throws IllegalArgumentException if a value of the space cannot be trained, or the folder holds another search
     */
    public static Found run(
            Asked asked, Splits data, RunSettings settings, Path folder, Consumer<String> say, BooleanSupplier stop) {
        asked.space().check(Tasks.ALL.recipes(), asked.recipe());
        Halving halving = asked.method() == Method.HALVING
                ? Halving.of(asked.recipe().epochs())
                : Halving.none(asked.recipe().epochs());
        TrialTable table = table(asked, folder);
        create(folder);
        var trainings = new RunTrainings(asked.recipe(), data, settings.withOut(folder.resolve("trials")));
        var search = new Search(
                asked.space(),
                asked.method() == Method.HALVING ? TreeParzen.USUAL : Sampler.random(),
                halving,
                trainings,
                folder,
                table,
                say);
        boolean finished = search.run(new Search.Budget(asked.trials(), asked.time(), asked.again()), stop);
        return found(asked, search, halving, trainings, folder, finished);
    }

    private static TrialTable table(Asked asked, Path folder) {
        var now = new TrialTable.Asked(
                RecipeFile.print(asked.recipe()),
                asked.space().settings().stream().map(Setting::text).toList(),
                asked.data(),
                asked.method().name().toLowerCase(Locale.ROOT),
                asked.seed());
        if (!TrialTable.isAt(folder)) {
            return new TrialTable(now, "", List.of(), 0);
        }
        TrialTable known = TrialTable.read(folder);
        if (!known.asked().equals(now)) {
            throw new IllegalArgumentException(
                    "%s: holds a search of %s. Go on with the same one, or name another folder"
                            .formatted(folder, difference(known.asked(), now)));
        }
        return known;
    }

    private static String difference(TrialTable.Asked then, TrialTable.Asked now) {
        if (!then.data().equals(now.data())) {
            return "other data, %s and not %s".formatted(then.data(), now.data());
        }
        if (!then.space().equals(now.space())) {
            return "other values, %s and not %s".formatted(then.space(), now.space());
        }
        return then.recipe().equals(now.recipe()) ? "another method or seed" : "another recipe";
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be made (" + e.getMessage() + ")", e);
        }
    }

    private static Found found(
            Asked asked, Search search, Halving halving, RunTrainings trainings, Path folder, boolean finished) {
        TrialTable table = search.table();
        Optional<Trial> best = search.best();
        boolean lessIsBetter = best.flatMap(trainings::run)
                .map(run -> Runs.of(run).lessIsBetter())
                .orElse(false);
        best.ifPresent(trial -> AtomicFile.write(
                folder.resolve(BEST),
                "# Trial %s of a search: %s %s%n"
                                .formatted(trial.number(), table.metric(), value(trial, lessIsBetter))
                        + RecipeFile.print(Tasks.ALL.recipes().with(asked.recipe(), Search.settings(trial)))));
        Optional<Again> again = finished && asked.again() && best.isPresent()
                ? trained(asked, trainings, best.get(), folder)
                : Optional.empty();
        var about = new LinkedHashMap<String, String>();
        about.put("data", asked.data());
        about.put("network", asked.recipe().model());
        about.put("method", asked.method().name().toLowerCase(Locale.ROOT));
        about.put("seed", Long.toString(asked.seed()));
        again.ifPresent(run -> about.put("trained again", run.row().metric() + String.format(Locale.ROOT, " %.4f", run.row().best())));
        new SearchPage(asked.space(), halving, table, lessIsBetter).write(folder.resolve(PAGE), about);
        if (finished) {
            trainings.forget(table.trials());
        }
        return new Found(
                finished,
                table.trials().size(),
                best.map(Trial::number),
                best.map(Trial::values).orElse(Map.of()),
                table.metric(),
                best.map(trial -> value(trial, lessIsBetter)).orElse(Double.NaN),
                again.map(run -> run.row().run()).or(() -> best.flatMap(trainings::run)),
                again.map(Again::validation).orElse(Map.of()),
                table.seconds());
    }

    private record Again(Runs.Row row, Map<String, Double> validation) {}

    /** The best recipe from another seed; a training that was stopped goes on. */
    private static Optional<Again> trained(Asked asked, RunTrainings trainings, Trial best, Path folder) {
        Path run = folder.resolve(AGAIN + "-1");
        RunSettings settings = trainings.settings().withOut(folder).withName(AGAIN);
        if (!Runs.isRun(run)) {
            var values = new ArrayList<>(Search.settings(best));
            values.add("seed=" + (asked.recipe().seed() + 1));
            Recipe recipe = Tasks.ALL.recipes().with(asked.recipe(), values);
            run = Tasks.ALL.train(recipe, trainings.data(), settings).folder();
        } else if (!Runs.of(run).state().equals("finished") && !Runs.of(run).state().equals("early")) {
            Tasks.ALL.resume(run, trainings.data(), settings);
        }
        Runs.Row row = Runs.of(run);
        return Optional.of(new Again(row, Map.of(row.metric(), row.best())));
    }

    private static double value(Trial trial, boolean lessIsBetter) {
        double score = trial.score(trial.rungs() - 1);
        return lessIsBetter ? -score : score;
    }
}
