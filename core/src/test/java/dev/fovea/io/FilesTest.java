package dev.fovea.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.fovea.engine.DType;
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
import java.util.Map;
import java.util.Random;
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
        var tensors = new LinkedHashMap<String, Tensor>();
        tensors.put("a.weight", Tensor.randn(4, 3, 2, 2).channelsLast());
        tensors.put("half", Tensor.randn(5).to(DType.BFLOAT16));
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
                .withMessageContaining(message);
    }

    @Test
    void anyCutOfASafetensorsFileIsRefused() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, Map.of("a", Tensor.randn(10)), Map.of());
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
    void aDownloadIsContinuedAfterABreakAndChecked() throws Exception {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
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
}
