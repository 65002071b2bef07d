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
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

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
            serve(served, browser, "runs/second-1", image(dropped), "probability");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aCorrectedBoxGoesIntoADetectorThatAnswersElsewhere() throws Exception {
        Path workspace = Files.createDirectory(folder.resolve("workspace"));
        Path data = SampleWorkspace.boxes(workspace.resolve("scenes"), 80);
        try (var served = new StudioServer(workspace);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/data/edit", "path", "scenes", "image", "0"));
            WebElement stage = browser.await(".stage-view");
            int before = browser.all(".objects li").size();
            browser.click("Box");
            stage.sendKeys(Keys.ENTER);
            browser.await("another box", own -> own.all(".objects li").size() == before + 1 ? true : null);
            browser.await("#save").click();
            browser.awaitText("scenes.corrected.json");
            browser.await("#save[disabled]");
            byte[] annotations = Files.readAllBytes(data.resolve("_annotations.coco.json"));
            browser.click("Train on the corrected data");
            form(browser, "finder", "fovea-det width=4 bins=4", "64");
            assertThat(Files.readAllBytes(data.resolve("_annotations.coco.json")))
                    .isEqualTo(annotations);
            browser.click("Evaluate");
            browser.awaitText("Images and errors");
            serve(served, browser, "runs/finder-1", data.resolve("scene-0.png"), "objects");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aGeneratorIsTrainedAndDrawsOtherImages() throws Exception {
        Path workspace = Files.createDirectory(folder.resolve("workspace"));
        SampleWorkspace.shapes(workspace.resolve("signs"), 60);
        try (var served = new StudioServer(workspace);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/train", "path", "signs", "task", "adversarial"));
            form(browser, "artist", "dcgan width=2", "16");
            browser.awaitText("Generated images");
            browser.visit(served.address("/try", "model", "runs/artist-1"));
            browser.click("Generate");
            browser.await(
                    "a drawn image",
                    own -> own.all("img[alt='Generated image 1']").stream()
                            .filter(WebElement::isDisplayed)
                            .findFirst()
                            .orElse(null));
            browser.visit(served.address("/evaluate", "run", "runs/artist-1"));
            browser.await("all of it", own -> own.all(".skeleton").isEmpty() ? true : null);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static void bring(StudioServer served, Browser browser, Path dropped) {
        browser.visit(served.address("/data"));
        browser.drop(".dropzone", dropped);
        browser.click("Add");
        String signs = served.address("/data/view", "path", "signs").toString();
        browser.await("the page of the data", own -> url(own).equals(signs) ? true : null);
        browser.awaitText("80 images");
    }

    private static void train(Browser browser, String name) {
        browser.click("Train on it");
        form(browser, name, NET, "16");
    }

    private static void train(StudioServer served, Browser browser, String name) {
        browser.visit(served.address("/train", "path", "signs"));
        form(browser, name, NET, "16");
    }

    private static void form(Browser browser, String name, String network, String size) {
        browser.fill("#other-model", network);
        browser.await("the network", own -> url(own).contains("model=") ? true : null);
        browser.fill("#epochs", "2");
        browser.await("the epochs", own -> url(own).contains("epochs%3D2") ? true : null);
        browser.fill("#size", size);
        browser.await("the size", own -> url(own).contains("size%3D" + size) ? true : null);
        browser.fill("#name", name);
        browser.await("a recipe", own -> own.await("#start").isEnabled() ? true : null);
        browser.await("#start").click();
        browser.await("the queue", own -> url(own).contains("/queue") ? true : null);
        String run = origin(browser) + "/run?run=runs%2F" + name + "-1";
        browser.await(
                "the end of the training",
                TRAINING,
                own -> own.all(".entry:has(a[href$='%s-1']) :is(.state.done, .state.failed)".formatted(name)).stream()
                        .filter(WebElement::isDisplayed)
                        .findFirst()
                        .orElse(null));
        browser.visit(run);
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
        new Select(browser.await("dialog .mend select")).selectByIndex(1);
        browser.click("Fix label");
        browser.awaitText("It counts when you train again.");
    }

    private static void compare(StudioServer served, Browser browser) {
        browser.visit(served.address("/compare", "run", "runs/first-1", "run", "runs/second-1"));
        browser.awaitText("first-1").awaitText("second-1");
        browser.click("Curves");
        browser.await("main canvas");
    }

    private static void tryIt(StudioServer served, Browser browser, Path dropped) {
        browser.visit(served.address("/try", "model", "runs/second-1"));
        browser.await(".dropzone");
        browser.choose(".dropzone input[type=file]", image(dropped));
        browser.await(
                "an answer",
                own -> own.all("meter, [role=meter], .bars li, .bar").stream()
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
        browser.await(
                "the formats",
                own -> own.all("input[name=format]").stream().findFirst().orElse(null));
        List<WebElement> formats = browser.all("input[name=format][value=package]");
        browser.script("arguments[0].click()", formats.get(0));
        browser.click("Export");
        browser.awaitText("Written");
        String link =
                browser.driver().findElement(By.cssSelector("a[download]")).getAttribute("href");
        HttpResponse<byte[]> file =
                served.send(HttpRequest.newBuilder(URI.create(link)).header("Cookie", served.cookie()));
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.body()).startsWith('P', 'K');
    }

    private static void serve(StudioServer served, Browser browser, String run, Path image, String answered)
            throws Exception {
        browser.visit(served.address("/export", "run", run));
        browser.click("Serve this model");
        String address = browser.await("#served-address").getText();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address))
                                .PUT(BodyPublishers.ofFile(image))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(answered);
    }
}
