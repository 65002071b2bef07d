package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link ViewsTest} has no file for: names of classes that are longer than those of files. */
class HostileNamesTest {

    private static final String LONG = "a class of three hundred letters " + "y".repeat(267);

    @TempDir
    private Path folder;

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
