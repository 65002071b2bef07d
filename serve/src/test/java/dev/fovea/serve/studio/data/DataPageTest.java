package dev.fovea.serve.studio.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Target;
import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

class DataPageTest {

    @TempDir
    Path folder;

    private Path list;

    private String listed() {
        try {
            return Files.exists(list) ? Files.readString(list) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitList(Browser browser, String... parts) {
        browser.await("a list with " + String.join(", ", parts), own -> {
            String text = listed();
            return List.of(parts).stream().allMatch(text::contains) ? Boolean.TRUE : null;
        });
    }

    @Test
    void imagesAreCorrectedByTheKeyboardAndUndone() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 4);
        list = folder.resolve("flowers.corrections.csv");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data"));
            browser.await("a[href='/data/view?path=flowers']").click();
            WebElement sheet = browser.await(".sheet");
            browser.await("#cell-7");
            sheet.click();
            sheet.sendKeys(Keys.HOME, "x");
            awaitList(browser, "rose/image-0-0.png,train,by-hand,1.0000,rose,,remove,");
            browser.await("#cell-0.remove");
            sheet.sendKeys(Keys.ARROW_RIGHT, Keys.chord(Keys.SHIFT, Keys.ARROW_RIGHT), "2");
            awaitList(browser, "image-0-1.png,train,by-hand,1.0000,rose,tulip,relabel", "image-0-2.png");
            browser.await("#cell-2.relabel");
            sheet.sendKeys(Keys.chord(Keys.CONTROL, "z"));
            browser.await("nothing relabelled", own -> listed().contains("relabel") ? null : Boolean.TRUE);
            sheet.sendKeys(Keys.chord(Keys.CONTROL, "z"));
            browser.await("no list", own -> Files.exists(list) ? null : Boolean.TRUE);
            browser.await(".class-list li:nth-child(2) button").click();
            browser.awaitText("4 images");
            browser.await(
                    "the class in the address",
                    own -> own.driver().getCurrentUrl().contains("class=tulip") ? Boolean.TRUE : null);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** What stands under the last image of a sheet that is scrolled there; null until all on the screen have something. */
    private static String caption(Browser browser, String at) {
        return (String) browser.script("""
                const sheet = document.querySelector('.sheet');
                sheet.scrollTop = %s;
                const box = sheet.getBoundingClientRect();
                const under = [...sheet.querySelectorAll('.under')].filter(one => {
                  const own = one.getBoundingClientRect();
                  return own.top >= box.top && own.bottom <= box.bottom;
                });
                return under.length > 0 && under.every(one => one.textContent) ? under.at(-1).textContent : null;
                """.formatted(at));
    }

    @Test
    void imagesThatWereLetGoAreAskedForAgain() throws Exception {
        Path rows = folder.resolve("many.csv");
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 8);
        var text = new StringBuilder("path,label\n");
        for (int i = 0; i < 12_600; i++) {
            text.append("flowers/rose/image-0-%s.png,class %s%n".formatted(i % 8, i % 2));
        }
        Files.writeString(rows, text);
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/view", "path", "many.csv"));
            browser.await("#cell-0");
            String end = "sheet.scrollHeight";
            browser.await("the last ones", own -> caption(own, end));
            for (int page = 62; page >= 0; page--) { // more than are kept
                String at = "%s / 63 * sheet.scrollHeight".formatted(page);
                browser.await("page " + page, own -> caption(own, at));
            }
            browser.await("the last ones again", own -> caption(own, end));
        }
    }

    @Test
    void aSheetComesBackWhereItWasScrolledTo() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 100);
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/view", "path", "flowers"));
            browser.await("#cell-0");
            browser.script("document.querySelector('.sheet').scrollTop = 700");
            browser.await(
                    "where it is, in the address",
                    own -> own.driver().getCurrentUrl().contains("top=") ? Boolean.TRUE : null);
            browser.await("a[href^='/data/problems']").click();
            browser.await("#look");
            browser.driver().navigate().back();
            browser.await(".sheet-row");
            Object top = browser.await(
                    "a place",
                    own -> own.script(
                            "const { scrollTop } = document.querySelector('.sheet'); return scrollTop > 0 ? scrollTop : null"));
            assertThat(((Number) top).doubleValue()).isBetween(500.0, 701.0); // that of its row
        }
    }

    @Test
    void anyNumberOfFilesIsPlanned() throws Exception {
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data"));
            assertThat(browser.driver()
                            .executeAsyncScript(
                                    "const done = arguments[0]; import('/parts/send-data.js').then(({ planned }) =>"
                                            + " planned(Array.from({ length: 300000 }, (_, i) => ({ path: `all/a/${i}.png` }))).files.length)"
                                            + ".then(done, error => done(error.message))"))
                    .isEqualTo(300_000L);
        }
    }

    /** A drop of files as a browser makes it, for want of a mouse that holds some. */
    private static final String DROP = """
            const data = new DataTransfer();
            for (const [name, bytes] of arguments[0]) {
              data.items.add(new File([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))], name, {type: 'image/png'}));
            }
            for (const kind of ['dragenter', 'dragover', 'drop']) {
              document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
            }
            """;

    @Test
    void filesDroppedAnywhereBecomeImagesOfAClass() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 2);
        String bytes =
                Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("flowers/rose/image-0-0.png")));
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/view", "path", "flowers"));
            browser.await("#cell-3");
            browser.script(DROP, List.of(List.of("new<b>.png", bytes), List.of("new2.png", bytes)));
            WebElement label = browser.await("#set-class");
            label.clear();
            label.sendKeys("tulip");
            browser.click("Add");
            browser.awaitText("6 images");
            assertThat(folder.resolve("flowers/tulip/new<b>.png")).exists();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void imagesWithoutAFolderGetAClassBesideThoseThatHaveOne() throws Exception {
        Path flowers = SampleWorkspace.classFolders(folder.resolve("space/flowers"), List.of("rose", "tulip"), 2);
        Path lily = SampleWorkspace.classFolders(folder.resolve("elsewhere"), List.of("lily"), 1)
                .resolve("lily");
        Path loose = Files.copy(lily.resolve("image-0-0.png"), lily.resolveSibling("loose.png"));
        try (var served = new StudioServer(folder.resolve("space"));
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/view", "path", "flowers"));
            browser.await("#cell-3");
            browser.drop(".sheet", loose, lily);
            browser.fill("#set-class", "tulip").click("Add").awaitText("6 images");
            assertThat(flowers.resolve("tulip/loose.png")).exists();
            assertThat(flowers.resolve("lily/image-0-0.png")).exists();
            assertThat(flowers.toFile().list()).containsExactlyInAnyOrder("rose", "tulip", "lily");
        }
    }

    @Test
    void webcamImagesBecomeClassesWhileTheirButtonsAreHeld() throws Exception {
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data"));
            browser.click("Use the webcam");
            browser.await(
                    "a webcam",
                    own -> own.all(".record").stream().anyMatch(WebElement::isEnabled) ? Boolean.TRUE : null);
            for (int i = 0; i < 2; i++) {
                WebElement button = browser.all(".record").get(i);
                new Actions(browser.driver()).clickAndHold(button).perform();
                int mine = i;
                browser.await(
                        "three images",
                        own -> own.all(".webcam-class")
                                                .get(mine)
                                                .findElements(By.tagName("img"))
                                                .size()
                                        > 2
                                ? Boolean.TRUE
                                : null);
                new Actions(browser.driver()).release().perform();
            }
            browser.await(
                            "the button that keeps them",
                            own -> own.all("dialog footer button").stream()
                                    .filter(one -> one.getText().startsWith("Keep"))
                                    .findFirst()
                                    .orElse(null))
                    .click();
            browser.await(".sheet");
            assertThat(browser.text()).contains("class 1", "class 2");
            assertThat(served.studio.data().open("webcam").splits().train().classes())
                    .containsExactly("class 1", "class 2");
        }
    }

    @Test
    void whatIsExcludedIsSaidBesideAllThatThereIs() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers/train"), List.of("rose", "tulip"), 4);
        SampleWorkspace.classFolders(folder.resolve("flowers/val"), List.of("rose", "tulip"), 1);
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/view", "path", "flowers"));
            browser.awaitText("10 images, 2 classes");
            WebElement sheet = browser.await(".sheet");
            sheet.click();
            sheet.sendKeys(Keys.HOME, "x");
            browser.awaitText("9 of 10 images, 2 classes");
            assertThat(browser.await(".chosen-bar span").getText()).isEqualTo("10 images, 1 excluded");
            assertThat(browser.await(".data-side .legend").getText()).contains("training 7 of 8", "validation 2");
            browser.await(".class-list li:nth-child(1) button").click();
            browser.awaitText("5 images, 1 excluded");
            browser.click("Undo"); // a button has the focus now, and the keys undo all the same
            browser.awaitText("10 images, 2 classes");
            browser.press("y", Keys.CONTROL);
            browser.awaitText("9 of 10 images, 2 classes");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void classesOfObjectsAreCountedByImagesAndClipsAreCalledSo() throws Exception {
        SampleWorkspace.boxes(folder.resolve("scenes"), 6);
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            Dataset scenes = served.studio.data().open("scenes").splits().train();
            int label = ((Target.Objects) scenes.target(0)).labels()[0];
            int count = scenes.counts()[label];
            String having = "%s %s with %s"
                    .formatted(
                            count,
                            count == 1 ? "image" : "images",
                            scenes.classes().get(label));
            browser.visit(served.address("/data/view", "path", "scenes"));
            browser.awaitText("Number of images with each class");
            WebElement row = browser.await(".class-list li:nth-child(%s) button".formatted(label + 1));
            assertThat(row.getDomAttribute("aria-label")).startsWith(having + ",");
            row.click();
            browser.await(
                    having, own -> own.all(".chosen-bar span").get(0).getText().equals(having) ? Boolean.TRUE : null);
            browser.visit(served.address("/data/view", "path", "moving-shapes"));
            browser.awaitText(" clips, ");
            browser.await(
                    "clips that are found",
                    own -> own.all(".chosen-bar span").get(0).getText().endsWith(" clips") ? Boolean.TRUE : null);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void digitsAreTheKeysOfClassesThatAreCalledSo() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("digits"), List.of("0", "7", "9"), 2);
        list = folder.resolve("digits.corrections.csv");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/view", "path", "digits"));
            browser.await("#cell-5");
            assertThat(browser.all(".class-list kbd").stream().map(WebElement::getText))
                    .containsExactly("0", "7", "9");
            WebElement sheet = browser.await(".sheet");
            sheet.click();
            sheet.sendKeys(Keys.HOME, "7");
            awaitList(browser, "0/image-0-0.png,train,by-hand,1.0000,0,7,relabel,");
            sheet.sendKeys(Keys.END, "0");
            awaitList(browser, "9/image-2-1.png,train,by-hand,1.0000,9,0,relabel,");
            sheet.sendKeys(Keys.HOME, "1", "9"); // there is no class 1
            awaitList(browser, "0/image-0-0.png,train,by-hand,1.0000,0,9,relabel,");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void filesThatAreNoImagesAreNamedOnceTheyAreSent() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 2);
        String sound =
                Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("flowers/rose/image-0-0.png")));
        String broken = Base64.getEncoder().encodeToString("no image".getBytes(StandardCharsets.US_ASCII));
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/view", "path", "flowers"));
            browser.await("#cell-3");
            browser.script(DROP, List.of(List.of("sound.png", sound), List.of("broken.png", broken)));
            browser.await("#set-class");
            browser.click("Add");
            browser.await(
                    "a message that stays",
                    own -> own.all(".toast.error").stream()
                                    .anyMatch(
                                            one -> one.getText()
                                                    .startsWith(
                                                            "broken.png cannot be read as an image. Exclude it: Find problems shows it."))
                            ? Boolean.TRUE
                            : null);
            browser.awaitText("6 images");
        }
    }

    @Test
    void oneClassIsADataSetOfItsOwnName() throws Exception {
        String bytes =
                Base64.getEncoder().encodeToString(new Shapes(1, 1, 32).image(0).jpegBytes(90));
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data"));
            browser.await(".dropzone");
            browser.script(DROP, List.of(List.of("1.jpg", bytes), List.of("2.jpg", bytes)));
            browser.fill("#set-name", "my images");
            browser.fill("#set-class", "class 1");
            browser.click("Add");
            browser.await(
                    "the page of the data set",
                    own -> own.driver().getCurrentUrl().endsWith("/data/view?path=my+images") ? Boolean.TRUE : null);
            browser.await("#cell-1");
            assertThat(browser.await("h1").getText()).isEqualTo("my images");
            assertThat(browser.await(".class-list").getText()).contains("class 1");
            browser.awaitText("2 images, 1 class");
            browser.visit(served.address("/data"));
            assertThat(browser.await("a.set-card[href='/data/view?path=my+images']")
                            .getText())
                    .contains("my images", "Class folders · 1 class, 2 images");
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
