package dev.fovea.search;

import dev.fovea.data.Splits;
import dev.fovea.io.AtomicFile;
import dev.fovea.run.RunFacts;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Runs;
import dev.fovea.run.TrainingRun;
import dev.fovea.task.Tasks;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RunFolder;
import dev.fovea.train.RunLock;
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
 * A search for the best settings of a recipe, in a folder of its own: {@code search.json} with all trials, {@code trials/} with a
 * run for each, and in the end {@code best.yaml}, the best recipe, a run of it, and the page {@code search.html}.
 *
 * <p>A search that was stopped or killed goes on when it is started again in the same folder.
 */
public final class RecipeSearch {

    /** How trials are chosen and how long they are trained. */
    public enum Method {
        /** Proposed by a tree-structured Parzen estimator, trained by asynchronous successive halving. */
        HALVING,
        /** Drawn at random, each trained to its end: the baseline. */
        RANDOM
    }

    /**
     * What is searched.
     *
     * @param recipe of all trials; its epochs are those of a whole training
     * @param data as the user named it with its options, so that a search does not go on with other data
     * @param trials at most; 0 for no limit
     * @param time at most, all included; zero for no limit
     * @param seed of the proposals
     * @param retrain whether the best recipe is trained once more in the end, from another seed: the best figure of many trials is
     *     partly luck, that of this training is not
     */
    public record Asked(
            Recipe recipe,
            Space space,
            String data,
            Method method,
            int trials,
            Duration time,
            long seed,
            boolean retrain) {

        private Halving halving() {
            return method == Method.HALVING ? Halving.of(recipe.epochs()) : Halving.none(recipe.epochs());
        }

        private Sampler sampler() {
            return method == Method.HALVING ? TreeParzen.USUAL : Sampler.random();
        }

        private String methodName() {
            return method.name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What came of it.
     *
     * @param finished whether it came to its end
     * @param trials that were begun
     * @param best the number of the best trial, if one has a score
     * @param values of the best trial
     * @param metric of the validation by which trials were compared
     * @param value of the best trial
     * @param run of the best recipe: trained once more, or that of the best trial
     * @param validation metrics of that run
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

    private final Asked asked;
    private final Path folder;
    private final RunSettings settings;
    private final RunTrainings trainings;
    private final Search search;
    private final Consumer<String> say;

    private RecipeSearch(Asked asked, Splits data, RunSettings settings, Path folder, Consumer<String> say) {
        this.asked = asked;
        this.folder = folder;
        this.settings = settings;
        this.say = say;
        trainings = new RunTrainings(asked.recipe(), data, settings.withOut(folder.resolve("trials")));
        search = new Search(
                asked.space(),
                asked.sampler(),
                asked.halving(),
                trainings,
                folder,
                table(asked, settings, folder),
                say);
    }

    /** Whether a folder holds a search that can go on. */
    public static boolean isAt(Path folder) {
        return TrialTable.isAt(folder);
    }

    /**
     * Searches, or goes on with the search in {@code folder}.
     *
     * @param settings of each training; their folders and names are the search's own, and only the last training has its listeners
     * @param say told what is being done
     * @param stop asked after every step; true ends the search, which can go on later
     * @throws IllegalArgumentException if a value of the space cannot be trained, trials cannot be compared, or the folder holds
     *     another search
     */
    public static Found run(
            Asked asked, Splits data, RunSettings settings, Path folder, Consumer<String> say, BooleanSupplier stop) {
        check(asked, data);
        var budget = new Search.Budget(asked.trials(), asked.time(), asked.retrain());
        table(asked, settings, folder); // refuses another search before anything is written
        create(folder);
        try (var lock = RunLock.of(new RunFolder(folder))) {
            return new RecipeSearch(asked, data, settings, folder, say).run(budget, stop);
        }
    }

    private static void check(Asked asked, Splits data) {
        Recipe recipe = asked.recipe();
        asked.space().check(Tasks.ALL.recipes(), recipe);
        if (!Tasks.ALL.of(recipe).steps()) {
            throw new IllegalArgumentException(
                    "task %s fits its model at once, without steps and validation: there is nothing to search"
                            .formatted(recipe.task().word()));
        }
        if (data.validation().size() == 0 && recipe.selection().validation() == 0) {
            throw new IllegalArgumentException(
                    "a search compares trials by their validation, and no images are held out; got selection.validation=0. Set it to a share such as 0.1");
        }
    }

    private static TrialTable table(Asked asked, RunSettings settings, Path folder) {
        var now = new TrialTable.Asked(
                RecipeFile.print(asked.recipe()),
                asked.space().settings().stream().map(Setting::text).toList(),
                asked.data(),
                settings.weights().stream().map(Path::toString).toList(),
                asked.methodName(),
                asked.seed());
        if (!TrialTable.isAt(folder)) {
            return new TrialTable(now, "", List.of(), 0);
        }
        TrialTable known = TrialTable.read(folder);
        known.asked().difference(now).ifPresent(difference -> {
            throw new IllegalArgumentException(
                    "%s: holds a search with %s. Go on with the same one, or name another folder"
                            .formatted(folder, difference));
        });
        return known;
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be made (" + e.getMessage() + ")", e);
        }
    }

    private Found run(Search.Budget budget, BooleanSupplier stop) {
        boolean finished = search.run(budget, stop);
        Optional<Trial> best = search.best();
        best.ifPresent(this::writeRecipe);
        page(Optional.empty());
        Optional<Path> again =
                finished && asked.retrain() ? best.flatMap(trial -> retrained(trial, stop)) : Optional.empty();
        again.ifPresent(run -> page(again));
        boolean all = finished && !stop.getAsBoolean();
        if (all) {
            search.table().trials().stream()
                    .filter(trial ->
                            trial.hasFailed() || trial.rungs() > asked.halving().top())
                    .forEach(trainings::removeCheckpoints); // others may be promoted in a longer search
        }
        Optional<Path> run = again.or(() -> best.flatMap(trainings::run));
        return new Found(
                all,
                search.table().trials().size(),
                best.map(Trial::number),
                best.map(Trial::values).orElse(Map.of()),
                search.table().metric(),
                best.map(trial -> search.table().value(trial.last())).orElse(Double.NaN),
                run,
                run.flatMap(RunFacts::read)
                        .map(facts -> facts.outcome().metrics())
                        .orElse(Map.of()),
                search.seconds());
    }

    private void writeRecipe(Trial best) {
        Recipe recipe = Tasks.ALL.recipes().with(asked.recipe(), Search.settings(best.values()));
        AtomicFile.write(
                folder.resolve(BEST),
                "# Trial %s of a search on %s.%n".formatted(best.number(), asked.data()) + RecipeFile.print(recipe));
    }

    private void page(Optional<Path> again) {
        var about = new LinkedHashMap<String, String>();
        about.put("data", asked.data());
        about.put("network", asked.recipe().model());
        about.put("method", asked.methodName());
        about.put("seed", Long.toString(asked.seed()));
        again.map(Runs::of)
                .ifPresent(run -> about.put(
                        "best recipe trained once more",
                        String.format(Locale.ROOT, "validation %s %.4f", run.metric(), run.best())));
        new SearchPage(asked.space(), asked.halving(), search.table()).write(folder.resolve(PAGE), about);
    }

    /** The run of the best recipe from another seed, as far as there is time; one that was stopped goes on. */
    private Optional<Path> retrained(Trial best, BooleanSupplier stop) {
        String name = "best-" + RunTrainings.name(best);
        Optional<Path> begun = RunTrainings.run(folder, name);
        if (begun.isPresent() && Runs.of(begun.get()).ended()) {
            return begun;
        }
        double left = asked.time().toMillis() / 1e3 - search.seconds();
        if (!asked.time().isZero() && left < 1) {
            say.accept("no time is left to train the best recipe once more");
            return begun;
        }
        say.accept("the best recipe, trial %s, is trained once more".formatted(best.number()));
        RunSettings own = settings.withOut(folder).withName(name).withStop(stop);
        own = asked.time().isZero() ? own : own.withMaxTime(Duration.ofMillis((long) (1e3 * left)));
        TrainingRun.Result result;
        if (begun.isPresent()) {
            result = Tasks.ALL.resume(begun.get(), trainings.data(), own.withWeights(List.of()));
        } else {
            var values = new ArrayList<>(Search.settings(best.values()));
            values.add("seed=" + (asked.recipe().seed() + 1));
            result = Tasks.ALL.train(Tasks.ALL.recipes().with(asked.recipe(), values), trainings.data(), own);
        }
        if (result.end() == Listener.End.STOPPED && !stop.getAsBoolean()) {
            say.accept("the time was over before the last epoch; the model is that of the best epoch");
        }
        return Optional.of(result.folder());
    }
}
