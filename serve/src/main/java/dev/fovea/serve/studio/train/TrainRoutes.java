package dev.fovea.serve.studio.train;

import dev.fovea.data.Splits;
import dev.fovea.run.DataRequest;
import dev.fovea.run.PublishedModel;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Threads;
import dev.fovea.run.queue.QueuedRun;
import dev.fovea.run.queue.RunQueue;
import dev.fovea.search.TrainingChoices;
import dev.fovea.search.TrainingEstimate;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Studio;
import dev.fovea.task.TrainingPlan;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The form of a training: what can be learned, by what, with which settings, in what time; and its start. */
public final class TrainRoutes {

    /** Of a trial that measures the time, in seconds. */
    private static final double TRIAL = 4;

    private final Studio studio;
    private final RunQueue queue;
    private final StudioPlans plans;
    private final TrainingData data;

    public TrainRoutes(Studio studio, RunQueue queue) {
        this.studio = studio;
        this.queue = queue;
        plans = new StudioPlans(studio.workspace());
        data = new TrainingData(studio.workspace());
    }

    public List<Route> routes() {
        return List.of(
                Answers.post("/api/train/choices", "What can be learned from a data set, and by what", this::choices),
                Answers.post("/api/train/recipe", "The recipe of a plan, its keys and its command line", this::recipe),
                Answers.post("/api/train/estimate", "How long a plan would take, by a short trial", this::estimate),
                Answers.post("/api/train/start", "Puts a plan into the queue", this::begin));
    }

    private Object choices(Call call, ObjectNode body) {
        String path = body.path("path").asString("");
        DataRequest request = data.request(path);
        return studio.jobs().soon("look", path, job -> plans.view(TrainingChoices.of(request), data.shown(request)));
    }

    private Object recipe(Call call, ObjectNode body) {
        return plans.view(plans.of(body));
    }

    private Object estimate(Call call, ObjectNode body) {
        TrainingPlan plan = plans.of(body);
        Recipe recipe = plan.recipe();
        DataRequest request = data.request(body.path("path").asString(""));
        return studio.jobs().start("time", plan.model(), job -> estimated(job, plan, recipe, request));
    }

    private Object estimated(Job job, TrainingPlan plan, Recipe recipe, DataRequest request) {
        Splits splits = request.open(recipe);
        job.checkStopped();
        List<Path> weights = plan.weights().isEmpty()
                ? List.of()
                : List.of(PublishedModel.file(
                        plan.model(), plan.weights(), (file, done, all) -> job.progress(done, all)));
        boolean busy = queue.running().isPresent();
        TrainingEstimate estimate = TrainingEstimate.of(
                recipe,
                splits,
                RunSettings.in(Path.of("."), "trial").withWeights(weights).withData(request),
                TRIAL,
                job::stopped);
        job.checkStopped();
        var view = new LinkedHashMap<String, Object>();
        view.put("seconds", estimate.seconds());
        view.put("epochSeconds", estimate.epochSeconds());
        view.put("setupSeconds", estimate.setupSeconds());
        view.put("epochs", estimate.epochs());
        view.put("threads", Threads.used());
        view.put("busy", busy);
        return view;
    }

    private Object begin(Call call, ObjectNode body) {
        studio.workspace().checkWritable();
        TrainingPlan plan = plans.of(body);
        Recipe recipe = plan.recipe();
        DataRequest request = data.request(body.path("path").asString(""));
        String asked = body.path("name").asString("").strip();
        String name = asked.isEmpty() ? request.runName() : asked;
        RunFolder.checkName(studio.workspace().runs(), name);
        String weights = body.path("weights").asString("");
        return QueueRoutes.asked(() -> queue.add(QueuedRun.begun(
                name,
                body.path("path").asString(""),
                recipe,
                weights,
                plan.command(),
                body.path("priority").asInt(0))));
    }
}
