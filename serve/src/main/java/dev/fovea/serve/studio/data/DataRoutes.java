package dev.fovea.serve.studio.data;

import dev.fovea.run.ImagePlaces.Place;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Reply;
import dev.fovea.serve.studio.Studio;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Data sets to look at: those there are, what is in one, and its images. */
public final class DataRoutes {

    private static final int MOST_ITEMS = 2000;
    private static final int SIDE = 160;
    private static final int CELL = 96;

    /** How long a browser keeps a row whose address says which state of the data it shows. */
    private static final int KEPT_SECONDS = 600;

    /** After which a page is told that the data is being opened, and asks again. */
    private static final int SOON_MILLIS = 700;

    private final Studio studio;
    private final OpenData data;
    private final Measured measured;
    private final Items items;
    private final Thumbnails thumbnails = new Thumbnails();

    public DataRoutes(Studio studio) {
        this.studio = studio;
        data = studio.data();
        measured = new Measured(studio.workspace());
        items = new Items(measured);
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>(List.of(
                asked(Route.get("/api/data/summary", "What is in a data set", this::summary)),
                asked(opened("/api/data/items", "Images of a data set, a page of them", this::page))
                        .with("part", "train, validation or test; all where it is left out")
                        .with("class", "only images of it")
                        .with("query", "in the name")
                        .with("changed", "true: only those with corrections")
                        .with("problems", "true: only those about which something was found")
                        .with("measured", "only those within bounds of what is measured, as brightness:20:80")
                        .with("range", "only those within bounds of a column of a list, as temperature:20:")
                        .with("word", "only those with a word in a column of a list, as place:garden")
                        .with("runs", "true: where all of them are too, as [part, from, to], and how many are excluded")
                        .with("offset", "of the first, from 0")
                        .with("limit", "at most 2000, 200 where it is left out"),
                asked(opened("/api/image", "An image of a data set, scaled down", this::image))
                        .with("part", "train where it is left out")
                        .with("index", "in the part, from 0")
                        .with("percent", "instead: how far into the part, 0 to 99")
                        .with("size", "pixels of the longer side, 160 where it is left out")
                        .with("v", "anything: a browser takes another address for another image")
                        .giving("image/jpeg", "image/png")));
        routes.add(asked(opened("/api/image/strip", "A row of images of a data set in one", this::strip))
                .with("of", "which images, such as train:0-11,test:3")
                .with("cell", "pixels of a side of the square for each, 96 where it is left out")
                .with("ground", "colour behind them, such as ffffff")
                .with("v", "anything: a browser takes another address for another image")
                .giving("image/jpeg"));
        routes.addAll(new FolderRoutes(studio).routes());
        routes.addAll(new ColumnRoutes(studio, data, measured).routes());
        routes.addAll(new CorrectionRoutes(studio, data).routes());
        routes.addAll(new UploadRoutes(studio).routes());
        return routes;
    }

    static Route asked(Route route) {
        return route.with("path", "of the data set, from the workspace on, or its name");
    }

    /** @throws Refusal if it is not given */
    static String path(Call call) {
        return call.query("path")
                .filter(path -> !path.isEmpty())
                .orElseThrow(() -> Refusal.wrong("path: expected the path of a data set, such as path=flowers"));
    }

    private interface Shown {
        Object of(Call call, Opened opened);
    }

    /** Of data that is opened first where need be, which takes none of the threads that answer. */
    private Route opened(String template, String summary, Shown shown) {
        return Route.get(
                template,
                summary,
                call -> Answers.respond(
                        call,
                        data.opening(path(call)).thenCompose(opened -> call.submit(() -> shown.of(call, opened)))));
    }

    private void summary(Call call) {
        CompletableFuture<Object> soon = data.opening(path(call))
                .<Object>thenCompose(one -> call.submit(() -> DataSummary.of(one, studio.workspace())))
                .completeOnTimeout(Map.of("opening", true), SOON_MILLIS, TimeUnit.MILLISECONDS);
        Answers.respond(call, soon);
    }

    private Object page(Call call, Opened opened) {
        List<Place> found = items.all(opened, search(call));
        int offset = number(call, "offset", 0, Integer.MAX_VALUE);
        int limit = number(call, "limit", 200, MOST_ITEMS);
        var view = new LinkedHashMap<String, Object>();
        view.put("total", found.size());
        if (call.query("runs").filter("true"::equals).isPresent()) {
            view.put("runs", Items.runs(found));
            view.put("excluded", Items.excluded(opened, found));
        }
        view.put("offset", offset);
        view.put(
                "items",
                found.stream()
                        .skip(offset)
                        .limit(limit)
                        .map(place -> Items.view(opened, place))
                        .toList());
        return view;
    }

    static Items.Search search(Call call) {
        return new Items.Search(
                call.query("part").orElse(""),
                call.query("class").orElse(""),
                call.query("query").orElse(""),
                call.query("changed").filter("true"::equals).isPresent(),
                call.query("problems").filter("true"::equals).isPresent(),
                Conditions.of(call));
    }

    private Object image(Call call, Opened opened) {
        String part = call.query("part")
                .orElseGet(() -> opened.parts().keySet().stream().findFirst().orElse("train"));
        int size = opened.splits().part(part).size();
        int index = call.query("percent").isPresent()
                ? (int) ((long) size * number(call, "percent", 0, 99) / 100)
                : number(call, "index", 0, Integer.MAX_VALUE);
        int side = number(call, "size", SIDE, Integer.MAX_VALUE);
        String tag = Thumbnails.tag(opened, part, index, side);
        if (Reply.knows(call, tag)) {
            return Reply.unchanged(tag);
        }
        Thumbnails.Coded coded = thumbnails.of(opened, part, index, side);
        return Reply.cached(call, tag, coded.type(), coded.bytes());
    }

    private Object strip(Call call, Opened opened) {
        Strips.Request request = Strips.request(
                call.query("of").orElse(""),
                number(call, "cell", CELL, Integer.MAX_VALUE),
                call.query("ground").orElse("808080"));
        return Reply.bytes("image/jpeg", Strips.jpeg(opened, request))
                .with("Cache-Control", "private, max-age=" + (call.query("v").isEmpty() ? 0 : KEPT_SECONDS));
    }

    /** @throws Refusal if it is no number from 0 to {@code most} */
    static int number(Call call, String name, int otherwise, int most) {
        String said = call.query(name).orElse("");
        if (said.isEmpty()) {
            return otherwise;
        }
        if (!said.matches("\\d{1,9}") || Integer.parseInt(said) > most) {
            throw Refusal.wrong("%s: expected a number from 0 to %s, got '%s'"
                    .formatted(name, most, dev.fovea.io.Escaped.of(said)));
        }
        return Integer.parseInt(said);
    }
}
