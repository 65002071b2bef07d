package dev.fovea.serve.studio;

import dev.fovea.run.RunIndex;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.http.Settings;
import dev.fovea.serve.http.WebServer;
import dev.fovea.serve.studio.annotate.AnnotationRoutes;
import dev.fovea.serve.studio.annotate.MapRoutes;
import dev.fovea.serve.studio.annotate.ProblemRoutes;
import dev.fovea.serve.studio.compare.CompareRoutes;
import dev.fovea.serve.studio.data.DataRoutes;
import dev.fovea.serve.studio.data.OpenData;
import dev.fovea.serve.studio.evaluate.EvaluateRoutes;
import dev.fovea.serve.studio.models.Exporter;
import dev.fovea.serve.studio.models.LoadedModels;
import dev.fovea.serve.studio.models.ModelDesk;
import dev.fovea.serve.studio.models.RunImages;
import dev.fovea.serve.studio.train.Training;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The studio of one workspace: a web server for people, on this machine unless told otherwise. */
public final class Studio implements AutoCloseable {

    private final Workspace workspace;
    private final Settings settings;
    private final Events events;
    private final Faults faults;
    private final Jobs jobs;
    private final RunWatch runs;
    private final OpenData data;
    private final RunIndex index = new RunIndex();
    private final List<AutoCloseable> more = new ArrayList<>();
    private final List<Runnable> starting = new ArrayList<>();
    private final LoadedModels loaded;
    private final RunImages images;
    private final ModelDesk models;
    private final WebServer server;

    private Studio(Workspace workspace, Settings settings, Exporter exporter, Consumer<String> log) {
        this.workspace = workspace;
        this.settings = settings;
        events = new Events();
        faults = new Faults(workspace);
        jobs = new Jobs(events, faults);
        runs = new RunWatch(workspace, events);
        data = closing(new OpenData(workspace));
        loaded = closing(new LoadedModels("auto"));
        images = new RunImages(workspace);
        models = closing(new ModelDesk(this, exporter));
        var session = new Session(settings);
        server = new WebServer(settings, session, routes(session), line -> {
            if (line.contains("\"fault\":")) {
                faults.write(line);
            }
            log.accept(line);
        });
    }

    /**
     * Opens the studio of a folder, and listens from then on.
     *
     * @param settings where a token is demanded, it is typed into the page
     * @param exporter writes models in the formats of other programs
     * @param log is given the lines of the access log, each a JSON object
     * @throws IllegalArgumentException if there is no such folder, another studio has it open, or the port is taken
     */
    public static Studio open(Path folder, Settings settings, Exporter exporter, Consumer<String> log) {
        Workspace workspace = Workspace.open(folder);
        Studio studio;
        try {
            studio = new Studio(workspace, settings, exporter, log);
        } catch (RuntimeException e) {
            workspace.close();
            throw e;
        }
        try {
            studio.start();
            return studio;
        } catch (RuntimeException e) {
            studio.close();
            throw e;
        }
    }

    /** The same without export. */
    public static Studio open(Path folder, Settings settings, Consumer<String> log) {
        return open(folder, settings, Exporter.NONE, log);
    }

    private void start() {
        server.start();
        workspace.sayAddress(address().toString());
        runs.start();
        starting.forEach(Runnable::run);
    }

    /** All addresses: those of the frame, then those of the views, a line for each group. */
    private List<Route> routes(Session session) {
        var routes = new ArrayList<Route>();
        var pages = new Pages(session);
        routes.addAll(pages.routes());
        routes.addAll(new Assets(pages::none).routes());
        routes.addAll(events.routes());
        routes.addAll(jobs.routes());
        routes.addAll(new HomeRoutes(this).routes());
        // data: sets, images, uploads, corrections
        routes.addAll(new DataRoutes(this).routes());

        // data: boxes, masks, problems, map
        routes.addAll(new AnnotationRoutes(this).routes());
        routes.addAll(new ProblemRoutes(this).routes());
        routes.addAll(new MapRoutes(this).routes());

        // training: form, queue, live run
        var training = new Training(this);
        routes.addAll(training.routes());

        // runs: table, comparison
        routes.addAll(new CompareRoutes(this).routes());

        // evaluation of classifiers, detectors and segmenters
        routes.addAll(new EvaluateRoutes(this, training::busy).routes());

        // evaluation of networks that make images, trying, export
        routes.addAll(models.routes());

        return routes;
    }

    public Workspace workspace() {
        return workspace;
    }

    public Settings settings() {
        return settings;
    }

    public Events events() {
        return events;
    }

    public Jobs jobs() {
        return jobs;
    }

    /** The run folders, as they change. */
    public RunWatch runs() {
        return runs;
    }

    /** Rows of runs, each read again only when its files have changed. */
    public RunIndex index() {
        return index;
    }

    /** The data sets that are open. */
    public OpenData data() {
        return data;
    }

    /** The models that are in memory, for all views. */
    public LoadedModels loaded() {
        return loaded;
    }

    /** The images that models are looked at with. */
    public RunImages images() {
        return images;
    }

    /** Runs {@code work} once the studio listens. */
    public void onStart(Runnable work) {
        starting.add(work);
    }

    /** Closes {@code one} together with the studio; returns it. */
    public <T extends AutoCloseable> T closing(T one) {
        more.add(one);
        return one;
    }

    /** The address of the page. */
    public URI address() {
        return server.address();
    }

    @Override
    public void close() {
        events.close();
        runs.close();
        server.close();
        jobs.close();
        for (AutoCloseable one : more) {
            try {
                one.close();
            } catch (Exception e) {
                // The others are closed all the same.
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
            }
        }
        workspace.close();
    }
}
