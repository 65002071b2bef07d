package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.explain.DRise;
import dev.fovea.explain.Explainer;
import dev.fovea.explain.Explainers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
    void theThemeFollowsTheSystemUntilOneIsChosen() throws Exception {
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.studio.address());
            browser.await("#theme[aria-label='Dark colours']");
            browser.driver()
                    .executeCdpCommand(
                            "Emulation.setEmulatedMedia",
                            Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
            browser.await("#theme[aria-label='Light colours']").click();
            browser.await("#theme[aria-label='Dark colours']");
            assertThat(browser.script("return document.documentElement.dataset.theme"))
                    .isEqualTo("light");
        }
    }

    @Test
    void aViewThatIsOpenedWhileTheLanguageChangesHasItsTexts() throws Exception {
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.studio.address());
            browser.script("""
                    const language = document.getElementById('language');
                    for (const code of ['zh', 'de']) {
                      language.value = code;
                      language.dispatchEvent(new Event('change', { bubbles: true }));
                    }
                    document.querySelector("nav a[href='/queue']").click();
                    """);
            browser.await(
                    "German", own -> "de".equals(own.script("return document.documentElement.lang")) ? true : null);
            Views.idle(browser);
            assertThat(browser.await("main h1").getText()).isEqualTo("Warteschlange");
            assertThat(browser.script("return document.documentElement.lang")).isEqualTo("de");
        }
    }

    @Test
    void anAddressThatIsTooLongForARequestIsKeptAllTheSame() throws Exception {
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            browser.visit(served.address("/runs"));
            browser.driver()
                    .executeAsyncScript("const done = arguments[0]; import('/base/router.js').then(({ setParams }) => {"
                            + "setParams({ run: Array.from({ length: 2000 }, (_, i) => `runs/of-many-${i}`) });"
                            + "setTimeout(done, 500); })");
            browser.driver().navigate().refresh();
            browser.await("main h1");
            assertThat(browser.driver()
                            .executeAsyncScript(
                                    "const done = arguments[0]; import('/base/router.js').then(({ address }) =>"
                                            + " done(address.get().params.getAll('run').length))"))
                    .isEqualTo(2000L);
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
        try (Browser browser = Browser.open();
                var first = new StudioServer(folder)) {
            browser.visit(first.studio.address());
            browser.await("events", own -> first.log.isEmpty() ? null : true);
            first.close();
            browser.awaitText("The studio does not answer");
            try (var again = first.again()) {
                browser.await("the notice gone", own -> own.text().contains("does not answer") ? null : true);
            }
        }
    }

    @Test
    void everyMethodOfExplanationHasASentence() {
        assertThat(Texts.of("en", "parts-images"))
                .containsKeys(Stream.concat(
                                Explainers.ALL.stream()
                                        .filter(one -> !one.clips())
                                        .map(Explainer::word),
                                Stream.of(DRise.WORD))
                        .map(word -> "about_" + word)
                        .toArray(String[]::new));
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

    @Test
    void aHiddenTabHoldsNoConnectionAndCatchesUpWhenItIsShown() throws Exception {
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open("en")) {
            browser.visit(served.address("/data"));
            browser.await("the stream", own -> served.studio.events().pages() == 1 ? true : null);
            hidden(browser, true);
            browser.await("no stream", own -> served.studio.events().pages() == 0 ? true : null);
            SampleWorkspace.classFolders(folder.resolve("roses"), List.of("rose", "tulip"), 1);
            served.studio.events().send("data", Map.of("path", "roses"));
            hidden(browser, false);
            browser.awaitText("roses");
            browser.await("the stream again", own -> served.studio.events().pages() == 1 ? true : null);
        }
    }

    private static void hidden(Browser browser, boolean hidden) {
        browser.script("Object.defineProperty(document, 'hidden', {value: %s, configurable: true});".formatted(hidden)
                + "document.dispatchEvent(new Event('visibilitychange')); return true");
    }
}
