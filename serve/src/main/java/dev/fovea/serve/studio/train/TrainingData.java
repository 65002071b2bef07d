package dev.fovea.serve.studio.train;

import dev.fovea.data.AnnotationCorrections;
import dev.fovea.run.Corrections;
import dev.fovea.run.DataRequest;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.Workspace;
import dev.fovea.serve.studio.evaluate.RunPlaces;
import java.nio.file.Files;
import java.nio.file.Path;

/** The data of trainings by the paths that the page names it by. */
final class TrainingData {

    private final Workspace workspace;

    TrainingData(Workspace workspace) {
        this.workspace = workspace;
    }

    /**
     * What a training is asked for, wherever the studio was started, with the corrections that are kept beside the data: of
     * its objects, and of whole images.
     *
     * @param path in the workspace, or where nothing lies there the name of built-in data
     * @throws Refusal if it is none
     */
    DataRequest request(String path) {
        if (path.isBlank()) {
            throw Refusal.wrong("choose the images to learn from first");
        }
        Path asked = workspace.resolve(path);
        Path place = AnnotationCorrections.named(asked) && Files.exists(asked)
                ? AnnotationCorrections.corrected(asked)
                : asked;
        Path objects = AnnotationCorrections.file(place);
        DataRequest request = DataRequest.of(
                Files.exists(objects) ? objects.toString() : Files.exists(place) ? place.toString() : path);
        Path corrections = Corrections.listOf(place);
        return Files.exists(corrections) ? request.withCorrections(corrections) : request;
    }

    /**
     * The data of a run where it lies now.
     *
     * @throws Refusal if that is outside the workspace
     */
    DataRequest of(DataRequest recorded) {
        return recorded.moved(new RunPlaces(workspace)::of);
    }
}
