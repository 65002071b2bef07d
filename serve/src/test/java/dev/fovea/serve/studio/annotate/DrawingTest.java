package dev.fovea.serve.studio.annotate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Data;
import dev.fovea.data.Shapes;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
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
import org.openqa.selenium.Keys;
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

    /** A picture of many objects, in rows. */
    private void grid() throws Exception {
        Path data = Files.createDirectories(folder.resolve("grid"));
        Image.write(data.resolve("1.png"), new Shapes(1, 1, 32).image(0).resize(240, 240, Filter.NEAREST));
        var objects = new ArrayList<String>();
        for (int i = 0; i < 36; i++) {
            objects.add("{\"id\":%s,\"image_id\":1,\"category_id\":1,\"bbox\":[%s,%s,30,30]}"
                    .formatted(i + 1, 40 * (i % 6) + 5, 40 * (i / 6) + 5));
        }
        Files.writeString(
                data.resolve("_annotations.coco.json"),
                "{\"images\":[{\"id\":1,\"file_name\":\"1.png\",\"width\":240,\"height\":240}],\"annotations\":[%s],\"categories\":[{\"id\":1,\"name\":\"cell\"}]}"
                        .formatted(String.join(",", objects)));
    }

    @Test
    void theListShowsTheObjectThatIsChosenInTheImage() throws Exception {
        grid();
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/edit", "path", "grid"));
            browser.await(".stage-view [data-index='35']");
            for (int chosen : List.of(35, 0, 20)) {
                browser.await(".stage-view [data-part=object][data-index='%s']".formatted(chosen))
                        .click();
                browser.await(
                        "object %s to be seen in the list".formatted(chosen),
                        own -> (Boolean) own.script(SEEN, chosen) ? Boolean.TRUE : null);
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** Whether an object is the chosen one of the list, and lies within what the list shows. */
    private static final String SEEN = """
            const item = document.querySelectorAll('.objects')[0].children[arguments[0]];
            const [own, list] = [item.getBoundingClientRect(), item.parentElement.getBoundingClientRect()];
            return item.classList.contains('on') && own.top >= list.top - 1 && own.bottom <= list.bottom + 1;
            """;

    @Test
    void aModelThatIsNotSureIsToldFromOneThatFindsNothing() throws Exception {
        SampleWorkspace.boxes(folder.resolve("scenes"), 2);
        SampleWorkspace.model(folder, "detect", "finder");
        Path empty = folder.resolve("scenes/scene-1.png");
        Image.write(empty, new Image(48, 48, 3, new byte[3 * 48 * 48]));
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/edit", "path", "scenes", "run", "finder"));
            WebElement confidence = browser.await("#confidence");
            browser.awaitText("less sure proposal");
            assertThat(browser.all("#accept[disabled]")).hasSize(1);
            confidence.sendKeys(Keys.HOME);
            browser.awaitText("new proposal");
            browser.await("#accept:not([disabled])").click();
            browser.awaitText("drawn already");
            browser.await("#next").click();
            browser.awaitText("The model finds nothing in this image, at any confidence.");
            browser.await("#confidence");
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
