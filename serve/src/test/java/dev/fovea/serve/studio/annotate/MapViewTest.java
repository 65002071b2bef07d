package dev.fovea.serve.studio.annotate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.PointerInput;
import org.openqa.selenium.interactions.Sequence;
import org.openqa.selenium.support.ui.Select;

class MapViewTest {

    @TempDir
    private Path workspace;

    @Test
    void anOlderMessageUndoesNothingElseThanItsOwnChange() throws Exception {
        SampleWorkspace.shapes(workspace.resolve("set"), 20);
        try (var served = new StudioServer(workspace);
                var browser = Browser.open()) {
            served.job(
                    served.post("/api/data/map", Map.of("path", "set", "run", "", "projection", "pca", "most", 1000)));
            browser.visit(served.address("/data/map", "path", "set", "projection", "pca"));
            browser.await(".map-rows summary").click();
            exclude(browser, 1);
            exclude(browser, 2);
            var undo = browser.await("a message for each", own -> {
                var found = own.all(".toast button").stream()
                        .filter(button -> button.getText().equals("Undo"))
                        .toList();
                return found.size() == 2 ? found : null;
            });
            assertThat(excluded()).isEqualTo(2);
            undo.get(0).click();
            browser.awaitText("Other corrections came after this one");
            assertThat(excluded()).isEqualTo(2);
            browser.all(".toast button").stream()
                    .filter(button -> button.getText().equals("Undo"))
                    .findFirst()
                    .orElseThrow()
                    .click();
            browser.await("one image that is excluded", page -> excluded() == 1 ? Boolean.TRUE : null);
            assertThat(browser.complaints())
                    .as("none but of the refusal that is said")
                    .allMatch(line -> line.contains("/api/data/undo") && line.contains("409"));
        }
    }

    private void exclude(Browser browser, int row) {
        browser.await(".map-rows tbody tr:nth-child(%s) input".formatted(row)).click();
        browser.await("#map-remove").click();
        browser.await("so many excluded images", page -> excluded() == row ? Boolean.TRUE : null);
    }

    private long excluded() {
        try (var lines = Files.lines(workspace.resolve("set.corrections.csv"))) {
            return lines.filter(line -> line.contains(",remove")).count();
        } catch (IOException e) {
            return 0;
        }
    }

    private static Browser drawn(StudioServer served, Browser browser) throws Exception {
        served.job(served.post("/api/data/map", Map.of("path", "set", "run", "", "projection", "pca", "most", 1000)));
        browser.visit(served.address("/data/map", "path", "set", "projection", "pca"));
        browser.await(".plane canvas");
        return browser;
    }

    /** A finger on the map that goes from point to point, each a share of its width and height. */
    private static void touch(Browser browser, double... shares) {
        var canvas = browser.await(".plane canvas");
        browser.script("arguments[0].scrollIntoView({block: 'center'})", canvas);
        var at = canvas.getRect();
        long scrolled = ((Number) browser.script("return Math.round(window.scrollY)")).longValue();
        var finger = new PointerInput(PointerInput.Kind.TOUCH, "finger");
        var way = new Sequence(finger, 0);
        for (int i = 0; i < shares.length; i += 2) {
            way.addAction(finger.createPointerMove(
                    Duration.ofMillis(i == 0 ? 0 : 60),
                    PointerInput.Origin.viewport(),
                    (int) (at.getX() + shares[i] * at.getWidth()),
                    (int) (at.getY() - scrolled + shares[i + 1] * at.getHeight())));
            if (i == 0) {
                way.addAction(finger.createPointerDown(PointerInput.MouseButton.LEFT.asArg()));
            }
        }
        way.addAction(finger.createPointerUp(PointerInput.MouseButton.LEFT.asArg()));
        browser.driver().perform(List.of(way));
    }

    @Test
    void aFingerDrawsALassoAroundImages() throws Exception {
        SampleWorkspace.shapes(workspace.resolve("set"), 20);
        try (var served = new StudioServer(workspace);
                var browser = Browser.open()) {
            browser.size(412, 800)
                    .driver()
                    .executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", true));
            drawn(served, browser);
            browser.await("#map-lasso").click();
            touch(browser, .01, .01, .5, .01, .99, .01, .99, .5, .99, .99, .5, .99, .01, .99, .01, .5);
            browser.awaitText("20 images selected");
            browser.await("#map-add").click();
            touch(browser, .01, .01, .03, .01, .03, .03, .01, .03); // around none, which adds none
            browser.awaitText("20 images selected");
            browser.await("#map-add").click();
            touch(browser, .01, .01, .03, .01, .03, .03, .01, .03);
            browser.awaitText("0 images selected");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void whatIsExcludedStaysMarkedAndKeysUndoIt() throws Exception {
        SampleWorkspace.shapes(workspace.resolve("set"), 20);
        try (var served = new StudioServer(workspace);
                var browser = Browser.open()) {
            drawn(served, browser);
            browser.await(".map-rows summary").click();
            String first = browser.await(".map-rows tbody tr td:nth-child(3)").getText();
            String other = first.equals("circle") ? "square" : "circle";
            browser.await(".map-rows tbody tr input").click();
            new Select(browser.await("#map-label")).selectByVisibleText(other);
            browser.awaitText("1 image is now " + other);
            browser.driver().navigate().refresh();
            browser.await(".map-rows summary").click();
            long others = labelled(browser, other);
            browser.press("z", Keys.CONTROL);
            browser.await("one less of " + other, page -> labelled(page, other) == others - 1 ? Boolean.TRUE : null);
            browser.awaitText("1 image selected");
            assertThat(workspace.resolve("set.corrections.csv")).doesNotExist();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static long labelled(Browser browser, String label) {
        return browser.all(".map-rows tbody tr td:nth-child(3)").stream()
                .filter(cell -> cell.getText().equals(label))
                .count();
    }
}
