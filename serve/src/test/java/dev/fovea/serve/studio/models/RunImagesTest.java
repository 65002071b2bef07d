package dev.fovea.serve.studio.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.run.TemporaryFolder;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import dev.fovea.serve.studio.Workspace;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunImagesTest {

    @TempDir
    Path folder;

    /** Into a folder of a class, by which neither the folder of the data nor that of its parts changes. */
    @ParameterizedTest
    @ValueSource(strings = {"flowers", "flowers:test"})
    void imagesThatAreAddedAreNoticed(String data) throws Exception {
        for (String part : List.of("train", "test")) {
            SampleWorkspace.classFolders(folder.resolve("flowers/" + part), List.of("rose", "tulip"), 3);
        }
        SampleWorkspace.model(folder, "classify/registry", "model");
        try (Workspace workspace = Workspace.open(folder)) {
            Path run = workspace.existing("model");
            var images = new RunImages(workspace);
            String part = data.equals("flowers") ? "test" : "train"; // a part alone stands as that
            assertThat(images.of(run, data).data().part(part).size()).isEqualTo(6);
            Path image = folder.resolve("flowers/test/rose/image-0-0.png");
            Files.copy(image, image.resolveSibling("more.png"));
            int size = 0;
            for (Instant end = Instant.now().plus(Duration.ofSeconds(20));
                    size != 7 && Instant.now().isBefore(end); ) {
                size = images.of(run, data).data().part(part).size();
            }
            assertThat(size).isEqualTo(7);
        }
    }

    @Test
    void anotherRunOfTheSameNameHasItsOwnMistakes() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 12);
        Path run = SampleWorkspace.run(folder, "flowers", "flowers");
        String named = "runs/" + run.getFileName();
        try (var served = new StudioServer(folder)) {
            HttpResponse<byte[]> first = mistake(served, named, "none");
            assertThat(first.statusCode())
                    .as(() -> new String(first.body(), StandardCharsets.UTF_8))
                    .isEqualTo(200);
            String tag = first.headers().firstValue("ETag").orElseThrow();
            assertThat(mistake(served, named, tag).statusCode()).isEqualTo(304);
            new TemporaryFolder(run).close();
            replaceImages();
            assertThat(SampleWorkspace.run(folder, "flowers", "flowers")).isEqualTo(run);
            HttpResponse<byte[]> second = mistake(served, named, tag);
            assertThat(second.statusCode())
                    .as(() -> new String(second.body(), StandardCharsets.UTF_8))
                    .isEqualTo(200);
            assertThat(second.body()).isNotEqualTo(first.body());
        }
    }

    /** All images by other ones, as other data of the same name has. */
    private void replaceImages() throws IOException {
        new TemporaryFolder(folder.resolve("flowers")).close();
        SampleWorkspace.shapes(folder.resolve("flowers"), 120);
    }

    private static HttpResponse<byte[]> mistake(StudioServer served, String run, String tag) throws Exception {
        return served.send(
                served.own("/api/image/mistake", "run", run, "index", "0").header("If-None-Match", tag));
    }
}
