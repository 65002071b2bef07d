package dev.fovea.serve.studio.train;

import dev.fovea.run.RunControl;
import dev.fovea.run.RunFacts;
import dev.fovea.run.RunProgress;
import dev.fovea.run.Runs;
import dev.fovea.run.queue.QueuedRun;
import dev.fovea.run.queue.RunQueue;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.RunFolders;
import dev.fovea.serve.studio.Studio;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import dev.fovea.train.RunLock;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** The queue, and what can be asked of a run that is under way: to wait, to go on, to stop, to be resumed. */
final class QueueRoutes {

    private final Studio studio;
    private final RunQueue queue;
    private final StudioTraining trainer;

    QueueRoutes(Studio studio, RunQueue queue, StudioTraining trainer) {
        this.studio = studio;
        this.queue = queue;
        this.trainer = trainer;
    }

    List<Route> routes() {
        return List.of(
                Answers.get("/api/queue", "The trainings that are under way, wait or are over", call -> view()),
                Answers.delete("/api/queue", "Removes a training from the queue", this::remove)
                        .with("id", "its number"),
                Answers.post("/api/queue/move", "Puts a training earlier or later", this::move),
                Answers.post("/api/queue/again", "Has a training that was stopped or failed wait again", this::again),
                Answers.post("/api/queue/priority", "Gives a training another priority", this::prioritize),
                Answers.post("/api/queue/stop", "Stops the training under way, also before it has a run", this::end),
                Answers.post("/api/run/pause", "Has a run wait", this::pause),
                Answers.post("/api/run/continue", "Has a run that waits go on", this::goOn),
                Answers.post("/api/run/stop", "Stops a run so that it can be resumed", this::stop),
                Answers.post("/api/run/resume", "Puts a run that was stopped into the queue", this::resume));
    }

    private Object view() {
        List<QueuedRun> entries = queue.entries();
        var view = new LinkedHashMap<String, Object>();
        view.put("entries", entries.stream().map(this::view).toList());
        view.put("others", others(entries));
        view.put("problems", queue.problems());
        return view;
    }

    private Map<String, Object> view(QueuedRun entry) {
        var view = new LinkedHashMap<String, Object>();
        view.put("id", entry.id());
        view.put("name", entry.name());
        view.put("path", entry.path());
        view.put("model", entry.model());
        view.put("task", entry.task());
        view.put("epochs", entry.epochs());
        view.put("priority", entry.priority());
        view.put("state", entry.state().name().toLowerCase(java.util.Locale.ROOT));
        view.put("run", entry.run());
        view.put("error", entry.error());
        view.put("added", entry.added());
        view.put("resumes", entry.state() == QueuedRun.State.WAITING && entry.resumes());
        boolean starts = queue.starts(entry.id());
        view.put("starts", starts);
        if (entry.state() == QueuedRun.State.RUNNING && entry.resumes() && !starts) {
            RunProgress.read(studio.workspace().resolve(entry.run())).ifPresent(at -> view.put("progress", at));
        } else if (entry.state() == QueuedRun.State.RUNNING) {
            trainer.download().ifPresent(coming -> view.put("download", coming));
        }
        return view;
    }

    /** Runs of the command line that are under way. */
    private List<Map<String, Object>> others(List<QueuedRun> entries) {
        return new RunFolders(studio.workspace())
                .all().stream()
                        .filter(run -> RunLock.isHeld(new RunFolder(run)))
                        .map(studio.workspace()::relative)
                        .filter(run -> entries.stream()
                                .noneMatch(one -> one.state() == QueuedRun.State.RUNNING
                                        && one.run().equals(run)))
                        .map(this::other)
                        .toList();
    }

    private Map<String, Object> other(String run) {
        Path folder = studio.workspace().resolve(run);
        var view = new LinkedHashMap<String, Object>();
        view.put("run", run);
        view.put("name", String.valueOf(folder.getFileName()));
        view.put("model", Runs.of(folder).model());
        RunProgress.read(folder).ifPresent(at -> view.put("progress", at));
        return view;
    }

