package dev.fovea.serve.studio.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.Hostile;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

class EvaluateViewTest {

    @TempDir
    private Path folder;

    @Test
    void aMistakeIsFoundExplainedAndMended() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("drawn"), List.of(Hostile.IMAGE, "plain"), 40);
        SampleWorkspace.run(folder, "drawn", "drawn");
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            browser.visit(served.address("/evaluate", "run", "runs/drawn-1"));
            WebElement cell = browser.await("[data-cell='0-0']");
            assertThat(browser.text()).contains(Hostile.IMAGE);
            cell.sendKeys(Keys.ARROW_RIGHT);
            assertThat(browser.driver().switchTo().activeElement().getAttribute("data-cell"))
                    .isEqualTo("0-1");
            browser.click("Worst mistakes");
            browser.await(".thumb").click();
            var method = new Select(browser.await(".explanation select[name=method]"));
            method.selectByVisibleText("saliency");
            browser.awaitText("How much the prediction would change with each single pixel.");
            browser.click("Explain");
            browser.await(".heat");
            assertThat(browser.await(".heat-scale").getText()).contains("least", "most");
            assertThat(browser.all(".heat-part")).as("all of the image is seen").isEmpty();
            var label = new Select(browser.await(".mend select"));
            assertThat(label.getFirstSelectedOption().getAttribute("value"))
                    .as("nothing is chosen that one click would write down")
                    .isEmpty();
            label.selectByIndex(1);
            browser.click("Fix label");
            browser.awaitText("It counts when you train again");
            assertThat(Files.list(folder).map(Path::toString)).anyMatch(file -> file.endsWith(".corrections.csv"));
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void onlyDataThatFitsCanBeChosen() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("pets"), List.of("cat", "dog"), 12);
        SampleWorkspace.classFolders(folder.resolve("more"), List.of("cat", "dog"), 3);
        SampleWorkspace.boxes(folder.resolve("scenes"), 4);
        SampleWorkspace.run(folder, "pets", "pets");
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            browser.visit(served.address("/evaluate", "run", "runs/pets-1"));
            browser.await("[data-cell='0-0']");
            browser.await(
                    "other data", own -> own.all("select[name=data] option").size() == 3 ? true : null);
            assertThat(browser.all("select[name=data] option:enabled"))
                    .extracting(WebElement::getText)
                    .containsExactly("of the run: pets", "more");
            assertThat(browser.all("select[name=data] optgroup option:disabled"))
                    .singleElement()
                    .satisfies(option -> assertThat(option.getText()).startsWith("scenes: has boxes of objects"));
            new Select(browser.await("select[name=data]")).selectByValue("more");
            browser.awaitText("6 images");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void theSliderChangesTheMatrixAtOnce() throws Exception {
        SampleWorkspace.shapes(folder.resolve("drawn"), 100);
        SampleWorkspace.run(folder, "drawn", "drawn");
        try (var served = new StudioServer(folder);
                var browser = Browser.open()) {
            browser.visit(served.address("/evaluate", "run", "runs/drawn-1"));
            browser.await("[data-cell='0-0']");
            browser.script(
                    "const s = document.querySelector('.threshold input'); s.value = 0.99; s.dispatchEvent(new Event('input', {bubbles: true}))");
            browser.awaitText("unsure");
            browser.awaitText("0% of the images reach the threshold");
            new WebDriverWait(browser.driver(), Duration.ofSeconds(10))
                    .until(ExpectedConditions.urlContains("threshold=0.99"));
        }
    }
}
