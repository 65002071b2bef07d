package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
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
    void namesOfClassesFilesAndRunsAreTextInEveryView() throws Exception {
        Path data = SampleWorkspace.classFolders(folder.resolve(Hostile.IMAGE), Hostile.NAMES, 4);
        Path rose = data.resolve(Hostile.NAMES.get(0));
        for (String name : Hostile.NAMES) {
            String file = name.length() > 240 ? name.substring(0, 240) : name;
            Files.copy(rose.resolve("image-0-0.png"), rose.resolve(file + ".png"));
        }
        Path run = SampleWorkspace.run(folder, "hostile", Hostile.IMAGE);
        Path renamed = Files.move(run, run.resolveSibling(Hostile.SCRIPT));
        Path other = SampleWorkspace.run(folder, "other", Hostile.IMAGE);
        Files.move(other, other.resolveSibling("other"));
        var wrong = new ArrayList<String>();
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            String path = served.studio.workspace().relative(renamed.toRealPath());
            for (URI view : Views.all(served, Hostile.IMAGE, "0", path, "runs/other")) {
                Views.visit(browser, view);
                look(browser, view, wrong);
            }
            Views.visit(browser, served.address("/"));
            assertThat(browser.text()).contains(Hostile.SCRIPT);
            Views.visit(browser, served.address("/data/view", "path", Hostile.IMAGE));
            assertThat(browser.text()).contains(Hostile.SCRIPT, Hostile.IMAGE);
        }
        assertThat(wrong).isEmpty();
    }

    private static void look(Browser browser, URI view, List<String> wrong) {
        if (browser.script("return window.hurt") != null) {
            wrong.add(view.getPath() + ": a name was run");
        }
        if (!browser.all("main img[src='x'], main script, main svg[onload]").isEmpty()) {
            wrong.add(view.getPath() + ": a name has become markup");
        }
        browser.complaints().stream()
                .filter(line -> !line.contains("status of 400")) // a sentence that the view shows
                .forEach(line -> wrong.add(view.getPath() + ": " + line));
        for (int width : List.of(360, 1280)) {
            Number over = (Number) browser.size(width, 900)
                    .script("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (over.intValue() > 1) {
                wrong.add("%s: at %s pixels a name makes the page %s wider".formatted(view.getPath(), width, over));
            }
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
            Views.visit(browser, served.address("/data/view", "path", "list/labels.csv"));
            assertThat(browser.text()).contains(LONG.substring(0, 60));
            var wrong = new ArrayList<String>();
            look(browser, served.address("/data/view"), wrong);
            assertThat(wrong).isEmpty();
        }
    }
}
