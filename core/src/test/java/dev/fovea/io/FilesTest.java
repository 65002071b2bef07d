package dev.fovea.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.fovea.engine.DType;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilesTest {

    @TempDir
    Path folder;

    @Test
    void safetensorsComeBackBitForBit() {
        var random = Random.of(new Seed(1));
        var tensors = new LinkedHashMap<String, Tensor>();
        tensors.put("a.weight", Tensor.randn(random, 4, 3, 2, 2).channelsLast());
        tensors.put("half", Tensor.randn(random, 5).to(DType.BFLOAT16));
        tensors.put("count", Tensor.of(new long[] {1, -2}, 2));
        tensors.put("scalar", Tensor.of(new double[] {0.1}));
        tensors.put("none", Tensor.zeros(0, 3));
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, tensors, Map.of("who", "ä"));
        var read = Safetensors.read(file);
        assertThat(read.metadata()).containsEntry("who", "ä");
        assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
        tensors.forEach((name, tensor) -> {
            assertThat(read.tensors().get(name).shape()).containsExactly(tensor.shape());
            assertThat(read.tensors().get(name).type()).isEqualTo(tensor.type());
            assertThat(read.tensors().get(name).toBytes()).isEqualTo(tensor.toBytes());
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,9]}}; 'a' of 8 bytes lies at 0 to 9 of 8",
                "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}}; 'a' of 16 bytes lies at 0 to 16 of 8",
                "{'a':{'dtype':'F33','shape':[2],'data_offsets':[0,8]}}; got 'F33'",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}; its tensors cover 4 bytes of 8",
                "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,8]}}; has the shape",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}; 'a' and 'b' overlap",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}; nothing is said of its data from 0 to 4",
                "{'b':{'dtype':'U8','shape':[3],'data_offsets':[5,8]},'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]}}; nothing is said of its data from 4 to 5",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':{'x':0,'y':8}}}; 'a' has no two data_offsets",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,{}]}}; 'a' of 8 bytes lies at 0 to {} of 8",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8.5]}}; 'a' of 8 bytes lies at 0 to 8.5 of 8",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,1e300]}}; 'a' of 8 bytes lies at 0 to 1.0E300 of 8",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':['0','8']}}; 'a' of 8 bytes lies at",
                "{'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}}; 'a' has the shape",
                "{'a':{'dtype':'F32','shape':[9223372036854775807,9223372036854775807],'data_offsets':[0,8]}}; 'a' has the shape",
                "{'a':{'dtype':4,'shape':[2],'data_offsets':[0,8]}}; 'a' has no dtype",
                "{'a':[]}; 'a' has no dtype",
                "{'a':null}; 'a' has no dtype",
                "{'a\\nb':null}; 'a\\nb' has no dtype",
                "{'__metadata__':{'a':{'b':1}}}; its metadata 'a' are no text",
                "{'__metadata__':{'shape':[1]}}; its metadata 'shape' are no text",
                "{'__metadata__':[1]}; its metadata are no object of texts",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}; its header is not JSON",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} 5; its header is not JSON",
                "[1]; its header is not a JSON object",
                "nonsense; its header is not JSON"
            })
    void refusesDamagedSafetensors(String header, String message) throws IOException {
        byte[] text = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("bad.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(16 + text.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(text.length)
                        .put(text)
                        .array());
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Safetensors.read(file))
                .withMessageContaining(message)
                .withMessageNotContaining("\n");
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Safetensors.header(file))
                .withMessageContaining(message);
    }

    @Test
    void aHeaderAloneSaysWhatAFileHolds() {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, Map.of("a", Tensor.zeros(4, 3), "b", Tensor.zeros(DType.INT64, 2)), Map.of("k", "v"));
        Safetensors.Header header = Safetensors.header(file);
        assertThat(header.entries().get("a").shape()).containsExactly(4L, 3L);
        assertThat(header.entries().get("b").type()).isEqualTo(DType.INT64);
        assertThat(header.elements()).isEqualTo(14);
        assertThat(header.metadata()).containsExactly(Map.entry("k", "v"));
    }

    @Test
    void weightsAreReadFromFilesAlone() {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Safetensors.read(folder))
                .withMessage(folder + ": not a file of weights, it is a folder, a pipe or a device");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Safetensors.read(folder.resolve("none")))
                .withMessage(folder.resolve("none") + ": cannot be read, there is no such file");
    }

    @Test
    void foreignTextIsShownOnOneLineWithoutAnyCommandToATerminal() {
        assertThat(Escaped.of("a\nb\r\t\u001b[31m\u202ekö語\u0000 \u2028"))
                .isEqualTo("a\\nb\\r\\t\\u001b[31m\\u202ekö語\\u0000 \\u2028");
        assertThat(Escaped.of("x".repeat(300))).hasSize(203).endsWith("...");
        assertThat(Escaped.of(null)).isEqualTo("null");
        assertThat(Escaped.line("a\nb" + "x".repeat(300))).isEqualTo("a\\nb" + "x".repeat(300));
    }

    @Test
    void anyCutOfASafetensorsFileIsRefused() throws IOException {
        var random = Random.of(new Seed(1));
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, Map.of("a", Tensor.randn(random, 10)), Map.of());
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(FormatException.class).isThrownBy(() -> Safetensors.read(file));
        }
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("x.txt");
        AtomicFile.write(file, "old");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> AtomicFile.write(file, channel -> {
                    channel.write(ByteBuffer.wrap(new byte[100]));
                    throw new IOException("No space left on device");
                }))
                .withMessage(
                        file + ": cannot be written (No space left on device). What was there before is unchanged");
        assertThat(file).hasContent("old");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFolderAndALinkToOneAreNotReplacedByAFile() throws IOException {
        Path there = Files.createDirectory(folder.resolve("there"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), there);
        for (Path file : List.of(there, link)) {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> AtomicFile.write(file, "new"))
                    .withMessage(file + ": cannot be written, it is a folder. Name a file in it");
        }
        assertThat(there).isEmptyDirectory();
        assertThat(link).isSymbolicLink();
    }

    @Test
    void aDownloadIsContinuedAfterABreakAndChecked() throws Exception {
        byte[] content = new byte[300_000];
        new java.util.SplittableRandom(1).nextBytes(content);
        var requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            String range = exchange.getRequestHeaders().getFirst("Range");
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
            int until = requests.get() == 1 ? 100_000 : content.length; // the first try breaks off
            exchange.getResponseBody().write(content, from, until - from);
            exchange.getResponseBody().flush();
            exchange.close();
        });
        server.start();
        try {
            var source = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/set.gz");
            Path file = folder.resolve("cache/set.gz");
            String sum = java.util.HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(content));
            Download.to(file, source, "SHA-256", sum, (name, done, total) -> {});
            assertThat(Files.readAllBytes(file)).isEqualTo(content);
            assertThat(requests.get()).isEqualTo(2);
            Download.to(file, source, "SHA-256", sum, (name, done, total) -> {});
            assertThat(requests.get()).as("already there").isEqualTo(2);

            Path wrong = folder.resolve("wrong.gz");
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> Download.to(wrong, source, "SHA-256", "00", (name, done, total) -> {}))
                    .withMessageContaining("expected 00. It was deleted; try again");
            assertThat(wrong).doesNotExist();
            assertThat(folder.resolve("wrong.gz.part")).doesNotExist();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aServerThatFallsSilentInTheBodyIsGivenUp() throws Exception {
        var done = new java.util.concurrent.CountDownLatch(1);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(new byte[10]);
            exchange.getResponseBody().flush();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        try {
            var source = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/set.gz");
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> Download.to(
                            folder.resolve("set.gz"),
                            source,
                            "SHA-256",
                            "00",
                            (name, bytes, total) -> {},
                            java.time.Duration.ofMillis(200)))
                    .withMessageContaining("the download broke off (the server sent nothing for 0.2 seconds)");
        } finally {
            done.countDown();
            server.stop(0);
        }
    }
}
