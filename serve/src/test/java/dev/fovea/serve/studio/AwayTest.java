package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Pages whose studio is ended and begun anew: nobody has to load them again. */
class AwayTest {

    private static final String SENTENCE = "The studio does not answer";

    @TempDir
    private Path folder;

    private static void awaitHeading(Browser browser, String text) {
        browser.await(
                "the heading " + text,
                own -> own.all("main h1").stream().anyMatch(one -> one.getText().equals(text)) ? Boolean.TRUE : null);
    }

    @Test
    void aViewThatCouldNotBeLoadedComesOnceTheStudioIsBack() throws Exception {
        var first = new StudioServer(folder);
        try (Browser browser = Browser.open()) {
            browser.visit(first.studio.address());
            first.close();
            browser.click("Runs");
            browser.await("main .notice.error button");
            assertThat(browser.await("main .notice.error").getText()).startsWith(SENTENCE);
            try (var again = first.again()) {
                awaitHeading(browser, "Runs");
                browser.await("main .empty");
            }
        }
    }

    @Test
    void theViewOfATaskComesOnceTheStudioIsBack() throws Exception {
        SampleWorkspace.shapes(folder.resolve("drawn"), 40);
        SampleWorkspace.run(folder, "drawn", "drawn");
        var first = new StudioServer(folder);
        try (Browser browser = Browser.open()) {
            browser.driver().executeCdpCommand("Network.enable", Map.of());
            browser.driver().executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of("*/parts/matrix.js")));
            browser.visit(first.address("/evaluate", "run", "runs/drawn-1"));
            browser.await("main .notice.error button");
            browser.driver().executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of()));
            first.close();
            try (var again = first.again()) {
                browser.await("[data-cell='0-0']");
            }
        }
    }

    @Test
    void figuresStayBesideTheErrorAndAreAskedForAgain() throws Exception {
        SampleWorkspace.shapes(folder.resolve("drawn"), 60);
        SampleWorkspace.run(folder, "drawn", "drawn");
        var first = new StudioServer(folder);
        try (Browser browser = Browser.open()) {
            browser.visit(first.address("/evaluate", "run", "runs/drawn-1"));
            browser.await("[data-cell='0-0']");
            first.close();
            browser.script(
                    "const s = document.querySelector('.threshold input'); s.value = 0.99; s.dispatchEvent(new Event('input', {bubbles: true}))");
            assertThat(browser.await("main .notice.error").getText()).startsWith(SENTENCE);
            assertThat(browser.await(".threshold input").isDisplayed()).isTrue();
            browser.await("[role=tab]");
            try (var again = first.again()) {
                browser.awaitText("0% of the images reach the threshold");
                browser.await("no error", own -> own.all("main .notice.error").isEmpty() ? Boolean.TRUE : null);
            }
        }
    }

    @Test
    void aJobThatTheStudioHasForgottenIsBegunAnew() throws Exception {
        SampleWorkspace.shapes(folder.resolve("drawn"), 60);
        SampleWorkspace.run(folder, "drawn", "drawn");
        var first = new StudioServer(folder);
        first.studio.jobs().start("before", own -> {
            while (true) {
                own.progress(0, 0);
                Thread.sleep(20);
            }
        });
        try (Browser browser = Browser.open()) {
            browser.visit(first.address("/evaluate", "run", "runs/drawn-1"));
            browser.await("two jobs", own -> own.all(".jobs .job").size() == 2 ? Boolean.TRUE : null);
            first.close();
            browser.awaitText(SENTENCE);
            try (var again = first.again()) {
                again.studio.jobs().start("one", own -> "of another");
                again.studio.jobs().start("two", own -> "of another");
                browser.await("[data-cell='0-0']");
            }
        }
    }

    @Test
    void rowsThatStayedBlankAreFilledOnceTheStudioIsBack() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 150);
        var first = new StudioServer(folder);
        try (Browser browser = Browser.open()) {
            browser.visit(first.address("/data/view", "path", "flowers"));
            browser.await("#cell-0");
            Views.idle(browser);
            first.close();
            browser.script("const sheet = document.querySelector('.sheet'); sheet.scrollTop = sheet.scrollHeight");
            WebElement last = browser.await("#cell-299");
            String broken =
                    "return [...document.querySelectorAll('.sheet-strip img')].every(one => one.complete && !one.naturalWidth)";
            browser.await("blank rows", own -> (Boolean) own.script(broken) ? Boolean.TRUE : null);
            Thread.sleep(1500);
            try (var again = first.again()) {
                String filled =
                        "return [...document.querySelectorAll('.sheet-strip img')].every(one => one.naturalWidth > 0)";
                browser.await("filled rows", own -> (Boolean) own.script(filled) ? Boolean.TRUE : null);
                assertThat(last.findElement(By.xpath("..")).isDisplayed()).isTrue();
            }
        }
    }
}
