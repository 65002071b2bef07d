package dev.fovea.serve.studio.compare;

import dev.fovea.image.Image;
import dev.fovea.run.ItemComparison;
import dev.fovea.run.ItemScorer;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Reply;
import dev.fovea.serve.studio.Studio;
import dev.fovea.serve.studio.data.Thumbnails;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** The same validation images under the models of several runs. */
final class ItemRoutes {

    /** Images that are asked about; of more, some spread over all. */
    private static final int MOST_ITEMS = 2000;

    private static final int MOST_MODELS = 4;
    private static final int SMALLEST = 16;
    private static final int LARGEST = 1024;

    /** Comparisons that are kept, with their data. */
    private static final int KEPT = 2;

    private final Studio studio;
    private final Function<List<String>, List<Path>> runs;
    private final Map<Integer, ItemComparison> kept = new LinkedHashMap<>(8, 0.75f, true);

    /** @param runs the folders of those that are named, which are checked */
    ItemRoutes(Studio studio, Function<List<String>, List<Path>> runs) {
        this.studio = studio;
        this.runs = runs;
    }

    List<Route> routes() {
        return List.of(
                Answers.post("/api/compare/items", "Asks the models of runs about the same images, a job", this::items),
                Answers.get("/api/image/compared", "An image that was asked about", this::image)
                        .giving("image/jpeg", "image/png")
                        .with("comparison", "the number that the job gave")
                        .with("item", "from 0")
                        .with("model", "from 0: what that model answered, drawn; without it the image itself")
                        .with("size", "of the longer side, in pixels"));
    }

    private Object items(Call call, ObjectNode body) {
        List<Path> named = runs.apply(RunRoutes.texts(body, "runs"));
        if (named.size() > MOST_MODELS) {
            throw Refusal.wrong("runs: expected at most %s to be compared image by image, got %s"
                    .formatted(MOST_MODELS, named.size()));
        }
        return studio.jobs().start("items", String.valueOf(named.size()), job -> asked(job, named));
    }

    private Object asked(Job job, List<Path> named) {
        ItemComparison compared;
        try {
            compared = ItemComparison.of(
                    named,
                    run -> studio.loaded().of(run).saved(),
                    run -> studio.images().of(run, ""),
                    MOST_ITEMS,
                    job::progress);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(shortened(e.getMessage()), e);
        }
        keep(job.id(), compared);
        var view = new LinkedHashMap<String, Object>();
        view.put("comparison", job.id());
        view.put("metric", compared.metric());
        view.put("lessIsBetter", compared.lessIsBetter());
        view.put("decides", compared.decides());
        view.put("drawn", compared.drawn());
        view.put("chance", compared.chance().orElse(Double.NaN));
        view.put("remarks", compared.remarks());
        view.put("items", compared.items().stream().map(this::view).toList());
        return view;
    }

    private Map<String, Object> view(ItemComparison.Item item) {
        var view = new LinkedHashMap<String, Object>();
        view.put("name", shortened(item.name()));
        view.put("target", item.target());
        view.put("scores", item.scores().stream().map(ItemRoutes::view).toList());
        return view;
    }

    private static Map<String, Object> view(ItemScorer.Score score) {
        var view = new LinkedHashMap<String, Object>();
        view.put("answer", score.answer());
        view.put("confidence", score.confidence());
        view.put("value", score.value());
        view.put("right", score.right());
        return view;
    }

    /** From the workspace on. */
    private String shortened(String name) {
        return name.replace(studio.workspace().root() + "/", "");
    }

    private void keep(int number, ItemComparison compared) {
        synchronized (kept) {
            kept.put(number, compared);
            if (kept.size() > KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
    }

    private Object image(Call call) {
        int number = number(call, "comparison");
        ItemComparison compared;
        synchronized (kept) {
            compared = kept.get(number);
        }
        if (compared == null) {
            throw Refusal.notFound("this comparison is no longer kept. Compare the runs again");
        }
        int item = within(number(call, "item"), compared.items().size(), "item");
        int size = Math.max(SMALLEST, Math.min(LARGEST, call.query("size").isPresent() ? number(call, "size") : 160));
        Optional<Integer> model = call.query("model")
                .map(text -> within(
                        number(call, "model"), compared.items().get(0).scores().size(), "model"));
        String tag = "%s-%s-%s-%s".formatted(System.identityHashCode(compared), item, model.orElse(-1), size);
        if (Reply.knows(call, tag)) {
            return Reply.unchanged(tag);
        }
        Image shown =
                model.flatMap(own -> compared.shown(own, item)).map(Image::of).orElseGet(() -> compared.image(item));
        Thumbnails.Coded coded = Thumbnails.coded(shown.within(size));
        return Reply.cached(call, tag, coded.type(), coded.bytes());
    }

    private static int number(Call call, String name) {
        try {
            return Integer.parseInt(call.query(name).orElse(""));
        } catch (NumberFormatException e) {
            throw Refusal.wrong("%s: expected a number".formatted(name));
        }
    }

    private static int within(int value, int count, String name) {
        if (value < 0 || value >= count) {
            throw Refusal.notFound("%s: expected 0 to %s, got %s".formatted(name, count - 1, value));
        }
        return value;
    }
}
