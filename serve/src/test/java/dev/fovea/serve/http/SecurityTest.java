package dev.fovea.serve.http;

import static dev.fovea.serve.http.Served.detail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.FileInputStream;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecurityTest {

    private static final String TOKEN = "0123456789abcdef-token";

    @TempDir
    private Path folder;

    private static Served serve(Settings settings) {
        return new Served(settings, new Offer(new WaitingModels()));
    }

    @Test
    void whatOthersCanReachDemandsATokenOrCertificates() {
        Settings local = Settings.local();
        for (String host : List.of("0.0.0.0", "192.0.2.1", "::")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Settings(
                            host,
                            0,
                            -1,
                            Optional.empty(),
                            Optional.empty(),
                            local.limits(),
                            local.timeout(),
                            local.drain(),
                            "1"))
                    .withMessage(
                            host
                                    + " can be reached from other machines: a token or certificates of clients must be demanded there. Bind to 127.0.0.1, or give one of them");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> local.withToken("short"))
                .withMessage(
                        "a token must have at least 16 characters, all of them printable ASCII without spaces, got 5 characters");
    }

    @Test
    void withoutTheTokenNothingIsSaidButThatTheServerLives() throws Exception {
        try (Served served = serve(Settings.local().withToken(TOKEN))) {
            HttpResponse<byte[]> none = served.get("/v2/models/m");
            assertThat(none.statusCode()).isEqualTo(401);
            assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"fovea\"");
            assertThat(detail(none))
                    .isEqualTo("this server demands a token. Send the header `Authorization: Bearer TOKEN`");
            HttpResponse<byte[]> wrong =
                    served.send(served.request("/models").header("Authorization", "Bearer " + TOKEN + "x"));
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(detail(wrong)).isEqualTo("the token is not that of this server");
            assertThat(served.send(served.request("/models").header("Authorization", "bearer " + TOKEN))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(served.get("/v2/health/ready").statusCode()).isEqualTo(200);
            assertThat(served.get("/").statusCode()).isEqualTo(200);
            assertThat(served.log).noneMatch(line -> line.contains(TOKEN));
        }
    }

    @Test
    void aServerOfThisMachineAnswersToNoOtherName() throws Exception {
        try (Served served = serve(Settings.local())) {
            assertThat(raw(served, "GET /models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 421")
                    .contains("this server answers to localhost alone, not to 'evil.example'");
            assertThat(raw(served, "GET /models HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
            assertThat(
                            raw(
                                    served,
                                    "GET /models HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 403")
                    .contains("pages of other sites may not ask this server");
        }
    }

    private static String raw(Served served, String request) throws Exception {
        try (var connection = new RawConnection(served.server.address())) {
            connection.send(request);
            return connection.rest(5000);
        }
    }

    @Test
    void everyAnswerTellsBrowsersWhatItIsNot() throws Exception {
        try (Served served = serve(Settings.local())) {
            for (String path : List.of("/", "/models", "/nothing")) {
                var headers = served.get(path).headers();
                assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
                assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
                        .contains("default-src 'none'")
                        .doesNotContain("unsafe");
                assertThat(headers.firstValue("Server")).isEmpty();
            }
        }
    }

    @Test
    void namesDoNotLeaveTheirPlace() throws Exception {
        try (Served served = serve(Settings.local())) {
            for (String path : List.of(
                    "/predict/..%2f..%2fetc",
                    "/predict/%2e%2e/m", "/predict/../../x", "/predict/a%00b", "/predict/a b")) {
                String answer = raw(
                        served,
                        "PUT %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                .formatted(path));
                assertThat(answer)
                        .as(path)
                        .containsPattern("(?s)^HTTP/1.1 (400|404 .*there is nothing at|404 .*no model 'm' answers)");
            }
        }
    }

    @Test
    void aPortThatIsTakenIsSaid() throws Exception {
        try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Settings local = Settings.local();
            var settings = new Settings(
                    "127.0.0.1",
                    taken.getLocalPort(),
                    -1,
                    local.token(),
                    local.tls(),
                    local.limits(),
                    local.timeout(),
                    local.drain(),
                    "1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> serve(settings))
                    .withMessage(
                            "127.0.0.1:%s: cannot be listened on (Address already in use). Is the port taken? 0 takes any that is free"
                                    .formatted(taken.getLocalPort()));
        }
    }

    @Test
    void clientsShowTheirCertificatesWhereThatIsDemanded() throws Exception {
        Path server = key("server");
        Path client = key("client");
        Path stranger = key("stranger");
        var tls = new Tls(server, "password", Optional.of(certificate(client, "client")));
        try (Served served = serve(Settings.local().withTls(tls))) {
            assertThat(served.server.address().getScheme()).isEqualTo("https");
            var request = served.request("/v2").timeout(Duration.ofSeconds(10)).build();
            HttpResponse<String> known = client(server, client).send(request, BodyHandlers.ofString());
            assertThat(known.statusCode()).isEqualTo(200);
            assertThat(known.headers().firstValue("Strict-Transport-Security")).isPresent();
            org.assertj.core.api.Assertions.assertThatIOException()
                    .isThrownBy(() -> client(server, stranger).send(request, BodyHandlers.ofString()));
        }
    }

    @Test
    void aKeyStoreThatCannotBeUsedIsSaid() throws Exception {
        Path server = key("server");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> serve(Settings.local().withTls(new Tls(server, "wrong password", Optional.empty()))))
                .withMessage(server + ": the key store cannot be read (the password is wrong)");
        Path none = folder.resolve("none.p12");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> serve(Settings.local().withTls(new Tls(none, "password", Optional.empty()))))
                .withMessage(none + ": the key store cannot be read (no such file)");
        Path text = Files.writeString(folder.resolve("text.pem"), "no certificate");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> serve(Settings.local().withTls(new Tls(server, "password", Optional.of(text)))))
                .withMessageStartingWith(text + ": ");
    }

    private Path key(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                "password");
        return store;
    }

    private Path certificate(Path store, String name) throws Exception {
        Path file = folder.resolve(name + ".pem");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                name,
                "-file",
                file.toString(),
                "-keystore",
                store.toString(),
                "-storepass",
                "password");
        return file;
    }

    private static void keytool(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static HttpClient client(Path server, Path own) throws Exception {
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store(server).getCertificate("server"));
        trust.init(trusted);
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(own), "password".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static KeyStore store(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(file.toFile())) {
            store.load(in, "password".toCharArray());
        }
        return store;
    }
}
