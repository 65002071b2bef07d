package dev.fovea.serve.studio;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** All views of the page over a {@link TaskWorkspace}, with what a reader opens in them. */
final class Views {

    /** An address, and what is done there until what is to be seen is seen. */
    record View(String name, URI address, Consumer<Browser> opened) {

        /** Whether it tells of something that is not there, or is refused. */
        boolean fails() {
            return name.contains("nothing");
        }

        /** Whether nothing is opened in it. */
        boolean plain() {
            return opened == NOTHING;
        }
    }

    private static final List<String> KINDS = List.of(
            "classification",
            "detection",
            "segmentation",
            "multi-label",
            "regression",
            "embedding",
            "self-supervised",
            "reconstruction",
            "restoration",
            "compression",
            "anomaly",
            "adversarial",
            "variational",
            "diffusion",
            "quantization",
            "tokens",
            "clips");
    private static final List<String> GENERATORS = List.of("adversarial", "variational", "diffusion", "tokens");
    /** Forms of data that have views; numbers are only trained on. */
    private static final List<String> SHOWN = List.of("folders", "images", "boxes", "masks", "labels", "clips");

    /** What a model is asked about takes longer on a busy machine. */
    private static final Duration WORK = Duration.ofMinutes(2);

    private static final Consumer<Browser> NOTHING = browser -> {};
    private static final Path IMAGE = Path.of("../core/src/test/resources/packages/detect/input.png");

    private final StudioServer served;
    private final TaskWorkspace workspace;
    private final List<View> all = new ArrayList<>();

    private Views(StudioServer served, TaskWorkspace workspace) {
        this.served = served;
        this.workspace = workspace;
    }

    static List<View> all(StudioServer served, TaskWorkspace workspace) {
        var views = new Views(served, workspace);
        views.plain();
        views.data();
        views.training();
        views.runs();
        views.evaluation();
        views.trials();
        views.export();
        views.nothing();
        return List.copyOf(views.all);
    }

    /** Those of a workspace in which nothing is yet. */
    static List<View> empty(StudioServer served) {
        return Pages.VIEWS.stream()
                .map(path -> new View(path + " in nothing", served.address(path), NOTHING))
                .toList();
    }

    /** Where the token is typed, first a wrong one. */
    static View entrance(StudioServer served) {
        return new View("/ with a token of nothing", served.address("/"), browser -> {
            browser.await("#token").sendKeys("wrong", Keys.ENTER);
            browser.awaitText("This is not the token");
        });
    }

    /** Those of a workspace in which nothing can be changed. */
    static List<View> readOnly(StudioServer served, String data) {
        return List.of(
                new View("/ read-only", served.address("/"), NOTHING),
                new View("/data/view read-only", served.address("/data/view", "path", data), NOTHING));
    }

    /** Those of a training that has been paused, with another that waits behind it. */
    static List<View> underWay(StudioServer served, String run) {
        return List.of(
                new View("/queue under way", served.address("/queue"), NOTHING),
                new View("/run under way", served.address("/run", "run", run), NOTHING));
    }

    private void add(String what, Consumer<Browser> opened, String path, String... params) {
        all.add(new View((path + " " + what).strip(), served.address(path, params), opened));
    }

    private void plain() {
        for (String path : List.of("/", "/data", "/train", "/queue", "/runs", "/try", "/export")) {
            add("", NOTHING, path);
        }
    }

    private void data() {
        for (String form : SHOWN) {
            add(form + ", an image", opens(".sheet", Keys.ENTER), "/data/view", "path", workspace.data(form));
            add(form, clicks("#look", ".problem, .empty"), "/data/problems", "path", workspace.data(form));
        }
        String folders = workspace.data("folders");
        add("another class", opens(".sheet", Keys.ARROW_RIGHT, "c"), "/data/view", "path", folders);
        add("", Views::map, "/data/map", "path", folders, "projection", "pca");
        for (String form : List.of("boxes", "masks")) {
            add(form, NOTHING, "/data/edit", "path", workspace.data(form), "image", "1");
        }
        add("webcam", clicks(".dropzone .row button:last-child", "dialog"), "/data");
    }

    private static void map(Browser browser) {
        clicks("#make", ".map-main").accept(browser);
        idle(browser);
        browser.await(".map-rows summary").click();
        browser.await(".map-rows tbody input").click();
        browser.await(".map-images img");
    }

    private void training() {
        for (String form : List.of("boxes", "masks", "labels", "numbers")) {
            add(form, NOTHING, "/train", "path", workspace.data(form));
        }
        add("all settings", clicks(".all > summary", ".fields"), "/train", "path", workspace.data("folders"));
        add("recipe", Views::recipe, "/train", "path", workspace.data("folders"));
    }

    private static void recipe(Browser browser) {
        clicks(".all > summary", "#recipe-1").accept(browser);
        clicks("#recipe-1", "#recipe-yaml").accept(browser);
    }

