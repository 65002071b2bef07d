package dev.fovea.serve.studio.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.studio.Browser;
import dev.fovea.serve.studio.StudioServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.PointerInput;
import org.openqa.selenium.interactions.Sequence;
import org.openqa.selenium.support.ui.Select;

class ModelViewsTest {

    private static final String HOSTILE = "<img src=x onerror=document.title='hacked'>\\\"'";

    @TempDir
    private Path folder;

    @Test
    void anImageIsTriedWithTwoModelsSideBySideAndNamesAreShownAsText() throws Exception {
        Path flowers = Packages.copy("classify/registry", folder, "flowers");
        Path config = flowers.resolve("config.json");
        String text = Files.readString(config);
        Files.writeString(
                config,
                text.replaceFirst("\"circle\"", java.util.regex.Matcher.quoteReplacement("\"" + HOSTILE + "\"")));
        assertThat(Files.readString(config)).contains("onerror");
        Packages.copy("restore", folder, "denoise");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/try", "model", "flowers", "model", "denoise"));
            browser.await("article[data-model=flowers]");
            browser.choose("input[type=file]", Packages.image("classify/registry"));
            browser.await("article[data-model=flowers] .bars li");
            browser.await("article[data-model=denoise] .pair img");
            assertThat(browser.all("article[data-model=flowers] .bars li")).hasSizeGreaterThan(1);
            assertThat(browser.all("article[data-model=flowers] .bars img")).isEmpty();
            assertThat(browser.driver().getTitle()).doesNotContain("hacked");
            WebElement slider = browser.all("article[data-model=denoise] .pair input[type=range]")
                    .get(0); // it lies unseen over the images
            slider.sendKeys(org.openqa.selenium.Keys.ARROW_RIGHT);
            assertThat(slider.getAttribute("value")).isEqualTo("51");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aDroppedImageIsExplainedByAnyMethodAndClass() throws Exception {
        Packages.copy("classify/layers", folder, "flowers");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/try", "model", "flowers"));
            browser.drop(".dropzone", Packages.image("classify/layers"));
            browser.await("article[data-model=flowers] .bars li");
            browser.click("Explain");
            String first = browser.await(".explanation .heat").getAttribute("src");
            assertThat(first).startsWith("data:image/png");
            new Select(browser.await(".explanation select[name=method]")).selectByVisibleText("grad-cam");
            new Select(browser.await(".explanation select[name=class]")).selectByVisibleText("star");
            browser.click("Explain");
            browser.awaitText("What the prediction of star depends on, by grad-cam");
            assertThat(browser.await(".explanation .heat").getAttribute("src")).isNotEqualTo(first);
            browser.await(
                    "the choice in the address",
                    own -> own.driver().getCurrentUrl().contains("method=grad-cam")
                                    && own.driver().getCurrentUrl().contains("class=star")
                            ? true
                            : null);
            browser.driver().navigate().refresh();
            browser.await("article[data-model=flowers]");
            browser.drop(".dropzone", Packages.image("classify/layers"));
            browser.await(".explanation select[name=method]");
            assertThat(new Select(browser.await(".explanation select[name=method]"))
                            .getFirstSelectedOption()
                            .getText())
                    .isEqualTo("grad-cam");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void anExplanationOfManyPassesIsStopped() throws Exception {
        Packages.copy("detect", folder, "cells");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/try", "model", "cells"));
            // what comes of it is kept from the page, so that it is under way for as long as the test looks
            browser.script("""
                    const ask = window.fetch;
                    window.fetch = (path, options) => ask(path, options).then(answer => {
                      if (!String(path).includes('/api/try/explain')) return answer;
                      options.signal.addEventListener('abort', () => { window.ended = true; });
                      return new Response(new ReadableStream(), { status: answer.status });
                    });""");
            browser.await(".dropzone");
            browser.choose("input[type=file]", Packages.image("detect"));
            browser.click("Explain");
            browser.await(".explanation .skeleton");
            browser.click("Stop");
            browser.await(
                    "the request to be ended",
                    own -> Boolean.TRUE.equals(own.script("return window.ended === true")) ? true : null);
            browser.await(
                    "a button to explain again",
                    own -> own.all(".explanation .skeleton").isEmpty()
                                    && own.all(".explanation button:disabled").isEmpty()
                            ? true
                            : null);
            assertThat(browser.all(".explanation .heat, .explanation .error")).isEmpty();
        }
    }

    @Test
    void whatAGeneratorIsAskedForStandsInTheAddress() throws Exception {
        Packages.copy("generate/gan", folder, "digits");
        Packages.copy("generate/diffusion", folder, "more");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/try", "model", "digits"));
            browser.await("article[data-model=digits] input[id$=-seed]");
            browser.fill("article[data-model=digits] input[id$=-seed]", "42");
            browser.fill("article[data-model=digits] input[id$=-count]", "3");
            browser.await("the choices in the address", own -> address(own, "seed=42", "count=3"));
            browser.driver().navigate().refresh();
            assertThat(browser.await("article[data-model=digits] input[id$=-seed]")
                            .getAttribute("value"))
                    .isEqualTo("42");
            browser.click("Generate");
            browser.await("three images", own -> own.all(".samples img").size() == 3 ? true : null);
            // of two generators each has its own
            browser.visit(served.address("/try", "model", "digits", "model", "more", "seed", "5"));
            browser.await("article[data-model=more] input[id$=-seed]");
            browser.fill("article[data-model=more] input[id$=-seed]", "9");
            new Select(browser.await("article[data-model=more] select[id$=-way]")).selectByValue("vary");
            browser.await("its own choices in the address", own -> address(own, "seed%40more=9", "way%40more=vary"));
            assertThat(browser.await("article[data-model=digits] input[id$=-seed]")
                            .getAttribute("value"))
                    .isEqualTo("5");
            browser.visit(served.address("/runs"));
            browser.driver().navigate().back();
            assertThat(browser.await("article[data-model=more] input[id$=-seed]")
                            .getAttribute("value"))
                    .isEqualTo("9");
            assertThat(new Select(browser.await("article[data-model=more] select[id$=-way]"))
                            .getFirstSelectedOption()
                            .getAttribute("value"))
                    .isEqualTo("vary");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static Boolean address(Browser browser, String... parts) {
        String address = browser.driver().getCurrentUrl();
        return List.of(parts).stream().allMatch(address::contains) ? Boolean.TRUE : null;
    }

    @Test
    void theWebcamIsTriedLive() throws Exception {
        Packages.copy("classify/registry", folder, "flowers");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/try", "model", "flowers")).click("Use the webcam");
            browser.await(".camera video");
            browser.await(".bars li");
            browser.click("Explain");
            String explained = browser.await(".explanation .heat").getAttribute("src");
            Object picture = browser.script("return document.querySelector('.camera video').currentTime");
            browser.await("later pictures", own -> later(own, picture) ? true : null);
            assertThat(browser.await(".explanation .heat").getAttribute("src"))
                    .as("that of the moment of the click")
                    .isEqualTo(explained);
            browser.click("Turn the webcam off");
            browser.await(
                    "the webcam to be off", own -> own.all(".camera video").isEmpty() ? true : null);
        }
    }

    private static boolean later(Browser browser, Object than) {
        return ((Number) browser.script("return document.querySelector('.camera video').currentTime")).doubleValue()
                > ((Number) than).doubleValue() + 1;
    }

    @Test
    void theFrameOnAHeatMapIsWhatTheNetworkSees() throws Exception {
        Path model = Packages.copy("classify/layers", folder, "flowers");
        Path config = model.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst("\"resize\" *: *\"stretch\"", "\"resize\": \"crop\"")
                        .replaceFirst("\"crop\" *: *1.0", "\"crop\": 0.5"));
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/try", "model", "flowers"));
            browser.drop(".dropzone", Packages.image("classify/layers"));
            browser.click("Explain");
            browser.await(".heat-part");
            assertThat(browser.text()).contains("The network sees what lies in the frame");
            assertThat((List<?>) browser.script("""
                    const whole = document.querySelector('.heat').getBoundingClientRect();
                    const part = document.querySelector('.heat-part').getBoundingClientRect();
                    return [(part.left - whole.left) / whole.width, (part.top - whole.top) / whole.height,
                      part.width / whole.width, part.height / whole.height].map(share => Math.round(20 * share) / 20);"""))
                    .extracting(share -> ((Number) share).doubleValue())
                    .containsExactly(0.25, 0.25, 0.5, 0.5);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** A finger moves quickly: between two places that the browser tells of, the line is painted, too. */
    @Test
    void whatIsToBeFilledInIsPaintedWithAFinger() throws Exception {
        Packages.copy("generate/diffusion", folder, "digits");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.size(412, 900)
                    .driver()
                    .executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", true));
            browser.visit(served.address("/try", "model", "digits", "way", "inpaint"));
            browser.await("article[data-model=digits] select[id$=-way]");
            browser.choose("article[data-model=digits] input[type=file]", Packages.image("classify/layers"));
            WebElement canvas = browser.await(".brush canvas");
            browser.script("arguments[0].scrollIntoView({block: 'center'})", canvas);
            assertThat(browser.all("button[type=submit]:disabled"))
                    .as("nothing is painted yet")
                    .hasSize(1);
            Object scrolled = browser.script("return scrollY");
            int reach = canvas.getSize().width * 2 / 5;
            var finger = new PointerInput(PointerInput.Kind.TOUCH, "finger");
            var stroke = new Sequence(finger, 0);
            stroke.addAction(
                    finger.createPointerMove(Duration.ZERO, PointerInput.Origin.fromElement(canvas), -reach, 0));
            stroke.addAction(finger.createPointerDown(0));
            stroke.addAction(
                    finger.createPointerMove(Duration.ZERO, PointerInput.Origin.fromElement(canvas), reach, 0));
            stroke.addAction(finger.createPointerUp(0));
            browser.driver().perform(List.of(stroke));
            browser.await("button[type=submit]:enabled");
            assertThat(browser.script("return scrollY")).as("the page stays").isEqualTo(scrolled);
            assertThat((List<?>) browser.script("""
                    const canvas = arguments[0];
                    const paint = canvas.getContext('2d');
                    return [0.12, 0.3, 0.5, 0.7, 0.88].map(x => paint.getImageData(canvas.width * x, canvas.height / 2, 1, 1).data[3] > 127);""", canvas))
                    .as("the whole stroke is painted")
                    .isEqualTo(List.of(true, true, true, true, true));
            browser.click("Generate");
            browser.await("eight images", own -> own.all(".samples img").size() == 8 ? true : null);
            browser.click("Clear");
            browser.await("button[type=submit]:disabled");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void noCodeIsCutOffAndTheProgramIsAWholeOne() throws Exception {
        Packages.copy("classify/registry", folder, "flowers-of-the-garden-behind-the-house-in-the-summer-of-2026");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            for (int width : List.of(1280, 360)) {
                browser.size(width, 900)
                        .visit(served.address(
                                "/export", "run", "flowers-of-the-garden-behind-the-house-in-the-summer-of-2026"));
                browser.await("a program", own -> own.all(".copyable pre").size() > 2 ? true : null);
                assertThat(browser.text())
                        .contains("import java.nio.file.Path;", "public class UseModel {", "<artifactId>fovea-core");
                assertThat(
                                browser.script(
                                        "return [...document.querySelectorAll('.copyable pre')].filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"))
                        .as("wider than its box at %s pixels", width)
                        .isEqualTo(List.of());
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void oneSeedGeneratesTheSameImagesTwice() throws Exception {
        Packages.copy("generate/gan", folder, "digits");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/try", "model", "digits"));
            List<String> first = generated(browser);
            assertThat(first).hasSize(8).doesNotContain("");
            assertThat(generated(browser)).isEqualTo(first);
            browser.click("Another seed");
            assertThat(generated(browser)).isNotEqualTo(first);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static List<String> generated(Browser browser) {
        browser.click("Generate");
        browser.await(
                "eight images",
                own -> own.all("article[aria-busy=false] .samples img").size() == 8 ? true : null);
        return browser.all(".samples img").stream()
                .map(image -> image.getAttribute("src"))
                .toList();
    }

    @Test
    void aTrainedGeneratorIsLookedAtAskedTwiceAndCarriedOff() throws Exception {
        Path run = Packages.run(folder, "dcgan width=4");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            String path = served.studio.workspace().relative(run.toRealPath());
            browser.visit(served.address("/evaluate", "run", path));
            browser.await("twelve pairs", own -> own.all(".twins").size() == 12 ? true : null);
            browser.awaitText("None of these is a copy.");
            browser.visit(served.address("/try", "model", path));
            List<String> first = generated(browser);
            assertThat(generated(browser)).isEqualTo(first);
            browser.click("Export or serve this model");
            browser.click("Export");
            browser.await("#written");
            assertThat(folder.resolve("exports/made-1.zip")).isNotEmptyFile();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aModelIsExportedAndServedWithOneClick() throws Exception {
        Packages.copy("classify/registry", folder, "flowers");
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/export", "run", "flowers"));
            browser.click("Export");
            browser.await("#written");
            assertThat(folder.resolve("exports/flowers.zip")).isNotEmptyFile();
            browser.click("Serve this model");
            String address = browser.await("#served-address").getText();
            HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                    .POST(HttpRequest.BodyPublishers.ofFile(Packages.image("classify/registry")))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, BodyHandlers.ofString())
                            .body())
                    .contains("\"top\"");
            browser.click("Stop serving");
            browser.await(
                    "a button to serve again", own -> own.all("#served-address").isEmpty() ? true : null);
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
