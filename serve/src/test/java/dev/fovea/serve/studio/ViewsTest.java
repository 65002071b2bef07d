package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.http.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What holds for every view, whatever it shows: one round through all of them, with data and runs of hostile names, whose findings are
 * looked at one by one.
 */
class ViewsTest {

    private static final String NET = "conv 4 3, relu, maxpool 4, flatten, dense classes";

    @TempDir
    private static Path folder;

    private static final List<String> NAMES = new ArrayList<>();
    private static Round round;
    private static List<String> own;

    @BeforeAll
    static void lookAtAll() throws Exception {
        TaskWorkspace workspace = TaskWorkspace.in(folder.resolve("full"), Hostile.DATA);
        SampleWorkspace.model(workspace.folder(), "detect", Hostile.IMAGE);
        try (var served = new StudioServer(workspace.folder());
                var bare = new StudioServer(Files.createDirectory(folder.resolve("bare")));
                Browser browser = Browser.recording()) {
            round = new Round(browser);
            own = new ArrayList<>(
                    List.of(served.studio.address() + "/", bare.studio.address() + "/", "data:", "blob:"));
            Views.empty(bare).forEach(round::visit);
            for (Views.View view : Views.all(served, workspace)) {
                round.visit(view);
                read(browser, view);
            }
            named(served, browser, workspace);
            train(served, browser, workspace.data("folders"));
            Views.underWay(served, "runs/long-1").forEach(round::visit);
            work(served, browser);
            guarded(browser);
        }
    }

    private static void read(Browser browser, Views.View view) {
        if (browser.script("return window.hurt") != null) {
            NAMES.add(view.name() + ": a name was run");
        }
        if (!browser.all("img[src='x'], #app script, svg[onload]").isEmpty()) {
            NAMES.add(view.name() + ": a name has become markup");
        }
    }

    /** Some of the names, to be read where people look for them. */
    private static void named(StudioServer served, Browser browser, TaskWorkspace workspace) {
        browser.size(1280, 900);
        browser.visit(served.address("/runs")).awaitText(Hostile.named("classification"));
        browser.awaitText(Hostile.named("tag")).awaitText(Hostile.named("note"));
        browser.visit(served.address("/export")).awaitText(Hostile.IMAGE);
        browser.visit(served.address("/data/view", "path", workspace.data("folders")));
        Hostile.DATA.classes().forEach(browser::awaitText);
    }

    /** Studios that let nobody in yet, let nothing be changed, or are there no more. */
    private static void guarded(Browser browser) throws Exception {
        Path locked = DrawnData.PLAIN.classFolders(folder.resolve("locked/folders"), 20);
        Files.writeString(locked.resolveSibling(".fovea"), "lies where the studio would write");
        try (var entrance = new StudioServer(
                        Files.createDirectory(folder.resolve("entrance")),
                        Settings.local().withToken("a-long-token-of-the-studio"));
                var readOnly = new StudioServer(locked.getParent())) {
            own.addAll(List.of(entrance.studio.address() + "/", readOnly.studio.address() + "/"));
            round.visit(Views.entrance(entrance));
            Views.readOnly(readOnly, "folders").forEach(round::visit);
        }
        browser.awaitText("The studio does not answer");
        round.look(new Views.View("/data/view of nothing, as the studio is stopped", null, one -> {}));
    }

    /** A training that fails, one that is paused as soon as it has begun, and one that waits behind it. */
    private static void train(StudioServer served, Browser browser, String data) throws Exception {
        for (String name : List.of("broken", "long", "next")) {
            String size = "input.size=" + (name.equals("broken") ? 0 : 16);
            StudioServer.json(served.post(
                    "/api/train/start",
                    Map.of("path", data, "model", NET, "name", name, "settings", List.of("epochs=99999", size))));
        }
        browser.visit(served.address("/queue"));
        String epoch = ".entry .figures span:nth-child(2)";
        browser.await(epoch, Duration.ofMinutes(2), own -> own.all(epoch).isEmpty() ? null : Boolean.TRUE);
        browser.await(".entry:has(progress) button:not(:disabled)").click();
        browser.awaitText("paused");
    }

    /** Something that takes longer, at the foot of the page. */
    private static void work(StudioServer served, Browser browser) {
        Job job = served.studio.jobs().start("a long look", own -> {
            for (int i = 0; ; i++) {
                own.progress(i % 100, 100);
                TimeUnit.MILLISECONDS.sleep(100);
            }
        });
        var view = new Views.View("/ with a job", served.address("/"), own -> {});
        browser.visit(view.address()).await(".jobs .job");
        round.look(view);
        job.stop();
    }

    @Test
    void noneTakesANameForMarkup() {
        assertThat(NAMES).isEmpty();
    }

    @Test
    void noneHasABarrier() {
        assertThat(round.barriers).isEmpty();
    }

    @Test
    void noneIsWiderThanItsWindow() {
        assertThat(round.tooWide).isEmpty();
    }

    @Test
    void noneShiftsWhileItComes() {
        assertThat(round.shifts).isEmpty();
    }

    @Test
    void noneNeedsAMouse() {
        assertThat(round.keys).isEmpty();
    }

    @Test
    void noneComplains() {
        assertThat(round.complaints).isEmpty();
    }

    @Test
    void noneAsksAnybodyElse() {
        assertThat(round.requests)
                .hasSizeGreaterThan(1000)
                .allMatch(url -> own.stream().anyMatch(url::startsWith));
    }
}
