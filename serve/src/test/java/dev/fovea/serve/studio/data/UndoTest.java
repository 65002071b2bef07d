package dev.fovea.serve.studio.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Corrections on the contact sheet: each is made once, and its message undoes no other. */
class UndoTest {

    private static final String PRESS = """
            document.querySelector('.sheet').dispatchEvent(
                new KeyboardEvent('keydown', { key: arguments[0], repeat: arguments[1], bubbles: true, cancelable: true }));""";

    @TempDir
    private Path folder;

    private List<String> corrections() throws IOException {
        Path list = folder.resolve("flowers.corrections.csv");
        return Files.exists(list) ? Files.readAllLines(list) : List.of();
    }

    private static void choose(StudioServer served, Browser browser) {
        browser.visit(served.address("/data/view", "path", "flowers"));
        browser.await(".sheet .cell").click();
        browser.await(".cell.here");
    }

    @Test
    void aMessageUndoesNoCorrectionOfAnotherPage() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 4);
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            choose(served, browser);
            browser.script(PRESS, "x", false);
            browser.awaitText("1 image excluded");
            StudioServer.json(served.post(
                    "/api/data/correct",
                    Map.of(
                            "path",
                            "flowers",
                            "version",
                            served.studio.data().open("flowers").version(),
                            "action",
                            "relabel",
                            "label",
                            "tulip",
                            "images",
                            Map.of("train", List.of(1)))));
            browser.await(".toast button.small").click();
            browser.awaitText("Other corrections came after this one");
            assertThat(corrections())
                    .anyMatch(line -> line.contains(",remove,"))
                    .anyMatch(line -> line.contains(",relabel,"));
        }
    }

    @Test
    void aKeyThatIsHeldDownExcludesOnce() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 4);
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            choose(served, browser);
            browser.script(PRESS, "x", false);
            browser.await(".cell.remove");
            browser.script(PRESS, "x", true); // would include it again
            browser.script(PRESS, "ArrowRight", false);
            browser.await("#cell-1.here");
            browser.script(PRESS, "x", false);
            browser.await(
                    "a second image that is excluded",
                    own -> own.all(".cell.remove").size() == 2 ? true : null);
            assertThat(corrections())
                    .filteredOn(line -> line.contains(",remove,"))
                    .hasSize(2);
            assertThat(served.studio.data().open("flowers").log().undoable()).isEqualTo(2);
        }
    }

    @Test
    void correctionsThatFollowQuicklyAreAllKept() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 4);
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            choose(served, browser);
            // answers that take a while, so that each correction is made before the one before it is answered
            browser.script("const ask = window.fetch;"
                    + "window.fetch = (...given) => new Promise(done => setTimeout(() => done(ask(...given)), 300));");
            for (String key : List.of("2", "ArrowRight", "2", "ArrowRight", "2")) {
                browser.script(PRESS, key, false);
            }
            browser.await(
                    "three images of another class",
                    own -> own.all(".cell.relabel").size() == 3 ? true : null);
            assertThat(corrections())
                    .filteredOn(line -> line.contains(",relabel,"))
                    .hasSize(3);
        }
    }
}
