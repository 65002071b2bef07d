package dev.fovea.serve.studio.evaluate;

import dev.fovea.image.Image;
import dev.fovea.run.Trial;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Studio;
import dev.fovea.serve.studio.models.Pictures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Images as a model treats them: restored, compressed, reconstructed, or with their anomalies. */
record MadeRoutes(Studio studio, Studies studies) {

    private static final int MOST = 48;

    List<Route> routes() {
        return List.of(Answers.post("/api/evaluate/made", "Images as a model treats them, a job", this::made));
    }

    private Object made(Call call, ObjectNode body) {
        Study study = studies.of(StudyKey.of(body)).study();
        List<Integer> wanted = wanted(body);
        wanted.forEach(study::place);
        return studio.jobs().start("examples", study.key().run(), job -> items(job, study, wanted));
    }

    private static List<Integer> wanted(ObjectNode body) {
        JsonNode node = body.path("answers");
        if (!node.isArray() || node.size() > MOST) {
            throw Refusal.wrong("answers: expected a list of at most %s positions".formatted(MOST));
        }
        var wanted = new ArrayList<Integer>();
        node.forEach(one -> wanted.add(one.asInt(-1)));
        return wanted;
    }

    private static Object items(Job job, Study study, List<Integer> wanted) {
        Trial trial = study.model().get().trial();
        var items = new ArrayList<Map<String, Object>>();
        for (int answer : wanted) {
            job.progress(items.size(), wanted.size());
            Image image = study.data().image(study.place(answer));
            var item = new LinkedHashMap<String, Object>();
            item.put("answer", answer);
            item.put("name", study.name(answer));
            item.put("label", study.label(answer));
            item.put("width", image.width());
            item.put("height", image.height());
            item.putAll(Pictures.view(trial.example(image)));
            items.add(item);
        }
        return Map.of("items", items);
    }
}
