package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunWatchTest {

    @TempDir
    private Path folder;

    @Test
    void runsOfOthersAreSeenToBeginToGoOnAndToBeRemoved() throws Exception {
        Path root = folder.toRealPath();
        try (var served = new StudioServer(root)) {
            BlockingQueue<String> said = new LinkedBlockingQueue<>();
            served.studio.runs().onChange((run, there) -> said.add(run.getFileName() + " " + there));
            Path run = Files.createDirectories(root.resolve("runs/flowers-1"));
            Thread.sleep(1200); // its folder is there before its recipe is
            Files.writeString(run.resolve("recipe.yaml"), "model: lenet5\n");
            assertThat(said.poll(10, TimeUnit.SECONDS)).isEqualTo("flowers-1 true");
            Files.writeString(run.resolve("metrics.csv"), "epoch\n1\n");
            assertThat(said.poll(10, TimeUnit.SECONDS)).isEqualTo("flowers-1 true");
            Files.move(run, root.resolve("flowers-2"));
            assertThat(said.poll(10, TimeUnit.SECONDS)).endsWith("e");
            assertThat(said.poll(10, TimeUnit.SECONDS)).endsWith("e");
            assertThat(said.poll(1500, TimeUnit.MILLISECONDS)).isNull();
        }
    }
}
