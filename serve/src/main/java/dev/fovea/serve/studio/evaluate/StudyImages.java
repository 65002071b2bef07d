package dev.fovea.serve.studio.evaluate;

import dev.fovea.data.Dataset;
import dev.fovea.data.Mask;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.run.MaskLayer;
import dev.fovea.run.OutputExplanation;
import dev.fovea.run.Predictor;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Jobs;
import dev.fovea.serve.studio.Reply;
import dev.fovea.serve.studio.data.Thumbnails;
import dev.fovea.serve.studio.models.LoadedModel;
import java.awt.image.BufferedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import tools.jackson.databind.node.ObjectNode;

/** The images of what is looked at: as they are, with the classes of their pixels, and with what an answer depends on. */
final class StudyImages {

    private static final int USUAL = 320;
    private static final int LARGEST = 2048;

    /** Drawn explanations that are kept. */
    private static final int MOST = 64;

    private final Studies studies;
    private final BiFunction<String, Jobs.Work, Job> start;
    private final Map<String, byte[]> drawn = new LinkedHashMap<>();

    StudyImages(Studies studies, BiFunction<String, Jobs.Work, Job> start) {
        this.studies = studies;
        this.start = start;
    }

    List<Route> routes() {
        return List.of(
                StudyKey.on(Answers.get("/api/image/evaluated", "An image that a model was asked about", this::image)
                                .giving("image/jpeg", "image/png"))
                        .with("answer", "its position among the answers")
                        .with("size", "of its longer side at most, pixels"),
                StudyKey.on(Answers.get("/api/image/evaluated-mask", "The classes of its pixels", this::mask)
                                .giving("image/png"))
                        .with("answer", "its position among the answers")
                        .with("which", "truth, told, or wrong for where the two differ"),
                Answers.post("/api/explain", "Which part of an image an answer depends on", this::explain),
                Answers.get("/api/image/explained", "A drawn explanation", this::explained)
                        .giving("image/png")
                        .with("id", "as the job gave it"));
    }

    private Object image(Call call) {
        Study study = studies.of(StudyKey.of(call)).study();
        int place = study.place(EvaluateRoutes.number(call, "answer"));
        int size = call.query("size")
                .map(text -> EvaluateRoutes.number("size", text))
                .orElse(USUAL);
        if (size < 1 || size > LARGEST) {
            throw Refusal.wrong("size: expected 1 to %s pixels, got %s".formatted(LARGEST, size));
        }
        Dataset data = study.data();
        String tag = "%s%x-%x-%s-%s"
                .formatted(study.watched().stamp(), study.key().hashCode(), data.bytes(place), place, size);
        if (Reply.knows(call, tag)) {
            return Reply.unchanged(tag);
        }
        Image small = data.encoded(place)
                .map(bytes -> Image.thumbnail(bytes, data.name(place), size))
                .orElseGet(() -> data.image(place).within(size));
        Thumbnails.Coded coded = Thumbnails.coded(small);
        return Reply.cached(call, tag, coded.type(), coded.bytes());
    }

    private Object mask(Call call) {
        Study study = studies.of(StudyKey.of(call)).study();
        int answer = EvaluateRoutes.number(call, "answer");
        int place = study.place(answer);
        String which = call.query("which").orElse("told");
        String tag = "%s%x-%s-%s".formatted(study.watched().stamp(), study.key().hashCode(), place, which);
        if (Reply.knows(call, tag)) {
            return Reply.unchanged(tag);
        }
        var layer = new MaskLayer(study.answers().classes());
        BufferedImage image = switch (which) {
            case "truth" -> layer.of(truth(study, place));
            case "told" -> layer.of(told(study, place));
            case "wrong" -> layer.wrong(truth(study, place), told(study, place));
            default -> throw Refusal.wrong("which: expected truth, told or wrong, got '%s'".formatted(which));
        };
        return Reply.cached(call, tag, "image/png", Image.png(image));
    }

    private static Mask truth(Study study, int place) {
        if (study.data().target(place) instanceof Target.PixelLabels labels) {
            return labels.classes();
        }
        throw Refusal.notFound("nothing is known of the pixels of this image");
    }

    private static Mask told(Study study, int place) {
        Predictor predictor = study.model().get().predictor();
        Predictor.Answer answer = predictor.predict(study.data().image(place));
        return MaskLayer.mask(
                predictor.mask(answer).orElseThrow(() -> Refusal.notFound("this model says nothing about pixels")));
    }

    private Object explain(Call call, ObjectNode body) {
        Study study = studies.of(StudyKey.of(body)).study();
        int place = study.place(body.path("answer").asInt(-1));
        String method = body.path("method").asString("");
        String label = body.path("class").asString("");
        return start.apply(shortName(study.data().name(place)), job -> {
            LoadedModel model = study.model().get();
            Image image = study.data().image(place);
            OutputExplanation explanation = model.predictor().explanation(image, method, label, job::progress);
            var values = new LinkedHashMap<String, Object>();
            values.put("id", keep(Image.png(explanation.overlay())));
            values.put("method", explanation.method());
            values.put("class", explanation.name());
            values.put("value", explanation.value());
            values.put("part", model.part(image));
            return values;
        });
    }

    private static String shortName(String name) {
        return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    }

    private String keep(byte[] png) {
        String id = UUID.randomUUID().toString();
        synchronized (drawn) {
            drawn.put(id, png);
            while (drawn.size() > MOST) {
                drawn.remove(drawn.keySet().iterator().next());
            }
        }
        return id;
    }

    private Object explained(Call call) {
        byte[] png;
        synchronized (drawn) {
            png = drawn.get(call.query("id").orElse(""));
        }
        if (png == null) {
            throw Refusal.notFound("this explanation is no longer kept. Explain the image again");
        }
        return Reply.bytes("image/png", png).with("Cache-Control", "private, max-age=3600");
    }
}
