package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileNamesTest {

    private static final String LONG = "a class of three hundred letters " + "y".repeat(267);

    @TempDir
    private Path folder;

    @Test
    void namesAreTextInEveryView() throws Exception {
        TaskWorkspace workspace = TaskWorkspace.in(folder, Hostile.DATA);
        SampleWorkspace.model(folder, "detect", Hostile.IMAGE);
        var wrong = new ArrayList<String>();
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            var round = new Round(browser);
            for (Views.View view : Views.all(served, workspace)) {
                Views.visit(browser, view);
                read(browser, view, wrong);
                round.measure(view);
                round.listen(view);
            }
            wrong.addAll(round.tooWide);
            wrong.addAll(round.complaints);
            browser.visit(served.address("/runs")).awaitText(Hostile.named("classification"));
            assertThat(browser.text()).contains(Hostile.named("tag"), Hostile.named("note"));
            browser.visit(served.address("/export")).awaitText(Hostile.IMAGE);
            browser.visit(served.address("/data/view", "path", workspace.data("folders")));
            Hostile.DATA.classes().forEach(browser::awaitText);
        }
        assertThat(wrong).isEmpty();
    }

    private static void read(Browser browser, Views.View view, List<String> wrong) {
        if (browser.script("return window.hurt") != null) {
            wrong.add(view.name() + ": a name was run");
        }
        if (!browser.all("img[src='x'], #app script, svg[onload]").isEmpty()) {
            wrong.add(view.name() + ": a name has become markup");
        }
    }

    @Test
    void aClassOfThreeHundredLettersIsShown() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("list"), List.of("images"), 6);
        var csv = new StringBuilder("path,label\n");
        for (int i = 0; i < 6; i++) {
            csv.append("images/image-0-%s.png,%s\n".formatted(i, i % 2 == 0 ? LONG : "other"));
        }
        Files.writeString(folder.resolve("list/labels.csv"), csv);
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/view", "path", "list/labels.csv"));
            browser.awaitText(LONG.substring(0, 60));
            assertThat(browser.complaints()).isEmpty();
            for (int width : List.of(360, 1280)) {
                assertThat(Round.tooWide(browser.size(width, 900))).isLessThanOrEqualTo(1);
            }
        }
    }
}
