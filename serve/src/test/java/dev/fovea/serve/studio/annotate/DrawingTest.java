package dev.fovea.serve.studio.annotate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Data;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** Objects drawn by a mouse and by a finger, as a browser gives them. */
class DrawingTest {

    @TempDir
    Path folder;

    private Target.Objects objects() {
        return (Target.Objects) Data.open(
                        folder.resolve("scenes.corrected.json").toString(),
                        Data.Options.of().withTargets(new TargetKind.Boxes(true, false)))
                .train()
                .target(0);
    }

    private int before() {
        return ((Target.Objects) Data.open(
                                folder.resolve("scenes").toString(),
                                Data.Options.of().withTargets(TargetKind.BOXES))
                        .train()
                        .target(0))
                .boxes()
                .size();
    }

    private void save(Browser browser) {
        browser.await("#save:not([disabled])").click();
        browser.await(
                "the corrections",
                own -> Files.exists(folder.resolve("scenes.corrected.json"))
                                && !own.all("#save[disabled]").isEmpty()
                        ? Boolean.TRUE
                        : null);
    }

    @Test
    void aPolygonEndsWithADoubleClick() throws Exception {
        SampleWorkspace.boxes(folder.resolve("scenes"), 2);
        int before = before();
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/edit", "path", "scenes", "image", "0"));
            WebElement stage = browser.await(".stage-view");
            browser.await("#tool-polygon").click();
            new Actions(browser.driver())
                    .moveToElement(stage, -80, -80)
                    .click()
                    .pause(600) // two clicks, and no double click
                    .moveByOffset(160, 0)
                    .click()
                    .pause(600)
                    .moveByOffset(-80, 120)
                    .doubleClick()
                    .perform();
            browser.await(
                    "the polygon with its three corners",
                    own -> own.all(".shape.on polygon, .shape polygon").stream()
                                    .anyMatch(
                                            one -> one.getDomAttribute("points").split(" ").length == 3)
                            ? Boolean.TRUE
                            : null);
            save(browser);
            assertThat(objects().boxes()).hasSize(before + 1);
            assertThat(objects().masks().get(before).size())
                    .isEqualTo(objects().masks().get(0).size());
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** The question that is asked before something is lost. */
    private static void stay(Browser browser) {
        assertThat(browser.await("dialog[open]").getText())
                .contains("What you drew is not saved")
                .contains("The studio does not answer");
        browser.click("Cancel");
        browser.await("no question", own -> own.all("dialog").isEmpty() ? Boolean.TRUE : null);
        assertThat(browser.driver().getCurrentUrl()).contains("/data/edit");
        browser.await("#save:not([disabled])");
    }

    @Test
    void whatCannotBeSavedIsNotLostByALinkOrTheWayBack() throws Exception {
        SampleWorkspace.boxes(folder.resolve("scenes"), 2);
        int before = before();
        var first = new StudioServer(folder);
        try (Browser browser = Browser.open()) {
            browser.visit(first.address("/data/view", "path", "scenes"));
            browser.await("a[href^='/data/edit']").click();
            WebElement stage = browser.await(".stage-view");
            browser.await("#tool-box").click();
            new Actions(browser.driver())
                    .moveToElement(stage, -80, -80)
                    .clickAndHold()
                    .moveByOffset(60, 40)
                    .release()
                    .perform();
            browser.await("#save:not([disabled])");
            first.close();
            browser.click("Runs");
            stay(browser);
            browser.driver().navigate().back();
            stay(browser);
            try (var again = first.again()) {
                browser.driver().navigate().back();
                browser.await(".sheet");
                assertThat(browser.driver().getCurrentUrl()).contains("/data/view");
                assertThat(objects().boxes()).hasSize(before + 1);
            }
        }
    }

    private static void touch(Browser browser, String type, double... points) {
        var touches = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < points.length; i += 2) {
            touches.add(Map.of("x", points[i], "y", points[i + 1], "id", i));
        }
        browser.driver().executeCdpCommand("Input.dispatchTouchEvent", Map.of("type", type, "touchPoints", touches));
    }

    @Test
    void aFingerDrawsABoxAndTwoZoom() throws Exception {
        SampleWorkspace.boxes(folder.resolve("scenes"), 2);
        int before = before();
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.size(412, 800)
                    .driver()
                    .executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", true));
            browser.visit(served.address("/data/edit", "path", "scenes", "image", "0"));
            WebElement stage = browser.await(".stage-view");
            browser.await("#tool-box").click();
            var middle = (List<?>) browser.script(
                    "arguments[0].scrollIntoView({block: 'center'}); const box = arguments[0].getBoundingClientRect();"
                            + "return [box.x + box.width / 2, box.y + box.height / 2]",
                    stage);
            double x = ((Number) middle.get(0)).doubleValue();
            double y = ((Number) middle.get(1)).doubleValue();
            touch(browser, "touchStart", x - 60, y - 40);
            touch(browser, "touchMove", x - 10, y);
            touch(browser, "touchMove", x + 40, y + 30);
            touch(browser, "touchEnd");
            browser.await("#save:not([disabled])");
            String whole = stage.getDomAttribute("viewBox");
            touch(browser, "touchStart", x - 20, y);
            touch(browser, "touchStart", x - 20, y, x + 20, y);
            touch(browser, "touchMove", x - 60, y, x + 60, y);
            touch(browser, "touchEnd");
            browser.await(
                    "a closer look", own -> stage.getDomAttribute("viewBox").equals(whole) ? null : Boolean.TRUE);
            save(browser);
            assertThat(objects().boxes()).hasSize(before + 1);
        }
    }
}
