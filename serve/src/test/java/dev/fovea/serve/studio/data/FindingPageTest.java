package dev.fovea.serve.studio.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.selenium.AxeBuilder;
import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** Ways to images in a real browser: through folders, by filters, from one large image to the next. */
class FindingPageTest {

    @TempDir
    Path folder;

    private static void awaitAddress(Browser browser, String part) {
        browser.await(
                "an address with " + part, own -> own.driver().getCurrentUrl().contains(part) ? Boolean.TRUE : null);
    }

    private static void awaitNoAddress(Browser browser, String part) {
        browser.await(
                "an address without " + part,
                own -> own.driver().getCurrentUrl().contains(part) ? null : Boolean.TRUE);
    }

    private static void keys(Browser browser, CharSequence... keys) {
        new Actions(browser.driver()).sendKeys(keys).perform();
    }

    @Test
    void aDataSetIsReachedThroughItsFoldersByTheKeyboard() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("projects/2024/flowers"), List.of("rose", "tulip"), 3);
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data"));
            browser.click("Browse folders");
            awaitAddress(browser, "folder=.");
            browser.await("a[href='/data?folder=projects']").sendKeys(Keys.ENTER);
            awaitAddress(browser, "folder=projects");
            browser.await("a[href='/data?folder=projects%2F2024']").sendKeys(Keys.ENTER);
            browser.awaitText("Class folders · 2 classes, 6 images");
            assertThat(browser.driver().switchTo().activeElement().getText()).isEqualTo("Browse folders");
            browser.await(".crumbs a[href='/data?folder=projects']").sendKeys(Keys.ENTER);
            browser.await("a[href='/data?folder=projects%2F2024']");
            browser.driver().navigate().back();
            browser.await("a[aria-label='Open flowers']").sendKeys(Keys.ENTER);
            browser.await("#cell-5");
            assertThat(browser.driver().getCurrentUrl()).contains("/data/view?path=projects%2F2024%2Fflowers");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private void list() throws IOException {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 6);
        var csv = new StringBuilder("path,label,place\n");
        for (int i = 0; i < 6; i++) {
            csv.append("flowers/rose/image-0-%s.png,rose,%s\n".formatted(i, i < 2 ? "garden" : "wood"));
            csv.append("flowers/tulip/image-1-%s.png,tulip,%s\n".formatted(i, i < 4 ? "garden" : "hill"));
        }
        Files.writeString(folder.resolve("list.csv"), csv);
    }

    @Test
    void filtersStandInTheAddressAndMeasureWhatTheyNeed() throws Exception {
        list();
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/view", "path", "list.csv"));
            browser.click("More filters");
            browser.await(".words label:first-of-type input").click();
            awaitAddress(browser, "word=place%3Agarden");
            browser.awaitText("6 images");
            browser.click("Measure the images");
            WebElement from = browser.await("[aria-label='Brightness (%): to']");
            from.sendKeys("100");
            awaitAddress(browser, "measured=brightness%3A%3A255");
            browser.driver().navigate().refresh();
            browser.await("#cell-5");
            browser.await(".chips li:nth-child(2)");
            browser.click("Remove the filter place: garden");
            awaitNoAddress(browser, "word=");
            browser.awaitText("12 images");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** An address of somebody else, or of yesterday. */
    @Test
    void anAddressThatNeedsMeasuringBeginsIt() throws Exception {
        list();
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/view", "path", "list.csv", "measured", "brightness::255"));
            browser.await("#cell-11");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aLargeImageLeadsToTheNextAndStandsInTheAddress() throws Exception {
        list();
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/view", "path", "list.csv", "class", "tulip"));
            browser.await("#cell-5");
            browser.await(".sheet").sendKeys(Keys.HOME, Keys.ENTER);
            browser.awaitText("1 of 6");
            keys(browser, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
            browser.awaitText("3 of 6");
            awaitAddress(browser, "image=train%3A5");
            keys(browser, Keys.END);
            browser.awaitText("6 of 6");
            keys(browser, Keys.ARROW_LEFT); // the button that had the focus can no longer be pressed
            browser.awaitText("5 of 6");
            keys(browser, "x");
            browser.awaitText("excluded");
            assertThat(folder.resolve("list.csv.corrections.csv")).content().contains("image-1-4.png");
            browser.driver().navigate().refresh();
            browser.awaitText("5 of 6");
            keys(browser, "1"); // it is a rose: the next tulip takes its place
            browser.awaitText("5 of 5");
            browser.click("Previous");
            browser.awaitText("4 of 5");
            keys(browser, Keys.ESCAPE);
            awaitNoAddress(browser, "image=");
            assertThat(browser.all("dialog")).isEmpty();
            browser.await(".sheet").sendKeys(Keys.ENTER);
            browser.awaitText("4 of 5");
            browser.driver().navigate().back();
            awaitNoAddress(browser, "image=");
            browser.await("#cell-4");
            assertThat(browser.driver().getCurrentUrl()).contains("class=tulip");
            assertThat(browser.complaints().stream().filter(line -> !line.contains("Autofocus")))
                    .isEmpty();
        }
    }

    @Test
    void foldersFiltersAndALargeImageAreAccessibleAtEveryWidth() throws Exception {
        list();
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data", "folder", "."));
            browser.await(".entry");
            checkAccessible(browser);
            browser.visit(served.address("/data/view", "path", "list.csv", "measured", "brightness::255"));
            browser.await("#cell-11");
            browser.click("More filters");
            browser.await(".filters .histogram");
            checkAccessible(browser);
            browser.visit(served.address("/data/view", "path", "list.csv", "image", "train:2"));
            browser.await(".facts");
            checkAccessible(browser);
        }
    }

    private static void checkAccessible(Browser browser) {
        for (String theme : List.of("light", "dark")) {
            browser.theme(theme);
            for (int width : List.of(360, 1280)) {
                browser.size(width, 900);
                assertThat(new AxeBuilder()
                                .analyze(browser.driver()).getViolations().stream()
                                        .filter(rule ->
                                                List.of("serious", "critical").contains(rule.getImpact()))
                                        .map(rule -> rule.getHelp() + " " + rule.getNodes()))
                        .as("%s %s", theme, width)
                        .isEmpty();
                assertThat((Boolean) browser.script("return document.documentElement.scrollWidth"
                                + " <= document.documentElement.clientWidth + 1"))
                        .as("no wider than its window of %s", width)
                        .isTrue();
            }
        }
    }

    @Test
    void severalNumbersOfAnImageAreShownAndFilteredByWhatIsWritten() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("in"), List.of("a"), 10);
        var csv = new StringBuilder("image,temperature,humidity,place\n");
        for (int i = 0; i < 10; i++) {
            csv.append("in/a/image-0-%s.png,%s.3,0.%s,%s\n".formatted(i, 20 + i, 90 - i, i < 4 ? "garden" : "wood"));
        }
        Files.writeString(folder.resolve("weather.csv"), csv);
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/view", "path", "weather.csv"));
            browser.awaitText("Numbers of each image: temperature · humidity");
            assertThat(browser.await("#cell-0 .under").getText()).isEqualTo("20.3 · 0.9");
            browser.click("More filters");
            assertThat(browser.await(".filters").findElements(By.cssSelector("legend")).stream()
                            .map(WebElement::getText))
                    .containsExactly("temperature", "humidity", "place");
            WebElement from = browser.await("[aria-label='temperature: from']");
            assertThat(from.getDomAttribute("placeholder")).isEqualTo("20.3");
            from.sendKeys("22.3"); // no binary fraction is equal to it
            awaitAddress(browser, "range=temperature%3A22.3%3A");
            browser.awaitText("8 images");
            browser.await("[aria-label='humidity: to']").sendKeys("0.88");
            browser.await(".chips li:nth-child(2)");
            assertThat(browser.all(".range:first-of-type .histogram .in").size())
                    .isBetween(15, 23);
            browser.await(".words label:first-of-type input").click(); // wood, of which there are more
            browser.awaitText("6 images");
            browser.click("Remove the filter temperature ≥ 22.3");
            awaitNoAddress(browser, "temperature");
            browser.driver().navigate().refresh();
            browser.awaitText("6 images");
            browser.await(".sheet").sendKeys(Keys.HOME, Keys.ENTER);
            browser.await(".facts");
            assertThat(browser.await(".facts").getText().replace("\n", " "))
                    .contains("temperature 24.3", "humidity 0.86", "place wood");
            assertThat(browser.complaints().stream().filter(line -> !line.contains("Autofocus")))
                    .isEmpty();
        }
    }
}
