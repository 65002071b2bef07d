package dev.fovea.serve.studio.annotate;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.image.Size;
import dev.fovea.run.Examined;
import dev.fovea.run.Finding;
import dev.fovea.run.ImagePlaces.Place;
import dev.fovea.run.SavedNet;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Studio;
import dev.fovea.serve.studio.data.KeptProblems.Checked;
import dev.fovea.serve.studio.data.Opened;
import dev.fovea.task.Audit;
import dev.fovea.task.ImageMap;
import dev.fovea.task.OutOfFold;
import dev.fovea.task.detect.BoxProblems;
import dev.fovea.task.detect.Detector;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Problems of data sets: looked for by jobs, shown kind by kind with the images that they are about. */
public final class ProblemRoutes {

    /** Of a kind that are shown at once. */
    private static final int MOST_SHOWN = 60;

    private static final int FOLDS = 5;

    private final Studio studio;

    public ProblemRoutes(Studio studio) {
        this.studio = studio;
    }

    public List<Route> routes() {
        return List.of(
                Asked.path(Answers.get(
                                "/api/data/problems", "What was found about the images of a data set", this::show))
                        .with("kind", "only findings of it, as many as there are")
                        .with("offset", "of the first finding of that kind, from 0"),
                Answers.post("/api/data/problems", "Looks for problems of a data set", (call, body) -> look(body)));
    }

    private Job look(ObjectNode body) {
        String path = Asked.text(body, "path");
        String check = Asked.text(body, "check");
        String run = body.path("run").asString("");
        if (!List.of("images", "labels", "train", "boxes").contains(check)) {
            throw Refusal.wrong("check: expected images, labels, train or boxes");
        }
        boolean needsRun = check.equals("labels") || check.equals("boxes");
        Optional<Path> model = needsRun
                ? Optional.of(studio.workspace().existing(run.isEmpty() ? "choose a run" : run))
                : Optional.empty();
        return studio.jobs().start("problems", path, job -> {
            Opened data = studio.data().open(path);
            Checked found = switch (check) {
                case "images" -> images(data, job);
                case "boxes" -> boxes(data, model.orElseThrow(), run, job);
                default -> labels(data, check, model, run, job);
            };
            studio.data().problems().put(data, found);
            studio.events().send("data", Map.of("path", path, "problems", true));
            return Map.of("findings", found.findings().size());
        });
    }

    private static boolean labelled(Splits data) {
        return List.of(data.train(), data.validation(), data.test()).stream()
                .filter(part -> part.size() > 0)
                .allMatch(part -> !part.clips() && part.target(0) instanceof Target.Label);
    }

    private static Examined examined(Opened data, Job job) {
        return labelled(data.splits())
                ? Examined.of(data.splits(), job::progress)
                : Examined.ofImages(data.splits(), job::progress);
    }

    private static Checked images(Opened data, Job job) {
        return new Checked("images", "", examined(data, job).findings(), List.of());
    }

    private Checked boxes(Opened data, Path model, String run, Job job) {
        if (!(studio.loaded().of(model).predictor() instanceof Detector detector)) {
            throw Refusal.wrong("%s: finds no objects. Choose a run of a detector".formatted(run));
        }
        return new Checked("boxes", run, BoxProblems.of(detector, data.splits(), job::progress), List.of());
    }

    private Checked labels(Opened data, String check, Optional<Path> model, String run, Job job) {
        if (!labelled(data.splits())) {
            throw new DataException(
                    data.path()
                            + ": its images have no single class each, so no label can be checked. Look at the images, or check boxes by a detector");
        }
        Examined images = examined(data, job);
        OutOfFold predictor = model.isPresent()
                ? OutOfFold.neighbours(network(model.get(), run), run, job::progress)
                : OutOfFold.training(epochs(OutOfFold.usual(images.data())), "auto", job::stopped, job::progress);
        Audit audit = Audit.of(
                images, data.splits().notes(), new Audit.Settings(predictor, FOLDS, 0, 0), said -> job.checkStopped());
        return new Checked(check, run, audit.findings(), audit.remarks());
    }

