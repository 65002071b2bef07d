package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

class StudioCloseTest {

    @TempDir
    private Path folder;

    /** Several times: whether a connection is seen to be idle again depends on which of two threads comes first. */
    @RepeatedTest(6)
    void aStudioIsClosedSoonThoughPagesKeepTheirConnections() throws Exception {
        var served = new StudioServer(Files.createDirectories(folder.resolve("work")));
        try (InputStream events = HttpClient.newHttpClient()
                .send(served.own("/api/events").build(), BodyHandlers.ofInputStream())
                .body()) {
            assertThat(events.read()).isEqualTo('e');
            var plan = Map.of("path", "shapes", "model", "cifar-cnn", "settings", List.of());
            for (int i = 0; i < 5; i++) {
                assertThat(served.post("/api/train/recipe", plan).statusCode()).isEqualTo(200);
            }
            long begin = System.nanoTime();
            served.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        }
    }
}
