package dev.fovea.serve.studio.models;

import dev.fovea.run.SavedNet;
import dev.fovea.run.TemporaryFolder;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Jobs;
import dev.fovea.serve.studio.Reply;
import dev.fovea.serve.studio.RunPlaces;
import dev.fovea.task.generate.Generator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Models written for other programs, into a folder of the workspace, and carried off from there. */
final class ExportRoutes {

    private static final String FOLDER = "exports";
    private static final String PACKAGE = "package";

    /** Where a file is until it is complete; exports are written one after the other. */
    private static final String WRITING = ".writing";

    private final ModelDesk desk;
    private final Exporter exporter;

    /** Files that were written, with their models. */
    private final Map<Path, Path> written = new HashMap<>();

    ExportRoutes(ModelDesk desk, Exporter exporter) {
        this.desk = desk;
        this.exporter = exporter;
    }

    List<Route> routes() {
        return List.of(
                Answers.get("/api/export", "How a model can be carried off", this::ways)
                        .with("run", "a run, a package or a file"),
                Answers.post("/api/export", "Writes a model in another format, a job", this::export),
                Answers.get("/api/download/export", "A file that was written", this::file)
                        .giving("application/octet-stream")
                        .with("path", "as the job said it"));
    }

    private Object ways(Call call) {
        String path = call.query("run").orElse("");
        Path model = desk.studio().workspace().existing(path);
        var config = SavedNet.config(model);
        var formats = new ArrayList<String>();
        if (Files.isDirectory(model)) {
            formats.addAll(exporter.formats());
            formats.add(PACKAGE);
        }
        var view = new LinkedHashMap<String, Object>();
        view.put("run", path);
        view.put("name", model.getFileName().toString());
        view.put("task", config.task().type());
        view.put("architecture", config.architecture().text());
        view.put("formats", formats);
        view.put("width", config.preprocess().width());
        view.put("height", config.preprocess().height());
        view.put("channels", config.preprocess().channels());
        view.put("folder", SavedNet.folder(model).toString());
        view.put("command", "fovea serve " + quoted(model.toString()));
        view.put(
                "java",
                Programs.java(
                        Generator.generates(config), SavedNet.folder(model).toString()));
        view.put("dependencies", Programs.dependencies(desk.studio().settings().version()));
        return view;
    }

    /** As a shell takes it as one word. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private Object export(Call call, ObjectNode body) throws IOException {
        var said = new Said(body);
        Path model = desk.run(said);
        desk.studio().workspace().checkWritable();
        String format = said.required("format");
        if (!format.equals(PACKAGE) && !exporter.formats().contains(format)) {
            throw Refusal.wrong("format: expected one of %s or %s, got '%s'"
                    .formatted(String.join(", ", exporter.formats()), PACKAGE, dev.fovea.io.Escaped.of(format)));
        }
        var wish = new Exporter.Wish(
                model,
                format,
                said.yes("preprocessing"),
                said.yes("postprocessing"),
                said.yes("half"),
                said.text("calibration")
                        .filter(data -> !data.isEmpty())
                        .map(new RunPlaces(desk.studio().workspace())::data),
                said.text("layout").orElse(""),
                said.whole("opset", 0, 0, 100));
        Path folder = desk.studio().workspace().resolve(FOLDER);
        Jobs jobs = desk.studio().jobs();
        String name = String.valueOf(model.getFileName());
        return wish.calibration().isPresent() // asks the model about many images
                ? jobs.start("export", name, job -> written(job, wish, folder))
                : jobs.soon("export", name, job -> written(job, wish, folder));
    }

    private Object written(Job job, Exporter.Wish wish, Path folder) throws IOException {
        job.progress(0, 0);
        Files.createDirectories(folder);
        String name = wish.model().getFileName().toString();
        String end = wish.format().equals(PACKAGE) ? "zip" : wish.format();
        String kind = wish.calibration().isPresent() ? "-int8" : wish.half() ? "-half" : "";
        Path file = free(folder, wish.model(), name + kind, end);
        var view = new LinkedHashMap<String, Object>();
        try (var writing = TemporaryFolder.in(folder.resolve(WRITING))) {
            Path part = writing.path().resolve(file.getFileName());
            if (wish.format().equals(PACKAGE)) {
                PackageZip.write(wish.model(), name, part, job::progress);
            } else {
                view.putAll(exporter.write(wish, part, job::progress));
            }
            job.checkStopped();
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (RuntimeException | IOException e) {
            forget(file);
            throw e;
        }
        view.remove("output"); // where it was written first
        view.put("format", wish.format());
        view.put("path", desk.studio().workspace().relative(file));
        view.put("file", file.toString());
        view.put("bytes", Files.size(file));
        return view;
    }

    /** A file that is not there yet, or that this model was written to before: no other file is overwritten. */
    private synchronized Path free(Path folder, Path model, String name, String end) {
        for (int n = 1; ; n++) {
            Path file = folder.resolve(n == 1 ? name + "." + end : "%s-%s.%s".formatted(name, n, end));
            if (!Files.exists(file) || model.equals(written.get(file))) {
                written.put(file, model);
                return file;
            }
        }
    }

    /** What was not written has no name. */
    private synchronized void forget(Path file) {
        if (!Files.exists(file)) {
            written.remove(file);
        }
    }

    private Object file(Call call) {
        Path file = desk.studio().workspace().existing(call.query("path").orElse(""));
        Path folder = desk.studio().workspace().resolve(FOLDER);
        if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
            throw Refusal.notFound("what was exported lies in the folder %s. Export the model again".formatted(FOLDER));
        }
        return Reply.download(
                file, "application/octet-stream", file.getFileName().toString());
    }
}
