package dev.fovea.serve.studio.annotate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

class ProblemsViewTest {

    @TempDir
    private Path workspace;

    private static void awaitMarks(Browser browser, int count) {
        browser.await(
                "%s decided findings".formatted(count),
                own -> own.all(".problem.done").size() == count ? Boolean.TRUE : null);
    }

    @Test
    void theLastDecisionIsUndoneAndDoneAgainByKeys() throws Exception {
        Path data = SampleWorkspace.classFolders(workspace.resolve("set"), List.of("a", "b"), 8);
        Files.writeString(data.resolve("a/broken.png"), "no image");
        Files.writeString(data.resolve("b/broken.png"), "no image");
        Path list = workspace.resolve("set.corrections.csv");
        try (var served = new StudioServer(workspace);
                var browser = Browser.open()) {
            served.job(served.post("/api/data/problems", Map.of("path", "set", "check", "images")));
            browser.visit(served.address("/data/problems", "path", "set"));
            browser.await("#kind-unreadable .problem:nth-child(2)");
            browser.click("Exclude all 2");
            awaitMarks(browser, 2);
            browser.press("z", Keys.CONTROL);
            awaitMarks(browser, 0);
            browser.awaitText("Undone for 2 images");
            assertThat(list).doesNotExist();
            browser.press("z", Keys.CONTROL, Keys.SHIFT);
            awaitMarks(browser, 2);
            assertThat(list).content().contains("a/broken.png", "b/broken.png");
            browser.await("#kind-unreadable .problem:nth-child(1) .row button").click(); // restores this one
            awaitMarks(browser, 1);
            browser.press("z", Keys.CONTROL);
            awaitMarks(browser, 2);
            assertThat(browser.complaints().stream().filter(line -> !line.contains("/api/image")))
                    .isEmpty();
        }
    }

    @Test
    void aFirstLookIsSeenWhileItLastsAndCanBeStopped() throws Exception {
        SampleWorkspace.shapes(workspace.resolve("set"), 200);
        try (var served = new StudioServer(workspace);
                var browser = Browser.open()) {
            browser.visit(served.address("/data/problems", "path", "set", "check", "train"));
            browser.awaitText("Not checked yet.");
            browser.await("#look:not([disabled])").click();
            browser.awaitText("Looking for problems. What is found will be shown here.");
            assertThat(browser.text()).doesNotContain("Not checked yet.");
            browser.await(".looking progress[value]");
            browser.driver().navigate().refresh();
            browser.awaitText("Looking for problems. What is found will be shown here.");
            assertThat(browser.all("#look[disabled]")).hasSize(1);
            browser.await(".looking button").click();
            browser.awaitText("Not checked yet.");
            browser.await("#look:not([disabled])");
            assertThat(browser.all(".looking")).isEmpty();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** Begun in another window, or before the page was loaded. */
    @Test
    void whatIsFoundMeanwhileIsShown() throws Exception {
        Path data = SampleWorkspace.classFolders(workspace.resolve("set"), List.of("a", "b"), 3);
        Files.writeString(data.resolve("a/broken.png"), "no image");
        try (var served = new StudioServer(workspace);
                var browser = Browser.open()) {
            browser.visit(served.address("/data/problems", "path", "set"));
            browser.awaitText("Not checked yet.");
            served.job(served.post("/api/data/problems", Map.of("path", "set", "check", "images")));
            browser.await("#kind-unreadable .problem");
        }
    }
}
