package dev.fovea.search;

import dev.fovea.data.Splits;
import dev.fovea.run.DataRequest;
import dev.fovea.run.PublishedModel;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Runs;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What the steps of an {@link AutoTraining} share: what was asked for, the clock, the story, and how trainings are set up. */
final class AutoContext {

    private final AutoTraining.Asked asked;
    private final Path folder;
    private final Consumer<String> say;
    private final BooleanSupplier stop;
    private final long began = System.nanoTime();
    private final List<String> story = new ArrayList<>();

    private DataRequest request;
    private RunSettings settings;

    AutoContext(
            AutoTraining.Asked asked, RunSettings settings, Path folder, Consumer<String> say, BooleanSupplier stop) {
        this.asked = asked;
        request = asked.data();
        this.settings = settings.withData(request);
        this.folder = folder;
        this.say = say;
        this.stop = stop;
    }

    AutoTraining.Asked asked() {
        return asked;
    }

    /** The data, as it is used now. */
    DataRequest request() {
        return request;
    }

    /** From now on only so many images of each class. */
    void use(int perClass) {
        request = request.withPerClass(perClass);
        settings = settings.withData(request);
    }

    Splits open(Recipe recipe) {
        return request.open(recipe);
    }

    Path folder() {
        return folder;
    }

    RunSettings settings() {
        return settings;
    }

    /** Of a training of {@code candidate}, in a folder of that name. */
    RunSettings settings(Candidate candidate, String part) {
        RunSettings own = settings.withOut(folder.resolve(part)).withName(candidate.name());
        return candidate.weights().isEmpty()
                ? own
                : own.withWeights(List.of(PublishedModel.file(
                        candidate.recipe().model(), candidate.weights().get(), (file, done, total) -> {})));
    }

    Recipe seeded(Recipe recipe) {
        return recipe.withSeed(asked.seed());
    }

    /** Adds to the story, and says it. */
    void tell(String sentence) {
        story.add(sentence);
        say.accept(sentence);
    }

    List<String> story() {
        return List.copyOf(story);
    }

    Consumer<String> say() {
        return say;
    }

    BooleanSupplier stop() {
        return stop;
    }

    boolean stopped() {
        return stop.getAsBoolean();
    }

    /** Seconds in all. */
    double limit() {
        return asked.time().toMillis() / 1e3;
    }

    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    double left() {
        return limit() - seconds();
    }

    /** Seconds that trainings have, without the evaluation and the report behind the last one. */
    double trainingTime() {
        return left() - Measured.finishing(limit());
    }

    static Duration time(double seconds) {
        return Duration.ofMillis(Math.max(1, (long) (1e3 * seconds)));
    }

    /** The more the better; minus infinity of a run without a finished epoch. */
    static double score(Runs.Row row) {
        double score = Runs.lessIsBetter(row.metric()) ? -row.best() : row.best();
        return Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score;
    }

    static String figure(Runs.Row row) {
        return Double.isNaN(row.best())
                ? "no epoch's end"
                : String.format(Locale.ROOT, "validation %s %.4f", row.metric(), row.best());
    }
}
