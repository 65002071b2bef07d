package dev.fovea.serve.studio.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Data;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.serve.studio.Hostile;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DataRoutesTest {

    @TempDir
    Path folder;

    private StudioServer opened() throws IOException, InterruptedException {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 3);
        return new StudioServer(folder);
    }

    private static JsonNode summary(StudioServer served, String path) throws IOException, InterruptedException {
        for (int i = 0; i < 200; i++) {
            JsonNode found = StudioServer.json(served.get("/api/data/summary", "path", path));
            if (!found.has("opening")) {
                return found;
            }
            Thread.sleep(50);
        }
        throw new AssertionError(path + " is not opened");
    }

    private static JsonNode items(StudioServer served, String... params) throws IOException, InterruptedException {
        return StudioServer.json(served.get("/api/data/items", params));
    }

    private static JsonNode correct(StudioServer served, String action, int... train)
            throws IOException, InterruptedException {
        return StudioServer.json(
                served.post("/api/data/correct", correction(served, action, "tulip", Map.of("train", train))));
    }

    private static Map<String, Object> correction(
            StudioServer served, String action, String label, Map<String, ?> images)
            throws IOException, InterruptedException {
        String version = summary(served, "flowers").get("version").asString();
        return Map.of("path", "flowers", "version", version, "action", action, "label", label, "images", images);
    }

    private static HttpResponse<byte[]> undo(StudioServer served, String step)
            throws IOException, InterruptedException {
        return served.post("/api/data/undo", Map.of("path", "flowers", "step", step));
    }

    @Test
    void dataSetsAreListedWithWhatIsInThem() throws IOException, InterruptedException {
        try (StudioServer served = opened()) {
            JsonNode sets = StudioServer.json(served.get("/api/data")).get("sets");
            assertThat(sets).hasSize(1);
            assertThat(sets.get(0).get("path").asString()).isEqualTo("flowers");
            JsonNode summary = summary(served, "flowers");
            assertThat(summary.get("parts").get("train").asInt()).isEqualTo(6);
            assertThat(summary.get("classes").get(1).get("name").asString()).isEqualTo("tulip");
            assertThat(summary.get("classes").get(1).get("train").asInt()).isEqualTo(3);
            assertThat(summary(served, "shapes").get("builtIn").asBoolean()).isTrue();
        }
    }

    @Test
    void imagesAreFoundByClassNameAndCorrection() throws IOException, InterruptedException {
        try (StudioServer served = opened()) {
            JsonNode all = items(served, "path", "flowers", "runs", "true", "offset", "4", "limit", "1");
            assertThat(all.get("total").asInt()).isEqualTo(6);
            assertThat(all.get("runs").toString()).isEqualTo("[[\"train\",0,5]]");
            assertThat(all.get("items")).hasSize(1);
            assertThat(all.get("items").get(0).get("name").asString()).isEqualTo("tulip/image-1-1.png");
            correct(served, "relabel", 0, 4);
            JsonNode tulips = items(served, "path", "flowers", "class", "tulip");
            assertThat(tulips.get("total").asInt()).isEqualTo(4);
            assertThat(tulips.get("items").get(0).get("to").asString()).isEqualTo("tulip");
            assertThat(items(served, "path", "flowers", "changed", "true")
                            .get("total")
                            .asInt())
                    .isEqualTo(1); // one had the label already
            assertThat(items(served, "path", "flowers", "query", "IMAGE-1-2")
                            .get("total")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void correctionsAreKeptBesideTheDataAndUndone() throws IOException, InterruptedException {
        Path list = folder.resolve("flowers.corrections.csv");
        try (StudioServer served = opened()) {
            correct(served, "remove", 1, 2);
            assertThat(correct(served, "relabel", 2)
                            .get("corrections")
                            .get("removed")
                            .asInt())
                    .isEqualTo(1);
            assertThat(summary(served, "flowers")
                            .get("classes")
                            .get(0)
                            .get("train")
                            .asInt())
                    .isEqualTo(1);
            assertThat(Files.readAllLines(list))
                    .contains(
                            "flowers/rose/image-0-1.png,train,by-hand,1.0000,rose,,remove,",
                            "flowers/rose/image-0-2.png,train,by-hand,1.0000,rose,tulip,relabel,");
            assertThat(served.studio.data().open("flowers").corrected().train().size())
                    .isEqualTo(5);
            JsonNode job = served.job(served.post("/api/data/clean", Map.of("path", "flowers", "name", "clean.csv")));
            assertThat(job.get("result").get("images").asInt()).isEqualTo(5);
            assertThat(Data.open(folder.resolve("clean.csv").toString(), Data.Options.of())
                            .train()
                            .counts())
                    .containsExactly(1, 4);
            served.post("/api/data/undo", Map.of("path", "flowers"));
            served.post("/api/data/undo", Map.of("path", "flowers"));
            assertThat(list).doesNotExist();
            served.post("/api/data/redo", Map.of("path", "flowers"));
            assertThat(list).exists();
        }
        assertThat(Data.open(folder.resolve("flowers").toString(), Data.Options.of())
                        .train()
                        .size())
                .isEqualTo(6);
    }

    @Test
    void aCorrectionIsUndoneByItsStepAndNoOtherOneInItsPlace() throws IOException, InterruptedException {
        try (StudioServer served = opened()) {
            String first = correct(served, "remove", 1).get("step").asString();
            String second = correct(served, "relabel", 2).get("step").asString();
            HttpResponse<byte[]> refused = undo(served, first);
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(StudioServer.detail(refused))
                    .isEqualTo("flowers: other corrections came after this one. Undo those first");
            assertThat(StudioServer.json(undo(served, second))
                            .get("corrections")
                            .get("removed")
                            .asInt())
                    .isEqualTo(1);
            StudioServer.json(undo(served, first));
            assertThat(folder.resolve("flowers.corrections.csv")).doesNotExist();
        }
    }

    @Test
    void correctionsAreUndoneAlsoOnceTheDataHasChanged() throws IOException, InterruptedException {
        Path list = folder.resolve("flowers.corrections.csv");
        try (StudioServer served = opened()) {
            correct(served, "remove", 1, 2);
            Opened before = served.studio.data().open("flowers");
            Files.copy(folder.resolve("flowers/rose/image-0-0.png"), folder.resolve("flowers/rose/image-0-9.png"));
            Thread.sleep(2100); // what was looked at just now is not looked at again
            Opened after = served.studio.data().open("flowers");
            assertThat(after).isNotSameAs(before);
            assertThat(after.log()).isSameAs(before.log());
            assertThat(StudioServer.json(served.post("/api/data/undo", Map.of("path", "flowers")))
                            .get("images")
                            .asInt())
                    .isEqualTo(2);
            assertThat(list).doesNotExist();
        }
    }

    @Test
    void whatCannotBeCorrectedIsSaid() throws IOException, InterruptedException {
        try (StudioServer served = opened()) {
            assertThat(StudioServer.detail(served.post(
                            "/api/data/correct", correction(served, "relabel", "tullip", Map.of("train", List.of(0))))))
                    .startsWith("the class 'tullip' is none of those of flowers, did you mean 'tulip'");
            assertThat(StudioServer.detail(served.post(
                            "/api/data/correct", correction(served, "remove", "tulip", Map.of("train", List.of(6))))))
                    .isEqualTo("images: the train part of flowers has 6 images, there is no image 6");
            assertThat(StudioServer.detail(served.post(
                            "/api/data/correct",
                            Map.of("path", "flowers", "action", "remove", "images", Map.of("train", List.of(0))))))
                    .isEqualTo("version: expected a text in the request"); // of which state of the data the numbers are
            assertThat(StudioServer.detail(served.get("/api/data/items", "path", "../flowers")))
                    .contains("not a path inside the workspace");
            assertThat(StudioServer.detail(served.get("/api/data/items", "path", "roses")))
                    .isEqualTo("roses: there is nothing of that name in the workspace");
        }
    }

    @Test
    void imagesAreScaledAndKeptByTheBrowser() throws IOException, InterruptedException {
        try (StudioServer served = opened()) {
            HttpResponse<byte[]> first =
                    served.get("/api/image", "path", "flowers", "part", "train", "index", "0", "size", "16");
            Image image = Image.decode(first.body(), "thumbnail");
            assertThat(image.width()).isEqualTo(16);
            String tag = first.headers().firstValue("ETag").orElseThrow();
            assertThat(served.send(served.own("/api/image", "path", "flowers", "index", "0", "size", "16")
                                    .header("If-None-Match", tag))
                            .statusCode())
                    .isEqualTo(304);
            HttpResponse<byte[]> strip =
                    served.get("/api/image/strip", "path", "flowers", "of", "train:1-2,train:5", "cell", "20");
            assertThat(Image.decode(strip.body(), "strip").width()).isEqualTo(60);
            assertThat(StudioServer.detail(served.get("/api/image/strip", "path", "flowers", "of", "train:0-99")))
                    .startsWith("of: at most 80 images");
            Files.write(folder.resolve("flowers/rose/image-0-0.png"), new byte[] {1, 2, 3});
            assertThat(StudioServer.detail(served.get("/api/image", "path", "flowers", "index", "0", "size", "17")))
                    .contains("not an image");
            assertThat(served.get("/api/image/strip", "path", "flowers", "of", "train:0-1")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void dataThatIsMovedWhileItIsOpenSaysSo() throws Exception {
        try (StudioServer served = opened()) {
            summary(served, "flowers");
            Files.move(folder.resolve("flowers"), folder.resolve("plants"));
            assertThat(StudioServer.detail(served.get("/api/data/items", "path", "flowers")))
                    .isEqualTo(
                            "flowers: is no longer there, it was moved or removed. Put it back, or choose another data set");
            assertThat(summary(served, "plants").get("parts").get("train").asInt())
                    .isEqualTo(6);
        }
    }

    @Test
    void imagesOfAnEarlierStateAreNotCorrected() throws Exception {
        try (StudioServer served = opened()) {
            String version = summary(served, "flowers").get("version").asString();
            Files.copy(folder.resolve("flowers/rose/image-0-0.png"), folder.resolve("flowers/rose/a-new-one.png"));
            for (int i = 0; summary(served, "flowers").get("version").asString().equals(version); i++) {
                assertThat(i).isLessThan(200); // it is looked at every two seconds
                Thread.sleep(50);
            }
            HttpResponse<byte[]> answer = served.post(
                    "/api/data/correct",
                    Map.of(
                            "path",
                            "flowers",
                            "version",
                            version,
                            "action",
                            "remove",
                            "images",
                            Map.of("train", List.of(0))));
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(StudioServer.detail(answer)).startsWith("flowers: has changed since this page showed it");
        }
    }

    @Test
    void linksOutOfTheWorkspaceAreNotFollowed(@TempDir Path other) throws IOException, InterruptedException {
        SampleWorkspace.classFolders(other.resolve("secret"), List.of("a", "b"), 1);
        SampleWorkspace.classFolders(folder.resolve("mixed"), List.of("rose", "tulip"), 1);
        Files.createSymbolicLink(folder.resolve("mixed/others"), other.resolve("secret/a"));
        Files.createSymbolicLink(folder.resolve("linked"), other.resolve("secret"));
        Files.writeString(
                folder.resolve("list.csv"),
                "path,label\n" + other.resolve("secret/a/image-0-0.png") + ",x\nmixed/rose/image-0-0.png,y\n");
        try (var served = new StudioServer(folder)) {
            assertThat(StudioServer.json(served.get("/api/data")).get("sets").findValuesAsString("path"))
                    .containsExactlyInAnyOrder("list.csv", "mixed");
            for (String path : List.of("mixed", "list.csv")) {
                assertThat(StudioServer.detail(served.get("/api/image", "path", path, "index", "0")))
                        .contains("lies outside the workspace, by a link or a list");
            }
            assertThat(served.get("/api/data/items", "path", "linked").statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void namesOfAnyKindAreGivenAsTheyAre() throws IOException, InterruptedException {
        SampleWorkspace.classFolders(folder.resolve("odd"), Hostile.NAMES, 1);
        try (var served = new StudioServer(folder)) {
            JsonNode items = items(served, "path", "odd");
            assertThat(items.get("items").findValuesAsString("label"))
                    .containsExactlyInAnyOrderElementsOf(Hostile.NAMES);
            assertThat(items(served, "path", "odd", "class", Hostile.SCRIPT)
                            .get("total")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void thumbnailsKeepABoundedMemory() throws IOException, InterruptedException {
        try (StudioServer served = opened()) {
            var thumbnails = new Thumbnails();
            Opened shapes = served.studio.data().open("shapes");
            for (int i = 0; i < 300; i++) {
                assertThat(new ByteArrayInputStream(
                                thumbnails.of(shapes, "train", i, 2048).bytes()))
                        .isNotEmpty();
            }
            assertThat(thumbnails.held()).isPositive().isLessThan(33 << 20);
        }
    }

    @Test
    void excludedImagesAreCountedBesideAll() throws IOException, InterruptedException {
        try (StudioServer served = opened()) {
            assertThat(summary(served, "flowers").get("excluded").toString()).isEqualTo("{}");
            correct(served, "remove", 0, 1, 4);
            correct(served, "relabel", 2);
            assertThat(summary(served, "flowers").get("excluded").toString()).isEqualTo("{\"train\":3}");
            JsonNode roses = items(served, "path", "flowers", "class", "rose", "runs", "true");
            assertThat(roses.get("total").asInt()).isEqualTo(2);
            assertThat(roses.get("excluded").asInt()).isEqualTo(2);
        }
    }

    @Test
    void classesOfObjectsAreCountedByTheImagesThatAreLeft() throws IOException, InterruptedException {
        SampleWorkspace.boxes(folder.resolve("scenes"), 6);
        try (var served = new StudioServer(folder)) {
            int[] counts = served.studio.data().open("scenes").splits().train().counts();
            Target.Objects first = (Target.Objects)
                    served.studio.data().open("scenes").splits().train().target(0);
            StudioServer.json(served.post(
                    "/api/data/correct",
                    Map.of(
                            "path",
                            "scenes",
                            "version",
                            served.studio.data().open("scenes").version(),
                            "action",
                            "remove",
                            "images",
                            Map.of("train", List.of(0)))));
            JsonNode classes = summary(served, "scenes").get("classes");
            for (int label : first.labels()) {
                assertThat(classes.get(label).get("train").asInt()).isEqualTo(counts[label] - 1);
            }
        }
    }

    @Test
    void severalClassesAreGivenInOneStepAndUndoneInOne() throws IOException, InterruptedException {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("lily", "rose", "tulip"), 2);
        try (var served = new StudioServer(folder)) {
            StudioServer.json(served.post(
                    "/api/data/correct",
                    Map.of(
                            "path",
                            "flowers",
                            "version",
                            served.studio.data().open("flowers").version(),
                            "action",
                            "relabel",
                            "images",
                            Map.of("train", List.of(0, 2)),
                            "labels",
                            Map.of("train", List.of("rose", "tulip")))));
            JsonNode changed =
                    items(served, "path", "flowers", "changed", "true").get("items");
            assertThat(changed.findValuesAsString("to")).containsExactly("rose", "tulip");
            correct(served, "remove", 0);
            JsonNode back = StudioServer.json(served.post("/api/data/undo", Map.of("path", "flowers")));
            assertThat(back.get("images").asInt()).isEqualTo(1);
            assertThat(back.get("marks").toString())
                    .isEqualTo("[{\"part\":\"train\",\"index\":0,\"mark\":\"relabel\",\"to\":\"rose\"}]");
            assertThat(StudioServer.json(served.post("/api/data/undo", Map.of("path", "flowers")))
                            .get("marks"))
                    .hasSize(2)
                    .allMatch(mark -> !mark.has("mark"));
            assertThat(folder.resolve("flowers.corrections.csv")).doesNotExist();
            assertThat(StudioServer.json(served.post("/api/data/undo", Map.of("path", "flowers")))
                            .get("images")
                            .asInt())
                    .isZero();
        }
    }
}
