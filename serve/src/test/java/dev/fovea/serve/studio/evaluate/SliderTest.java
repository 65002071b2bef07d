package dev.fovea.serve.studio.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What follows a slider, or the arrows. */
class SliderTest {

    /** The first answer waits for {@code release()}, even where the page has given it up; {@code failing} ones do not come. */
    private static final String HELD = """
            const real = window.fetch;
            const image = name => 'data:image/svg+xml,' + encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" id="${name}"/>`);
            let count = 0;
            window.fetch = async (path, options) => {
              if (!String(path).startsWith('/api/latent/decode')) return real(path, options);
              if (window.failing) throw new TypeError('no network');
              const number = ++count;
              const answer = new Response(JSON.stringify({ images: [image('answer' + number)] }), { headers: { 'Content-Type': 'application/json' } });
              if (number === 1) {
                await new Promise(done => (window.release = done));
                setTimeout(() => (window.delivered = true), 300);
              }
              return answer;
            };""";

    private static final String MOVE = """
            const slider = document.querySelectorAll('.card .slider input')[arguments[0]];
            slider.value = arguments[1];
            slider.dispatchEvent(new Event('input', {bubbles: true}));""";

    @TempDir
    private Path folder;

    private static Boolean is(Browser browser, String what) {
        return Boolean.TRUE.equals(browser.script("return Boolean(" + what + ")")) ? true : null;
    }

    private static String image(Browser browser) {
        return browser.await(".card h2 ~ h2 ~ img.pixelated").getAttribute("src");
    }

    @Test
    void theImageOfASliderIsNeverAnOlderOneAndIsAskedForAgain() throws Exception {
        SampleWorkspace.model(folder, "autoencode", "models/autoencode");
        SampleWorkspace.shapes(folder.resolve("drawn"), 30);
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            browser.visit(served.address(
                    "/evaluate", "run", "models/autoencode", "data", "drawn", "part", "train", "tab", "codes"));
            image(browser);
            browser.script(HELD);
            browser.script(MOVE, 1, 3);
            browser.await("the held answer", own -> is(own, "window.release"));
            browser.script(MOVE, 1, -3);
            browser.await("the newer image", own -> image(own).contains("answer2") ? true : null);
            browser.script("window.release()");
            browser.await("the older answer to have come", own -> is(own, "window.delivered"));
            assertThat(image(browser)).contains("answer2");
            browser.script("window.failing = true");
            browser.script(MOVE, 1, 0);
            browser.awaitText("Try again");
            browser.script("window.failing = false");
            browser.click("Try again");
            browser.await("the image", own -> image(own).contains("answer3") ? true : null);
            assertThat(browser.text()).doesNotContain("Try again");
        }
    }

    @Test
    void theScaleOfAThresholdStaysUnderTheThumb() throws Exception {
        SampleWorkspace.model(folder, "anomaly", "models/anomaly");
        SampleWorkspace.shapes(folder.resolve("drawn"), 30);
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            browser.visit(served.address("/evaluate", "run", "models/anomaly", "data", "drawn", "part", "train"));
            WebElement slider = browser.await(".slider input");
            String most = slider.getAttribute("max");
            browser.script("arguments[0].focus()", slider);
            slider.sendKeys(Keys.END);
            browser.await(
                    "the threshold in the address",
                    own -> own.driver().getCurrentUrl().contains("threshold=") ? true : null);
            assertThat(browser.await(".slider input").getAttribute("max")).isEqualTo(most);
            browser.awaitText("0 of 30");
            browser.driver().navigate().refresh();
            assertThat(browser.await(".slider input").getAttribute("max")).isEqualTo(most);
        }
    }

    @Test
    void aPointIsReachedByTheArrowsAndOpenedByEnter() throws Exception {
        SampleWorkspace.model(folder, "regress", "models/regress");
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            browser.visit(served.address("/evaluate", "run", "models/regress", "data", "shape-scenes"));
            WebElement plot = browser.await("svg.plot[role=application]");
            browser.script("arguments[0].focus()", plot);
            plot.sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
            browser.await(
                    "the numbers of the point",
                    own -> own.await(".plot-box .at").getText().matches("[\\d.−-]+, [\\d.−-]+") ? true : null);
            plot.sendKeys(Keys.ENTER);
            browser.await("dialog .large img");
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
