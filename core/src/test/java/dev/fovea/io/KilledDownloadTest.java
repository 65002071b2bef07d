package dev.fovea.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledDownloadTest {

    private static final byte[] CONTENT = new byte[300_001];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    @TempDir
    private Path folder;

    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private final CountDownLatch killed = new CountDownLatch(1);
    private HttpServer server;
    private URI address;

    /** The process that is killed. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            Download.to(Path.of(args[0]), URI.create(args[1]), "SHA-256", args[2], (name, done, total) -> {
                System.out.println(done);
                System.out.flush();
            });
        }
    }

    /** Whoever asks from the beginning gets a half, and the rest when nobody waits for it any more. */
    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            ranges.add(String.valueOf(range));
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            exchange.sendResponseHeaders(range == null ? 200 : 206, CONTENT.length - from);
            try (var body = exchange.getResponseBody()) {
                int half = range == null ? CONTENT.length / 2 : from;
                body.write(Arrays.copyOfRange(CONTENT, from, half));
                body.flush();
                if (range == null) {
                    killed.await();
                }
                body.write(Arrays.copyOfRange(CONTENT, half, CONTENT.length));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        address = URI.create(
                "http://127.0.0.1:%s/w.pth".formatted(server.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        killed.countDown();
        server.stop(0);
    }

    @Test
    void goesOnToTheByteAfterItsProcessWasKilled() throws Exception {
        Path file = folder.resolve("w.pth");
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(CONTENT));
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        file.toString(),
                        address.toString(),
                        sum)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).as("bytes it had").isNotNull();
        } finally {
            child.destroyForcibly().waitFor();
            killed.countDown();
        }
        Path part = folder.resolve("w.pth.part");
        long have = Files.size(part);
        assertThat(have).isBetween(1L, (long) CONTENT.length - 1);
        Download.to(file, address, "SHA-256", sum, (name, done, total) -> {});
        assertThat(file).hasBinaryContent(CONTENT);
        assertThat(part).doesNotExist();
        assertThat(ranges).containsExactly("null", "bytes=" + have + "-");
    }

    @Test
    void refusesAFileThatIsMuchLongerThanExpected() {
        killed.countDown();
        Path file = folder.resolve("w.pth");
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Download.to(file, address, "SHA-256", "00000000", 1000, (name, done, total) -> {}))
                .withMessage(
                        "%s: the server sends 300,001 bytes or more, expected at most 1,000. It was deleted; this is another file",
                        address);
        assertThat(folder).isEmptyDirectory();
    }
}
