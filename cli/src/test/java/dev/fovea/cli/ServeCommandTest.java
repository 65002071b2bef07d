package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.cli.Shell.Ended;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ServeCommandTest {

    private static final Path PACKAGES = Path.of("../core/src/test/resources/packages");

    @TempDir
    private Path folder;

    @Test
    void servesUntilItIsTerminatedAndKeepsItsTokenToItself() throws Exception {
        var shell = new Shell(folder);
        Path token = Files.writeString(folder.resolve("token"), "0123456789abcdef-token\n");
        Process process = shell.start(
                "serve",
                "shapes=" + PACKAGES.resolve("classify/registry"),
                "clean=" + PACKAGES.resolve("restore"),
                "--port",
                "0",
                "--metrics-port",
                "0",
                "--token-file",
                token.toString(),
                "--access-log",
                folder.resolve("access.jsonl").toString(),
                "--threads",
                "1",
                "--json");
        try {
            JsonNode said = said(process);
            URI address = URI.create(said.get("address").asString());
            assertThat(address.getHost()).isEqualTo("127.0.0.1");
            assertThat(said.get("models").toString()).isEqualTo("[\"shapes\"]");
            assertThat(said.has("token")).isFalse();
            var client = HttpClient.newHttpClient();
            var request = HttpRequest.newBuilder(address.resolve("/predict/shapes"))
                    .PUT(HttpRequest.BodyPublishers.ofFile(PACKAGES.resolve("classify/registry/input.png")));
            assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
            request.header("Authorization", "Bearer 0123456789abcdef-token");
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            Ended predicted = fovea(
                    "predict",
                    PACKAGES.resolve("classify/registry").toString(),
                    PACKAGES.resolve("classify/registry/input.png").toString(),
                    "--json");
            assertThat(new JsonMapper()
                            .readTree(answer.body())
                            .get("predictions")
                            .get(0)
                            .get("top"))
                    .isEqualTo(predicted.json().get("predictions").get(0).get("top"));
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllLines(folder.resolve("access.jsonl"))).hasSize(2);
        assertThat(Files.readString(folder.resolve("err.txt")))
                .contains("stopping")
                .doesNotContain("Exception");
    }

    /** What it prints once it listens. */
    private JsonNode said(Process process) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        Path out = folder.resolve("out.txt");
        while (process.isAlive() && System.nanoTime() < end) {
            String text = Files.readString(out);
            if (text.endsWith("\n")) {
                return new JsonMapper().readTree(text);
            }
            Thread.sleep(50);
        }
        throw new IOException("it does not listen: " + Files.readString(folder.resolve("err.txt")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "serve|serve: name a MODEL, or a folder of models with --repository",
                "serve nothing|nothing: there is no such file or folder. Expected a run, a model package or an .onnx file",
                "serve a/b=%s|'a/b': no name for an address. Expected up to 128 letters, digits, points, hyphens and underscores, as in flowers=runs/flowers-1",
                "serve m=%s m=%s|two models are called 'm'. Name one of them, as in NAME=%s",
                "serve %s --timeout soon|--timeout: expected a time such as 500ms, 30s or 2m, got 'soon'",
                "serve %s --timeout 0s|the timeout must be above 0, got 0 ms",
                "serve %s --port 70000|the port must be 0 to 65535, got 70000",
                "serve %s --token-file none|--token-file: none: cannot be read (no such file)",
                "serve %s --tls-password-file none|--tls-password-file means nothing without --tls-keystore",
                "serve %s --max-body 0|--max-body: expected 1 to 1024 MB, got 0"
            })
    void whatCannotBeServedIsSaidInOneSentence(String call, String sentence) {
        String model = PACKAGES.resolve("classify/layers").toString();
        Ended ended = fovea((call.replace("%s", model) + " --json").split(" "));
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.json().get("error").asString()).isEqualTo(sentence.replace("%s", model));
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "30s, 30000", "2m, 120000", "1.5, 1500"})
    void timesHaveUnits(String text, long millis) {
        assertThat(ServerOptions.time("--timeout", text)).isEqualTo(Duration.ofMillis(millis));
        assertThatIllegalArgumentException().isThrownBy(() -> ServerOptions.time("--timeout", "-" + text));
    }
}
