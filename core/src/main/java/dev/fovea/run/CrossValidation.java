package dev.fovea.run;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Folds;
import dev.fovea.data.Splits;
import dev.fovea.io.AtomicFile;
import dev.fovea.io.Escaped;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * k-fold cross-validation: as many runs as folds, each trained on all folds but one and evaluated on that one, so that every
 * image counts once in the figures. The test part of the data is not touched.
 */
public final class CrossValidation {

    /** The table of the folds. */
    public static final String FILE = "folds.csv";

    private static final String NAME = "fold";

    /**
     * A metric over the folds.
     *
     * @param deviation standard deviation from fold to fold
     */
    public record Spread(double mean, double deviation) {

        static Spread of(double[] values) {
            double mean = Arrays.stream(values).average().orElse(Double.NaN);
            double squares = Arrays.stream(values)
                    .map(value -> (value - mean) * (value - mean))
                    .sum();
            return new Spread(mean, Math.sqrt(squares / Math.max(1, values.length - 1)));
        }
    }

    /**
     * What came out.
     *
     * @param folder with a run for each fold and the table of all
     * @param count of folds
     * @param folds the runs that were finished
     * @param metrics over the folds, of the fold that was held out each time
     */
    public record Result(Path folder, int count, List<Fold> folds, Map<String, Spread> metrics) {

        /** Whether all folds were trained; else {@link #resume} goes on. */
        public boolean whole() {
            return folds.size() == count;
        }
    }

    /**
     * A fold that was trained.
     *
     * @param folder of its run
     * @param validation metrics of the images that were held out
     */
    public record Fold(Path folder, Map<String, Double> validation) {}

    /**
     * One of several folds.
     *
     * @param number from 1
     */
    record Part(int number, int count) {

        /** @throws IllegalArgumentException if {@code text} is not such as {@code 2/5} */
        static Part of(String text) {
            if (text.matches("[1-9]\\d{0,5}/[1-9]\\d{0,5}")) {
                String[] numbers = text.split("/");
                var part = new Part(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
                if (part.number <= part.count) {
                    return part;
                }
            }
            throw new IllegalArgumentException(
                    "fold: expected one of several, such as 2/5, got '%s'".formatted(Escaped.line(text)));
        }
    }

    private CrossValidation() {}

    /**
     * Trains and evaluates all folds. The weights of the last epoch are evaluated: the best epoch, chosen on the images that it
     * is evaluated on, would look better than it is.
     *
     * @param data whose training and validation part together are dealt out in folds, classes in equal shares
     * @param count of folds, at least 2
     * @param settings of all runs; {@code out} and {@code name} are those of the folder around them
     * @throws DataException if a class has so few images that a fold would leave none to train on, or images that are for
     *     training only would be dealt out, too
     */
    public static Result run(TaskTypes types, Recipe recipe, Splits data, int count, RunSettings settings) {
        Recipe.Selection selection = recipe.selection();
        Recipe last = recipe.withSelection(new Recipe.Selection(0, 0, Recipe.Keep.LAST, selection.sampling()));
        if (count < 2) {
            throw new IllegalArgumentException("folds: expected 2 or more, got " + count);
        }
        checkHeldOut(settings.data(), data);
        part(data, "1/" + count, last); // says what is wrong before there is a folder
        Path folder = RunFolder.numbered(settings.out(), settings.name() + "-folds");
        return trained(types, folder, last, data, count, settings);
    }

    /** What changes the training images must not change those that are evaluated on. */
    private static void checkHeldOut(DataRequest request, Splits data) {
        if (!request.extra().isEmpty()) {
            throw new DataException(
                    "folds: extra images are for training, and folds would be evaluated on them. Leave one of the two out");
        }
        if (data.validation().size() > 0 && (request.perClass() > 0 || request.imbalance() > 1)) {
            throw new DataException(
                    "folds: are made of the training and the validation images, and only the training images are made fewer. Name the training part alone, as in DATA:train");
        }
    }

    /** Whether {@code folder} holds the runs of folds. */
    public static boolean isAt(Path folder) {
        return Runs.isRun(first(folder));
    }

    /** The run of the first fold, which has the recipe of all, and remembers their data. */
    public static Path first(Path folder) {
        return folder.resolve(NAME + "-1");
    }

    /**
     * Goes on with the fold that was stopped, if one was, and with those that were not begun.
     *
     * @param data all of it, as for {@link #run}
     * @param settings whose folders, weights and data are those of the first start
     */
    public static Result resume(TaskTypes types, Path folder, Splits data, RunSettings settings) {
        RunFacts.Asked asked = RunFacts.read(first(folder))
                .map(RunFacts::asked)
                .filter(facts -> !facts.data().fold().isEmpty())
                .orElseThrow(() -> new IllegalArgumentException(
                        folder + ": its runs are not those of folds. Name one of them to go on with it"));
        Recipe recipe = types.recipes().read(new RunFolder(first(folder)).recipe(), List.of());
        RunSettings same = settings.withData(asked.data())
                .withIgnoreHead(asked.ignoreHead())
                .withWeights(asked.weights().stream().map(Path::of).toList());
        return trained(types, folder, recipe, data, Part.of(asked.data().fold()).count(), same);
    }