    private void runs() {
        String[] two = {"run", workspace.run("classification"), "run", workspace.run("classification again")};
        for (String kind : List.of("classification", "detection", "adversarial", "clips")) {
            add(kind, NOTHING, "/run", "run", workspace.run(kind));
        }
        add("note", clicks(".run-notes button", "form.notes"), "/run", "run", two[1]);
        add("two are chosen", NOTHING, "/runs", two);
        add("note", opens("tr[data-run] th a", "n"), "/runs");
        add("removed", clicks("main h1 + .row button", "dialog"), "/runs");
        for (String tab : List.of("side", "curves", "cost", "items")) {
            add(tab, NOTHING, "/compare", "run", two[1], "run", two[3], "tab", tab);
        }
        for (String kind : List.of("classification", "detection", "segmentation", "restoration")) {
            add("an image of " + kind, Views::compared, "/compare", pair(kind));
        }
    }

    private String[] pair(String kind) {
        return new String[] {"run", workspace.run(kind), "run", workspace.run(kind + " again"), "tab", "items"};
    }

    private static void compared(Browser browser) {
        clicks("[role=tabpanel] > button", ".items .open").accept(browser);
        idle(browser);
        clicks(".items .open", "dialog").accept(browser);
    }

    private void evaluation() {
        for (String kind : KINDS) {
            add(kind, NOTHING, "/evaluate", "run", workspace.run(kind));
        }
        tabs("classification", "mistakes", "classes", "calibration", "slices");
        tabs("detection", "classes", "slices");
        tabs("segmentation", "classes", "matrix", "slices");
        tabs("multi-label", "mistakes", "calibration", "slices");
        tabs("reconstruction", "codes");
        for (String kind : List.of("detection", "segmentation")) {
            large(kind);
        }
        large("classification", "tab", "mistakes");
        large("multi-label", "tab", "mistakes");
    }

    private void tabs(String kind, String... tabs) {
        for (String tab : tabs) {
            add(kind + " " + tab, NOTHING, "/evaluate", "run", workspace.run(kind), "tab", tab);
        }
    }

    private void large(String kind, String... params) {
        var address = new ArrayList<>(List.of("run", workspace.run(kind)));
        address.addAll(List.of(params));
        add("an image of " + kind, Views::explained, "/evaluate", address.toArray(String[]::new));
    }

    private static void explained(Browser browser) {
        clicks(".thumbs .thumb", "dialog .large").accept(browser);
        if (!browser.all("dialog .explanation form").isEmpty()) {
            clicks("dialog .explanation form button", "dialog .heat, dialog .explanation .notice")
                    .accept(browser);
        }
    }

    private void trials() {
        for (String kind : KINDS) {
            Consumer<Browser> asked = GENERATORS.contains(kind) ? Views::generated : Views::tried;
            add(kind, kind.equals("clips") ? NOTHING : asked, "/try", "model", workspace.run(kind));
        }
    }

    private static void tried(Browser browser) {
        browser.await(".source .dropzone");
        browser.choose(".source input[type=file]", IMAGE.toAbsolutePath().normalize()); // as browsers take it
        browser.await(".source .preview img");
    }

    private static void generated(Browser browser) {
        clicks("article form button[type=submit]", "article[aria-busy=false] .samples img")
                .accept(browser);
    }

    private void export() {
        for (String kind : List.of("classification", "detection", "adversarial")) {
            add(kind, NOTHING, "/export", "run", workspace.run(kind));
        }
        add("written", clicks("form button[type=submit]", "#written"), "/export", "run", workspace.run("detection"));
    }

    private void nothing() {
        for (String path : List.of("/data/view", "/data/edit", "/data/map", "/data/problems", "/train")) {
            add("of nothing", NOTHING, path, "path", "nothing");
        }
        for (String path : List.of("/run", "/evaluate", "/export")) {
            add("of nothing", NOTHING, path, "run", "runs/nothing");
        }
        add("of nothing", NOTHING, "/compare", "run", "runs/nothing", "run", workspace.run("classification"));
        add("of nothing", NOTHING, "/try", "model", "runs/nothing");
    }

    /** Keys pressed on an element. */
    private static Consumer<Browser> opens(String css, CharSequence... keys) {
        return browser -> {
            WebElement element = browser.await(css);
            element.sendKeys(keys);
            browser.await("dialog, form.notes");
        };
    }

    /** A click, and what is there then. */
    private static Consumer<Browser> clicks(String css, String then) {
        return browser -> {
            WebElement element = browser.await(css + ":not(:disabled)");
            browser.script("arguments[0].scrollIntoView({block: 'center'})", element);
            element.click();
            browser.await(
                    "an element '" + then + "'", WORK, own -> own.all(then).isEmpty() ? null : Boolean.TRUE);
        };
    }

    /** Opens a view, and waits until nothing of it is being loaded any more. */
    static void visit(Browser browser, View view) {
        browser.visit(view.address());
        idle(browser);
        if (!view.plain()) {
            view.opened().accept(browser);
            idle(browser);
        }
    }

    /** Waits until nothing is being loaded any more, and nothing has begun to be for a moment. */
    static void idle(Browser browser) {
        var before = new Object[1];
        browser.await("all of the view", WORK, own -> {
            Object now = own.script("""
                const busy = document.querySelector('.skeleton, [aria-busy=true], .jobs .job');
                const image = [...document.images].some(one => !one.complete && one.loading !== 'lazy');
                return busy || image ? null : performance.getEntriesByType('resource').length;
                """);
            boolean still = now != null && now.equals(before[0]);
            before[0] = now;
            return still ? Boolean.TRUE : null;
        });
    }
}
