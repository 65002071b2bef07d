package dev.fovea.serve.studio.evaluate;

import static dev.fovea.serve.studio.StudioServer.detail;
import static dev.fovea.serve.studio.StudioServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class EvaluateRoutesTest {

    @TempDir
    private Path folder;

    private static String[] of(String run, String... more) {
        var all = new ArrayList<>(List.of("run", run));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private void recorded(String name) throws IOException {
        SampleWorkspace.model(folder, name, "models/" + name.replace('/', '-'));
    }

    private JsonNode evaluated(StudioServer served, Map<String, String> study)
            throws IOException, InterruptedException {
        JsonNode job = served.job(served.post("/api/evaluate", study));
        assertThat(job.get("state").asString()).as(job.toString()).isEqualTo("done");
        return job.get("result");
    }

    @Test
    void aClassifierIsLookedAtImageByImage() throws Exception {
        SampleWorkspace.shapes(folder.resolve("drawn"), 120);
        SampleWorkspace.run(folder, "drawn", "drawn");
        String run = "runs/drawn-1";
        try (var served = new StudioServer(folder)) {
            assertThat(json(served.get("/api/evaluate/kind", of(run)))
                            .get("kind")
                            .asString())
                    .isEqualTo("classification");
            JsonNode summary = evaluated(served, Map.of("run", run));
            int images = summary.get("images").asInt();
            assertThat(images).isPositive();
            assertThat(summary.get("address").asString()).isEqualTo("drawn");
            // with a threshold of 1 it is sure of nothing
            JsonNode at = json(served.get("/api/evaluate/at", of(run, "threshold", "1")));
            assertThat(at.get("answered").asInt()).isZero();
            assertThat(at.get("accuracy").isNull()).isTrue();
            at = json(served.get("/api/evaluate/at", of(run)));
            assertThat(at.get("answered").asInt()).isEqualTo(images);
            double accuracy = summary.get("metrics").get("accuracy").asDouble();
            assertThat(at.get("accuracy").asDouble()).isEqualTo(accuracy);
            JsonNode worst = json(served.get("/api/evaluate/images", of(run, "of", "worst", "count", "2")));
            assertThat(worst.get("count").asInt())
                    .isEqualTo(summary.get("mistakes").asInt());
            JsonNode first = worst.get("images").get(0);
            JsonNode cell = json(served.get(
                    "/api/evaluate/images",
                    of(
                            run,
                            "of",
                            "cell",
                            "truth",
                            first.get("truth").asString(),
                            "told",
                            first.get("told").asString())));
            assertThat(cell.get("images").get(0).get("name")).isEqualTo(first.get("name"));
            assertThat(cell.get("count").asInt())
                    .isEqualTo(at.get("confusion")
                            .get(first.get("truth").asInt())
                            .get(first.get("told").asInt())
                            .asInt());
            assertThat(json(served.get("/api/evaluate/slices", of(run)))
                            .get("slices")
                            .isEmpty())
                    .isFalse();
            assertThat(json(served.get("/api/evaluate/curve", of(run, "label", "0")))
                            .get("recall")
                            .isArray())
                    .isTrue();
            assertThat(served.get("/api/evaluate/curve", of(run, "label", "-1")).statusCode())
                    .isEqualTo(404);
            assertThat(detail(served.get("/api/evaluate/images", of(run, "of", "cell", "truth", "99", "told", "0"))))
                    .contains("truth: expected a number from 0 to");
        }
    }

    private Map<String, String> reasons(StudioServer served, String run) throws IOException, InterruptedException {
        var reasons = new TreeMap<String, String>();
        json(served.get("/api/evaluate/data", of(run)))
                .get("sets")
                .forEach(one ->
                        reasons.put(one.get("path").asString(), one.get("why").asString()));
        return reasons;
    }

    @Test
    void dataIsOfferedThatFitsTheModelAndOfOthersTheReasonIsSaid() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("pets"), List.of("cat", "dog"), 12);
        SampleWorkspace.classFolders(folder.resolve("more"), List.of("cat", "dog"), 3);
        SampleWorkspace.classFolders(folder.resolve("birds"), List.of("cat", "finch"), 3);
        SampleWorkspace.boxes(folder.resolve("scenes"), 4);
        SampleWorkspace.run(folder, "pets", "pets");
        recorded("detect");
        recorded("restore");
        try (var served = new StudioServer(folder)) {
            assertThat(reasons(served, "runs/pets-1"))
                    .containsOnlyKeys("birds", "more", "scenes")
                    .containsEntry("more", "")
                    .containsEntry("birds", "the data has classes that the model does not know: 'finch'")
                    .hasEntrySatisfying("scenes", why -> assertThat(why).startsWith("has boxes of objects"));
            assertThat(reasons(served, "models/detect"))
                    .containsEntry("pets", "has no boxes")
                    .containsEntry("scenes", "");
            assertThat(reasons(served, "models/restore").values()).containsOnly("");
            // what has changed is looked at anew
            Files.move(folder.resolve("birds/finch"), folder.resolve("birds/dog"));
            assertThat(reasons(served, "runs/pets-1")).containsEntry("birds", "");
        }
    }

    @Test
    void theLabelOfAMistakeIsMendedInItsData() throws Exception {
        SampleWorkspace.shapes(folder.resolve("drawn"), 120);
        SampleWorkspace.run(folder, "drawn", "drawn");
        String run = "runs/drawn-1";
        try (var served = new StudioServer(folder)) {
            JsonNode classes = evaluated(served, Map.of("run", run)).get("classes");
            JsonNode worst = json(served.get("/api/evaluate/images", of(run, "of", "worst")))
                    .get("images")
                    .get(0);
            JsonNode place = worst.get("place");
            json(served.post(
                    "/api/data/correct",
                    Map.of(
                            "path",
                            "drawn",
                            "version",
                            place.get("version").asString(),
                            "action",
                            "relabel",
                            "label",
                            classes.get(worst.get("told").asInt()).asString(),
                            "images",
                            Map.of(
                                    place.get("part").asString(),
                                    List.of(place.get("index").asInt())))));
            JsonNode again = json(served.get(
                    "/api/evaluate/item", of(run, "answer", worst.get("answer").asString())));
            assertThat(again.get("place").get("mark").asString()).isEqualTo("relabel");
            assertThat(again.get("place").get("to").asString())
                    .isEqualTo(classes.get(worst.get("told").asInt()).asString());
        }
    }

    @Test
    void answersAreThereAfterARestart() throws Exception {
        SampleWorkspace.shapes(folder.resolve("drawn"), 60);
        SampleWorkspace.run(folder, "drawn", "drawn");
        try (var served = new StudioServer(folder)) {
            assertThat(detail(served.get("/api/evaluate/at", of("runs/drawn-1"))))
                    .isEqualTo("this model was not asked about these images yet. Evaluate it");
            evaluated(served, Map.of("run", "runs/drawn-1"));
            assertThat(json(served.post("/api/evaluate", Map.of("run", "runs/drawn-1")))
                            .has("classes"))
                    .isTrue(); // at once
        }
        try (var served = new StudioServer(folder)) {
            assertThat(json(served.get("/api/evaluate/at", of("runs/drawn-1"))).has("accuracy"))
                    .isTrue();
        }
    }

    @Test
    void anExplanationIsDrawnOverTheImage() throws Exception {
        recorded("classify/layers");
        String run = "models/classify-layers";
        try (var served = new StudioServer(folder)) {
            JsonNode summary = evaluated(served, Map.of("run", run, "data", "shapes"));
            List<String> methods = new ArrayList<>();
            summary.get("methods").forEach(one -> methods.add(one.asString()));
            assertThat(methods).contains("grad-cam");
            JsonNode drawn = served.job(served.post(
                            "/api/explain", Map.of("run", run, "data", "shapes", "answer", 3, "method", "grad-cam")))
                    .get("result");
            assertThat(drawn.get("method").asString()).isEqualTo("grad-cam");
            var image = ImageIO.read(new ByteArrayInputStream(
                    served.get("/api/image/explained", "id", drawn.get("id").asString())
                            .body()));
            assertThat(image.getWidth()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({"detect, detection, shapes", "segment, segmentation, shapes", "multilabel, multilabel, shape-scenes"})
    void otherKindsAreLookedAtInTheirWay(String name, String kind, String data) throws Exception {
        recorded(name);
        String run = "models/" + name;
        try (var served = new StudioServer(folder)) {
            JsonNode summary = evaluated(served, Map.of("run", run, "data", data));
            assertThat(summary.get("kind").asString()).isEqualTo(kind);
            JsonNode worst = json(served.get("/api/evaluate/images", of(run, "data", data, "of", "worst")));
            String answer = worst.get("images").get(0).get("answer").asString();
            var image = ImageIO.read(new ByteArrayInputStream(
                    served.get("/api/image/evaluated", of(run, "data", data, "answer", answer, "size", "64"))
                            .body()));
            assertThat(image.getWidth()).isBetween(1, 64);
            if (kind.equals("segmentation")) {
                for (String which : List.of("truth", "told", "wrong")) {
                    var mask = ImageIO.read(new ByteArrayInputStream(served.get(
                                    "/api/image/evaluated-mask",
                                    of(run, "data", data, "answer", answer, "which", which))
                            .body()));
                    assertThat(mask.getColorModel().hasAlpha()).isTrue();
                }
            } else {
                JsonNode all = json(
                        served.get("/api/evaluate/at", of(run, "data", data, "threshold", "0.010000000000000002")));
                JsonNode none = json(served.get("/api/evaluate/at", of(run, "data", data, "threshold", "1")));
                assertThat(none.get("perClass").get(0).get("right").asInt()).isZero();
                assertThat(all.get("perClass")).hasSameSizeAs(none.get("perClass"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "restore, restoration, shapes, psnr",
        "compress, compression, shapes, bitsPerPixel",
        "autoencode, autoencoder, shapes, psnr",
        "anomaly, anomaly, shapes, score",
        "regress, regression, shape-scenes, count",
        "embedding, embedding, shapes, rank1"
    })
    void numbersOfAllImagesAreShownInBarsAndSlices(String name, String kind, String data, String figure)
            throws Exception {
        recorded(name);
        String run = "models/" + name;
        try (var served = new StudioServer(folder)) {
            JsonNode summary = evaluated(served, Map.of("run", run, "data", data));
            assertThat(summary.get("kind").asString()).isEqualTo(kind);
            String[] asked = of(run, "data", data, "figure", figure);
            JsonNode spread = json(served.get("/api/evaluate/spread", asked));
            int[] counts = new int[spread.get("series").get(0).get("counts").size()];
            spread.get("series").forEach(one -> {
                for (int i = 0; i < counts.length; i++) {
                    counts[i] += one.get("counts").get(i).asInt();
                }
            });
            assertThat(Arrays.stream(counts).sum())
                    .isEqualTo(summary.get("images").asInt());
            for (int bar = 0; bar < counts.length; bar++) {
                String[] of = of(run, "data", data, "figure", figure, "of", "bar", "bar", "" + bar, "count", "500");
                JsonNode images = json(served.get("/api/evaluate/images", of));
                assertThat(images.get("count").asInt()).isEqualTo(counts[bar]);
                double least = spread.get("least").asDouble()
                        + bar * spread.get("step").asDouble();
                for (JsonNode one : images.get("images")) {
                    assertThat(one.get("figures").get(figure).asDouble())
                            .isBetween(least - 1e-6, least + spread.get("step").asDouble() + 1e-6);
                }
            }
            JsonNode slices = json(served.get("/api/evaluate/slices", asked));
            assertThat(slices.get("slices").isEmpty()).isFalse();
            assertThat(slices.get("overall").asDouble()).isFinite();
            assertThat(detail(served.get("/api/evaluate/spread", of(run, "data", data, "figure", "none"))))
                    .contains("figure: expected one of");
            assertThat(detail(served.get("/api/evaluate/images", of(run, "data", data, "of", "bar", "bar", "9999"))))
                    .contains("bar: expected a number from 0 to");
        }
    }

    @ParameterizedTest
    @CsvSource({"restore, output", "compress, output", "autoencode, output", "anomaly, heat"})
    void imagesAreShownAsTheModelTreatsThemOnChosenData(String name, String role) throws Exception {
        recorded(name);
        SampleWorkspace.shapes(folder.resolve("drawn"), 30);
        String run = "models/" + name;
        try (var served = new StudioServer(folder)) {
            Map<String, String> study = Map.of("run", run, "data", "drawn", "part", "train");
            assertThat(evaluated(served, study).get("images").asInt()).isEqualTo(30);
            JsonNode made = served.job(served.post(
                            "/api/evaluate/made",
                            Map.of("run", run, "data", "drawn", "part", "train", "answers", List.of(3, 7))))
                    .get("result");
            assertThat(made.get("items")).hasSize(2).allSatisfy(item -> {
                assertThat(item.get("name").asString()).contains("drawn");
                assertThat(item.get("images").has(role)).isTrue();
            });
            JsonNode listed = json(served.get(
                    "/api/evaluate/images", of(run, "data", "drawn", "part", "train", "of", "all", "count", "30")));
            if (!name.equals("anomaly")) {
                assertThat(made.get("items").get(0).get("values").get("psnr").asDouble())
                        .as("what is shown is what was measured")
                        .isCloseTo(
                                listed.get("images")
                                        .get(3)
                                        .get("figures")
                                        .get("psnr")
                                        .asDouble(),
                                within(1e-6));
            }
            assertThat(detail(served.post(
                            "/api/evaluate/made",
                            Map.of("run", run, "data", "drawn", "part", "train", "answers", List.of(30)))))
                    .contains("there are answers about 30 images, none is number 30");
        }
    }

    @Test
    void pairsBehindABarOfSimilarityAreThoseItCounts() throws Exception {
        recorded("embedding");
        String run = "models/embedding";
        try (var served = new StudioServer(folder)) {
            evaluated(served, Map.of("run", run, "data", "shapes"));
            JsonNode bars = json(served.get("/api/evaluate/similarities", of(run, "data", "shapes")));
            for (String same : List.of("same", "different")) {
                for (int bar = 0; bar < bars.get(same).size(); bar += 7) {
                    JsonNode found = json(served.get(
                            "/api/evaluate/pairs",
                            of(run, "data", "shapes", "same", same.equals("same") ? "1" : "0", "bar", "" + bar)));
                    assertThat(found.get("count")).isEqualTo(bars.get(same).get(bar));
                    for (JsonNode pair : found.get("pairs")) {
                        JsonNode images = pair.get("images");
                        assertThat(images.get(0)
                                        .get("label")
                                        .equals(images.get(1).get("label")))
                                .isEqualTo(same.equals("same"));
                    }
                }
            }
            JsonNode none = json(served.get("/api/evaluate/at", of(run, "data", "shapes", "threshold", "1.01")));
            assertThat(none.get("same").asDouble()).isZero();
            assertThat(json(served.get("/api/evaluate/at", of(run, "data", "shapes", "threshold", "-1.01")))
                            .get("different")
                            .asDouble())
                    .isEqualTo(1);
        }
    }

    @Test
    void aCsvColumnCutsTheErrorsOfNumbers() throws Exception {
        recorded("regress");
        SampleWorkspace.shapes(folder.resolve("drawn"), 40);
        var table = new StringBuilder("path,count,area,camera\n");
        try (var files = Files.walk(folder.resolve("drawn"))) {
            int i = 0;
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                table.append(
                        "%s,%s,0.5,%s\n".formatted(folder.relativize(file), i % 3, i++ % 2 == 0 ? "left" : "right"));
            }
        }
        Files.writeString(folder.resolve("table.csv"), table);
        try (var served = new StudioServer(folder)) {
            evaluated(served, Map.of("run", "models/regress", "data", "table.csv", "part", "train"));
            JsonNode slices = json(served.get(
                    "/api/evaluate/slices",
                    of("models/regress", "data", "table.csv", "part", "train", "figure", "count")));
            assertThat(slices.get("scale").asString()).isEqualTo("zero");
            assertThat(slices.get("slices"))
                    .filteredOn(one -> one.get("column").asString().equals("camera"))
                    .extracting(one -> one.get("word").asString())
                    .containsExactlyInAnyOrder("left", "right");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "runs/none | | validation | there is nothing called",
                "../elsewhere | | validation | not a path inside the workspace",
                "models/generate-gan | shapes | validation | what a model for adversarial makes is not measured image by image",
                "models/classify-layers | /etc | validation | not a path inside the workspace",
                "models/classify-layers | ../x | validation | not a path inside the workspace",
                "models/classify-layers | | validation | does not say what data it was trained on",
                "models/classify-layers | shapes | all | part: expected train, validation or test, got 'all'"
            })
    void whatCannotBeLookedAtIsRefusedInASentence(String run, String data, String part, String sentence)
            throws Exception {
        recorded("classify/layers");
        recorded("generate/gan");
        try (var served = new StudioServer(folder)) {
            var answer =
                    served.post("/api/evaluate", Map.of("run", run, "data", data == null ? "" : data, "part", part));
            String said =
                    answer.statusCode() == 202 ? served.job(answer).get("error").asString() : detail(answer);
            assertThat(said).contains(sentence);
        }
    }
}
