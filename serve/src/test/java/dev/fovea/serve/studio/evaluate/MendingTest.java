package dev.fovea.serve.studio.evaluate;

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
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;
import tools.jackson.databind.JsonNode;

/** Labels of a model's mistakes, mended in the view that shows them. */
class MendingTest {

    @TempDir
    private Path folder;

    private void run() throws IOException {
        SampleWorkspace.classFolders(folder.resolve("drawn"), List.of("rose", "tulip"), 40);
        SampleWorkspace.run(folder, "drawn", "drawn");
    }

    private String corrections() throws IOException {
        Path list = folder.resolve("drawn.corrections.csv");
        return Files.exists(list) ? Files.readString(list) : "";
    }

    private static void openWorst(StudioServer served, Browser browser) {
        browser.visit(served.address("/evaluate", "run", "runs/drawn-1", "tab", "mistakes"));
        browser.await(".thumb").click();
        browser.await(".mend form");
    }

    private static void relabel(Browser browser) {
        new Select(browser.await(".mend select")).selectByIndex(1);
        browser.click("Fix label");
    }

    private static void close(Browser browser) {
        browser.driver().switchTo().activeElement().sendKeys(Keys.ESCAPE);
        browser.await("no dialog", own -> own.all("dialog[open]").isEmpty() ? true : null);
    }

    @Test
    void whatIsCorrectedShowsInTheListAndOnlyThatIsUndone() throws Exception {
        run();
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            openWorst(served, browser);
            browser.click("Exclude the image");
            browser.awaitText("Excluded when you train again");
            relabel(browser);
            browser.awaitText("Corrected to");
            close(browser);
            browser.await(".thumb .mark");
            assertThat(browser.await(".thumb .mark").getText()).startsWith("now ");
            browser.await(".thumb").click();
            browser.awaitText("Corrected to");
            close(browser);
            List<WebElement> toasts = browser.all(".toast button.small");
            toasts.get(toasts.size() - 1).click(); // of the last, as the first is no longer the last
            browser.await(
                    "the exclusion of before",
                    own -> own.await(".thumb .mark").getText().equals("excluded") ? true : null);
            assertThat(corrections()).contains(",remove,");
            assertThat(browser.all(".thumb .mark")).hasSize(1);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void anImageOfDataThatHasChangedIsNotTakenForAnother() throws Exception {
        run();
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            openWorst(served, browser);
            String name = browser.await("dialog h2").getText();
            String before = served.studio.data().open("drawn").version();
            for (String label : List.of("rose", "tulip")) { // before all others
                Path own = folder.resolve("drawn").resolve(label);
                Files.copy(own.resolve(label.equals("rose") ? "image-0-0.png" : "image-1-0.png"), own.resolve("a.png"));
            }
            browser.await(
                    "the data to be looked at again",
                    own -> served.studio.data().open("drawn").version().equals(before) ? null : true);
            relabel(browser);
            browser.awaitText("has changed since this page showed it");
            assertThat(corrections()).isEmpty();
            relabel(browser);
            browser.awaitText("Corrected to");
            assertThat(corrections()).contains("/" + name + ",");
        }
    }

    @Test
    void oneEvaluationIsMadeHoweverOftenItIsAskedForAndNoneThatNobodyWaitsFor() throws Exception {
        run();
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            var other = served.studio.jobs().start("export", "another", job -> {
                while (true) {
                    job.checkStopped();
                    Thread.onSpinWait();
                }
            });
            browser.visit(served.address("/evaluate", "run", "runs/drawn-1", "part", "train"));
            browser.awaitText("Evaluating runs/drawn-1");
            browser.driver().navigate().refresh();
            browser.awaitText("Evaluating runs/drawn-1");
            assertThat(browser.all(".jobs .job")).hasSize(2);
            assertThat(StudioServer.json(served.post("/api/evaluate", Map.of("run", "runs/drawn-1", "part", "train")))
                            .get("job")
                            .asInt())
                    .isEqualTo(evaluations(served).get(0).get("id").asInt());
            assertThat(evaluations(served)).hasSize(1);
            browser.click("Run");
            browser.await("the run", own -> own.driver().getCurrentUrl().contains("/run?") ? true : null);
            browser.await(
                    "the evaluation to be left",
                    own -> served.log.stream().anyMatch(line -> line.contains("/leave")) ? true : null);
            Thread.sleep(4500); // the time that others have to say that they wait
            served.post("/api/jobs/" + other.id() + "/stop", Map.of());
            browser.await("its end", own -> state(served).equals("stopped") ? true : null);
        }
    }

    private static String state(StudioServer served) {
        return evaluations(served).get(0).get("state").asString();
    }

    private static List<JsonNode> evaluations(StudioServer served) {
        try {
            return StudioServer.json(served.get("/api/jobs"))
                    .get("jobs")
                    .valueStream()
                    .filter(job -> job.get("kind").asString().equals("evaluate"))
                    .toList();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
