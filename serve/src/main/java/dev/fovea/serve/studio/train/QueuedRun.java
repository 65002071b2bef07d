package dev.fovea.serve.studio.train;

import dev.fovea.io.Records;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A training in the queue.
 *
 * @param id in this workspace
 * @param name of the run folder, to which a number is added
 * @param path of the data in the workspace, or the name of built-in data; empty where a run goes on
 * @param model as recipes name it
 * @param task its word
 * @param weights to start from, or empty
 * @param recipe its text
 * @param command the same as a command line
 * @param epochs of the recipe, or to which a run goes on
 * @param priority the higher the earlier; -1, 0 or 1
 * @param state of it
 * @param run the folder in the workspace, empty before there is one
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
    }

    /** Where a training stands. */
    public enum State {
        WAITING,
        RUNNING,
        DONE,
        STOPPED,
        FAILED
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
    boolean resumes() {
        return !run.isEmpty();
    }

    boolean over() {
        return List.of(State.DONE, State.STOPPED, State.FAILED).contains(state);
    }
}
