package dev.fovea.serve.studio.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Shapes;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class FilterRoutesTest {

    @TempDir
    Path folder;

    private StudioServer listed() throws IOException, InterruptedException {
        var csv = new StringBuilder("path,label,split,place,warm:th\n");
        for (int i = 0; i < 8; i++) {
            Path file = Files.createDirectories(folder.resolve("in")).resolve(i + ".png");
            Image.write(file, new Shapes(3, 8, 32).image(i).resize(10 * (i + 1), 20, Filter.BILINEAR));
            csv.append("in/%s.png,%s,%s,%s,%s\n"
                    .formatted(
                            i,
                            i % 2 == 0 ? "rose" : "tulip",
                            i < 2 ? "validation" : "train",
                            i % 3 == 0 ? "garden" : i % 3 == 1 ? "wood" : "",
                            i == 7 ? "" : i + 0.5));
        }
        Files.writeString(folder.resolve("list.csv"), csv);
        return new StudioServer(folder);
    }

    private static List<String> found(StudioServer served, String... params) throws IOException, InterruptedException {
        var all = new ArrayList<String>(List.of("path", "list.csv"));
        all.addAll(List.of(params));
        return StudioServer.json(served.get("/api/data/items", all.toArray(String[]::new)))
                .get("items")
                .findValuesAsString("name")
                .stream()
                .map(name -> name.replaceAll(".*/|\\.png", ""))
                .toList();
    }

    @Test
    void columnsOfAListAreOffered() throws Exception {
        try (StudioServer served = listed()) {
            JsonNode columns = StudioServer.json(served.get("/api/data/columns", "path", "list.csv"));
            JsonNode place = columns.get("table").get(0);
            assertThat(place.get("name").asString()).isEqualTo("place");
            assertThat(place.get("words").findValuesAsString("word")).containsExactly("garden", "wood", "");
            JsonNode warmth = columns.get("table").get(1);
            assertThat(warmth.get("least").asDouble()).isEqualTo(0.5);
            assertThat(warmth.get("most").asDouble()).isEqualTo(6.5);
            assertThat(columns.get("isMeasured").asBoolean()).isFalse();
        }
    }

    @Test
    void imagesAreFoundByColumnsOfTheList() throws Exception {
        try (StudioServer served = listed()) {
            assertThat(found(served, "word", "place:garden")).containsExactly("3", "6", "0");
            assertThat(found(served, "word", "place:")).containsExactly("2", "5");
            assertThat(found(served, "word", "place:garden", "word", "place:wood"))
                    .containsExactly("3", "4", "6", "7", "0", "1");
            assertThat(found(served, "range", "warm:th:1:4")).containsExactly("2", "3", "1");
            assertThat(found(served, "range", "warm:th:5:", "word", "place:garden"))
                    .containsExactly("6");
            assertThat(found(served, "range", "warm:th::1", "class", "rose")).containsExactly("0");
            assertThat(StudioServer.detail(
                            served.get("/api/data/items", "path", "list.csv", "range", "<b>height</b>:1:2")))
                    .isEqualTo("'<b>height</b>': there is no column of numbers called so. There are place, warm:th");
            assertThat(StudioServer.detail(served.get("/api/data/items", "path", "list.csv", "range", "warm:th:x:2")))
                    .startsWith("'warm:th:x:2': ");
        }
    }

    @Test
    void imagesAreFoundByWhatIsMeasuredOnceItIs() throws Exception {
        try (StudioServer served = listed()) {
            HttpResponse<byte[]> early = served.get("/api/data/items", "path", "list.csv", "measured", "width:30:50");
            assertThat(early.statusCode()).isEqualTo(409);
            assertThat(StudioServer.detail(early))
                    .isEqualTo(
                            "list.csv: its images are not measured yet, by which they are to be found. Measure them first");
            JsonNode columns = served.job(served.post("/api/data/measure", Map.of("path", "list.csv")))
                    .get("result");
            assertThat(columns.get("isMeasured").asBoolean()).isTrue();
            assertThat(columns.get("measured").findValuesAsString("name"))
                    .contains("width", "pixels", "brightness")
                    .doesNotContain("height");
            assertThat(found(served, "measured", "width:30:50")).containsExactly("2", "3", "4");
            assertThat(found(served, "measured", "width::20", "word", "place:garden"))
                    .containsExactly("0");
            JsonNode known =
                    StudioServer.json(served.get("/api/data/known", "path", "list.csv", "part", "train", "index", "1"));
            assertThat(known.get("measured").get(0).toString()).isEqualTo("{\"name\":\"width\",\"value\":40.0}");
            assertThat(known.get("table").get(0).toString()).isEqualTo("{\"name\":\"place\",\"value\":\"garden\"}");
            served.studio.data().forget("list.csv"); // it is opened anew, and still the same
            assertThat(found(served, "measured", "width:30:50")).containsExactly("2", "3", "4");
        }
    }

    @Test
    void whatIsMeasuredIsOfOneStateOfTheData() throws Exception {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 3);
        try (var served = new StudioServer(folder)) {
            served.job(served.post("/api/data/measure", Map.of("path", "flowers")));
            assertThat(StudioServer.json(served.get("/api/data/columns", "path", "flowers"))
                            .get("isMeasured")
                            .asBoolean())
                    .isTrue();
            Files.move(folder.resolve("flowers/rose/image-0-0.png"), folder.resolve("flowers/rose/new.png"));
            served.studio.data().forget("flowers");
            assertThat(StudioServer.json(served.get("/api/data/columns", "path", "flowers"))
                            .get("isMeasured")
                            .asBoolean())
                    .isFalse();
        }
    }

    private static boolean isMeasured(StudioServer served) throws IOException, InterruptedException {
        return StudioServer.json(served.get("/api/data/columns", "path", "list.csv"))
                .get("isMeasured")
                .asBoolean();
    }

    private Path kept() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(".fovea/measurements"))) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void whatIsMeasuredIsKeptForTheNextStart() throws Exception {
        String before;
        try (StudioServer served = listed()) {
            Files.writeString(folder.resolve("in/3.png"), "no image"); // of which nothing is known
            served.job(served.post("/api/data/measure", Map.of("path", "list.csv")));
            before = columns(served);
        }
        try (var served = new StudioServer(folder)) {
            assertThat(columns(served)).isEqualTo(before).contains("\"isMeasured\":true");
            assertThat(found(served, "measured", "width:30:50")).containsExactly("2", "4");
        }
    }

    private static String columns(StudioServer served) throws IOException, InterruptedException {
        return StudioServer.json(served.get("/api/data/columns", "path", "list.csv"))
                .toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"format\":1", "{\"format\":1}", "[]", "null", "0.5,0.6"})
    void whatIsKeptAndDamagedIsMeasuredAgain(String damaged) throws Exception {
        try (StudioServer served = listed()) {
            served.job(served.post("/api/data/measure", Map.of("path", "list.csv")));
        }
        String whole = Files.readString(kept());
        for (String text : List.of(
                damaged,
                whole.replace("\"format\":1", "\"format\":0"),
                whole.replace("\"bytes\":", "\"bytes\":9"),
                whole.replaceFirst("\\[[\\d.]+,", "["),
                whole.replaceFirst("\\[[\\d.]+,", "[null,"))) {
            assertThat(text).isNotEqualTo(whole);
            Files.writeString(kept(), text);
            try (var served = new StudioServer(folder)) {
                assertThat(isMeasured(served)).as(text).isFalse();
            }
        }
        try (var served = new StudioServer(folder)) {
            served.job(served.post("/api/data/measure", Map.of("path", "list.csv")));
            assertThat(Files.readString(kept())).isEqualTo(whole);
        }
    }
}
