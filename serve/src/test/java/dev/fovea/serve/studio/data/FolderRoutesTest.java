package dev.fovea.serve.studio.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.studio.Hostile;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class FolderRoutesTest {

    @TempDir
    Path folder;

    private static JsonNode folder(StudioServer served, String... params) throws IOException, InterruptedException {
        return StudioServer.json(served.get("/api/data/folder", params));
    }

    @Test
    void foldersAreWalkedThroughWithWhatIsInThem() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("projects/flowers"), List.of("rose", "tulip"), 3);
        Files.writeString(folder.resolve("projects/list.csv"), "path,label\nflowers/rose/image-0-0.png,rose\n");
        Files.writeString(folder.resolve("projects/notes.txt"), "");
        try (var served = new StudioServer(folder)) {
            JsonNode top = folder(served);
            assertThat(top.get("path").asString()).isEqualTo(".");
            assertThat(top.get("entries").findValuesAsString("path")).containsExactly("projects");
            JsonNode inside = folder(served, "path", "projects");
            assertThat(inside.get("parents").findValuesAsString("path")).containsExactly(".", "projects");
            assertThat(inside.get("entries").findValuesAsString("path"))
                    .containsExactly("projects/flowers", "projects/list.csv");
            JsonNode flowers = inside.get("entries").get(0);
            assertThat(flowers.get("kind").asString()).isEqualTo("classes");
            assertThat(flowers.get("images").asInt()).isEqualTo(6);
            assertThat(inside.get("others").asInt()).isEqualTo(1);
            assertThat(folder(served, "path", "projects/flowers")
                            .get("here")
                            .get("classes")
                            .asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void nothingOutsideAndNothingHiddenIsShown(@TempDir Path other) throws Exception {
        SampleWorkspace.classFolders(other.resolve("secret"), List.of("a", "b"), 1);
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 1);
        Files.createSymbolicLink(folder.resolve("out"), other.resolve("secret"));
        Files.createSymbolicLink(folder.resolve("flowers/more"), other.resolve("secret/a"));
        Files.createSymbolicLink(folder.resolve("in"), folder.resolve("flowers"));
        try (var served = new StudioServer(folder)) {
            assertThat(folder.resolve(".fovea")).exists();
            JsonNode top = folder(served);
            assertThat(top.get("entries").findValuesAsString("path")).containsExactly("flowers", "in");
            assertThat(top.get("passed").asInt()).isEqualTo(1);
            assertThat(top.get("entries").get(0).get("images").asInt()).isEqualTo(2);
            for (String path : List.of("out", "out/a", "flowers/more", "../secret", "/etc")) {
                assertThat(served.get("/api/data/folder", "path", path).statusCode())
                        .as(path)
                        .isEqualTo(403);
            }
            assertThat(StudioServer.detail(served.get("/api/data/folder", "path", ".fovea")))
                    .isEqualTo("'.fovea': hidden folders are not shown");
            assertThat(StudioServer.detail(served.get("/api/data/folder", "path", "flowers/rose/image-0-0.png")))
                    .endsWith("a file, expected a folder. Open it as data");
            assertThat(StudioServer.detail(served.get("/api/data/folder", "path", "flower")))
                    .contains("did you mean 'flowers'");
        }
    }

    @Test
    void largeFoldersComePageByPage() throws Exception {
        for (int i = 0; i < 230; i++) {
            Files.createDirectory(folder.resolve("f%03d".formatted(i)));
        }
        try (var served = new StudioServer(folder)) {
            JsonNode first = folder(served);
            assertThat(first.get("total").asInt()).isEqualTo(230);
            assertThat(first.get("entries")).hasSize(100);
            JsonNode last = folder(served, "from", "200");
            assertThat(last.get("entries")).hasSize(30);
            assertThat(last.get("entries").get(0).get("name").asString()).isEqualTo("f200");
        }
    }

    @Test
    void runsAreCalledRunsAndNamesAreGivenAsTheyAre() throws Exception {
        Files.createDirectories(folder.resolve("runs/a-1"));
        Files.writeString(folder.resolve("runs/a-1/recipe.yaml"), "");
        Files.writeString(folder.resolve("runs/a-1/environment.json"), "{}");
        for (String name : Hostile.NAMES) {
            Files.createDirectories(folder.resolve("odd").resolve(name));
        }
        try (var served = new StudioServer(folder)) {
            assertThat(folder(served, "path", "runs").get("entries").findValuesAsString("kind"))
                    .containsExactly("run");
            assertThat(folder(served, "path", "odd").get("entries").findValuesAsString("name"))
                    .containsExactlyInAnyOrderElementsOf(Hostile.NAMES);
            for (String name : Hostile.NAMES) {
                assertThat(folder(served, "path", "odd/" + name).get("total").asInt())
                        .isZero();
            }
        }
    }

    /** A run that is being trained writes into the folder, and each correction its list. */
    @Test
    void theWorkspaceItselfIsCorrectedAsItsRunsGoOn() throws Exception {
        SampleWorkspace.classFolders(folder, List.of("rose", "tulip"), 3);
        Files.createDirectories(folder.resolve("runs/a-1/samples"));
        Files.writeString(folder.resolve("runs/a-1/recipe.yaml"), "");
        Files.writeString(folder.resolve("runs/a-1/environment.json"), "{}");
        Files.copy(folder.resolve("rose/image-0-0.png"), folder.resolve("runs/a-1/loss.png"));
        try (var served = new StudioServer(folder)) {
            String version = "";
            for (int i = 0; i < 2; i++) {
                Opened opened = served.studio.data().open(".");
                assertThat(opened.splits().train().classes()).containsExactly("rose", "tulip");
                version = version.isEmpty() ? opened.version() : version;
                StudioServer.json(served.post(
                        "/api/data/correct",
                        Map.of(
                                "path",
                                ".",
                                "version",
                                version,
                                "action",
                                "remove",
                                "images",
                                Map.of("train", List.of(i)))));
                served.studio.data().forget(".");
                Files.writeString(folder.resolve("runs/a-1/metrics.csv"), "epoch\n");
            }
            assertThat(served.studio.data().open(".").corrected().train().size())
                    .isEqualTo(4);
        }
    }
}
