package dev.fovea.serve.studio.models;

import dev.fovea.data.Dataset;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Studio;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** All that is done with models of a workspace once they are trained: trying, looking, export and serving. */
public final class ModelDesk implements AutoCloseable {

    private final Studio studio;
    private final ModelThreads threads = new ModelThreads();
    private final ServedModelList served;
    private final Exporter exporter;

    public ModelDesk(Studio studio, Exporter exporter) {
        this.studio = studio;
        this.exporter = exporter;
        served = new ServedModelList(studio);
    }

    /** Its addresses. */
    public List<Route> routes() {
        var routes = new ArrayList<Route>(new TryRoutes(this).routes());
        routes.addAll(new GenerateRoutes(this).routes());
        routes.addAll(new NearestRoutes(this).routes());
        routes.addAll(new LatentRoutes(this).routes());
        routes.addAll(new ExportRoutes(this, exporter).routes());
        routes.addAll(new ServeRoutes(this, served).routes());
        return routes;
    }

    Studio studio() {
        return studio;
    }

    /**
     * The model under a path of the workspace.
     *
     * @throws dev.fovea.serve.http.Refusal if there is nothing, or it lies outside
     */
    LoadedModel load(String path) {
        return studio.loaded().of(studio.workspace().existing(path));
    }

    List<Map<String, Object>> listed() {
        return new WorkspaceModels(studio.workspace()).all();
    }

    /** The run or model that a request is about. */
    Path run(Said said) {
        return studio.workspace().existing(said.required("run"));
    }

    LoadedModel load(Path path) {
        return studio.loaded().of(path);
    }

    /** Those that runs were trained on. */
    RunImages images() {
        return studio.images();
    }

    /** An image's name as the page shows it: its path from the workspace on. */
    String name(Dataset images, int index) {
        String name = images.name(index);
        String root = studio.workspace().root() + File.separator;
        return name.startsWith(root) ? name.substring(root.length()) : name;
    }

    /** Sends in events what comes of the object in a request, while somebody looks on. */
    void stream(Call call, Streamed work) {
        call.object().whenComplete((body, failure) -> {
            if (failure != null) {
                call.fail(failure);
            } else {
                threads.stream(call, sink -> work.run(sink, body));
            }
        });
    }

    /** What is done with an object of JSON. */
    interface Streamed {
        void run(ModelThreads.Sink sink, ObjectNode body);
    }

    @Override
    public void close() {
        threads.close();
        served.close();
    }
}
