package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
