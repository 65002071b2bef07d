package dev.fovea.serve.studio.evaluate;

import dev.fovea.io.Escaped;
import dev.fovea.run.MaskLayer;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TaskType;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Studio;
import dev.fovea.task.Tasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.ObjectNode;

/** What a model answered about every image of a data set: figures by threshold, images behind a cell, slices. */
public final class EvaluateRoutes {

    private static final String FIGURE = "the name of a number of each image; without it the usual one";
    private static final int PAGE = 60;
    private static final int LARGEST_PAGE = 500;
    private static final List<String> NUMBERS = List.of("truth", "told", "label", "slice", "bar");

    private final Studio studio;
    private final Studies studies;
    private final StudyImages images;
    private final FittingData fitting;

    /** @param busy whether a run is being trained beside, which is not to be slowed down */
    public EvaluateRoutes(Studio studio, BooleanSupplier busy) {
        this.studio = studio;
        studies = new Studies(studio, busy);
        fitting = new FittingData(studio);
        images = new StudyImages(studies, (image, work) -> studio.jobs().soon("explain", image, work));
    }

    /** All of them. */
    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        routes.add(Answers.get("/api/evaluate/kind", "How a model is looked at", this::kind)
                .with("run", "a run or a model in the workspace"));
        routes.add(Answers.get(
                        "/api/evaluate/data",
                        "The data sets of the workspace, and why a model cannot be asked about some of them",
                        call -> Map.of("sets", fitting.of(model(call))))
                .with("run", "a run or a model in the workspace"));
        routes.add(Answers.post("/api/evaluate", "Asks a model about every image of a data set", this::evaluate));
        routes.add(
                StudyKey.on(Answers.get("/api/evaluate/at", "Figures of answers of at least some confidence", this::at))
                        .with("threshold", "0 to 1; without it that of the model"));
        routes.add(StudyKey.on(Answers.get("/api/evaluate/curve", "Precision and recall of a class", this::curve))
                .with("label", "the number of the class from 0, -1 for all together"));
        routes.add(StudyKey.on(Answers.get(
                        "/api/evaluate/slices", "How good the answers are by what images have in common", this::slices))
                .with("figure", FIGURE)
                .with("threshold", "0 to 1; without it that of the model"));
        routes.add(StudyKey.on(Answers.get(
                        "/api/evaluate/spread", "How often each number was measured, in bars", this::spread))
                .with("figure", FIGURE));
        Route items = StudyKey.on(
                        Answers.get("/api/evaluate/images", "Images and what was answered about them", this::items))
                .with("of", "worst, all, cell, error, bar or slice")
                .with("figure", FIGURE)
                .with("kind", "of error")
                .with("threshold", "0 to 1; without it that of the model")
                .with("from", "the first of them, from 0")
                .with("count", "at most so many");
        for (String number : NUMBERS) {
            items = items.with(number, "number of a class, a bar, a slice, or 1 for yes");
        }
        routes.add(items);
        routes.add(StudyKey.on(Answers.get("/api/evaluate/item", "What was answered about one image", this::item))
                .with("answer", "its position among the answers")
                .with("threshold", "0 to 1; without it that of the model"));
        routes.addAll(images.routes());
        routes.addAll(new MadeRoutes(studio, studies).routes());
        routes.addAll(new PairRoutes(studies).routes());
        return routes;
    }

    private Path model(Call call) {
        return studio.workspace().existing(call.query("run").orElse(""));
    }

    private Object kind(Call call) {
        Path model = model(call);
        TaskType<?> type = Tasks.ALL.type(model);
        var values = new LinkedHashMap<String, Object>();
        values.put("kind", type.kind());
        values.put("task", type.word());
        values.put("data", studio.images().shown(model));
        values.put("address", studio.images().address(model, ""));
        values.put("classes", SavedNet.config(model).classes());
        return values;
    }

    private Object evaluate(Call call, ObjectNode body) {
        StudyKey key = StudyKey.of(body);
        studio.workspace().existing(key.run());
        if (body.path("again").asBoolean(false)) {
            studies.forget(key);
        }
        var known = studies.known(key);
        return known.isPresent()
                ? summary(known.get())
                : studio.jobs().answer(key, "evaluate", key.run(), job -> summary(studies.ask(key, job)));
    }

    private static Map<String, Object> summary(View view) {
        Map<String, Object> summary = view.summary();
        summary.put("colours", new MaskLayer(view.study().answers().classes()).colours());
        return summary;
    }

    private Object at(Call call) {
        View view = view(call);
        return view.at(threshold(call, view));
    }

    private Object curve(Call call) {
        View view = studies.of(StudyKey.of(call));
        int label = number(call, "label");
        if (label < view.firstCurve()
                || label >= view.study().answers().classes().size()) {
            throw Refusal.notFound("there is no class number " + label);
        }
        return View.drawn(view.curve(label));
    }

    private Object slices(Call call) {
        View view = view(call);
        return view.slices(threshold(call, view));
    }

    private Object spread(Call call) {
        if (view(call) instanceof FigureView view) {
            return view.spread();
        }
        throw Refusal.wrong("spread: the answers of this model are not numbers");
    }

    private View view(Call call) {
        return studies.of(StudyKey.of(call)).by(call.query("figure").orElse(""));
    }

    private Object items(Call call) {
        View view = view(call);
        var numbers = new HashMap<String, Integer>();
        for (String name : NUMBERS) {
            call.query(name).ifPresent(text -> numbers.put(name, number(name, text)));
        }
        OptionalDouble threshold = threshold(call, view);
        List<Integer> all = view.pick(new View.Pick(
                call.query("of").orElse("worst"), numbers, call.query("kind").orElse(""), threshold));
        int from = call.query("from").map(text -> number("from", text)).orElse(0);
        int count = call.query("count").map(text -> number("count", text)).orElse(PAGE);
        if (from < 0 || count < 1 || count > LARGEST_PAGE) {
            throw Refusal.wrong("from and count: expected at least 0, and 1 to %s".formatted(LARGEST_PAGE));
        }
        Mending mending = mending(view);
        return Map.of(
                "count",
                all.size(),
                "images",
                all.stream()
                        .skip(from)
                        .limit(count)
                        .map(one -> mended(view, one, threshold, mending))
                        .toList());
    }

    private Mending mending(View view) {
        return Mending.of(studio.data(), view.study().address());
    }

    private static Map<String, Object> mended(View view, int answer, OptionalDouble threshold, Mending mending) {
        Map<String, Object> item = view.item(answer, threshold);
        item.put("place", mending.of(view.study().part(), String.valueOf(item.get("name"))));
        return item;
    }

    private Object item(Call call) {
        View view = studies.of(StudyKey.of(call));
        int answer = number(call, "answer");
        if (answer < 0 || answer >= view.study().answers().images().size()) {
            throw Refusal.notFound("there is no answer number " + answer);
        }
        return mended(view, answer, threshold(call, view), mending(view));
    }

    static int number(Call call, String name) {
        return number(name, call.query(name).orElse(""));
    }

    static int number(String name, String text) {
        if (!text.matches("-?\\d{1,9}")) {
            throw Refusal.wrong("%s: expected a whole number, got '%s'".formatted(name, Escaped.of(text)));
        }
        return Integer.parseInt(text);
    }

    private static OptionalDouble threshold(Call call, View view) {
        String text = call.query("threshold").orElse("");
        if (text.isEmpty()) {
            return OptionalDouble.empty();
        }
        double value = text.matches("[0-9.eE-]{1,25}") ? parsed(text) : Double.NaN;
        if (!Double.isFinite(value)) {
            throw Refusal.wrong("threshold: expected a number, got '%s'".formatted(Escaped.of(text)));
        }
        view.checkThreshold(value);
        return OptionalDouble.of(value);
    }

    private static double parsed(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
