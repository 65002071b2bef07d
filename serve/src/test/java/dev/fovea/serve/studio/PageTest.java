package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {

    private static final double MOST_BYTES = 500_000;
    private static final double MOST_MILLIS = 1000;

    @TempDir
    private Path folder;

    @Test
    void theFirstViewIsPaintedWithinASecondAndWeighsLittle() throws Exception {
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.studio.address()); // also starts the browser's own machinery
            browser.script("caches; location.reload()");
            browser.driver().executeCdpCommand("Network.clearBrowserCache", Map.of());
            browser.visit(served.studio.address());
            browser.await(
                    "a first paint",
                    own -> own.script("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"));
            double painted = ((Number) browser.script(
                            "return performance.getEntriesByName('first-contentful-paint')[0].startTime"))
                    .doubleValue();
            double bytes = ((Number) browser.script(
                            "return [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
                                    + ".reduce((sum, one) => sum + one.transferSize, 0)"))
                    .doubleValue();
            assertThat(bytes).isBetween(10_000.0, MOST_BYTES);
            assertThat(painted).isLessThan(MOST_MILLIS);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void anAddressOfNoViewIsAPageWithAWayOn() throws Exception {
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.studio.address().resolve("/rnus")).awaitText("There is no view at /rnus");
            browser.await("nav a[href='/runs']").click();
            browser.awaitText("Runs");
            assertThat(served.get("/rnus").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theLanguageIsTheReadersAndAChoiceIsRemembered() throws Exception {
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open("de")) {
            browser.visit(served.studio.address()).awaitText("Mit Ihren Bildern ein Modell trainieren");
            assertThat(browser.script("return document.documentElement.lang")).isEqualTo("de");
            browser.await("#language option[value=zh]").click();
            browser.awaitText("用图像训练模型");
            browser.visit(served.studio.address()).awaitText("用图像训练模型");
            assertThat(browser.script("return document.documentElement.lang")).isEqualTo("zh");
        }
    }

    @Test
    void theThemeIsSwitchedAndRemembered() throws Exception {
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.studio.address());
            Object light = browser.script("return getComputedStyle(document.body).backgroundColor");
            browser.click("Dark colours");
            Object dark = browser.script("return getComputedStyle(document.body).backgroundColor");
            assertThat(dark).isNotEqualTo(light);
            browser.visit(served.studio.address());
            assertThat(browser.script("return getComputedStyle(document.body).backgroundColor"))
                    .isEqualTo(dark);
        }
    }

    @Test
    void aReloadAndTheWayBackKeepTheView() throws Exception {
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.studio.address());
            browser.script("window.kept = true");
            browser.click("Runs");
            browser.await("the address of the runs", own -> path(own).equals("/runs") ? true : null);
            browser.await("main h1");
            assertThat(browser.script("return window.kept")).isEqualTo(true); // the page was not loaded anew
            browser.driver().navigate().refresh();
            browser.await("main h1");
            assertThat(path(browser)).isEqualTo("/runs");
            browser.driver().navigate().back();
            browser.awaitText("Train a model on your images");
            assertThat(path(browser)).isEqualTo("/");
        }
    }

    private static Object path(Browser browser) {
        return browser.script("return location.pathname");
    }

    @Test
    void everyAddressOfAViewGivesThePage() throws Exception {
        try (var served = new StudioServer(folder)) {
            for (String view : Pages.VIEWS) {
                assertThat(served.get(view, "path", "a", "run", "b").statusCode())
                        .isEqualTo(200);
            }
            assertThat(served.get("/nothing").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void thePageGoesOnByItselfWhenItsStudioIsStartedAnew() throws Exception {
        int port;
        try (Browser browser = Browser.open()) {
            try (var served = new StudioServer(folder)) {
                port = served.studio.address().getPort();
                browser.visit(served.studio.address());
                browser.await("events", own -> served.log.isEmpty() ? null : true);
            }
            browser.awaitText("The studio does not answer");
            var settings = new dev.fovea.serve.http.Settings(
                    "127.0.0.1",
                    port,
                    -1,
                    java.util.Optional.empty(),
                    java.util.Optional.empty(),
                    dev.fovea.serve.http.Limits.usual(),
                    java.time.Duration.ofSeconds(30),
                    java.time.Duration.ofSeconds(1),
                    "1");
            try (var again = new StudioServer(folder, settings)) {
                browser.await("the notice gone", own -> own.text().contains("does not answer") ? null : true);
            }
        }
    }

    @Test
    void allLanguagesHaveAllTextsWithTheSamePlaces() {
        assertThat(Texts.names()).contains("frame", "home", "login");
        for (String name : Texts.names()) {
            Map<String, List<String>> english = Texts.of("en", name);
            for (String language : List.of("de", "zh")) {
                assertThat(Texts.of(language, name))
                        .as("%s of %s", name, language)
                        .isEqualTo(english);
            }
        }
    }
}
