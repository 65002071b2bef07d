package dev.fovea.serve.studio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.data.Data;
import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import dev.fovea.serve.http.Guard;
import dev.fovea.serve.http.RawConnection;
import dev.fovea.serve.http.Settings;
import dev.fovea.serve.http.WebServer;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

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

    private static JsonNode finish(StudioServer served, String... asked) throws IOException, InterruptedException {
        return served.job(served.post("/api/uploads/finish", Map.of(asked[0], asked[1], asked[2], asked[3])));
    }

    private static String finished(StudioServer served, String... asked) throws IOException, InterruptedException {
        return finish(served, asked).get("result").get("path").asString();
    }

    private static String failure(StudioServer served, String... asked) throws IOException, InterruptedException {
        return finish(served, asked).get("error").asString();
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
            assertThat(finished(served, "upload", id, "name", "flowers")).isEqualTo("flowers");
            assertThat(left()).containsExactly("flowers/rose/1.jpg", "flowers/rose/2.jpg", "flowers/tulip/1.jpg");
            String again = begin(served);
            send(served, again, "a/1.jpg", image(4));
            send(served, again, "b/1.jpg", image(5));
            assertThat(finished(served, "upload", again, "name", "flowers")).isEqualTo("flowers-2");
        }
    }

    @Test
    void anArchiveStaysOneAndIsReadByItsRules() throws IOException, InterruptedException {
        try (var served = new StudioServer(folder)) {
            String id = begin(served);
            send(served, id, "flowers.zip", zip("rose/1.jpg", "tulip/1.jpg"));
            assertThat(finished(served, "upload", id, "name", "flowers")).isEqualTo("flowers.zip");
            String bad = begin(served);
            send(served, bad, "bad.zip", zip("../rose/1.jpg", "tulip/1.jpg"));
            assertThat(failure(served, "upload", bad, "name", "bad"))
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
            assertThat(failure(served, "upload", id, "name", "notes")).startsWith("notes: no images found");
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
            assertThat(failure(served, "upload", id, "into", "flowers")).endsWith("expected CLASS/IMAGE");
            assertThat(left()).isEqualTo(before);
            String kept = begin(served);
            send(served, kept, "rose/1.jpg", image(1));
            assertThat(served.post("/api/uploads/finish", Map.of("upload", kept, "name", "a/b"))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(finished(served, "upload", kept, "name", "ab")).isEqualTo("ab");
        }
    }

    @Test
    void whatFailsHalfWayIsTakenAwayAgain() throws IOException, InterruptedException {
        SampleWorkspace.classFolders(folder.resolve("flowers"), List.of("rose", "tulip"), 1);
        Files.writeString(folder.resolve("flowers/zinnia"), "no folder");
        try (var served = new StudioServer(folder)) {
            List<String> before = left();
            String id = begin(served);
            send(served, id, "lily/1.jpg", image(1));
            send(served, id, "rose/1.jpg", image(2));
            send(served, id, "zinnia/1.jpg", image(3));
            assertThat(failure(served, "upload", id, "into", "flowers")).contains("flowers/zinnia");
            assertThat(left()).isEqualTo(before);
            assertThat(folder.resolve("flowers/lily")).doesNotExist();
        }
    }

    @Test
    void aFileMayTakeLongerThanARequest() throws Exception {
        try (var served =
                new StudioServer(folder, Settings.local().withTimes(Duration.ofSeconds(1), Duration.ofSeconds(1)))) {
            String id = begin(served);
            byte[] bytes = image(1);
            try (var slow = new RawConnection(served.studio.address())) {
                slow.send(("POST /api/upload?upload=%s&path=rose/1.jpg HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nCookie: %s\r\n"
                                + "X-Fovea-Token: %s\r\nContent-Length: %s\r\n\r\n")
                        .formatted(
                                id, served.studio.address().getPort(), served.cookie(), served.token(), bytes.length));
                for (int i = 0; i < 10; i++) {
                    slow.send(Arrays.copyOfRange(bytes, i * bytes.length / 10, (i + 1) * bytes.length / 10));
                    Thread.sleep(250);
                }
                assertThat(slow.rest(2000)).contains("200 OK").contains("\"unreadable\":false");
            }
            assertThat(left()).hasSize(1);
        }
    }

    @Test
    void whatIsBeingAddedIsNotTakenAway() throws Exception {
        try (var served = new StudioServer(folder);
                var uploads = new Uploads(served.studio.workspace(), served.studio.data())) {
            String id = sent(uploads);
            List<String> inside = uploads.exclusively(id, files -> {
                assertThatThrownBy(() -> uploads.cancel(id))
                        .hasMessage("what was sent is being added. Stop that instead");
                return left();
            });
            assertThat(inside).hasSize(1);
            assertThat(left()).isEmpty();
        }
    }

    private static String sent(Uploads uploads) throws IOException {
        String id = uploads.begin();
        Files.write(uploads.of(id).place("rose/1.jpg"), image(1));
        uploads.of(id).counted();
        return id;
    }

    @Test
    void addingIsStoppedAsAJobAndLeavesNothing() throws Exception {
        try (var served = new StudioServer(folder);
                var uploads = new Uploads(served.studio.workspace(), served.studio.data())) {
            String id = sent(uploads);
            var go = new CountDownLatch(1);
            Job job = served.studio.jobs().soon("upload", "flowers", own -> {
                go.await();
                return uploads.finish(id, "flowers", own);
            });
            served.post("/api/jobs/%s/stop".formatted(job.id()), Map.of());
            go.countDown();
            until(() -> left().isEmpty());
            assertThat(StudioServer.json(served.get("/api/jobs/" + job.id()))
                            .get("state")
                            .asString())
                    .isIn("working", "stopped");
        }
    }

    @Test
    void aDiskThatIsFullLeavesNothingOfAFile() throws Exception {
        try (var served = new StudioServer(folder);
                var full = new WebServer(
                        Settings.local(),
                        ANYBODY,
                        new UploadRoutes(served.studio, UploadsTest::full).routes(),
                        line -> {})) {
            full.start();
            var client = HttpClient.newHttpClient();
            HttpResponse<byte[]> begun = client.send(
                    HttpRequest.newBuilder(full.address().resolve("/api/uploads"))
                            .POST(BodyPublishers.ofString("{}"))
                            .build(),
                    BodyHandlers.ofByteArray());
            String id = StudioServer.json(begun).get("upload").asString();
            HttpResponse<byte[]> sent = client.send(
                    HttpRequest.newBuilder(full.address().resolve("/api/upload?upload=" + id + "&path=rose/1.jpg"))
                            .POST(BodyPublishers.ofByteArray(image(1)))
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(sent.statusCode()).isEqualTo(507);
            assertThat(StudioServer.detail(sent)).startsWith("the disk is full (");
            assertThat(left()).isEmpty();
        }
    }

    private static final Guard ANYBODY = new Guard() {
        @Override
        public void addHeaders(Response response) {
            // none
        }

        @Override
        public void check(Request request, Response response) {
            // everybody may
        }
    };

    /** A file that takes nothing: Linux has one, elsewhere it is one that fails as a full disk does. */
    private static WritableByteChannel full(Path file) throws IOException {
        Files.createFile(file);
        Path device = Path.of("/dev/full");
        return Files.exists(device)
                ? FileChannel.open(device, StandardOpenOption.WRITE)
                : new WritableByteChannel() {
                    @Override
                    public int write(ByteBuffer bytes) throws IOException {
                        throw new IOException("No space left on device");
                    }

                    @Override
                    public boolean isOpen() {
                        return true;
                    }

                    @Override
                    public void close() {
                        // nothing is open
                    }
                };
    }

    @Test
    void imagesThatAreCutOffAreSaidToBeUnreadable() throws IOException, InterruptedException {
        try (var served = new StudioServer(folder)) {
            String id = begin(served);
            byte[] jpeg = image(1);
            byte[] png = Image.png(new Shapes(3, 20, 16).image(1).toBufferedImage());
            for (boolean whole : List.of(true, false)) {
                for (byte[] bytes : List.of(jpeg, png)) {
                    int length = whole ? bytes.length : bytes.length - 20;
                    JsonNode sent = StudioServer.json(served.upload(
                            Arrays.copyOf(bytes, length),
                            "/api/upload",
                            "upload",
                            id,
                            "path",
                            "a/1." + (bytes == png ? "png" : "jpg")));
                    assertThat(sent.get("unreadable").asBoolean()).isEqualTo(!whole);
                }
            }
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
            JsonNode job = served.job(served.post("/api/uploads/finish", Map.of("upload", id, "into", "flowers")));
            assertThat(job.get("result").get("added").asInt()).isEqualTo(2);
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
    void imagesAreAddedToNoDataWithoutClassFolders() throws IOException, InterruptedException {
        SampleWorkspace.classFolders(folder.resolve("in"), List.of("photos"), 2);
        Files.writeString(
                folder.resolve("list.csv"),
                "path,label\nin/photos/image-0-0.png,rose\nin/photos/image-0-1.png,tulip\n");
        try (var served = new StudioServer(folder)) {
            String id = begin(served);
            send(served, id, "rose/1.jpg", image(1));
            assertThat(failure(served, "upload", id, "into", "list.csv"))
                    .isEqualTo(
                            "list.csv: has no class folders, so no images can be added to it. Make a new data set of them");
        }
    }
}
