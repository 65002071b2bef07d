package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudioCloseTest {

    @TempDir
    private Path folder;

    @Test
    void experiment() throws Exception {
        var out = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            Path own = Files.createDirectories(folder.resolve("w" + i));
            var served = new StudioServer(own);
            InputStream events = null;
            if (i % 2 == 1) {
                events = HttpClient.newHttpClient()
                        .send(served.own("/api/events").build(), BodyHandlers.ofInputStream())
                        .body();
            }
            for (int k = 0; k < 5; k++) {
                served.post("/api/train/recipe", Map.of("path", "shapes", "model", "cifar-cnn", "settings", java.util.List.of()));
            }
            if (i % 3 == 0) {
                TimeUnit.MILLISECONDS.sleep(300);
            }
            long begin = System.nanoTime();
            var watch = new Thread(() -> {
                try {
                    TimeUnit.MILLISECONDS.sleep(2500);
                    var text = new StringBuilder();
                    Thread.getAllStackTraces().forEach((thread, stack) -> {
                        text.append(thread.getName()).append('\n');
                        for (var one : stack) {
                            text.append("    ").append(one).append('\n');
                        }
                    });
                    Files.writeString(Path.of("/tmp/c/stacks-" + System.nanoTime()), text);
                } catch (Exception e) {
                    // over
                }
            });
            watch.start();
            served.close();
            watch.interrupt();
            out.add(i + " " + Duration.ofNanos(System.nanoTime() - begin).toMillis());
            Files.writeString(Path.of("/tmp/c/close.txt"), String.join("\n", out) + "\n");
        }
        assertThat(out).isNotEmpty();
    }
}
