package dev.fovea.run.queue;

import dev.fovea.io.Records;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A training in the queue.
 *
 * @param id its number in the queue; 0 before it is in one
 * @param name of the run folder, to which a number is added
 * @param path of the data, or the name of built-in data, as whoever trains reads it; empty where a run goes on
 * @param model as recipes name it
 * @param task its word
 * @param weights to start from, or empty
 * @param recipe its text
 * @param command the same as a command line
 * @param epochs of the recipe, or to which a run goes on
 * @param priority the higher the earlier; -1, 0 or 1
 * @param state of it
 * @param run its folder as whoever trains names it, empty before there is one
 * @param error why it failed, or empty
 * @param added date and time
 */
public record QueuedRun(
        int id,
        String name,
        String path,
        String model,
        String task,
        String weights,
        String recipe,
        String command,
        int epochs,
        int priority,
        State state,
        String run,
        String error,
        String added) {

    public QueuedRun {
        Stream.of(name, path, model, task, weights, recipe, command, state, run, error, added)
                .forEach(Objects::requireNonNull);
        if (priority < -1 || priority > 1) {
            throw new IllegalArgumentException("priority: expected -1, 0 or 1, got " + priority);
        }
    }

    /** Where a training stands. */
    public enum State {
        WAITING,
        RUNNING,
        DONE,
        STOPPED,
        FAILED
    }

    /**
     * A run to be begun.
     *
     * @param path of the data, as whoever trains reads it
     * @param weights to start from, or empty
     * @param command the same as a command line
     */
    public static QueuedRun begun(
            String name, String path, Recipe recipe, String weights, String command, int priority) {
        return new QueuedRun(
                0,
                name,
                path,
                recipe.model(),
                recipe.task().word(),
                weights,
                RecipeFile.print(recipe),
                command,
                recipe.epochs(),
                priority,
                State.WAITING,
                "",
                "",
                now());
    }

    /**
     * A run that goes on.
     *
     * @param run its folder as whoever trains names it
     * @param recipe of the run
     * @param command that began it, or empty
     * @param epochs to which it goes on
     */
    public static QueuedRun resumed(String name, String run, Recipe recipe, String command, int epochs, int priority) {
        return new QueuedRun(
                0,
                name,
                "",
                recipe.model(),
                recipe.task().word(),
                "",
                "",
                command,
                epochs,
                priority,
                State.WAITING,
                run,
                "",
                now());
    }

    private static String now() {
        return LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    QueuedRun withState(State value) {
        return Records.with(this, "state", value);
    }

    QueuedRun stopped(String why) {
        return Records.with(this, Map.of("state", State.STOPPED, "error", why));
    }

    /** To be trained after all. */
    QueuedRun again() {
        return Records.with(this, Map.of("state", State.WAITING, "error", ""));
    }

    QueuedRun failed(String why) {
        return Records.with(this, Map.of("state", State.FAILED, "error", why));
    }

    QueuedRun withRun(String value) {
        return Records.with(this, "run", value);
    }

    QueuedRun withPriority(int value) {
        return Records.with(this, "priority", value);
    }

    /** Whether it goes on with a run that is there already. */
    public boolean resumes() {
        return !run.isEmpty();
    }

    /** Whether nothing is to be done any more. */
    public boolean over() {
        return List.of(State.DONE, State.STOPPED, State.FAILED).contains(state);
    }
}