    /** What the queue answers, or why it refuses. */
    static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (NoSuchElementException e) {
            throw Refusal.notFound(e.getMessage());
        } catch (IllegalStateException e) {
            throw Refusal.of(409, "queue", e.getMessage());
        }
    }

    /** What it looks like after a change. */
    private Object changed(Runnable change) {
        studio.workspace().checkWritable();
        asked(() -> {
            change.run();
            return null;
        });
        return view();
    }

    private Object remove(Call call) {
        int id = number(call.query("id").orElse(""));
        return changed(() -> queue.remove(id));
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw Refusal.wrong("id: expected the number of a training in the queue, got '%s'"
                    .formatted(dev.fovea.io.Escaped.of(text)));
        }
    }

    private Object move(Call call, ObjectNode body) {
        return changed(
                () -> queue.move(body.path("id").asInt(0), body.path("by").asInt(0)));
    }

    private Object again(Call call, ObjectNode body) {
        return changed(() -> queue.again(body.path("id").asInt(0)));
    }

    private Object prioritize(Call call, ObjectNode body) {
        return changed(() ->
                queue.prioritize(body.path("id").asInt(0), body.path("priority").asInt(0)));
    }

    private Object end(Call call, ObjectNode body) {
        return changed(() -> queue.stop(body.path("id").asInt(0)));
    }

    private Path run(ObjectNode body) {
        studio.workspace().checkWritable();
        return studio.workspace().existing(body.path("run").asString(""));
    }

    private Object pause(Call call, ObjectNode body) {
        RunControl.pause(run(body));
        return null;
    }

    private Object goOn(Call call, ObjectNode body) {
        RunControl.goOn(run(body));
        return null;
    }

    private Object stop(Call call, ObjectNode body) {
        Path run = run(body);
        checkStops(run);
        Optional<QueuedRun> own = queue.running()
                .filter(one -> one.run().equals(studio.workspace().relative(run)));
        return asked(() -> {
            own.ifPresentOrElse(one -> queue.stop(one.id()), () -> RunControl.stop(run));
            return null;
        });
    }

    /** A run looks whether it is to stop between its steps: before the first and after the last it does not. */
    private void checkStops(Path run) {
        Recipe recipe = Tasks.ALL.recipes().read(new RunFolder(run).recipe(), List.of());
        boolean reports = RunProgress.read(run)
                .filter(at -> at.state() == RunProgress.State.REPORTING)
                .isPresent();
        if (RunLock.isHeld(new RunFolder(run))
                && (reports || !Tasks.ALL.of(recipe).steps())) {
            throw Refusal.of(
                    409,
                    "no-steps",
                    "%s: %s, which is not interrupted. It ends by itself"
                            .formatted(
                                    studio.workspace().relative(run),
                                    reports ? "writes its report" : "is trained in one pass over its images"));
        }
    }

    private Object resume(Call call, ObjectNode body) {
        Path run = run(body);
        if (RunLock.isHeld(new RunFolder(run))) {
            throw Refusal.of(409, "running", studio.workspace().relative(run) + ": is being trained already");
        }
        Recipe recipe = Tasks.ALL.recipes().read(new RunFolder(run).recipe(), List.of());
        int epochs = Math.max(recipe.epochs(), body.path("epochs").asInt(0));
        boolean over = Runs.of(run).ended();
        if (over && epochs == recipe.epochs()) {
            throw Refusal.wrong("%s: has done all its %s epochs. Ask for more to go on"
                    .formatted(studio.workspace().relative(run), recipe.epochs()));
        }
        String command =
                RunFacts.read(run).map(facts -> facts.asked().command()).orElse("");
        return asked(() -> queue.add(QueuedRun.resumed(
                String.valueOf(run.getFileName()),
                studio.workspace().relative(run),
                recipe,
                command,
                epochs,
                body.path("priority").asInt(0))));
    }
}
