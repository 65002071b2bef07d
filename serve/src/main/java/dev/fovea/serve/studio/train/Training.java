package dev.fovea.serve.studio.train;

import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Storage;
import dev.fovea.serve.studio.Studio;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Trainings of a studio: its queue, and all addresses of it. */
public final class Training {

    private static final String FILE = "queue.json";

    private final Studio studio;
    private final RunQueue queue;

    public Training(Studio studio) {
        this.studio = studio;
        queue = studio.closing(new RunQueue(
                this::file,
                studio.workspace().root().resolve(".fovea").resolve(FILE),
                new StudioTraining(studio.workspace()),
                () -> studio.events().send("queue", Map.of())));
        if (studio.workspace().writable()) {
            studio.onStart(queue::start);
        }
    }

    private Path file() {
        try {
            return studio.workspace().own().resolve(FILE);
        } catch (IOException e) {
            throw Storage.refusal(e);
        }
    }

    /** Whether a run is being trained. */
    public boolean busy() {
        return queue.running().isPresent();
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        routes.addAll(new TrainRoutes(studio, queue).routes());
        routes.addAll(new QueueRoutes(studio, queue).routes());
        routes.addAll(new LiveRunRoutes(studio, queue).routes());
        return routes;
    }
}
