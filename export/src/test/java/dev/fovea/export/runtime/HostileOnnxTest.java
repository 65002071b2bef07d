package dev.fovea.export.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.CodedOutputStream;
import dev.fovea.export.OnnxGraph;
import dev.fovea.export.OnnxModel;
import dev.fovea.export.OnnxType;
import dev.fovea.export.OnnxValue;
import dev.fovea.export.OnnxWriter;
import dev.fovea.io.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileOnnxTest {

    @TempDir
    private Path folder;

    /** A message in the making. */
    private static final class Message {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message part(int field, byte[] value) throws IOException {
            var out = CodedOutputStream.newInstance(bytes);
            out.writeByteArray(field, value);
            out.flush();
            return this;
        }

        Message part(int field, Message value) throws IOException {
            return part(field, value.bytes.toByteArray());
        }

        Message part(int field, String value) throws IOException {
            return part(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message whole(int field, long value) throws IOException {
            var out = CodedOutputStream.newInstance(bytes);
            out.writeInt64(field, value);
            out.flush();
            return this;
        }
    }

    private Path written(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("model.onnx"), bytes);
    }

    /** A model whose graph has an output and a tensor with external data. */
    private Path withData(Map<String, String> entries) throws IOException {
        var tensor = new Message().part(8, "weight").whole(14, 1);
        for (var entry : new TreeMap<>(entries).entrySet()) {
            tensor.part(13, new Message().part(1, entry.getKey()).part(2, entry.getValue()));
        }
        return written(model(new Message().part(5, tensor)));
    }

    private static byte[] model(Message graph) throws IOException {
        var tensor = new Message().whole(1, 1).part(2, new Message());
        var value = new Message().part(1, "y").part(2, new Message().part(1, tensor));
        return new Message()
                .whole(1, 8)
                .part(8, new Message().whole(2, 17))
                .part(7, graph.part(12, value))
                .bytes
                .toByteArray();
    }

    private static void assertRefused(Path file, String message) {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> OnnxHeader.read(file))
                .withMessage(file + ": " + message);
    }

    @Test
    void externalDataInTheFolderOfTheModelIsTaken() throws IOException {
        Files.createDirectory(folder.resolve("data"));
        Files.write(folder.resolve("data/weights.bin"), new byte[64]);
        Path file = withData(Map.of("location", "data/weights.bin", "offset", "32", "length", "32"));
        assertThat(OnnxHeader.read(file).outputs()).hasSize(1);
    }

    @Test
    void refusesDataThatIsMissingOrTooShort() throws IOException {
        assertRefused(
                withData(Map.of("location", "weights.bin")),
                "needs the file weights.bin beside it, which is not there. Copy it into the same folder");
        Files.write(folder.resolve("weights.bin"), new byte[64]);
        assertRefused(
                withData(Map.of("location", "weights.bin", "offset", "60", "length", "32")),
                "the data of 'weight' goes to byte 92 of weights.bin, which has 64. The file is cut off or another model's");
        assertRefused(
                withData(Map.of("location", "weights.bin", "offset", "" + Long.MAX_VALUE, "length", "1")),
                "the data of 'weight' goes to byte -9223372036854775808 of weights.bin, which has 64. The file is cut off or another model's");
        assertRefused(
                withData(Map.of("location", "weights.bin", "offset", "far")),
                "the data of 'weight' has an offset or a length that is no number: {offset=far, location=weights.bin}");
    }

    @Test
    void refusesDataOutsideOfTheFolder() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Path secret = Files.write(folder.resolve("secret"), new byte[64]);
        Files.createSymbolicLink(inner.resolve("link"), secret);
        Files.createSymbolicLink(inner.resolve("up"), folder);
        for (String location : new String[] {
            "../secret", "link", "up/secret", "x/../../secret", secret.toString(), "", "*/_ORT_MEM_ADDR_/*"
        }) {
            Path file = Files.move(
                    withData(Map.of("location", location)),
                    inner.resolve("model.onnx"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertRefused(
                    file,
                    "names the file '%s', which is not in the folder of the model. Its data may lie there alone"
                            .formatted(location));
        }
    }

    @Test
    void findsExternalDataWhereverATensorCanLie() throws IOException {
        var tensor = new Message().part(13, new Message().part(1, "location").part(2, "/etc/passwd"));
        var attribute = new Message().part(5, tensor);
        var inGraph = new Message().part(6, new Message().part(5, tensor));
        for (Message each : new Message[] {
            attribute,
            inGraph,
            new Message().part(10, tensor),
            new Message().part(11, new Message().part(5, tensor)),
            new Message().part(22, new Message().part(1, tensor))
        }) {
            Path file = written(model(new Message().part(1, new Message().part(5, each))));
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> OnnxHeader.read(file))
                    .withMessageContaining("names the file '/etc/passwd'");
        }
    }

    @Test
    void refusesWhatIsNoOnnxFileOrCutOff() throws IOException {
        assertRefused(written(new byte[0]), "the file is empty");
        Path small = SmallOnnx.of().write(folder, "task: classification");
        byte[] whole = Files.readAllBytes(small);
        for (int length = 1; length < whole.length; length += 7) {
            Path file = written(java.util.Arrays.copyOf(whole, length));
            assertThat(catchThrowable(() -> OnnxHeader.read(file)))
                    .as("%s bytes", length)
                    .isInstanceOf(FormatException.class);
        }
        assertThat(catchThrowable(() -> OnnxHeader.read(written("no model\n".getBytes(StandardCharsets.UTF_8)))))
                .isInstanceOf(FormatException.class);
    }

    @Test
    void refusesNewerOperatorsAndFormats() {
        Path file = SmallOnnx.of().withOpset(99).write(folder, "task: classification");
        assertRefused(
                file,
                "needs the operators of opset 99, ONNX Runtime of this release knows those up to 26. Export it with an opset of 26 or lower");
    }

    @Test
    void refusesGraphsThatAreNestedWithoutEnd() throws IOException {
        var inner = new Message();
        for (int i = 0; i < 2000; i++) {
            inner = new Message().part(1, new Message().part(5, new Message().part(6, inner)));
        }
        Path file = written(model(inner));
        assertRefused(file, "its graphs are nested more than 64 deep");
    }

    @Test
    void refusesLengthsThatTheFileDoesNotHave() throws IOException {
        byte[] long2 = {(byte) 0x3A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07, 1, 2, 3};
        assertThat(catchThrowable(() -> OnnxHeader.read(written(long2)))).isInstanceOf(FormatException.class);
        byte[] text = {(byte) 0x72, 0x06, 0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F, 1};
        assertThat(catchThrowable(() -> OnnxHeader.read(written(text)))).isInstanceOf(FormatException.class);
    }

    private Path ofInput(long... sizes) {
        List<OnnxValue.Dim> dims = Arrays.stream(sizes)
                .mapToObj(size -> size < 0 ? SmallOnnx.ANY : OnnxValue.Dim.of(size))
                .toList();
        return new SmallOnnx(OnnxType.FLOAT32, dims, false, "", 17).write(folder, "task: classification");
    }

    @Test
    void refusesInputsThatNoMemoryHolds() {
        for (long[] sizes : new long[][] {
            {-1, 3, 60_000, 60_000},
            {1L << 40, 3, 8, 8},
            {-1, (1L << 32) + 3, 8, 8},
            {-1, 3, (1L << 32) + 8, 8},
            {Long.MAX_VALUE, 3, Long.MAX_VALUE, 8}
        }) {
            Path file = ofInput(sizes);
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> new OnnxFormat().readConfig(file))
                    .withMessageContaining("its input is too large: expected at most 268435456 numbers at once");
        }
    }

    @Test
    void refusesInputsThatNoImageGoesInto() {
        Path file = ofInput(0, 3, 8, 8);
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> new OnnxFormat().read(file))
                .withMessage(
                        file
                                + ": its input image float32 [0, 3, 8, 8] has a size of 0, so no image goes in. Export it with a size, or a name for any");
    }

    @Test
    void refusesMoreClassesThanThereAreWordsFor() {
        OnnxModel small = SmallOnnx.of().model(Map.of());
        OnnxGraph graph = small.graph();
        var answer =
                new OnnxValue("answer", OnnxType.FLOAT32, List.of(SmallOnnx.ANY, OnnxValue.Dim.of(Integer.MAX_VALUE)));
        Path file = SmallOnnx.of().write(folder, "task: classification");
        OnnxWriter.write(
                file,
                new OnnxModel(
                        small.irVersion(),
                        small.producer(),
                        small.producerVersion(),
                        small.opsets(),
                        new OnnxGraph("small", graph.nodes(), graph.initializers(), graph.inputs(), List.of(answer)),
                        Map.of()));
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> new OnnxFormat().readConfig(file))
                .withMessage(
                        file
                                + ": its output 'answer' has 2147483647 values, expected one for each of at most 1000000 classes");
    }

    @Test
    void mutatedFilesAreReadOrRefused() throws IOException {
        byte[] whole = Files.readAllBytes(SmallOnnx.of().write(folder, "task: classification"));
        Files.writeString(folder.resolve("model.yaml"), "task: classification");
        var random = new SplittableRandom(5);
        for (int i = 0; i < 2000; i++) {
            byte[] changed = whole.clone();
            for (int k = random.nextInt(1, 6); k > 0; k--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            Path file = written(changed);
            Throwable thrown = catchThrowable(() -> new OnnxFormat().readConfig(file));
            assertThat(thrown == null || thrown instanceof FormatException)
                    .as("%s", thrown)
                    .isTrue();
        }
    }
}
