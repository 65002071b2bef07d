package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** Dialogs by the keyboard alone: opened, walked through, closed by Escape, and back at what opened them. */
class DialogTest {

    @TempDir
    private Path folder;

    @Test
    void keepTheFocusAndGiveItBack() throws Exception {
        SampleWorkspace.shapes(folder.resolve("signs"), 60);
        SampleWorkspace.boxes(folder.resolve("scenes"), 12);
        Path twice = folder.resolve("signs/circle/image.png");
        Files.copy(twice.resolveSibling("shape-0.png"), twice);
        SampleWorkspace.run(folder, "one", "signs");
        SampleWorkspace.run(folder, "two", "signs");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            String[] both = {"run", "runs/one-1", "run", "runs/two-1"};
            URI signs = served.address("/data/view", "path", "signs");
            visit(browser, served.address("/data"));
            opensAndCloses(browser, ".dropzone .row button:last-child", Keys.ENTER);
            visit(browser, signs);
            opensAndCloses(browser, ".sheet", Keys.ENTER);
            opensAndCloses(browser, ".sheet", Keys.ARROW_RIGHT + "c");
            visit(browser, served.address("/data/view", "path", "scenes"));
            opensAndCloses(browser, ".sheet", Keys.ENTER);
            visit(browser, served.address("/data/problems", "path", "signs"));
            browser.await("#look").sendKeys(Keys.ENTER);
            opensAndCloses(browser, ".problem .pictures", Keys.ENTER);
            visit(browser, served.address("/runs", both));
            opensAndCloses(browser, "main h1 + .row button", Keys.ENTER);
            opensAndCloses(browser, ".chosen button:nth-of-type(2)", Keys.ENTER);
            visit(browser, served.address("/evaluate", "run", "runs/one-1", "tab", "mistakes"));
            opensAndCloses(browser, ".thumbs .thumb", Keys.ENTER);
            visit(browser, served.address("/compare", "run", both[1], "run", both[3], "tab", "items"));
            browser.await("[role=tabpanel] > button").sendKeys(Keys.ENTER);
            opensAndCloses(browser, ".items .open", Keys.ENTER);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void messagesAndJobsAreWithinReachAboveADialog() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 3);
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            Job job = served.studio.jobs().start("a long look", own -> {
                while (true) {
                    own.progress(1, 2);
                    Thread.sleep(20);
                }
            });
            browser.visit(served.address("/data/view", "path", "flowers"));
            browser.await(".jobs .job");
            browser.await("#cell-5");
            browser.await(".sheet").sendKeys(Keys.HOME, Keys.ENTER);
            browser.await("dialog[open] .large-image");
            press(browser, "x");
            browser.await("the image left out", own -> own.all("#cell-0.remove").isEmpty() ? null : Boolean.TRUE);
            browser.await("dialog[open] .toast button.small").click();
            browser.await("the image back", own -> own.all("#cell-0.remove").isEmpty() ? Boolean.TRUE : null);
            browser.await("dialog[open] .jobs .job button").click();
            browser.await("no job", own -> own.all(".jobs .job").isEmpty() ? Boolean.TRUE : null);
            assertThat(job.over()).isTrue();
            assertThat(browser.all("dialog[open] .large-image")).hasSize(1);
            press(browser, Keys.ESCAPE);
            browser.await("no dialog", own -> own.all("dialog").isEmpty() ? Boolean.TRUE : null);
            assertThat(browser.all("#app > .above .toasts")).hasSize(1);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aDialogThatMayNotBeClosedStaysHoweverOftenEscapeIsPressed() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("from"), List.of("rose"), 40);
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data"));
            browser.drop(".dropzone", folder.resolve("from"));
            browser.await("dialog[open] form");
            browser.driver().executeCdpCommand("Network.enable", Map.of());
            browser.driver()
                    .executeCdpCommand(
                            "Network.emulateNetworkConditions",
                            Map.of("offline", false, "latency", 300, "downloadThroughput", -1, "uploadThroughput", -1));
            browser.fill("#set-name", "kept");
            browser.click("Add");
            browser.await("dialog[open] progress");
            for (int i = 0; i < 4; i++) {
                press(browser, Keys.ESCAPE);
            }
            browser.await("dialog[open] progress");
            browser.await(".sheet");
            assertThat(folder.resolve("kept/rose")).isDirectory();
        }
    }

    private static void visit(Browser browser, URI address) {
        browser.visit(address);
        Views.idle(browser);
    }

    private static void opensAndCloses(Browser browser, String opener, CharSequence key) {
        WebElement from = browser.await(opener);
        Views.idle(browser);
        browser.script("arguments[0].focus()", from);
        press(browser, key);
        browser.await("dialog[open]");
        Views.idle(browser);
        assertThat(within(browser))
                .as("%s opens a dialog that has the focus", opener)
                .isTrue();
        for (CharSequence tab : List.of(Keys.TAB, Keys.chord(Keys.SHIFT, Keys.TAB))) {
            for (int i = 0; i < 12; i++) {
                press(browser, tab);
                assertThat(within(browser))
                        .as("the focus stays in the dialog of %s", opener)
                        .isTrue();
            }
        }
        press(browser, Keys.ESCAPE);
        browser.await("no dialog", own -> own.all("dialog").isEmpty() ? Boolean.TRUE : null);
        browser.await(
                "the focus back at " + opener,
                own -> (Boolean) own.script("return document.activeElement.matches(arguments[0])", opener)
                        ? Boolean.TRUE
                        : null);
    }

    private static void press(Browser browser, CharSequence key) {
        new Actions(browser.driver()).sendKeys(key).perform();
    }

    /** Behind its last element the browser itself has the focus, which is then nowhere in the page. */
    private static boolean within(Browser browser) {
        return (Boolean) browser.script(
                "return document.activeElement === document.body || !!document.activeElement.closest('dialog')");
    }
}