    private static Result trained(
            TaskTypes types, Path folder, Recipe recipe, Splits data, int count, RunSettings settings) {
        var done = new ArrayList<Fold>();
        for (int number = 1; number <= count && done.size() == number - 1; number++) {
            DataRequest request = settings.data().withFold(number, count);
            Optional<Path> run = begun(folder, request.fold());
            Splits part = part(data, request.fold(), recipe);
            RunSettings own = settings.withOut(folder).withName(NAME).withData(request);
            String name = "fold %s of %s".formatted(number, count);
            settings.listeners().forEach(listener -> listener.onRemark(name));
            fold(types, run, recipe, part, own).ifPresent(fold -> {
                done.add(fold);
                settings.listeners().forEach(listener -> listener.onRemark("%s: %s".formatted(name, fold.folder())));
            });
            AtomicFile.write(folder.resolve(FILE), table(done));
        }
        return new Result(folder, count, done, metrics(done));
    }

    /** The run of a fold, by what it remembers: a process that was killed may have left a folder without a run. */
    private static Optional<Path> begun(Path folder, String fold) {
        return Runs.in(folder).stream()
                .map(Runs.Row::run)
                .filter(run -> RunFacts.read(run)
                        .filter(facts -> facts.asked().data().fold().equals(fold))
                        .isPresent())
                .findFirst();
    }

    /**
     * The fold whose run is trained to its end; none if it was stopped.
     *
     * @param begun its run, if there is one, which may have come to its end before
     */
    private static Optional<Fold> fold(
            TaskTypes types, Optional<Path> begun, Recipe recipe, Splits part, RunSettings settings) {
        Optional<Path> ended = begun.filter(run -> Runs.of(run).ended());
        if (ended.isPresent()) {
            return RunFacts.read(ended.get())
                    .map(facts -> new Fold(ended.get(), facts.outcome().metrics()));
        }
        TrainingRun.Result result = begun.isPresent()
                ? types.resume(begun.get(), part, settings.withWeights(List.of()))
                : types.train(recipe, part, settings);
        return result.end() == Listener.End.STOPPED
                ? Optional.empty()
                : Optional.of(new Fold(result.folder(), result.validation()));
    }

    /**
     * {@code data} with one fold to validate on.
     *
     * @param fold {@code 2/5} for the second of five
     */
    static Splits part(Splits data, String fold, Recipe recipe) {
        Part part = Part.of(fold);
        Dataset all = data.validation().size() == 0
                ? data.train()
                : data.train().and(Classes.matched(data).validation());
        if (recipe.task().labelled()) {
            checkClasses(all);
        }
        Folds folds = Folds.of(all, part.count(), recipe.seed());
        return new Splits(
                all.subset(folds.others(part.number() - 1)),
                all.subset(folds.held(part.number() - 1)),
                Dataset.empty(all.classes()),
                part.number() == 1 ? data.notes() : List.of(),
                data.files());
    }

    /** Each must be left with an image to train on. */
    private static void checkClasses(Dataset all) {
        int[] counts = all.counts();
        List<String> single = new ArrayList<>();
        for (int k = 0; k < counts.length; k++) {
            if (counts[k] == 1) {
                single.add(all.classes().get(k));
            }
        }
        if (!single.isEmpty()) {
            throw new DataException(
                    "folds: classes with a single image, %s, would be missing in the training of a fold. Add images of them, or leave them out"
                            .formatted(Classes.shortened(single)));
        }
    }

    private static Map<String, Spread> metrics(List<Fold> folds) {
        var metrics = new LinkedHashMap<String, Spread>();
        if (folds.isEmpty()) {
            return metrics;
        }
        for (String name : folds.get(0).validation().keySet()) {
            double[] values = folds.stream()
                    .mapToDouble(fold -> fold.validation().getOrDefault(name, Double.NaN))
                    .filter(Double::isFinite) // a fold may have no image of a class
                    .toArray();
            if (values.length > 0) {
                metrics.put(name, Spread.of(values));
            }
        }
        return metrics;
    }

    private static String table(List<Fold> folds) {
        List<String> names = folds.isEmpty()
                ? List.of()
                : List.copyOf(folds.get(0).validation().keySet());
        var text = new StringBuilder("fold");
        names.forEach(name -> text.append(',').append(name));
        text.append('\n');
        for (Fold fold : folds) {
            text.append(fold.folder().getFileName())
                    .append(names.stream()
                            .map(name -> String.format(
                                    Locale.ROOT, ",%.6f", fold.validation().getOrDefault(name, Double.NaN)))
                            .collect(Collectors.joining()))
                    .append('\n');
        }
        return text.toString();
    }
}
