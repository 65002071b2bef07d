package dev.fovea.serve.studio.annotate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Data;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.StudioServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** A detector is trained, one box of its data is corrected with its help, and it is trained again on what was corrected. */
class DetectionJourneyTest {

    private static final Duration TRAINING = Duration.ofMinutes(3);
    private static final String[] SMALL = {
        "task",
        "detection",
        "model",
        "fovea-det",
        "set",
        "task.type=detection",
        "set",
        "epochs=1",
        "set",
        "batch=8",
        "set",
        "input.size=64"
    };

    @TempDir
    private Path workspace;

    @Test
    void trainsCorrectsABoxAndTrainsAgain() throws Exception {
        Scenes.written(workspace, "scenes", "voc", 30, 4);
        try (var served = new StudioServer(workspace);
                var browser = Browser.open()) {
            train(served, browser, "scenes", 1);
            String run = runs().get(0);

            browser.visit(served.address("/data/edit", "path", "scenes", "index", "1", "run", "runs/" + run));
            browser.awaitText("Confidence at least"); // whatever a model of one epoch proposes
            int before = browser.all(".objects:first-of-type li").size();
            drawBox(browser);
            assertThat(browser.await("#save:not([disabled])").isDisplayed()).isTrue();
            correctByKeys(browser);
            browser.await("#save:not([disabled])").click();
            browser.awaitText("scenes.corrected.json");
            browser.await("#save[disabled]");
            var corrected = objects("scenes.corrected.json");
            assertThat(corrected.boxes()).hasSize(objects("scenes").boxes().size() + 1);
            assertThat(corrected.labels()[corrected.labels().length - 1]).isEqualTo(2);
            assertThat(before).isPositive();

            browser.await("#train").click();
            browser.await(
                    "the form of a training on the corrected data",
                    page -> page.driver().getCurrentUrl().contains("scenes.corrected.json") ? Boolean.TRUE : null);
            train(served, browser, "scenes.corrected.json", 2);
            assertThat(runs()).hasSize(2);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private Target.Objects objects(String data) {
        return (Target.Objects)
                Data.open(workspace.resolve(data).toString(), Data.Options.of().withTargets(TargetKind.BOXES))
                        .train()
                        .target(1);
    }

    /** @param count of the trainings that are done then */
    private static void train(StudioServer served, Browser browser, String data, int count) {
        String[] params = new String[SMALL.length + 2];
        params[0] = "path";
        params[1] = data;
        System.arraycopy(SMALL, 0, params, 2, SMALL.length);
        URI form = served.address("/train", params);
        browser.visit(form);
        browser.await(
                "a start", TRAINING, page -> page.all("#start:not([disabled])").isEmpty() ? null : Boolean.TRUE);
        browser.await("#start:not([disabled])").click();
        browser.await(
                "the end of the training",
                TRAINING,
                page -> page.all(".state.done").size() == count ? Boolean.TRUE : null);
    }

    private List<String> runs() throws Exception {
        try (var folders = Files.list(workspace.resolve("runs"))) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static void drawBox(Browser browser) {
        WebElement stage = browser.await(".stage-view");
        browser.await("#tool-box").click();
        new Actions(browser.driver())
                .moveToElement(stage, -60, -40)
                .clickAndHold()
                .moveByOffset(50, 30)
                .moveByOffset(50, 40)
                .release()
                .perform();
    }

    /** Class 3, moved and made larger, undone and done again. */
    private static void correctByKeys(Browser browser) {
        new Actions(browser.driver())
                .sendKeys("3")
                .sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
                .keyDown(Keys.ALT)
                .sendKeys(Keys.ARROW_RIGHT)
                .keyUp(Keys.ALT)
                .perform();
        new Actions(browser.driver())
                .keyDown(Keys.CONTROL)
                .sendKeys("z")
                .keyUp(Keys.CONTROL)
                .perform();
        browser.await(
                "what was undone, to be done again",
                page -> page.all("button[aria-label=Redo]:not([disabled])").isEmpty() ? null : Boolean.TRUE);
    }
}
