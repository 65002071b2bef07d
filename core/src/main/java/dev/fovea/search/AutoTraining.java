package dev.fovea.search;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.run.DataRequest;
import dev.fovea.run.PublishedModel;
import dev.fovea.run.PublishedWeights;
import dev.fovea.run.RunFacts;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Runs;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

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

    /** Shares of the time: a measurement of one candidate, all comparisons, the search, and the least for the last training. */
    private static final double MEASUREMENT = 0.02;

    private static final double COMPARISON = 0.25;
    private static final double SEARCH = 0.4;
    private static final double LAST = 0.6;

    /** The share of the time for which epochs are planned: a machine does not keep its speed. */
    private static final double CAUTION = 0.9;

    /** A search makes sense where half of the time is so many times the least number of epochs. */
    private static final int AMPLE = 2;

    /** Each image should be seen so often; where there is no time for that, fewer images are. */
    private static final int SEEN = 2;

    /** Of each class. */
    private static final int FEWEST = 10;

    /** A search that lasts as long as so many whole trainings begins about three times as many. */
    private static final int TRAININGS = 5;

    private final Asked asked;
    private final Path folder;
    private final Consumer<String> say;
    private final BooleanSupplier stop;
    private final long began = System.nanoTime();
    private final double limit;
    private final List<String> story = new ArrayList<>();
    private final AutoPage page = new AutoPage();

    private DataRequest request;
    private RunSettings settings;

    private AutoTraining(Asked asked, RunSettings settings, Path folder, Consumer<String> say, BooleanSupplier stop) {
        this.asked = asked;
        request = asked.data();
        this.settings = settings.withData(request);
        this.folder = folder;
        this.say = say;
        this.stop = stop;
        limit = asked.time().toMillis() / 1e3;
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
        return new AutoTraining(asked, settings, folder, say, stop)
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
        return new AutoTraining(asked, settings, folder, say, stop).run(look -> candidates);
    }

    private Found run(Function<DataLook, List<Candidate>> candidates) {
        DataLook look = DataLook.at(request, asked.targets());
        tell("The data: " + look.words() + ".");
        if (look.isUneven()) {
            tell("Classes are uneven: the report's table of classes says more than one figure.");
        }
        tell(Candidates.augmentWords(look));
        List<Candidate> all = candidates.apply(look);
        Splits data = request.open(all.get(0).recipe());
        List<Measured> measured = measured(all, data);
        var runs = new ArrayList<Path>();
        Measured chosen = chosen(measured, data, runs);
        double share = share(chosen, look);
        if (share < 1) {
            int perClass = Math.max(
                    FEWEST, (int) (share * look.images() / look.classes().size()));
            tell("There is no time to see all images %s times: %s of each class are used at most."
                    .formatted(SEEN, perClass));
            request = request.withPerClass(perClass);
            settings = settings.withData(request);
            data = request.open(chosen.candidate().recipe());
            chosen = chosen.of(share);
        }
        Recipe recipe = searched(chosen, data, runs);
        if (!stop.getAsBoolean()) {
            last(chosen, recipe, data).ifPresent(runs::add);
        }
        return found(runs, data.validation());
    }

    /** The share of the images that can be seen a few times in the time that is left. */
    private double share(Measured chosen, DataLook look) {
        double time = left() - Measured.finishing(limit) - chosen.setupSeconds();
        double share = CAUTION * time / (SEEN * chosen.epochSeconds());
        return look.isClassified() ? share : 1;
    }

    private void tell(String sentence) {
        story.add(sentence);
        say.accept(sentence);
    }

    private double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    private double left() {
        return limit - seconds();
    }

    private static boolean isCached(String network) {
        return PublishedWeights.rows(network + ".").stream()
                .anyMatch(row -> row.cached() && row.name().startsWith(network + "."));
    }

    private RunSettings settings(Candidate candidate, String part) {
        RunSettings own = settings.withOut(folder.resolve(part)).withName(candidate.name());
        return candidate.weights().isEmpty()
                ? own
                : own.withWeights(List.of(PublishedModel.file(
                        candidate.recipe().model(), candidate.weights().get(), (file, done, total) -> {})));
    }

    private Recipe seeded(Recipe recipe) {
        return recipe.withSeed(asked.seed());
    }

    /** How long an epoch of each candidate takes here; candidates that cannot be trained are left out. */
    private List<Measured> measured(List<Candidate> candidates, Splits data) {
        var measured = new ArrayList<Measured>();
        for (Candidate candidate : candidates) {
            if (stop.getAsBoolean()) {
                break;
            }
            var time = new EpochTime(MEASUREMENT * limit);
            try {
                Path run = Tasks.ALL
                        .train(
                                seeded(candidate.recipe().withEpochs(1)),
                                data,
                                settings(candidate, "measured")
                                        .withListeners(List.of(time))
                                        .withStop(() -> time.getAsBoolean() || stop.getAsBoolean()))
                        .folder();
                Runs.remove(run);
                measured.add(new Measured(
                        candidate, time.epoch() * (1 + Measured.validationShare(candidate, data)), time.setup()));
            } catch (RuntimeException e) {
                tell("%s cannot be trained on this data: %s".formatted(candidate.name(), e.getMessage()));
            }
        }
        if (measured.isEmpty()) {
            throw new IllegalArgumentException(
                    stop.getAsBoolean()
                            ? "stopped before anything was trained"
                            : "no network can be trained on this data: " + String.join(" ", story));
        }
        measured.forEach(one -> tell(one.words(LAST * limit)));
        page.measured(measured, LAST * limit);
        return measured;
    }

    /** The candidate to train: the only one that fits the time, the best of short trainings, or the most accurate by repute. */
    private Measured chosen(List<Measured> measured, Splits data, List<Path> runs) {
        List<Measured> fitting = measured.stream()
                .filter(one -> one.epochs(LAST * limit) >= one.candidate().leastEpochs())
                .toList();
        if (fitting.isEmpty()) {
            Measured fastest = measured.stream()
                    .min(Comparator.comparingDouble(Measured::epochSeconds))
                    .orElseThrow();
            tell("The time is short for all of them: %s, the fastest, is trained as long as it lasts."
                    .formatted(fastest.name()));
            return fastest;
        }
        double each = COMPARISON * limit / fitting.size();
        if (fitting.size() == 1 || fitting.stream().anyMatch(one -> one.epochs(each) < one.leastShort())) {
            Measured first = fitting.get(0);
            tell(
                    fitting.size() == 1
                            ? "%s is the only one that fits the time.".formatted(first.name())
                            : "There is no time to compare them: %s is taken, as %s."
                                    .formatted(first.name(), first.candidate().why()));
            return first;
        }
        return compared(fitting, each, data, runs);
    }

    private Measured compared(List<Measured> fitting, double each, Splits data, List<Path> runs) {
        Measured best = fitting.get(0);
        double bestScore = Double.NEGATIVE_INFINITY;
        for (Measured one : fitting) {
            if (stop.getAsBoolean()) {
                break;
            }
            int epochs = Math.min(one.epochs(each), one.candidate().mostEpochs());
            try {
                Path run = Tasks.ALL
                        .train(
                                seeded(one.candidate().recipe().withEpochs(epochs)),
                                data,
                                settings(one.candidate(), "compared")
                                        .withListeners(List.of())
                                        .withStop(stop)
                                        .withMaxTime(time(2 * each)))
                        .folder();
                runs.add(run);
                Runs.Row row = Runs.of(run);
                double score = score(row);
                tell(String.format(
                        Locale.ROOT,
                        "%s reaches %s in %s (%.0f s).",
                        one.name(),
                        figure(row),
                        Measured.words(row.epochs()),
                        row.seconds()));
                if (score > bestScore) {
                    best = one;
                    bestScore = score;
                }
            } catch (RuntimeException e) {
                tell("%s failed: %s".formatted(one.name(), e.getMessage()));
            }
        }
        tell("%s is the best of them in equal time.".formatted(best.name()));
        return best;
    }

    /** The recipe with the best settings that a search finds, if there is time for one. */
    private Recipe searched(Measured chosen, Splits data, List<Path> runs) {
        Candidate candidate = chosen.candidate();
        int least = AMPLE * candidate.leastEpochs();
        int half = Math.min(chosen.epochs(left() / 2), candidate.mostEpochs());
        int epochs = Math.min(half, (int) (SEARCH * left() / (TRAININGS * chosen.epochSeconds())));
        if (stop.getAsBoolean() || half < least || epochs < chosen.leastShort()) {
            tell("A search for better settings would leave too few epochs; the time goes into the training.");
            return candidate.recipe();
        }
        Recipe recipe = seeded(candidate.recipe().withEpochs(epochs));
        var search = new RecipeSearch.Asked(
                recipe,
                Space.usual(recipe),
                request.words(),
                RecipeSearch.Method.HALVING,
                0,
                time(SEARCH * left()),
                asked.seed(),
                false);
        RecipeSearch.Found found = RecipeSearch.run(
                search, data, settings(candidate, "").withListeners(List.of()), folder.resolve("search"), say, stop);
        found.run().ifPresent(runs::add);
        if (found.best().isEmpty()) {
            tell("The search for better settings found none.");
            return candidate.recipe();
        }
        tell(String.format(
                Locale.ROOT,
                "A search of %d trials of at most %d epochs found %s: validation %s %.4f.",
                found.trials(),
                epochs,
                Space.words(found.values()),
                found.metric(),
                found.value()));
        return Tasks.ALL.recipes().with(candidate.recipe(), Search.settings(found.values()));
    }

    /** The training in the time that is left, with some of it kept for evaluation and report. */
    private Optional<Path> last(Measured chosen, Recipe recipe, Splits data) {
        double time = left() - Measured.finishing(limit);
        int epochs = Math.max(
                1, Math.min(chosen.epochs(CAUTION * time), chosen.candidate().mostEpochs()));
        tell("%s is trained for %s.".formatted(chosen.name(), Measured.words(epochs)));
        try {
            Path run = Tasks.ALL
                    .train(
                            seeded(recipe.withEpochs(epochs)),
                            data,
                            settings(chosen.candidate(), "").withStop(stop).withMaxTime(time(time)))
                    .folder();
            Runs.Row row = Runs.of(run);
            tell("It reaches %s%s."
                    .formatted(figure(row), row.epochs() < epochs ? " in " + Measured.words(row.epochs()) : ""));
            return Optional.of(run);
        } catch (RuntimeException e) {
            tell("That training failed: %s".formatted(e.getMessage()));
            return Optional.empty();
        }
    }

    private static Duration time(double seconds) {
        return Duration.ofMillis(Math.max(1, (long) (1e3 * seconds)));
    }

    private static double score(Runs.Row row) {
        double score = Runs.lessIsBetter(row.metric()) ? -row.best() : row.best();
        return Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score;
    }

    private static String figure(Runs.Row row) {
        return Double.isNaN(row.best())
                ? "no epoch's end"
                : String.format(Locale.ROOT, "validation %s %.4f", row.metric(), row.best());
    }

    private Found found(List<Path> runs, Dataset held) {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("no model was trained: " + String.join(" ", story));
        }
        Path best = runs.get(runs.size() - 1); // of equal ones the last, which was trained longest
        for (Path run : runs) {
            best = score(Runs.of(run)) > score(Runs.of(best)) ? run : best;
        }
        if (!best.equals(runs.get(runs.size() - 1))) {
            tell("An earlier training reached more: the model is that of %s.".formatted(best));
        }
        Runs.Row row = Runs.of(best);
        Map<String, Double> validation =
                RunFacts.read(best).map(facts -> facts.outcome().metrics()).orElse(Map.of());
        Optional<Together> together = together(best, runs, held);
        page.write(folder.resolve(PAGE), asked, story, runs, row, seconds());
        return new Found(
                !stop.getAsBoolean(),
                best,
                row.metric(),
                row.best(),
                validation,
                together,
                List.copyOf(story),
                seconds());
    }

    private Optional<Together> together(Path best, List<Path> runs, Dataset held) {
        if (runs.size() < 2 || left() <= 0 || stop.getAsBoolean()) {
            return Optional.empty();
        }
        Optional<Together> together = Together.of(best, runs, held, settings.device());
        tell(together.map(found -> String.format(
                        Locale.ROOT,
                        "Together with %s it reaches %.4f, at %s the time of each answer.",
                        found.others().stream().map(Path::toString).collect(Collectors.joining(" and ")),
                        found.value(),
                        found.others().size() == 1 ? "about twice" : "several times"))
                .orElse("Answering together with the others would not help."));
        return together;
    }
}
