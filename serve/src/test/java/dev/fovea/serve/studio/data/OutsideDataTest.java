package dev.fovea.serve.studio.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists and links that lead out of the workspace: refused whatever they are named for. */
class OutsideDataTest {

    private static final String REFUSED = "lies outside the workspace, by a link or a list";

    @TempDir
    Path folder;

    @TempDir
    Path other;

    @BeforeEach
    void data() throws IOException {
        SampleWorkspace.classFolders(other.resolve("secret"), List.of("a", "b"), 3);
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 3);
        SampleWorkspace.classFolders(folder.resolve("linked"), List.of("rose", "tulip"), 3);
        Files.createSymbolicLink(folder.resolve("linked/more"), other.resolve("secret/a"));
        Files.writeString(
                folder.resolve("list.csv"),
                "path,label\nflowers/rose/image-0-0.png,x\nSECRET,y\n"
                        .replace(
                                "SECRET",
                                other.resolve("secret/a/image-0-0.png").toString()));
        Files.writeString(
                folder.resolve("ages.csv"),
                "path,age\nflowers/rose/image-0-0.png,3\nSECRET,4\n"
                        .replace(
                                "SECRET",
                                other.resolve("secret/a/image-0-0.png").toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"list.csv", "ages.csv", "linked", "."})
    void neitherLookedAtNorTrainedOn(String path) throws Exception {
        try (var served = new StudioServer(folder)) {
            for (String address : List.of("/api/data/summary", "/api/data/items", "/api/image", "/api/data/columns")) {
                refused(served.get(address, "path", path));
            }
            Map<String, Object> plan = Map.of("path", path, "model", "cifar-cnn");
            refused(served.post("/api/train/choices", Map.of("path", path)));
            refused(served.post("/api/train/recipe", plan));
            refused(served.post("/api/train/estimate", plan));
            refused(served.post("/api/train/start", plan));
            refused(served.get("/api/data/problems", "path", path));
            refused(served.get("/api/data/map", "path", path));
            assertThat(job(served, "/api/data/map", Map.of("path", path))).contains(REFUSED);
            assertThat(job(served, "/api/data/problems", Map.of("path", path, "check", "images")))
                    .contains(REFUSED);
            assertThat(job(served, "/api/data/measure", Map.of("path", path))).contains(REFUSED);
        }
    }

    private static void refused(HttpResponse<byte[]> answer) {
        assertThat(StudioServer.detail(answer)).contains(REFUSED);
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    private static String job(StudioServer served, String address, Object body) throws Exception {
        return served.job(served.post(address, body)).get("error").asString();
    }

    /** A list that was changed after the run, or the run of somebody else. */
    @Test
    void theDataOfARunIsNotReadThere() throws Exception {
        Path list = folder.resolve("own.csv");
        var rows = new StringBuilder("path,label\n");
        for (int i = 0; i < 3; i++) {
            rows.append("flowers/rose/image-0-%s.png,x\nflowers/tulip/image-1-%s.png,y\n".formatted(i, i));
        }
        Files.writeString(list, rows);
        Path run = SampleWorkspace.run(folder, "small", "own.csv");
        Files.writeString(
                list, rows.toString().replace("flowers/rose/image-0-0.png", other + "/secret/a/image-0-0.png"));
        try (var served = new StudioServer(folder)) {
            String named = served.studio.workspace().relative(run.toRealPath());
            assertThat(job(served, "/api/evaluate", Map.of("run", named))).contains(REFUSED);
            assertThat(job(served, "/api/evaluate", Map.of("run", named, "data", "list.csv")))
                    .contains(REFUSED);
        }
    }

    @Test
    void aListThatIsSentNamesNothingOutside() throws Exception {
        try (var served = new StudioServer(folder)) {
            String id = StudioServer.json(served.post("/api/uploads", Map.of()))
                    .get("upload")
                    .asString();
            byte[] list = "path,label\nSECRET,x\n"
                    .replace("SECRET", other.resolve("secret/a/image-0-0.png").toString())
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            StudioServer.json(served.upload(list, "/api/upload", "upload", id, "path", "labels/list.csv"));
            StudioServer.json(served.upload(
                    Files.readAllBytes(folder.resolve("flowers/rose/image-0-0.png")),
                    "/api/upload",
                    "upload",
                    id,
                    "path",
                    "labels/rose/1.png"));
            served.job(served.post("/api/uploads/finish", Map.of("upload", id, "name", "sent")));
            refused(served.get("/api/image", "path", "sent/labels/list.csv"));
        }
    }

    /** By commas the first row names files inside, by semicolons the second names one outside: whichever is chosen is what counts. */
    @Test
    void theSeparatorOfAListIsNoWayOut() throws Exception {
        Path image = folder.resolve("flowers/rose/image-0-0.png");
        for (String name : List.of("x.png", "path;label;x.png", "x.png,/a.png")) {
            Path file = folder.resolve("odd").resolve(name);
            Files.createDirectories(file.getParent());
            Files.copy(image, file);
        }
        Files.writeString(
                folder.resolve("odd/list.csv"),
                "path;label;x.png,y\nx.png,/../../../%s/secret/a/image-0-0.png;lab\n".formatted(other.getFileName()));
        try (var served = new StudioServer(folder)) {
            var items = StudioServer.json(served.get("/api/data/items", "path", "odd/list.csv"))
                    .get("items");
            assertThat(items.valueStream().map(one -> one.get("name").asString()))
                    .containsExactly("path;label;x.png", "x.png");
        }
    }

    /** Neither the list nor its folder changes by that. */
    @ParameterizedTest
    @ValueSource(strings = {"deep/list.csv", "deep/a"})
    void aFileThatHasBecomeALinkOutIsNotReadAnyMore(String path) throws Exception {
        Path image = folder.resolve("deep/a/b/c/rose/1.png");
        Files.createDirectories(image.getParent());
        Files.copy(folder.resolve("flowers/rose/image-0-0.png"), image);
        Files.copy(image, image.resolveSibling("2.png"));
        Files.writeString(folder.resolve("deep/list.csv"), "path,label\na/b/c/rose/1.png,x\n");
        try (var served = new StudioServer(folder)) {
            assertThat(served.get("/api/image", "path", path).statusCode()).isEqualTo(200);
            Files.delete(image);
            Files.createSymbolicLink(image, other.resolve("secret/a/image-0-0.png"));
            HttpResponse<byte[]> answer = served.get("/api/image", "path", path, "size", "161");
            assertThat(answer.statusCode()).isBetween(400, 499);
            assertThat(StudioServer.detail(answer)).contains("a link that leads out of " + folder.toRealPath());
        }
    }
}
