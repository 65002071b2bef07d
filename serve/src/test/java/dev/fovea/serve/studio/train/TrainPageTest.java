package dev.fovea.serve.studio.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Image;
import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

class TrainPageTest {

    @TempDir
    private Path folder;

    private static String read(Browser browser) {
        return (String)
                browser.script(
                        "return [...document.querySelectorAll('.curves')].map(one => one.querySelector('.legend').textContent).join()");
    }

    private static void smooth(Browser browser, double by) {
        browser.script(
                "const s = document.getElementById('smoothing'); s.value = arguments[0]; s.dispatchEvent(new Event('input', {bubbles: true}))",
                by);
    }

    private static void smoothingStaysInOtherColours(Browser browser) {
        String rough = read(browser);
        smooth(browser, 0.9);
        String smooth = browser.await("smooth curves", own -> read(own).equals(rough) ? null : read(own));
        WebElement before = browser.await(".curves canvas");
        browser.await("#theme").click();
        browser.await("curves in other colours", own -> stale(before) ? Boolean.TRUE : null);
        assertThat(read(browser)).isEqualTo(smooth);
    }

    private static boolean stale(WebElement element) {
        try {
            element.isDisplayed();
            return false;
        } catch (StaleElementReferenceException e) {
            return true;
        }
    }

    private static void aRangeStaysUntilTheWholeIsWanted(Browser browser) {
        WebElement over = browser.await(".curves .u-over");
        browser.script("arguments[0].scrollIntoView({block: 'center'})", over);
        new Actions(browser.driver())
                .moveToElement(over, -60, 0)
                .clickAndHold()
                .moveByOffset(100, 0)
                .release()
                .perform();
        browser.await(".curves button.whole");
        smooth(browser, 0.5);
        assertThat(browser.all(".curves button.whole:not([hidden])")).hasSize(1);
        browser.await(".curves button.whole").click();
        browser.await(
                "the whole",
                own -> own.all(".curves button.whole:not([hidden])").isEmpty() ? Boolean.TRUE : null);
    }

    /** Of a training of seconds a fast machine writes one, and there would be nothing to smooth. */
    private static void steps(Path file) throws IOException {
        Files.writeString(file, """
                step,epochs,loss,lr,images_per_second
                1,0.50000,0.9,0.001,50
                2,1.00000,0.7,0.001,60
                3,1.50000,0.6,0.001,55
                4,2.00000,0.4,0.001,58
                """);
    }

    private void images() throws IOException {
        for (String name : List.of("dark", "light")) {
            Path of = Files.createDirectories(folder.resolve("tones").resolve(name));
            for (int i = 0; i < 12; i++) {
                byte[] pixels = new byte[16 * 16 * 3];
                Arrays.fill(pixels, (byte) (name.equals("dark") ? 3 * i : 250 - 3 * i));
                Image.write(of.resolve(i + ".png"), new Image(16, 16, 3, pixels));
            }
        }
    }

    @Test
    void trainsFromTheFormAndShowsTheRun() throws Exception {
        images();
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            browser.visit(served.address("/train", "path", "tones"));
            var epochs = browser.await("#epochs");
            epochs.sendKeys(Keys.chord(Keys.CONTROL, "a"), "2", Keys.TAB);
            browser.await(
                    "the command of two epochs",
                    page -> page.await("#command").getDomProperty("value").contains("--epochs 2"));
            browser.await("#start:not([disabled])").click();
            browser.await(
                    "the end of the training",
                    Duration.ofMinutes(3), // beside other work
                    own -> own.all(".state.done").isEmpty() ? null : Boolean.TRUE);
            browser.await(".entry a[href^='/evaluate']");
            steps(folder.resolve("runs/tones-1/steps.csv"));
            browser.visit(served.address("/run", "run", "runs/tones-1"));
            browser.await(".curves canvas");
            browser.click("Numbers as a table").await(".curves .numbers td");
            assertThat(browser.text()).contains("finished").contains("2 / 2");
            smoothingStaysInOtherColours(browser);
            aRangeStaysUntilTheWholeIsWanted(browser);
            browser.click("Note and tags");
            browser.await(".notes textarea").sendKeys("of two tones");
            browser.click("Save").await(".run-notes .note");
            assertThat(browser.text()).contains("of two tones");
            browser.click("Runs").await(".actions a[href^='/evaluate']");
            assertThat(browser.all("link[data-view=train]:not([media='not all'])"))
                    .as("style sheets of the view that was left")
                    .isEmpty();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aSettingThatIsRefusedIsTakenBack() throws Exception {
        images();
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            browser.visit(served.address("/train", "path", "tones"));
            browser.fill("#size", "huge");
            browser.await(".chips button[aria-label='Without input.size=huge']");
            assertThat(browser.await("#size").getDomProperty("value")).isEqualTo("huge");
            browser.driver().navigate().refresh(); // without the recipe before it
            browser.await(".chips button[aria-label='Without input.size=huge']").click();
            browser.await("#start:not([disabled])");
            assertThat(browser.await("#size").getDomProperty("value")).isNotEqualTo("huge");
            browser.await(
                    "an address without it",
                    own -> own.driver().getCurrentUrl().contains("huge") ? null : Boolean.TRUE);
        }
    }

    /** As the queue says it from when the studio has begun again until the data of the run is read; that takes too short to be looked at. */
    @Test
    void aRunThatIsAboutToGoOnIsStarting() throws Exception {
        images();
        SampleWorkspace.run(folder, "tones", "tones");
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            browser.driver().executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", """
                            const ask = window.fetch;
                            window.fetch = async (path, options) => {
                              const answer = await ask(path, options);
                              if (!/\\/api\\/(queue|run\\/live)/.test(path)) return answer;
                              const value = await answer.json();
                              if (path.includes('live')) Object.assign(value, { starts: true, studio: true, state: 'stopped' });
                              else value.entries = [{ id: 1, name: 'tones', path: '', model: 'cifar-cnn', epochs: 9, priority: 1, state: 'running', run: 'runs/tones-1', error: '', starts: true }];
                              return Response.json(value);
                            };"""));
            browser.visit(served.address("/queue"));
            assertThat(browser.await(".entry .figures").getText()).isEqualTo("starting");
            browser.visit(served.address("/run", "run", "runs/tones-1"));
            assertThat(browser.await(".figures-row .figure dd").getText()).isEqualTo("starting");
            assertThat(browser.text()).doesNotContain("Resume").contains("Time left");
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
