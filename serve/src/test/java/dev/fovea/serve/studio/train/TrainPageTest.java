package dev.fovea.serve.studio.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Image;
import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.StudioServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
                        "return [...document.querySelectorAll('.chart')].map(one => one.querySelector('.u-legend').textContent).join()");
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
        WebElement before = browser.await(".chart canvas");
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
        WebElement over = browser.await(".chart .u-over");
        browser.script("arguments[0].scrollIntoView({block: 'center'})", over);
        new Actions(browser.driver())
                .moveToElement(over, -60, 0)
                .clickAndHold()
                .moveByOffset(100, 0)
                .release()
                .perform();
        browser.await(".chart button.whole");
        smooth(browser, 0.5);
        assertThat(browser.all(".chart button.whole:not([hidden])")).hasSize(1);
        browser.await(".chart button.whole").click();
        browser.await(
                "the whole", own -> own.all(".chart button.whole:not([hidden])").isEmpty() ? Boolean.TRUE : null);
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
            browser.await(".state.done");
            browser.await(".entry a[href^='/evaluate']");
            browser.visit(served.address("/run", "run", "runs/tones-1"));
            browser.await(".chart canvas");
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
}
