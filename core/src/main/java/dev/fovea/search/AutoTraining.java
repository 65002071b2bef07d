package dev.fovea.search;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.run.DataRequest;
import dev.fovea.run.PublishedWeights;
import dev.fovea.run.RunFacts;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Runs;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A model within a time limit, from data alone: looks at the data, measures how fast candidate networks learn on this machine,
 * compares those that fit the time by short trainings, searches the settings of the best where there is time for that, and trains
 * it in the time that is left. It says what it does and why.
 */
public final class AutoTraining {

    /**
     * What is wanted.
     *
     * @param targets columns of numbers to learn; none to find out from the data what is to be learned
     * @param time for everything
     */
    public record Asked(DataRequest data, List<String> targets, Duration time, long seed) {
        public Asked {
            targets = List.copyOf(targets);
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("the time for a training must be above 0, got " + time);
            }
        }
    }

    /**
     * What came of it.
     *
     * @param finished false if it was stopped
     * @param run of the best model
     * @param metric of the validation by which it was chosen
     * @param value of that metric
     * @param validation metrics of the model
     * @param together with which runs the model answers better than alone, if there are any
     * @param story what was done and why, in sentences
     */
    public record Found(
            boolean finished,
            Path run,
            String metric,
            double value,
            Map<String, Double> validation,
            Optional<Together> together,
            List<String> story,
            double seconds) {}

    /** The page. */
    public static final String PAGE = "auto.html";

    /** The share of the time left that a search takes, or more where the last training leaves more. */
    private static final double SEARCH = 0.4;

    /** A search makes sense where half of the time is so many times the least number of epochs. */
    private static final int AMPLE = 2;

    /** Each image should be seen so often; where there is no time for that, fewer images are. */
    private static final int SEEN = 2;

    /** Of each class. */
    private static final int FEWEST = 10;

    /** A search that lasts as long as so many whole trainings begins about three times as many. */
    private static final int TRAININGS = 5;

    private final AutoContext context;
    private final AutoPage page = new AutoPage();

    private AutoTraining(AutoContext context) {
        this.context = context;
    }

    /**
     * Trains a model.
     *
     * @param settings of all trainings; their folders and names are chosen here, and only the last has its listeners
     * @param folder that does not exist yet
     * @param say told what is being done
     * @param stop asked after every step; true ends everything, with the best model so far
     * @throws IllegalArgumentException if the data cannot be used, or no network can be trained on it
     */
    public static Found run(
            Asked asked, RunSettings settings, Path folder, Consumer<String> say, BooleanSupplier stop) {
        return new AutoTraining(new AutoContext(asked, settings, folder, say, stop))
                .run(look -> new Candidates(look, AutoTraining::isCached).all());
    }

    /** The same with candidates of one's own. */
    static Found run(
            Asked asked,
            RunSettings settings,
            Path folder,
            Consumer<String> say,
            BooleanSupplier stop,
            List<Candidate> candidates) {
        return new AutoTraining(new AutoContext(asked, settings, folder, say, stop)).run(look -> candidates);
    }

    private Found run(Function<DataLook, List<Candidate>> candidates) {
        DataLook look = DataLook.at(context.request(), context.asked().targets());
        context.tell("The data: " + look.words() + ".");
        if (look.isUneven()) {
            context.tell("Classes are uneven: the report's table of classes says more than one figure.");
        }
        context.tell(Candidates.augmentWords(look));
        List<Candidate> all = candidates.apply(look);
        Splits data = context.open(all.get(0).recipe());
        var comparison = new Comparison(context, data);
        List<Measured> measured = comparison.measured(all);
        page.measured(measured, Comparison.LAST * context.limit());
        Measured chosen = comparison.chosen(measured);
        var runs = new ArrayList<>(comparison.runs());
        double share = share(chosen, look);
        if (share < 1) {
            int perClass = Math.max(
                    FEWEST, (int) (share * look.images() / look.classes().size()));
            context.tell("There is no time to see all images %s times: %s of each class are used at most."
                    .formatted(SEEN, perClass));
            context.use(perClass);
            data = context.open(chosen.candidate().recipe());
            chosen = chosen.of(share);
        }
        Measured tuned = searched(chosen, data, runs);
        if (!context.stopped()) {
            last(tuned, data).ifPresent(runs::add);
        }
        Path best = best(runs);
        // Those that learned from more images may have seen the ones that the best is validated on.
        Optional<Together> together = share < 1
                ? Optional.empty()
                : together(best, runs, tuned.candidate().recipe(), data);
        return found(best, runs, together);
    }

    /** The share of the images that can be seen a few times in the time that is left. */
    private double share(Measured chosen, DataLook look) {
        double time = context.trainingTime() - chosen.setupSeconds();
        double share = Measured.CAUTION * time / (SEEN * chosen.epochSeconds());
        return look.isClassified() ? share : 1;
    }

    private static boolean isCached(String network) {
        return PublishedWeights.rows(network + ".").stream()
                .anyMatch(row -> row.cached() && row.name().startsWith(network + "."));
    }

    /** With the best settings that a search finds, if there is time for one. */
    private Measured searched(Measured chosen, Splits data, List<Path> runs) {
        Candidate candidate = chosen.candidate();
        int least = AMPLE * candidate.leastEpochs();
        int half = Math.min(chosen.epochs(context.left() / 2), candidate.mostEpochs());
        double time = Math.max(SEARCH * context.left(), chosen.spare(context.trainingTime()));
        int epochs = Math.min(half, (int) (time / (TRAININGS * chosen.epochSeconds())));
        if (context.stopped() || half < least || epochs < chosen.leastShort()) {
            context.tell(
                    half < least
                            ? "A search for better settings would leave too few epochs; the time goes into the training."
                            : "There is no time for a search whose trainings are long enough to say something; the time goes into the training.");
            return chosen;
        }
        try {
            return searched(chosen, epochs, time, data, runs);
        } catch (RuntimeException e) { // there are models already
            context.tell("The search for better settings failed: " + e.getMessage());
            return chosen;
        }
    }

    private Measured searched(Measured chosen, int epochs, double time, Splits data, List<Path> runs) {
        Candidate candidate = chosen.candidate();
        Recipe recipe = context.seeded(candidate.recipe().withEpochs(epochs));
        var search = new RecipeSearch.Asked(
                recipe,
                Space.usual(recipe).withoutAugmentation(),
                context.request().words(),
                RecipeSearch.Method.HALVING,
                0,
                AutoContext.time(time),
                context.asked().seed(),
                false);
        RecipeSearch.Found found = RecipeSearch.run(
                search,
                data,
                context.settings(candidate, "").withListeners(List.of()),
                context.folder().resolve("search"),
                context.say(),
                context.stop());
        if (found.run().isEmpty()) {
            context.tell("The search for better settings found none.");
            return chosen;
        }
        context.tell(String.format(
                Locale.ROOT,
                "A search of %d trials of at most %d epochs found %s: validation %s %.4f.",
                found.trials(),
                epochs,
                Space.words(found.values()),
                found.metric(),
                found.value()));
        Recipe best = Tasks.ALL.recipes().with(candidate.recipe(), Search.settings(found.values()));
        Path run = found.run().get();
        runs.add(run);
        return chosen.of(best, Runs.of(run));
    }

    /** The training in the time that is left, with some of it kept for evaluation and report. */
    private Optional<Path> last(Measured chosen, Splits data) {
        double time = context.trainingTime();
        int epochs = Math.max(1, chosen.plannedEpochs(time));
        context.tell("%s is trained for %s.".formatted(chosen.name(), Measured.words(epochs)));
        try {
            Path run = Tasks.ALL
                    .train(
                            context.seeded(chosen.candidate().recipe().withEpochs(epochs)),
                            data,
                            context.settings(chosen.candidate(), "")
                                    .withStop(context.stop())
                                    .withMaxTime(AutoContext.time(time))
                                    .withReportInTime(true))
                    .folder();
            Runs.Row row = Runs.of(run);
            context.tell("It reaches %s%s."
                    .formatted(
                            AutoContext.figure(row),
                            row.epochs() < epochs ? " in " + Measured.words(row.epochs()) : ""));
            return Optional.of(run);
        } catch (RuntimeException e) {
            context.tell("That training failed: %s".formatted(e.getMessage()));
            return Optional.empty();
        }
    }

    private Path best(List<Path> runs) {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("no model was trained: " + String.join(" ", context.story()));
        }
        Path best = runs.get(runs.size() - 1); // of equal ones the last, which was trained longest
        for (Path run : runs) {
            best = AutoContext.score(Runs.of(run)) > AutoContext.score(Runs.of(best)) ? run : best;
        }
        if (!best.equals(runs.get(runs.size() - 1))) {
            context.tell("An earlier training reached more: the model is that of %s.".formatted(best));
        }
        return best;
    }

    private Optional<Together> together(Path best, List<Path> runs, Recipe recipe, Splits data) {
        if (runs.size() < 2 || context.left() <= 0 || context.stopped()) {
            return Optional.empty();
        }
        try {
            Dataset held = data.heldOut(
                            recipe.selection().validation(), context.asked().seed())
                    .validation();
            Optional<Together> together = Together.of(
                    best, runs, held, context.settings().device(), () -> context.stopped() || context.left() <= 0);
            together.ifPresent(found -> context.tell(found.words()));
            return together;
        } catch (RuntimeException e) { // the model is there, whatever happens to this
            context.tell("Whether it answers better together with others could not be found out: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Found found(Path best, List<Path> runs, Optional<Together> together) {
        Runs.Row row = Runs.of(best);
        Map<String, Double> validation =
                RunFacts.read(best).map(facts -> facts.outcome().metrics()).orElse(Map.of());
        if (!Files.isRegularFile(best.resolve("report.html"))) {
            context.tell("There is no report of the model, as its training was stopped before its evaluation.");
        }
        Asked asked = context.asked();
        page.write(context.folder().resolve(PAGE), asked, context.story(), runs, row, context.seconds());
        return new Found(
                !context.stopped(),
                best,
                row.metric(),
                row.best(),
                validation,
                together,
                context.story(),
                context.seconds());
    }
}
