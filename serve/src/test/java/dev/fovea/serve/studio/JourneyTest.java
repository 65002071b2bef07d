package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** What a person does who has images and wants a model. */
class JourneyTest {

    private static final String NET = "conv 4 3, relu, maxpool 4, flatten, dense classes";
    private static final Duration TRAINING = Duration.ofSeconds(120);

    @TempDir
    private Path folder;

    @Test
    void aDroppedFolderBecomesAModelThatAnswersElsewhere() throws Exception {
        Path dropped = SampleWorkspace.shapes(folder.resolve("dropped/signs"), 80);
        Path workspace = Files.createDirectory(folder.resolve("workspace"));
        try (var served = new StudioServer(workspace);
                Browser browser = Browser.open()) {
            bring(served, browser, dropped);
            train(browser, "first");
            fixALabel(browser);
            train(served, browser, "second");
            compare(served, browser);
            tryIt(served, browser, dropped);
            export(served, browser, workspace);
            serve(served, browser, dropped);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static void bring(StudioServer served, Browser browser, Path dropped) {
        browser.visit(served.address("/data"));
        browser.drop(".dropzone", dropped);
        browser.click("Add");
        browser.awaitText("80 images");
        assertThat(browser.driver().getCurrentUrl()).isEqualTo(served.address("/data/view", "path", "signs")
                .toString());
    }

    private static void train(Browser browser, String name) {
        browser.click("Train on it");
        form(browser, name);
    }

    private static void train(StudioServer served, Browser browser, String name) {
        browser.visit(served.address("/train", "path", "signs"));
        form(browser, name);
    }

    private static void form(Browser browser, String name) {
        browser.fill("#other-model", NET);
        browser.await("the network", own -> url(own).contains("maxpool") ? true : null);
        browser.fill("#epochs", "2");
        browser.await("the epochs", own -> url(own).contains("epochs%3D2") ? true : null);
        browser.fill("#size", "16");
        browser.await("the size", own -> url(own).contains("size%3D16") ? true : null);
        browser.fill("#name", name);
        browser.await("a recipe", own -> own.await("#start").isEnabled() ? true : null);
        browser.await("#start").click();
        browser.await("the queue", own -> url(own).contains("/queue") ? true : null);
        browser.await("the run done", TRAINING, own -> own.all("a[href*='/evaluate?run=runs%2F" + name + "']").stream()
                .findFirst()
                .or(() -> own.all("a[href^='/run?run=runs%2F" + name + "']").stream().findFirst())
                .orElse(null));
        browser.visit(origin(browser) + "/run?run=runs%2F" + name + "-1");
        browser.await("the end of the training", TRAINING, own -> own.all("a[href^='/evaluate']").stream()
                .findFirst()
                .orElse(null));
    }

    private static String url(Browser browser) {
        return browser.driver().getCurrentUrl();
    }

    private static String origin(Browser browser) {
        URI here = URI.create(url(browser));
        return here.getScheme() + "://" + here.getAuthority();
    }

    private static void fixALabel(Browser browser) {
        browser.click("Evaluate");
        browser.click("Worst mistakes");
        browser.await(".thumbs .thumb").click();
        browser.await("dialog .mend select");
        browser.click("Fix label");
        browser.awaitText("It counts when you train again.");
    }

    private static void compare(StudioServer served, Browser browser) {
        browser.visit(served.address("/compare", "run", "runs/first-1", "run", "runs/second-1"));
        browser.awaitText("first-1").awaitText("second-1");
        browser.await("main canvas, main svg");
    }

    private static void tryIt(StudioServer served, Browser browser, Path dropped) {
        browser.visit(served.address("/try", "model", "runs/second-1"));
        browser.await(".dropzone");
        browser.choose(".dropzone input[type=file]", image(dropped));
        browser.await("an answer", own -> own.all("meter, [role=meter], .bars li, .bar").stream()
                .filter(WebElement::isDisplayed)
                .findFirst()
                .orElse(null));
    }

    private static Path image(Path dropped) {
        try (var files = Files.walk(dropped)) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void export(StudioServer served, Browser browser, Path workspace) throws Exception {
        browser.visit(served.address("/export", "run", "runs/second-1"));
        browser.await("the formats", own -> own.all("input[name=format]").stream().findFirst().orElse(null));
        List<WebElement> formats = browser.all("input[name=format][value=package]");
        browser.script("arguments[0].click()", formats.get(0));
        browser.click("Export");
        browser.awaitText("Written");
        String link = browser.driver()
                .findElement(By.cssSelector("a[download]"))
                .getAttribute("href");
        HttpResponse<byte[]> file = served.send(HttpRequest.newBuilder(URI.create(link)).header("Cookie", served.cookie()));
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.body()).startsWith('P', 'K');
    }

    private static void serve(StudioServer served, Browser browser, Path dropped) throws Exception {
        browser.click("Serve this model");
        String address = browser.await("#served-address").getText();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address))
                                .PUT(BodyPublishers.ofFile(image(dropped)))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("probability");
    }
}