    private SavedNet network(Path model, String run) {
        if (!ImageMap.possible(model)) {
            throw Refusal.wrong("%s: has no features of images. Choose a run of a classifier".formatted(run));
        }
        return studio.loaded().of(model).saved().net();
    }

    /** A person waits: enough to tell classes apart. */
    private static Recipe epochs(Recipe recipe) {
        return recipe.withEpochs(Math.min(recipe.epochs(), 8));
    }

    private Object show(Call call) {
        String path = Asked.path(call);
        Opened data = studio.data().open(path);
        Optional<Checked> kept = studio.data().problems().of(data);
        var view = new LinkedHashMap<String, Object>();
        view.put("version", data.version());
        view.put("targets", data.targets());
        view.put("classes", data.splits().train().classes());
        view.put("checked", kept.isPresent());
        if (kept.isEmpty()) {
            return view;
        }
        Checked found = kept.get();
        view.put("check", found.check());
        view.put("by", found.by());
        view.put("remarks", found.remarks());
        String wanted = call.query("kind").orElse("");
        int offset = call.query("offset")
                .filter(text -> text.matches("\\d{1,9}"))
                .map(Integer::parseInt)
                .orElse(0);
        var kinds = new ArrayList<Map<String, Object>>();
        for (Finding.Kind kind : Finding.Kind.values()) {
            List<Finding> own =
                    found.findings().stream().filter(one -> one.kind() == kind).toList();
            if (!own.isEmpty() && (wanted.isEmpty() || kind.word().equals(wanted))) {
                kinds.add(view(data, kind, own, offset));
            }
        }
        view.put("kinds", kinds);
        return view;
    }

    private Map<String, Object> view(Opened data, Finding.Kind kind, List<Finding> own, int offset) {
        var view = new LinkedHashMap<String, Object>();
        view.put("kind", kind.word());
        view.put("title", kind.title());
        view.put("meaning", kind.meaning());
        view.put("count", own.size());
        view.put(
                "findings",
                own.stream()
                        .skip(offset)
                        .limit(MOST_SHOWN)
                        .map(one -> view(data, one))
                        .toList());
        return view;
    }

    private Map<String, Object> view(Opened data, Finding one) {
        Path folder = studio.workspace().root();
        var view = new LinkedHashMap<String, Object>();
        view.put("part", one.part());
        view.put("name", last(one.path()));
        view.put("score", one.score());
        view.put("given", one.given());
        view.put("proposed", one.proposed());
        Optional<Place> place = data.places().find(one.part(), one.path(), folder);
        place.ifPresent(at -> {
            view.put("index", at.index());
            view.put("version", data.version());
            Finding mark = data.marks().get(at);
            if (mark != null) {
                view.put("mark", mark.action().word());
                view.put("to", mark.proposed());
            }
        });
        other(data, one, folder, view);
        return view;
    }

    /** What is said beside a finding: another image, a box, or what is wrong with the file. */
    private static void other(Opened data, Finding one, Path folder, Map<String, Object> view) {
        if (one.other().isEmpty()) {
            return;
        }
        if (one.other().matches("(-?[\\d.]+,){3}-?[\\d.]+")) {
            view.put(
                    "box",
                    List.of(one.other().split(",")).stream()
                            .map(Double::valueOf)
                            .toList());
            data.places().find(one.part(), one.path(), folder).ifPresent(at -> {
                Size size = AnnotationRoutes.size(data.splits().part(at.part()), at.index());
                view.put("width", size.width());
                view.put("height", size.height());
            });
            return;
        }
        for (String part : List.of(one.part(), "train", "validation", "test")) {
            Optional<Place> place = data.places().find(part, one.other(), folder);
            if (place.isPresent()) {
                Dataset images = data.splits().part(part);
                Target target = images.target(place.get().index());
                view.put(
                        "other",
                        Map.of(
                                "part",
                                part,
                                "index",
                                place.get().index(),
                                "name",
                                last(one.other()),
                                "label",
                                target instanceof Target.Label label
                                        ? images.classes().get(label.index())
                                        : ""));
                return;
            }
        }
        view.put("text", one.other().replace(folder + "/", ""));
    }

    private static String last(String name) {
        return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    }
}
