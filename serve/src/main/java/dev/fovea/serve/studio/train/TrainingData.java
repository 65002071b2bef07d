package dev.fovea.serve.studio.train;

import dev.fovea.data.AnnotationCorrections;
import dev.fovea.run.DataRequest;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.RunPlaces;
import dev.fovea.serve.studio.Workspace;
import dev.fovea.serve.studio.data.Opened;
import java.nio.file.Files;
import java.nio.file.Path;

/** The data of trainings by the paths that the page names it by. */
final class TrainingData {

    private final Workspace workspace;
    private final RunPlaces places;

    TrainingData(Workspace workspace) {
        this.workspace = workspace;
        places = new RunPlaces(workspace);
    }

    /**
     * What a training is asked for, wherever the studio was started, with the corrections that are kept beside the data: of
     * its objects, and of whole images.
     *
     * @param path in the workspace, {@code .} for all of it, or where nothing lies there the name of built-in data
     * @throws Refusal if it is none
     */
    DataRequest request(String path) {
        if (path.isBlank()) {
            throw Refusal.wrong("choose the images to learn from first");
        }
        String spec = places.data(path);
        Path asked = path.equals(".") ? workspace.root() : workspace.root().resolve(spec);
        Path place = AnnotationCorrections.named(asked) && Files.exists(asked)
                ? AnnotationCorrections.corrected(asked)
                : asked;
        Path objects = AnnotationCorrections.file(place);
        boolean corrected = objects.startsWith(workspace.root()) && Files.exists(objects);
        DataRequest request = DataRequest.of(corrected ? places.data(objects.toString()) : spec);
        Path list = Opened.listOf(workspace.root(), place);
        return Files.exists(list) ? request.withCorrections(list) : request;
    }

    /** The same as the page and command lines call it, from the workspace on. */
    DataRequest shown(DataRequest request) {
        return request.moved(places::shown);
    }

    /**
     * The data of a run where it lies now.
     *
     * @throws Refusal if that is outside the workspace
     */
    DataRequest of(DataRequest recorded) {
        return places.of(recorded);
    }
}
