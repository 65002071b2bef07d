package dev.fovea.serve.studio.annotate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
            var undo = browser.all(".toast button").stream()
                    .filter(button -> button.getText().equals("Undo"))
                    .toList();
            assertThat(undo).hasSize(2);
            assertThat(excluded()).isEqualTo(2);
            undo.get(0).click();
            browser.awaitText("Something else has changed since");
            assertThat(excluded()).isEqualTo(2);
            browser.all(".toast button").stream()
                    .filter(button -> button.getText().equals("Undo"))
                    .findFirst()
                    .orElseThrow()
                    .click();
            browser.await("one image that is excluded", page -> excluded() == 1 ? Boolean.TRUE : null);
            assertThat(browser.complaints()).isEmpty();
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
}
