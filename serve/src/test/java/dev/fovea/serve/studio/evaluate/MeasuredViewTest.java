package dev.fovea.serve.studio.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.selenium.AxeBuilder;
import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.Select;

/** Models whose answers are numbers, in a browser. */
class MeasuredViewTest {

    @TempDir
    private Path folder;

    private void model(String recorded) throws IOException {
        SampleWorkspace.model(folder, recorded, "models/" + recorded);
        SampleWorkspace.shapes(folder.resolve("drawn"), 30);
    }

    /** What keeps people from using the page as it stands. */
    private static List<String> faults(Browser browser) {
        return new AxeBuilder()
                .analyze(browser.driver()).getViolations().stream()
                        .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                        .flatMap(rule -> rule.getNodes().stream().map(node -> rule.getHelp() + " " + node.getTarget()))
                        .toList();
    }

    private static Boolean address(Browser browser, String part) {
        return browser.driver().getCurrentUrl().contains(part) ? Boolean.TRUE : null;
    }

    /** With the mouse, which finds only what it can hit. */
    private static void click(Browser browser, WebElement bar) {
        browser.script("arguments[0].scrollIntoView({block: 'center'})", bar);
        new Actions(browser.driver()).moveToElement(bar).click().perform();
    }

    @Test
    void theImagesBehindABarOfScoresAreOpenedByKeys() throws Exception {
        model("anomaly");
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            browser.visit(served.address("/evaluate", "run", "models/anomaly", "data", "drawn", "part", "train"));
            WebElement bar = browser.await(".bar-button[tabindex='0']");
            browser.script("arguments[0].focus()", bar);
            bar.sendKeys(Keys.ARROW_RIGHT);
            WebElement second = browser.driver().switchTo().activeElement();
            String number = second.getAttribute("data-bar");
            assertThat(number).isNotEqualTo(bar.getAttribute("data-bar"));
            int images = Integer.parseInt(second.getAttribute("aria-label").replaceAll(".*: (\\d+) images?", "$1"));
            second.sendKeys(Keys.ENTER);
            browser.await("the bar in the address", own -> address(own, "bar=" + number));
            browser.await(
                    "as many images as the bar counts",
                    own -> own.all(".sheet > li .pair").size() == Math.min(12, images) ? true : null);
            browser.driver().navigate().refresh();
            browser.await(".bar-button[aria-pressed=true][data-bar='" + number + "']");
            click(browser, browser.await(".bar-button[aria-pressed=true]"));
            browser.await(
                    "the bar to be closed", own -> own.driver().getCurrentUrl().contains("bar=") ? null : true);
            browser.awaitText("Highest scores");
            assertThat(faults(browser)).isEmpty();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aRestorerIsLookedAtWithOtherDataByBarsAndSlices() throws Exception {
        model("restore");
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            browser.visit(served.address("/evaluate", "run", "models/restore", "data", "shapes"));
            browser.await(".sheet > li .pair");
            new Select(browser.await(".study-data select")).selectByValue("drawn");
            browser.await("the data in the address", own -> address(own, "data=drawn"));
            browser.awaitText("30 images");
            new Select(browser.await("#figure")).selectByValue("psnrGain");
            browser.click("Distribution");
            browser.await(".bar-button");
            click(browser, browser.all(".bar-button").get(0));
            browser.await(".sheet > li .pair");
            browser.click("Slices");
            browser.await(".slices tbody button").click();
            browser.awaitText("Images of this slice, the worst first");
            browser.await(".sheet > li .pair");
            assertThat(browser.driver().getCurrentUrl()).contains("figure=psnrGain", "slice=");
            assertThat(faults(browser)).isEmpty();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void theErrorsOfNumbersAreInBarsAndAreExplained() throws Exception {
        model("regress");
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            browser.visit(
                    served.address("/evaluate", "run", "models/regress", "data", "shape-scenes", "tab", "errors"));
            WebElement bar = browser.await(".bar-button[tabindex='0']");
            browser.script("arguments[0].focus()", bar);
            bar.sendKeys(Keys.SPACE);
            browser.await(".thumb").click();
            browser.click("Explain");
            browser.await(".heat");
            assertThat(browser.await(".explanation figcaption").getText())
                    .contains("count")
                    .doesNotContain("%");
            assertThat(faults(browser)).isEmpty();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void thePairsBehindABarOfSimilarityAreShown() throws Exception {
        model("embedding");
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            browser.visit(served.address("/evaluate", "run", "models/embedding", "data", "drawn", "part", "train"));
            WebElement bar = browser.await(".bar-button[tabindex='0']");
            browser.script("arguments[0].focus()", bar);
            bar.sendKeys(Keys.END);
            browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER);
            browser.await(".found-pairs .twins img");
            assertThat(browser.await(".found-pairs h2").getText()).contains("similarity");
            browser.click("Slices");
            browser.await(".slices tbody button");
            assertThat(faults(browser)).isEmpty();
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
