package dev.fovea.serve.studio.train;

import dev.fovea.data.Dataset;
import dev.fovea.io.Escaped;
import dev.fovea.io.RegularFile;
import dev.fovea.run.CurrentMistakes;
import dev.fovea.run.RunControl;
import dev.fovea.run.RunFacts;
import dev.fovea.run.RunLog;
import dev.fovea.run.RunProgress;
import dev.fovea.run.Runs;
import dev.fovea.run.StepCurve;
import dev.fovea.run.queue.QueuedRun;
import dev.fovea.run.queue.RunQueue;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Reply;
import dev.fovea.serve.studio.Studio;
import dev.fovea.serve.studio.compare.RunRows;
import dev.fovea.serve.studio.data.Thumbnails;
import dev.fovea.train.RunFolder;
import dev.fovea.train.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A run as it goes, whoever started it. */
public final class LiveRunRoutes {

    private static final Pattern SAMPLES = Pattern.compile("(epoch-\\d+\\.png|epochs\\.gif)");

    /** Lines of the log that are shown. */
    private static final int LINES = 300;

    /** Of a picture of samples. */
    private static final long MOST_BYTES = 1 << 28;

    private final Studio studio;
    private final RunQueue queue;
    private final RunRows rows;

    public LiveRunRoutes(Studio studio, RunQueue queue) {
        this.studio = studio;
        this.queue = queue;
        rows = new RunRows(studio);
    }

    public List<Route> routes() {
        return List.of(
                Answers.get("/api/run/live", "One run: where it stands, its curves, its log", this::live)
                        .with("run", "its path in the workspace")
                        .with("after", "of the curve within epochs, only the points behind this mark"),
                Answers.get("/api/image/mistake", "An image that a run was validated on", this::mistake)
                        .giving("image/jpeg", "image/png")
                        .with("run", "its path in the workspace")
                        .with("index", "of the image in the validation part")
                        .with("size", "of the longer side, in pixels"),
                Answers.get("/api/image/samples", "What a run generated after an epoch", this::samples)
                        .giving("image/png", "image/gif")
                        .with("run", "its path in the workspace")
                        .with("file", "name of the file"));
    }

    private Object live(Call call) throws IOException {
        Path run = run(call);
        boolean held = RunLock.isHeld(new RunFolder(run));
        Map<String, Object> view = rows.view(studio.index().of(run));
        view.put("held", held);
        view.put("asked", held ? RunControl.asked(run) : "");
        Optional<QueuedRun> own = queue.running().filter(one -> one.run().equals(view.get("run")));
        view.put("studio", own.isPresent());
        view.put("starts", own.filter(one -> queue.starts(one.id())).isPresent());
        view.put(
                "queued",
                queue.entries().stream()
                        .filter(one -> one.state() == QueuedRun.State.WAITING
                                && one.run().equals(view.get("run")))
                        .findFirst()
                        .map(QueuedRun::id)
                        .orElse(0));
        RunProgress.read(run).ifPresent(at -> view.put("progress", at));
        facts(run, view);
        view.put("history", Runs.epochs(run));
        view.put("curve", StepCurve.behind(run, call.query("after").orElse("")));
        CurrentMistakes.read(run).ifPresent(now -> view.put("mistakes", now));
        view.put("samples", samples(run));
        RunLog log = RunLog.read(run);
        view.put("log", log.last(LINES));
        view.put("remarks", log.remarks().last(LINES));
        view.put("report", Files.isRegularFile(new RunFolder(run).report()));
        view.put("saved", Files.isRegularFile(new RunFolder(run).model().resolve("config.json")));
        return view;
    }

    private static void facts(Path run, Map<String, Object> view) {
        try {
            RunFacts.read(run).ifPresent(facts -> {
                view.put("command", facts.asked().command());
                view.put("metrics", facts.outcome().metrics());
                view.put("bestEpoch", facts.outcome().bestEpoch());
                view.put("validationImages", facts.seen().validation().images());
                view.put("trainImages", facts.seen().train().images());
            });
        } catch (IllegalArgumentException e) {
            // the row of the run says what is wrong
        }
    }

    private Path run(Call call) {
        Path run = studio.workspace().existing(call.query("run").orElse(""));
        if (!Runs.isRun(run)) {
            throw Refusal.notFound("%s: is no run folder (it has no recipe.yaml)"
                    .formatted(Escaped.of(studio.workspace().relative(run))));
        }
        return run;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Refusal.wrong("expected a number, got '%s'".formatted(Escaped.of(text)));
        }
    }

    private static List<String> samples(Path run) throws IOException {
        Path folder = run.resolve("samples");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> SAMPLES.matcher(name).matches())
                    .sorted()
                    .toList();
        }
    }

    private Object samples(Call call) throws IOException {
        Path run = run(call);
        String name = call.query("file").orElse("");
        Path file = run.resolve("samples").resolve(name.isEmpty() ? "-" : name);
        if (!SAMPLES.matcher(name).matches() || !Files.isRegularFile(file)) {
            throw Refusal.notFound("%s: there are no such samples".formatted(Escaped.of(name)));
        }
        String tag = Long.toHexString(Files.getLastModifiedTime(file).toMillis());
        if (Reply.knows(call, tag)) {
            return Reply.unchanged(tag);
        }
        return Reply.cached(
                call, tag, name.endsWith(".gif") ? "image/gif" : "image/png", RegularFile.read(file, MOST_BYTES));
    }

    private Object mistake(Call call) {
        Path run = run(call);
        int index = (int) Math.max(
                -1, Math.min(Integer.MAX_VALUE, number(call.query("index").orElse(""))));
        int size = (int) Math.max(
                16, Math.min(1024, call.query("size").map(LiveRunRoutes::number).orElse(160L)));
        String tag = "%s%s-%s-%s"
                .formatted(
                        studio.images().stamp(run),
                        studio.workspace().relative(run).hashCode(),
                        index,
                        size);
        if (Reply.knows(call, tag)) {
            return Reply.unchanged(tag);
        }
        Dataset validation = studio.images().of(run, "").data().validation();
        if (index < 0 || index >= validation.size()) {
            throw Refusal.notFound(
                    "the run was validated on %s images, there is no image %s".formatted(validation.size(), index));
        }
        Thumbnails.Coded coded = Thumbnails.coded(validation.image(index).within(size));
        return Reply.cached(call, tag, coded.type(), coded.bytes());
    }
}
