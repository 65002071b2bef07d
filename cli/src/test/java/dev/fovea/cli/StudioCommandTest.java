package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.cli.Shell.Ended;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StudioCommandTest {

    @TempDir
    private Path folder;

    @Test
    void opensAPageOfTheWorkspaceUntilItIsTerminated() throws Exception {
        Path workspace = Files.createDirectory(folder.resolve("flowers"));
        Process process = new Shell(folder).start("studio", workspace.toString(), "--port", "0", "--json");
        try {
            JsonNode said = said(process);
            URI address = URI.create(said.get("address").asString());
            assertThat(address.getHost()).isEqualTo("127.0.0.1");
            assertThat(said.get("workspace").asString())
                    .isEqualTo(workspace.toRealPath().toString());
            assertThat(said.has("token")).isFalse();
            var page = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address.resolve("/runs")).build(), BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("Fovea Studio");
            Ended second = fovea("studio", workspace.toString(), "--port", "0", "--json");
            assertThat(second.code()).isEqualTo(2);
            assertThat(second.json().get("error").asString())
                    .isEqualTo("%s: another studio has this workspace open at %s. Use that one, or stop it first"
                            .formatted(workspace.toRealPath(), address));
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("err.txt")))
                .contains("stopping")
                .doesNotContain("Exception");
    }

    @Test
    void otherMachinesAreToldAnAddressThatTheyCanOpen() throws Exception {
        Process process =
                new Shell(folder).start("studio", folder.toString(), "--host", "0.0.0.0", "--port", "0", "--json");
        try {
            JsonNode said = said(process);
            assertThat(said.get("token").asString()).isNotEmpty();
            List<String> own = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(one -> one instanceof Inet4Address && !one.isLoopbackAddress() && !one.isLinkLocalAddress())
                    .map(one -> "http://%s:%s".formatted(one.getHostAddress(), port(said)))
                    .toList();
            assertThat(said.has("addresses")).isEqualTo(!own.isEmpty());
            if (!own.isEmpty()) {
                assertThat(said.get("addresses").valueStream().map(JsonNode::asString))
                        .containsExactlyElementsOf(own);
            }
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private static int port(JsonNode said) {
        return URI.create(said.get("address").asString()).getPort();
    }

    private JsonNode said(Process process) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        Path out = folder.resolve("out.txt");
        while (process.isAlive() && System.nanoTime() < end) {
            String text = Files.readString(out);
            if (text.endsWith("\n")) {
                return new JsonMapper().readTree(text);
            }
            Thread.sleep(50);
        }
        throw new AssertionError("it does not listen: " + Files.readString(folder.resolve("err.txt")));
    }

    @Test
    void aFolderThatIsNotThereIsSaidToBe() {
        Ended ended = fovea("studio", folder.resolve("nothing").toString(), "--json");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.json().get("error").asString())
                .isEqualTo(folder.resolve("nothing")
                        + ": there is no such folder. Name the folder that holds your images and runs");
    }
}
