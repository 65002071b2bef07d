package dev.fovea.serve.studio.annotate;

import dev.fovea.data.Dataset;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Studio;
import dev.fovea.serve.studio.annotate.AnnotatedData.Annotated;
import dev.fovea.task.Proposals;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** What the models of the workspace see in an image. */
final class ModelProposals {

    private final Studio studio;
    private final AnnotatedData data;

    ModelProposals(Studio studio, AnnotatedData data) {
        this.studio = studio;
        this.data = data;
    }

    List<Route> routes() {
        return List.of(
                Answers.get("/api/annotations/models", "Models that propose objects", call -> models()),
                Answers.post(
                        "/api/annotations/propose", "What a model sees in an image", (call, body) -> propose(body)));
    }

    private Map<String, Object> models() {
        return Map.of(
                "models",
                WorkspaceModels.of(studio.workspace(), Proposals::possible).stream()
                        .map(run -> Map.of("run", studio.workspace().relative(run), "scored", Proposals.scored(run)))
                        .toList());
    }

    private Job propose(ObjectNode body) {
        Annotated opened = data.open(Asked.text(body, "path"));
        String part = Asked.text(body, "part");
        int index = body.path("index").asInt(-1);
        Dataset images = opened.images(part, index);
        Path run = studio.workspace().existing(Asked.text(body, "run"));
        return studio.jobs()
                .soon(
                        "proposals",
                        String.valueOf(run.getFileName()),
                        job -> Map.of(
                                "objects",
                                model(run).of(images.image(index), AnnotationRoutes.TOLERANCE).stream()
                                        .map(ModelProposals::view)
                                        .toList()));
    }

    private Proposals model(Path run) {
        if (!Proposals.possible(run)) {
            throw Refusal.wrong("%s: does not tell where something is. Choose a run of a detector or a segmenter"
                    .formatted(studio.workspace().relative(run)));
        }
        return Proposals.of(studio.loaded().of(run).predictor());
    }

    private static Map<String, Object> view(Proposals.Proposal proposal) {
        var view = new LinkedHashMap<String, Object>();
        view.put("label", proposal.label());
        proposal.score().ifPresent(score -> view.put("score", score));
        view.put("box", AnnotationRoutes.box(proposal.box()));
        view.put("polygons", proposal.polygons());
        return view;
    }
}
