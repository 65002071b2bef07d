package dev.fovea.serve.studio.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.run.Corrections;
import dev.fovea.run.Findings;
import dev.fovea.run.RunNotes;
import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.Hostile;
import dev.fovea.serve.studio.StudioServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

class ComparePageTest {

    @TempDir
    private Path folder;

    @Test
    void runsAreFilteredNotedRemovedAndBroughtBack() throws Exception {
        Path a = RunFiles.written(folder.resolve("runs"), "a-1", 0.8, "0.1");
        RunFiles.written(folder.resolve("runs"), "b-1", 0.6, "0.2");
        RunFiles.written(folder.resolve("runs"), Hostile.SCRIPT, 0.5, "0.2");
        new RunNotes(Hostile.IMAGE, List.of(Hostile.SCRIPT)).write(a);
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/runs")).awaitText("3 runs").awaitText(Hostile.IMAGE);
            browser.await("search input[type=search]").sendKeys("b-1");
            browser.awaitText("1 run");
            browser.await(
                    "an address with the filter",
                    own -> own.driver().getCurrentUrl().contains("q=b-1") ? Boolean.TRUE : null);
            browser.click("Note and tags of b-1");
            browser.await("form.notes input").sendKeys("baseline");
            browser.await("form.notes textarea").sendKeys("the first try" + Keys.chord(Keys.CONTROL, Keys.ENTER));
            browser.awaitText("the first try");
            assertThat(RunNotes.read(folder.resolve("runs/b-1")))
                    .isEqualTo(new RunNotes("the first try", List.of("baseline")));
            browser.await("tr[data-run] th a").sendKeys(Keys.DELETE);
            browser.awaitText("b-1 is removed.").awaitText("0 runs");
            assertThat(folder.resolve("runs/b-1")).doesNotExist();
            browser.click("Undo").awaitText("1 run").awaitText("the first try");
            assertThat(folder.resolve("runs/b-1/notes.json")).exists();
            assertThat(browser.script("return window.hurt")).isNull();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void runsThatDifferInTheirCorrectionsAloneNameThem() throws Exception {
        RunFiles.written(folder.resolve("runs"), "a-1", 0.8, "0.1");
        Path b = RunFiles.written(folder.resolve("runs"), "b-1", 0.8, "0.1");
        Findings.write(
                b.resolve(Corrections.COPY),
                List.of(
                        Corrections.removal("flowers/rose/1.jpg", "train", "rose"),
                        Corrections.relabelling("flowers/rose/2.jpg", "train", "rose", Hostile.IMAGE)));
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/compare", "run", "runs/a-1", "run", "runs/b-1"));
            browser.awaitText("data.leftOut");
            assertThat(browser.all(".side").get(1).getText())
                    .contains("1, not in all runs: flowers/rose/1.jpg")
                    .contains("1, not in all runs: flowers/rose/2.jpg as " + Hostile.IMAGE);
            assertThat(browser.script("return window.hurt")).isNull();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void allRunsStandInAChartOfResultAgainstCostThatLeadsToThem() throws Exception {
        RunFiles.written(folder.resolve("runs"), "a-1", 0.8, "0.1");
        RunFiles.written(folder.resolve("runs"), "b-1", 0.6, "0.2");
        RunFiles.written(folder.resolve("runs"), Hostile.SCRIPT, 0.5, "0.2");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/runs")).click("Result against cost");
            browser.await(
                    "three points", own -> own.all("figure.scatter circle").size() == 3 ? true : null);
            assertThat(browser.driver().getCurrentUrl()).endsWith("view=cost");
            browser.click("Numbers as a table").awaitText(Hostile.SCRIPT);
            assertThat(browser.await(".scatter .numbers tbody").getText()).contains("a-1", "25 s", "0.8");
            browser.await("search input[type=search]").sendKeys("b-1");
            browser.await("one point", own -> own.all("figure.scatter circle").size() == 1 ? true : null);
            browser.await("select[name=cx] option[value=parameters]").click();
            browser.awaitText("1 is not shown, as one of the two values is not known.");
            browser.await(
                    "an address with the cost",
                    own -> own.driver().getCurrentUrl().contains("cx=parameters") ? Boolean.TRUE : null);
            browser.visit(browser.driver().getCurrentUrl()).awaitText("1 is not shown");
            browser.await("select[name=cx] option[value=seconds]").click();
            browser.await("figure.scatter .plot").sendKeys(Keys.ARROW_RIGHT, Keys.ENTER);
            browser.await(
                    "the run",
                    own -> own.driver().getCurrentUrl().contains("/run?run=runs%2Fb-1") ? Boolean.TRUE : null);
            assertThat(browser.script("return window.hurt")).isNull();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void metricsAreNamedInTheReadersLanguageWithTheirKeyAtHand() throws Exception {
        Path run = RunFiles.written(folder.resolve("runs"), "a-1", 0.8, "0.1");
        Files.writeString(
                run.resolve("run.json"),
                Files.readString(run.resolve("run.json"))
                        .replace("{\"accuracy\"", "{\"constructor\":1,\"psnr\":31.25,\"ownScore\":0.5,\"accuracy\""));
        RunFiles.written(folder.resolve("runs"), "b-1", 0.6, "0.2");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open("de")) {
            browser.visit(served.address("/runs")).awaitText("Genauigkeit");
            assertThat(browser.await(".runs .metric").getAttribute("title")).isEqualTo("accuracy");
            browser.visit(served.address("/compare", "run", "runs/a-1", "run", "runs/b-1"))
                    .awaitText("31,25 dB")
                    .awaitText("own score")
                    .awaitText("constructor")
                    .awaitText("Verlust");
            browser.await("#language option[value=zh]").click();
            browser.awaitText("准确率").awaitText("损失");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aRunThatIsWatchedMayBeDamagedMendedRemovedAndComeBack() throws Exception {
        Path run = RunFiles.written(folder.resolve("runs"), "a-1", 0.8, "0.1");
        RunFiles.written(folder.resolve("runs"), "b-1", 0.6, "0.2");
        String facts = Files.readString(run.resolve("run.json"));
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/run", "run", "runs/a-1")).awaitText("Results of the saved model (epoch 2)");
            Files.writeString(run.resolve("run.json"), facts.replace("\"format\":1", "\"format\":9"));
            browser.awaitText("runs/a-1/run.json: was written by a newer version (format 9, this one reads 1)");
            assertThat(browser.text()).doesNotContain(folder.toString());
            Files.writeString(run.resolve("run.json"), facts);
            browser.await("no sentence", own -> own.text().contains("newer version") ? null : true);
            Files.writeString(run.resolve("recipe.yaml"), "model: [");
            browser.awaitText("runs/a-1/recipe.yaml");
            Files.move(run, folder.resolve("elsewhere"));
            browser.awaitText("This run is no longer there.");
            assertThat(browser.all(".run-head button")).isEmpty();
            assertThat(browser.text()).contains("0.8");
            Files.move(folder.resolve("elsewhere"), run);
            browser.await("the run", own -> own.text().contains("no longer there") ? null : true);
        }
    }

    @Test
    void twoRunsAreComparedDownToTheirImages() throws Exception {
        RunFiles.shapes(folder);
        RunFiles.trained(folder, "a", "epochs=2");
        RunFiles.trained(folder, "b", "epochs=2", "optimizer.lr=0.03");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/runs")).awaitText("2 runs");
            browser.all("tbody input[type=checkbox]").forEach(org.openqa.selenium.WebElement::click);
            browser.click("Compare").awaitText("2 runs compared").awaitText("optimizer.lr");
            browser.click("Curves").await("figure.curves canvas");
            assertThat(browser.all("figure.curves .legend button")).hasSizeGreaterThanOrEqualTo(4);
            browser.script("const range = document.querySelector('input[type=range]'); range.value = 0.6;"
                    + " range.dispatchEvent(new Event('input', {bubbles: true}))");
            browser.await(
                    "an address with the smoothing",
                    own -> own.driver().getCurrentUrl().contains("smooth=0.6") ? Boolean.TRUE : null);
            browser.click("Result against cost").await("figure.scatter circle");
            browser.click("The same images").click("Predict with the 2 models").awaitText("On the same 20 images:");
            browser.await("ul.items img");
            browser.all("ul.items button.open").get(0).click();
            browser.await("dialog .large img");
            browser.driver().switchTo().activeElement().sendKeys(Keys.ESCAPE);
            browser.await(
                    "no dialog",
                    own -> own.driver().findElements(By.tagName("dialog")).isEmpty() ? Boolean.TRUE : null);
            String address = browser.driver().getCurrentUrl();
            browser.visit(address).awaitText("Predict with the 2 models");
            assertThat(browser.complaints()).isEmpty();
            assertThat(Files.exists(folder.resolve("runs/a-1/notes.json"))).isFalse();
        }
    }
}
