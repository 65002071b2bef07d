package dev.fovea.serve.studio.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Shapes;
import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.StudioServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A contact sheet of many images: rows do not stay blank, and memory does not grow with what was looked at. */
class ContactSheetTest {

    @TempDir
    Path folder;

    @SuppressWarnings("unchecked")
    private static Map<String, Object> scrolled(Browser browser, int speed, int seconds) throws IOException {
        String code;
        try (var in = ContactSheetTest.class.getResourceAsStream("sheet-measure.js")) {
            code = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        browser.driver().manage().timeouts().scriptTimeout(Duration.ofSeconds(seconds + 60L));
        return (Map<String, Object>) browser.driver().executeAsyncScript(code, speed, seconds);
    }

    private static void open(Browser browser, StudioServer served, String path) {
        browser.visit(served.address("/data/view", "path", path));
        browser.await(
                "rows", Duration.ofMinutes(2), own -> own.all(".sheet-row").size() > 3 ? Boolean.TRUE : null);
    }

    /** The machine that builds may be busy: the figure itself is measured apart. */
    @Test
    void rowsThatComeIntoSightAreFilled() throws Exception {
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            open(browser, served, "shapes");
            Map<String, Object> seen = scrolled(browser, 1500, 3);
            assertThat((Long) seen.get("rows")).isGreaterThan(20);
            assertThat((Long) seen.get("cells")).isLessThan(600); // of 12,000: those on the screen
            assertThat((Long) seen.get("worst")).isLessThan(1500);
        }
    }

    @Test
    @Tag("slow")
    void sixtyThousandFilesScrollWithoutBlankRows() throws Exception {
        var shapes = new Shapes(4, 600, 32);
        for (int i = 0; i < 60_000; i++) {
            Path own = folder.resolve("many/class-" + i / 6000);
            if (i % 6000 == 0) {
                Files.createDirectories(own);
            }
            Files.write(
                    own.resolve("image-" + i + ".jpg"), shapes.image(i % 600).jpegBytes(90));
        }
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            open(browser, served, "many");
            scrolled(browser, 3000, 5);
            long before = used();
            for (int speed : new int[] {1000, 3000, 6000}) {
                Map<String, Object> seen = scrolled(browser, speed, 20);
                System.out.println("contact sheet of 60,000, " + speed + " pixels a second: " + seen);
                assertThat((Long) seen.get("worst"))
                        .as("milliseconds at %s", speed)
                        .isLessThan(200);
            }
            long after = used();
            System.out.println("memory before %s MB, after %s MB".formatted(before >> 20, after >> 20));
            assertThat(after - before).isLessThan(64L << 20);
        }
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
