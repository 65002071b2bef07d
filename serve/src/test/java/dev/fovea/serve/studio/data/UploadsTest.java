package dev.fovea.serve.studio.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Data;
import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadsTest {

    @TempDir
    Path folder;

    private static byte[] image(int number) {
        return new Shapes(3, 20, 16).image(number).jpegBytes(90);
    }

    private static String begin(StudioServer served) throws IOException, InterruptedException {
        return StudioServer.json(served.post("/api/uploads", Map.of()))
                .get("upload")
                .asString();
    }

    private static void send(StudioServer served, String id, String path, byte[] bytes)
            throws IOException, InterruptedException {
        StudioServer.json(served.upload(bytes, "/api/upload", "upload", id, "path", path));
    }

    /** What the studio keeps for itself is not what a person sees. */
    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(name -> !name.startsWith(".fovea/") || name.startsWith(".fovea/uploads"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void filesThatWereSentBecomeADataSetAllTogether() throws IOException, InterruptedException {
        try (var served = new StudioServer(folder)) {
            String id = begin(served);
            send(served, id, "rose/1.jpg", image(1));
            send(served, id, "rose/2.jpg", image(2));
            send(served, id, "tulip/1.jpg", image(3));
            assertThat(StudioServer.json(served.get("/api/data")).get("sets")).isEmpty();
            assertThat(StudioServer.json(served.post("/api/uploads/finish", Map.of("upload", id, "name", "flowers")))
                            .get("path")
                            .asString())
                    .isEqualTo("flowers");
            assertThat(left()).containsExactly("flowers/rose/1.jpg", "flowers/rose/2.jpg", "flowers/tulip/1.jpg");
            String again = begin(served);
            send(served, again, "a/1.jpg", image(4));
            send(served, again, "b/1.jpg", image(5));
            assertThat(StudioServer.json(served.post("/api/uploads/finish", Map.of("upload", again, "name", "flowers")))
                            .get("path")
                            .asString())
                    .isEqualTo("flowers-2");
        }
    }

    @Test
    void anArchiveStaysOneAndIsReadByItsRules() throws IOException, InterruptedException {
        try (var served = new StudioServer(folder)) {
            String id = begin(served);
            send(served, id, "flowers.zip", zip("rose/1.jpg", "tulip/1.jpg"));
            assertThat(StudioServer.json(served.post("/api/uploads/finish", Map.of("upload", id, "name", "flowers")))
                            .get("path")
                            .asString())
                    .isEqualTo("flowers.zip");
            String bad = begin(served);
            send(served, bad, "bad.zip", zip("../rose/1.jpg", "tulip/1.jpg"));
            assertThat(StudioServer.detail(served.post("/api/uploads/finish", Map.of("upload", bad, "name", "bad"))))
                    .isEqualTo("bad: its entry '../rose/1.jpg' climbs out of the archive. Do not use this file");
            assertThat(left()).containsExactly("flowers.zip");
        }
    }

    private static byte[] zip(String... names) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < names.length; i++) {
                zip.putNextEntry(new ZipEntry(names[i]));
                zip.write(image(i));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../rose.jpg",
                "/etc/rose.jpg",
                "a/../../rose.jpg",
                "a\\..\\rose.jpg",
                ".hidden/rose.jpg",
                "a//b.jpg",
                "rose.sh",
                "rose\n.jpg"
            })
    void namesThatLeadElsewhereAndFilesOfOtherKindsAreRefused(String name) throws IOException, InterruptedException {
        try (var served = new StudioServer(folder)) {
            String id = begin(served);
            assertThat(served.upload(image(1), "/api/upload", "upload", id, "path", name)
                            .statusCode())
                    .isBetween(400, 415);
            assertThat(left()).isEmpty();
        }
    }

    @Test
    void halfAnUploadLeavesNothing() throws Exception {
        try (var served = new StudioServer(folder)) {
            String id = begin(served);
            send(served, id, "rose/1.jpg", image(1));
            try (var socket = new Socket("127.0.0.1", served.studio.address().getPort())) {
                OutputStream out = socket.getOutputStream();
                out.write(("POST /api/upload?upload=%s&path=rose/2.jpg HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nCookie: %s\r\n"
                                + "X-Fovea-Token: %s\r\nContent-Length: 100000\r\n\r\nhalf")
                        .formatted(id, served.studio.address().getPort(), served.cookie(), served.token())
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                until(() -> left().size() == 2);
            }
            until(() -> left().size() == 1);
            served.delete("/api/uploads", "upload", id);
            assertThat(left()).isEmpty();
        }
        try (var served = new StudioServer(folder)) { // one that was killed in the middle
            send(served, begin(served), "rose/1.jpg", image(1));
        }
        assertThat(left()).isEmpty();
    }

    private interface Seen {
        boolean yes() throws IOException;
    }

    private static void until(Seen seen) throws Exception {
        for (int i = 0; !seen.yes(); i++) {
            assertThat(i).as("waited long enough").isLessThan(400);
            Thread.sleep(25);
        }
    }

    @Test
    void whatIsNoDataLeavesNothingAndSaysWhy() throws IOException, InterruptedException {
        try (var served = new StudioServer(folder)) {
            String id = begin(served);
            send(served, id, "notes.txt", new byte[] {'a'});
            assertThat(StudioServer.detail(served.post("/api/uploads/finish", Map.of("upload", id, "name", "notes"))))
                    .startsWith("notes: no images found");
            assertThat(left()).isEmpty();
            assertThat(StudioServer.detail(served.post("/api/uploads/finish", Map.of("upload", id, "name", "notes"))))
                    .startsWith("there is no upload");
        }
    }

    @Test
    void aDataSetThatCannotTakeAllOfThemTakesNone() throws IOException, InterruptedException {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 1);
        try (var served = new StudioServer(folder)) {
            List<String> before = left();
            String id = begin(served);
            send(served, id, "rose/1.jpg", image(1));
            send(served, id, "tulip/deeper/1.jpg", image(2));
            assertThat(StudioServer.detail(served.post("/api/uploads/finish", Map.of("upload", id, "into", "flowers"))))
                    .endsWith("expected CLASS/IMAGE");
            assertThat(left()).isEqualTo(before);
            String kept = begin(served);
            send(served, kept, "rose/1.jpg", image(1));
            assertThat(served.post("/api/uploads/finish", Map.of("upload", kept, "name", "a/b"))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(StudioServer.json(served.post("/api/uploads/finish", Map.of("upload", kept, "name", "ab")))
                            .get("path")
                            .asString())
                    .isEqualTo("ab");
        }
    }

    @Test
    void imagesAreAddedToClassesWithoutTouchingWhatIsThere() throws IOException, InterruptedException {
        SampleWorkspace.classFolders(folder.resolve("flowers/train"), List.of("rose", "tulip"), 1);
        SampleWorkspace.classFolders(folder.resolve("flowers/val"), List.of("rose", "tulip"), 1);
        Path there = folder.resolve("flowers/train/rose/image-0-0.png");
        byte[] before = Files.readAllBytes(there);
        try (var served = new StudioServer(folder)) {
            String id = begin(served);
            send(served, id, "rose/image-0-0.png", image(1));
            send(served, id, "lily/1.jpg", image(2));
            assertThat(StudioServer.json(served.post("/api/uploads/finish", Map.of("upload", id, "into", "flowers")))
                            .get("added")
                            .asInt())
                    .isEqualTo(2);
            assertThat(Files.readAllBytes(there)).isEqualTo(before);
            assertThat(left()).contains("flowers/train/rose/image-0-0-2.png", "flowers/train/lily/1.jpg");
            assertThat(served.studio.data().open("flowers").splits().train().counts())
                    .containsExactly(1, 2, 1);
        }
        assertThat(Image.read(there).width()).isPositive();
        assertThat(Data.open(
                                folder.resolve("flowers").toString(),
                                Data.Options.of().withNewClasses(true))
                        .train()
                        .size())
                .isEqualTo(4);
    }

    @Test
    void aFileThatIsCalledAnImageAndIsNoneIsNamed() throws IOException, InterruptedException {
        try (var served = new StudioServer(folder)) {
            String id = begin(served);
            byte[] half = Arrays.copyOf(image(1), image(1).length / 2);
            var said = new TreeMap<String, Boolean>();
            for (Map.Entry<String, byte[]> one : Map.of(
                            "rose/1.jpg", image(1),
                            "rose/2.jpg", "no image".getBytes(StandardCharsets.US_ASCII),
                            "rose/3.jpg", half,
                            "rose/notes.txt", "no image".getBytes(StandardCharsets.US_ASCII))
                    .entrySet()) {
                said.put(
                        one.getKey(),
                        StudioServer.json(served.upload(
                                        one.getValue(), "/api/upload", "upload", id, "path", one.getKey()))
                                .get("unreadable")
                                .asBoolean());
            }
            assertThat(said)
                    .isEqualTo(Map.of(
                            "rose/1.jpg", false, "rose/2.jpg", true, "rose/3.jpg", true, "rose/notes.txt", false));
        }
    }

    @Test
    void imagesAreAddedToNoDataWithoutClassFolders() throws IOException, InterruptedException {
        SampleWorkspace.classFolders(folder.resolve("in"), List.of("photos"), 2);
        Files.writeString(
                folder.resolve("list.csv"),
                "path,label\nin/photos/image-0-0.png,rose\nin/photos/image-0-1.png,tulip\n");
        try (var served = new StudioServer(folder)) {
            String id = begin(served);
            send(served, id, "rose/1.jpg", image(1));
            assertThat(StudioServer.detail(
                            served.post("/api/uploads/finish", Map.of("upload", id, "into", "list.csv"))))
                    .isEqualTo(
                            "list.csv: has no class folders, so no images can be added to it. Make a new data set of them");
        }
    }
}
