package dev.fovea.serve.studio.train;

import dev.fovea.run.queue.RunQueue;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Studio;
import dev.fovea.serve.studio.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Trainings of a studio: its queue, and all addresses of it. */
public final class Training {

    private final Studio studio;
    private final StudioTraining trainer;
    private final RunQueue queue;

    public Training(Studio studio) {
        this.studio = studio;
        trainer = new StudioTraining(studio.workspace());
        queue = studio.closing(new RunQueue(
                studio.workspace().root().resolve(Workspace.OWN).resolve("queue.json"),
                trainer,
                () -> studio.events().send("queue", Map.of())));
        if (studio.workspace().writable()) {
            studio.onStart(queue::start);
        }
    }

    /** Whether a run is being trained. */
    public boolean busy() {
        return queue.running().isPresent();
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        routes.addAll(new TrainRoutes(studio, queue).routes());
        routes.addAll(new QueueRoutes(studio, queue, trainer).routes());
        routes.addAll(new LiveRunRoutes(studio, queue).routes());
        return routes;
    }
}
