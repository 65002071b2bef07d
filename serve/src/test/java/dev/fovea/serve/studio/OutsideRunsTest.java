package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of the workspace in which, or to which, a link leads out of it. */
class OutsideRunsTest {

    private static final String SECRET = "the secret of somebody else";

    @TempDir
    Path folder;

    @TempDir
    Path other;

    private Path secret;
    private Path run;

    @BeforeEach
    void run() throws IOException {
        secret = Files.writeString(other.resolve("secret"), SECRET);
        run = SampleWorkspace.model(folder, "detect", "runs/flowers-1/model").getParent();
        Files.writeString(new RunFolder(run).recipe(), "model: cifar-cnn\n");
    }

    private void link(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        Files.createSymbolicLink(file, secret);
    }

    private static void refused(HttpResponse<byte[]> answer) {
        assertThat(text(answer)).doesNotContain(SECRET);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(StudioServer.detail(answer)).contains("leads out of the workspace");
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void noFileOfARunIsReadOutside() throws Exception {
        var files = new RunFolder(run);
        for (Path file : List.of(
                files.log(),
                files.report(),
                files.notes(),
                files.metrics(),
                files.mistakes(),
                run.resolve("samples/epoch-1.png"))) {
            link(file);
        }
        try (var served = new StudioServer(folder)) {
            HttpResponse<byte[]> live = served.get("/api/run/live", "run", "runs/flowers-1");
            assertThat(live.statusCode()).isEqualTo(200);
            assertThat(text(live)).doesNotContain(SECRET);
            refused(served.get("/api/image/samples", "run", "runs/flowers-1", "file", "epoch-1.png"));
            refused(served.get("/api/download/report", "run", "runs/flowers-1"));
            assertThat(text(served.get("/api/runs"))).contains("flowers-1").doesNotContain(SECRET);
        }
    }

    @Test
    void aPackageIsNotZippedWithFilesFromOutside() throws Exception {
        link(run.resolve("model/readme.txt"));
        try (var served = new StudioServer(folder)) {
            var job = served.job(served.post("/api/export", Map.of("run", "runs/flowers-1", "format", "package")));
            assertThat(job.get("error").asString()).contains("readme.txt").contains("leads out of");
            assertThat(folder.resolve("exports/flowers-1.zip")).doesNotExist();
        }
    }

    @Test
    void whatWasExportedIsNotALinkOut() throws Exception {
        Files.createDirectories(folder.resolve("exports"));
        link(folder.resolve("exports/flowers-1.zip"));
        try (var served = new StudioServer(folder)) {
            assertThat(text(served.get("/api/download/export", "path", "exports/flowers-1.zip")))
                    .doesNotContain(SECRET);
        }
    }

    /** One that is being trained there must not take the others from the page. */
    @Test
    void aRunThatLiesElsewhereIsInNoList() throws Exception {
        Path away = Files.createDirectory(other.resolve("away"));
        Files.writeString(new RunFolder(away).recipe(), "model: cifar-cnn\n");
        SampleWorkspace.model(away, "detect", "model");
        Files.createSymbolicLink(folder.resolve("runs/linked-1"), away);
        Files.createSymbolicLink(folder.resolve("linked-2"), away);
        try (var lock = dev.fovea.train.RunLock.of(new RunFolder(away));
                var served = new StudioServer(folder)) {
            for (String address : List.of("/api/queue", "/api/runs", "/api/home", "/api/runs/costs", "/api/models")) {
                HttpResponse<byte[]> answer = served.get(address);
                assertThat(answer.statusCode()).as(address).isEqualTo(200);
                assertThat(text(answer)).as(address).doesNotContain("linked-");
            }
            assertThat(text(served.get("/api/runs"))).contains("flowers-1");
        }
    }

    @Test
    void runsAreNeitherRemovedElsewhereNorBroughtFromThere() throws Exception {
        Path away = Files.createDirectories(other.resolve("trash/1000-1/away-1"));
        Files.createSymbolicLink(folder.resolve("runs/.trash"), other.resolve("trash"));
        try (var served = new StudioServer(folder)) {
            assertThat(text(served.get("/api/trash"))).doesNotContain("away-1").contains("a link");
            served.delete("/api/trash");
            served.post("/api/trash/restore", Map.of("folder", "runs", "id", "1000-1"));
            assertThat(served.delete("/api/run", "run", "runs/flowers-1").statusCode())
                    .isEqualTo(400);
        }
        assertThat(away).exists();
        assertThat(run).exists();
    }
}
