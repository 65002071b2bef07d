package dev.fovea.serve.studio;

import static dev.fovea.serve.studio.StudioServer.detail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.serve.http.Settings;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

class SafetyTest {

    private static final String TOKEN = "0123456789abcdef-token";
    private static final String FOREIGN = "pages of other sites may not ask this server";

    /** Addresses that read, change something, and tell what changes. */
    private static final List<String> READ = List.of("/api/workspace", "/api/jobs", "/api/events", "/api/home");

    @TempDir
    private Path folder;

    private static HttpRequest.Builder stop(StudioServer served) {
        return served.own("/api/jobs/1/stop").POST(BodyPublishers.noBody());
    }

    @Test
    void withoutTheCookieOrTheTokenOfThePageNothingIsAnswered() throws Exception {
        try (var served = new StudioServer(folder)) {
            for (String path : READ) {
                assertThat(served.send(served.request(path)).statusCode()).isEqualTo(401);
                HttpResponse<byte[]> noToken = served.send(served.request(path).header("Cookie", served.cookie()));
                assertThat(noToken.statusCode()).isEqualTo(401);
                assertThat(detail(noToken)).isEqualTo("the page is older than this studio. Load it again");
                HttpResponse<byte[]> noCookie =
                        served.send(served.request(path).header(Session.HEADER, served.token()));
                assertThat(noCookie.statusCode()).isEqualTo(401);
                assertThat(detail(noCookie))
                        .isEqualTo("this is for the studio's page alone. Open the page, or load it again");
                assertThat(served.send(served.request(path)
                                        .header("Cookie", served.cookie() + "x")
                                        .header(Session.HEADER, served.token()))
                                .statusCode())
                        .isEqualTo(401);
            }
            assertThat(served.get("/api/workspace").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void imagesNeedTheCookieAloneAndEverythingThatChangesNeedsBoth() throws Exception {
        try (var served = new StudioServer(folder)) {
            for (String path : List.of("/api/image", "/api/image/x", "/api/download/x")) {
                assertThat(served.send(served.request(path)).statusCode()).isEqualTo(401);
                assertThat(served.send(served.request(path).header("Cookie", served.cookie()))
                                .statusCode())
                        .isNotEqualTo(401);
                assertThat(served.send(served.request(path)
                                        .header("Cookie", served.cookie())
                                        .DELETE())
                                .statusCode())
                        .isEqualTo(401);
            }
            assertThat(served.send(served.request("/api/images").header("Cookie", served.cookie()))
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void pagesOfOtherSitesAreRefusedWhateverTheySend() throws Exception {
        try (var served = new StudioServer(folder)) {
            int port = served.studio.address().getPort();
            for (String origin : List.of(
                    "https://evil.example", "null", "http://127.0.0.1:" + (port + 1), "https://127.0.0.1:" + port)) {
                for (String path : READ) {
                    HttpResponse<byte[]> read = served.send(served.own(path).header("Origin", origin));
                    assertThat(read.statusCode()).isEqualTo(403);
                    assertThat(detail(read)).isEqualTo(FOREIGN);
                }
                assertThat(served.send(stop(served).header("Origin", origin)).statusCode())
                        .isEqualTo(403);
            }
            for (String site : List.of("cross-site", "same-site")) { // another port of this machine is the same site
                for (String path : READ) {
                    assertThat(served.send(served.own(path).header("Sec-Fetch-Site", site))
                                    .statusCode())
                            .isEqualTo(403);
                }
                assertThat(served.send(stop(served).header("Sec-Fetch-Site", site))
                                .statusCode())
                        .isEqualTo(403);
                assertThat(served.send(served.request("/api/image/x")
                                        .header("Cookie", served.cookie())
                                        .header("Sec-Fetch-Site", site)
                                        .header("Sec-Fetch-Mode", "no-cors")
                                        .header("Sec-Fetch-Dest", "image"))
                                .statusCode())
                        .isEqualTo(403);
                assertThat(served.send(served.request("/app.js").header("Sec-Fetch-Site", site))
                                .statusCode())
                        .isEqualTo(403);
            }
            HttpResponse<byte[]> own = served.send(stop(served)
                    .header("Origin", served.studio.address().toString())
                    .header("Sec-Fetch-Site", "same-origin"));
            assertThat(detail(own)).isEqualTo("there is no job 1 any more. Begin it again");
        }
    }

    @Test
    void aLinkOfAnotherSiteMayOpenThePageAndNothingElse() throws Exception {
        try (var served = new StudioServer(folder)) {
            assertThat(served.send(visit(served, "/runs", "document")).statusCode())
                    .isEqualTo(200);
            assertThat(served.send(visit(served, "/runs", "iframe")).statusCode())
                    .isEqualTo(403);
            assertThat(served.send(visit(served, "/api/workspace", "document")).statusCode())
                    .isEqualTo(403);
        }
    }

    private static HttpRequest.Builder visit(StudioServer served, String path, String destination) {
        return served.own(path)
                .header("Sec-Fetch-Site", "cross-site")
                .header("Sec-Fetch-Mode", "navigate")
                .header("Sec-Fetch-Dest", destination);
    }

    @Test
    void thePageAnswersToNoOtherName() throws Exception {
        try (var served = new StudioServer(folder)) {
            for (String path : List.of("/", "/app.js", "/api/workspace", "/api/events")) {
                assertThat(raw(served, path, "Host: evil.example"))
                        .startsWith("HTTP/1.1 421")
                        .contains("this server answers to localhost alone, not to 'evil.example'")
                        .doesNotContain("fovea-token");
            }
            assertThat(raw(served, "/", "Host: localhost:1")).startsWith("HTTP/1.1 200");
        }
    }

    private static String raw(StudioServer served, String path, String header) throws Exception {
        try (var connection = new dev.fovea.serve.http.RawConnection(served.studio.address())) {
            connection.send("GET " + path + " HTTP/1.1\r\n" + header + "\r\nConnection: close\r\n\r\n");
            return connection.rest(5000);
        }
    }

    @Test
    void aTokenInAnAddressIsRefused() throws Exception {
        try (var served = new StudioServer(folder)) {
            for (String path : List.of("/", "/runs", "/api/workspace", "/api/image")) {
                HttpResponse<byte[]> response = served.get(path, "token", served.token());
                assertThat(response.statusCode()).isEqualTo(400);
                assertThat(detail(response)).startsWith("a token does not belong into an address");
            }
            assertThat(served.log).noneMatch(line -> line.contains(served.token()));
        }
    }

    @Test
    void everyAnswerHasAPolicyWithoutInlineCode() throws Exception {
        try (var served = new StudioServer(folder)) {
            for (String path : List.of("/", "/app.js", "/api/workspace", "/nothing", "/api/nothing")) {
                var headers = served.get(path).headers();
                assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
                        .isEqualTo(
                                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'");
                assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
                assertThat(headers.firstValue("Access-Control-Allow-Origin")).isEmpty();
            }
            String page = new String(served.get("/").body(), StandardCharsets.UTF_8);
            assertThat(page).doesNotContain("style=").doesNotContain("onclick").doesNotContain("http://");
            assertThat(served.get("/").headers().firstValue("Set-Cookie").orElse(""))
                    .contains("HttpOnly")
                    .contains("SameSite=Strict");
        }
    }

    @Test
    void noFileBesideThoseOfThePageIsReached() throws Exception {
        try (var served = new StudioServer(folder)) {
            for (String path : List.of(
                    "/base/../index.html",
                    "/base/%2e%2e/index.html",
                    "/base/..%2findex.html",
                    "/..%2f..%2fetc/passwd",
                    "/index.html",
                    "/Studio.class",
                    "/views/",
                    "/texts/en/",
                    "/lib/package.json",
                    "/lib/standalone.module.js",
                    "/META-INF/MANIFEST.MF",
                    "/app.js%00.css")) {
                assertThat(raw(served, path, "Host: localhost"))
                        .as(path)
                        .matches("(?s)HTTP/1.1 (400|404) .*")
                        .doesNotContain("<!doctype");
            }
        }
    }

    @Test
    void aStudioForOtherMachinesDemandsATokenThatIsTyped() throws Exception {
        Settings local = Settings.local();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Studio.open(
                        folder,
                        new Settings(
                                "0.0.0.0",
                                0,
                                -1,
                                Optional.empty(),
                                Optional.empty(),
                                local.limits(),
                                local.timeout(),
                                local.drain(),
                                "1"),
                        line -> {}))
                .withMessageContaining("a token or certificates of clients must be demanded there");
        try (var served = new StudioServer(folder, local.withToken(TOKEN))) {
            assertThat(served.cookie()).isEmpty();
            assertThat(served.token()).isEmpty();
            assertThat(served.send(served.request("/api/workspace")).statusCode())
                    .isEqualTo(401);
            HttpResponse<byte[]> wrong = logIn(served, TOKEN + "x");
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(detail(wrong)).startsWith("this is not the token of this studio.");
            assertThat(wrong.headers().firstValue("Set-Cookie")).isEmpty();
            HttpResponse<byte[]> right = logIn(served, TOKEN);
            assertThat(right.statusCode()).isEqualTo(200);
            String cookie = right.headers().firstValue("Set-Cookie").orElseThrow();
            String page = new String(
                    served.send(served.request("/").header("Cookie", cookie.replaceFirst(";.*", "")))
                            .body(),
                    StandardCharsets.UTF_8);
            assertThat(page).contains("fovea-token");
            assertThat(served.log).noneMatch(line -> line.contains(TOKEN));
        }
    }

    private static HttpResponse<byte[]> logIn(StudioServer served, String token) throws Exception {
        return served.send(served.request("/api/login")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"token\": \"" + token + "\"}")));
    }

    @Test
    void whoGuessesTokensHasToWait() throws Exception {
        try (var served = new StudioServer(folder, Settings.local().withToken(TOKEN))) {
            for (int i = 0; i < 10; i++) {
                assertThat(logIn(served, "guess-" + i).statusCode()).isEqualTo(401);
            }
            HttpResponse<byte[]> late = logIn(served, TOKEN);
            assertThat(late.statusCode()).isEqualTo(429);
            assertThat(detail(late)).isEqualTo("10 wrong tokens in a minute. Wait a minute, then try again");
        }
    }

    @Test
    void whoIsNotLetInCanSendNoMoreThanAToken() throws Exception {
        try (var served = new StudioServer(folder, Settings.local().withToken(TOKEN))) {
            HttpResponse<byte[]> large = logIn(served, "x".repeat(2000));
            assertThat(large.statusCode()).isEqualTo(413);
            assertThat(detail(large)).isEqualTo("expected a token in no more than 1024 bytes");
            HttpResponse<byte[]> endless = served.send(served.request("/api/login")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[2000]))));
            assertThat(endless.statusCode()).isEqualTo(413);
        }
    }

    @Test
    void theTokenIsTypedIntoTheBrowserAndNeverStandsInAnAddress() throws Exception {
        try (var served = new StudioServer(folder, Settings.local().withToken(TOKEN));
                Browser browser = Browser.open()) {
            browser.visit(served.studio.address() + "/runs");
            browser.awaitText("Token of this studio");
            browser.driver().findElement(By.id("token")).sendKeys("wrong-token-wrong");
            browser.click("Enter").awaitText("This is not the token of this studio");
            browser.driver().findElement(By.id("token")).clear();
            browser.driver().findElement(By.id("token")).sendKeys(TOKEN);
            browser.click("Enter");
            browser.await("nav");
            assertThat(browser.driver().getCurrentUrl()).isEqualTo(served.studio.address() + "/runs");
        }
    }

    @Test
    void anotherSiteInTheSameBrowserGetsNothingOut() throws Exception {
        try (var served = new StudioServer(folder);
                var other = new StudioServer(java.nio.file.Files.createDirectory(folder.resolve("other")));
                Browser browser = Browser.open()) {
            browser.visit(served.studio.address());
            browser.visit(other.studio.address()); // same site, another origin
            for (String path : List.of("/api/workspace", "/api/events", "/", "/app.js")) {
                Object came = ((org.openqa.selenium.JavascriptExecutor) browser.driver())
                        .executeAsyncScript(
                                "const [url, done] = arguments; fetch(url, {credentials: 'include'})"
                                        + ".then(answer => answer.text(), error => 'refused').then(done)",
                                served.studio.address() + path);
                assertThat(came).isEqualTo("refused");
            }
        }
    }
}
