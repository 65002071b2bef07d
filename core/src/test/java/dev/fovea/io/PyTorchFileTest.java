package dev.fovea.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files written by PyTorch 1.13's {@code torch.save}; values are what it was given. */
class PyTorchFileTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"zip.pth", "legacy.th"})
    void readsEveryTypeAndEveryView(String name) {
        try (var scope = new Scope()) {
            Map<String, Tensor> read = WeightFile.read(file(name));
            assertThat(read.keySet())
                    .containsExactly(
                            "conv.weight",
                            "bias",
                            "double",
                            "half",
                            "bfloat16",
                            "long",
                            "int",
                            "short",
                            "char",
                            "byte",
                            "bool",
                            "turned",
                            "part",
                            "row",
                            "wide",
                            "empty");
            same(read.get("conv.weight"), DType.FLOAT32, "[2, 1, 2, 2]", 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5);
            same(read.get("bias"), DType.FLOAT32, "[2]", -1.5, -0.5);
            same(read.get("double"), DType.FLOAT64, "[2]", 0.1, -0.2);
            same(read.get("half"), DType.FLOAT16, "[2]", 1.5, -2);
            same(read.get("bfloat16"), DType.BFLOAT16, "[2]", 3, -0.5);
            same(read.get("long"), DType.INT64, "[]", 7);
            same(read.get("int"), DType.INT32, "[2]", 1, -2);
            same(read.get("short"), DType.INT32, "[2]", 300, -2);
            same(read.get("char"), DType.INT32, "[2]", 5, -6);
            same(read.get("byte"), DType.UINT8, "[2]", 255, 1);
            same(read.get("bool"), DType.BOOL, "[2]", 1, 0);
            same(read.get("turned"), DType.FLOAT32, "[4, 3]", 0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
            same(read.get("part"), DType.FLOAT32, "[2, 2]", 5, 6, 9, 10);
            same(read.get("row"), DType.FLOAT32, "[4]", 8, 9, 10, 11);
            same(read.get("wide"), DType.FLOAT32, "[3]", 4, 4, 4);
            same(read.get("empty"), DType.FLOAT32, "[0, 3]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip-protocol4.pt", "zip-protocol5.pt"})
    void readsLaterProtocols(String name) {
        try (var scope = new Scope()) {
            Map<String, Tensor> read = WeightFile.read(file(name));
            assertThat(read.keySet()).containsExactly("conv.weight", "bias", "turned");
            same(read.get("turned"), DType.FLOAT32, "[4, 3]", 0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nested.pth", "nested-legacy.pth"})
    void findsTheDictionaryInACheckpointAndLeavesOutTheWrappersOfNames(String name) {
        try (var scope = new Scope()) {
            Map<String, Tensor> read = WeightFile.read(file(name));
            assertThat(read.keySet()).containsExactly("weight", "bias");
            same(read.get("weight"), DType.FLOAT32, "[1, 2]", 1, 2);
            same(read.get("bias"), DType.FLOAT32, "[1]", 3);
        }
        assertThat(WeightFile.shapes(file(name))).isEqualTo(Map.of("weight", List.of(1L, 2L), "bias", List.of(1L)));
    }

    @ParameterizedTest
    @CsvSource({
        "system.pth, posix.system",
        "system-legacy.pth, posix.system",
        "eval-protocol4.pth, builtins.eval",
        "module.pth, torch.nn.modules.activation.ReLU"
    })
    void refusesWhateverIsNoTensorByItsNameAndRunsNothing(String name, String global) {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> WeightFile.read(file(name)))
                .withMessageContaining("refused: it names '" + global + "'")
                .withMessageContaining("nothing of it was run");
        assertThat(Path.of("/tmp/fovea-pickle-was-run")).doesNotExist();
    }

    @Test
    void saysWhatAProgramIs() {
        refused(file("script.pt"), "it is a TorchScript program");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.pth", "legacy.th", "nested.pth", "nested-legacy.pth"})
    void refusesEveryFileThatIsCutShort(String name) throws IOException {
        byte[] whole = Files.readAllBytes(file(name));
        for (int length = 16; length < whole.length; length += 7) {
            Path cut = Files.write(folder.resolve("cut.pth"), Arrays.copyOf(whole, length));
            assertThatExceptionOfType(FormatException.class)
                    .as("%s bytes of %s", length, name)
                    .isThrownBy(() -> WeightFile.read(cut))
                    .withMessageStartingWith(cut + ": ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.pth", "legacy.th", "nested.pth", "nested-legacy.pth", "zip-protocol4.pt"})
    void damagedBytesAreReadOrRefused(String name) throws IOException {
        byte[] whole = Files.readAllBytes(file(name));
        var random = new Random(7);
        for (int i = 0; i < 1500; i++) {
            byte[] damaged = whole.clone();
            for (int k = 0; k <= random.nextInt(3); k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Path other = Files.write(folder.resolve("damaged.pth"), damaged);
            try (var scope = new Scope()) {
                WeightFile.read(other);
            } catch (FormatException e) {
                assertThat(e.getMessage()).startsWith(other + ": ").doesNotContain("null");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "K\\x01.; it has no tensors by name, at its top or under",
                "}.; it has no tensors by name",
                "(((((.; it ends in a mark",
                "N; in the middle of its pickle",
                "K\\x01K\\x02s.; a value is missing",
                "}]K\\x01s.; a key that is neither text nor number",
                "ccollections\\nOrderedDict\\n.; it has no tensors",
                "cos\\nsystem\\n.; it names 'os.system'",
                "c__builtin__\\neval\\n.; it names '__builtin__.eval'",
                "ctorch\\nload\\n.; it names 'torch.load'",
                "ctorch.storage\\n_load_from_bytes\\n.; it names 'torch.storage._load_from_bytes'",
                "c\\x1b[31m\\nx\\n.; it names '\\u001b[31m.x'",
                "ctorch\\nFloatStorage\\n)R.; it calls 'torch.FloatStorage', which is a type",
                "h\\x05.; it asks for a value that it has not kept",
                "X\\xff\\xff\\xff\\x7f.; in the middle of its pickle",
                "\\x8d\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff.; in the middle of its pickle",
                "I1\\n.; the opcode 0x49 is none",
                "K\\x01Q.; another kind",
                "(X\\x06\\x00\\x00\\x00moduletQ.; refers to something that is no storage",
            })
    void refusesPicklesThatAreNoTensors(String code, String message) throws IOException {
        refused(zip("data.pkl", pickle(code)), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // storage elements; offset; shape; strides
                "2; 0; K\\x03\\x85; K\\x01\\x85; ends at element 3 of a storage of 2",
                "2; 1; K\\x02\\x85; K\\x01\\x85; ends at element 3 of a storage of 2",
                "2; 0; J\\xff\\xff\\xff\\xff\\x85; K\\x01\\x85; negative: -1",
                "2; 0; K\\x02\\x85; J\\xff\\xff\\xff\\xff\\x85; negative: -1",
                "2; 0; J\\xff\\xff\\xff\\x7fJ\\xff\\xff\\xff\\x7fJ\\xff\\xff\\xff\\x7f\\x87; K\\x00K\\x00K\\x00\\x87; does not suit it",
                "2; 0; J\\xff\\xff\\xff\\x0f\\x85; K\\x00\\x85; more than 8 times as large as itself",
                "2; 0; K\\x02\\x85; ); has 1 sizes and 0 strides",
                "9; 0; K\\x02\\x85; K\\x01\\x85; the storage of 'w' should have 36 bytes, the file has 8 of it",
                "2; 0; K\\x02; K\\x01\\x85; does not suit it",
            })
    void refusesTensorsThatTheirStorageDoesNotHold(
            int elements, int offset, String shape, String strides, String message) throws IOException {
        String storage =
                "(X\\x07\\x00\\x00\\x00storagectorch\\nFloatStorage\\nX\\x01\\x00\\x00\\x000X\\x03\\x00\\x00\\x00cpuK\\x0%stQ"
                        .formatted(elements);
        String code = "}X\\x01\\x00\\x00\\x00wctorch._utils\\n_rebuild_tensor_v2\\n(%sK\\x0%s%s%s\\x89}tRs."
                .formatted(storage, offset, shape, strides);
        refused(zip("data.pkl", pickle(code), "data/0", new byte[8]), message);
    }

    @Test
    void deepNestingAndCyclesEndSoon() throws IOException {
        String cycle = "}q\\x00X\\x05\\x00\\x00\\x00modelh\\x00s.";
        refused(zip("data.pkl", pickle(cycle)), "it has no tensors by name");
        byte[] deep = new byte[2_000_002];
        Arrays.fill(deep, (byte) ']');
        Arrays.fill(deep, 1_000_002, 2_000_001, (byte) 'a');
        deep[0] = (byte) 0x80;
        deep[1] = 2;
        deep[2_000_001] = '.';
        refused(zip("data.pkl", deep), "it has no tensors by name");
        byte[] many = new byte[6_000_000];
        Arrays.fill(many, (byte) '}');
        many[0] = (byte) 0x80;
        many[1] = 2;
        refused(zip("data.pkl", many), "more than 4000000 values");
    }

    @Test
    void refusesCompressedAndForeignZips() throws IOException {
        Path file = folder.resolve("deflated.pth");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("a/data.pkl"));
            zip.write(pickle("}."));
        }
        refused(file, "data.pkl is compressed");
        refused(zip("notes.txt", new byte[3]), "a zip without data.pkl");
    }

    @Test
    void saysWhatOtherFilesAre() throws IOException {
        refused(Files.writeString(folder.resolve("a.pth"), "<!DOCTYPE html><html>"), "a web page, not weights");
        refused(Files.writeString(folder.resolve("b.pth"), "version https://git-lfs"), "not a safetensors file");
        byte[] tar = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        refused(Files.write(folder.resolve("c.pth"), tar), "a tar archive");
        refused(Files.write(folder.resolve("d.pth"), new byte[0]), "not a safetensors file");
        refused(folder, "a folder");
        Path none = folder.resolve("none.pth");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> WeightFile.read(none))
                .withMessageContaining("there is no such file");
    }

    @Test
    void aHeaderAsLongAsAnotherFormatsFirstLettersIsStillSafetensors() {
        for (int length : new int[] {0x3c, 0x7b, 0x80, 0x280}) {
            String tensor = "{'w':{'dtype':'U8','shape':[0],'data_offsets':[0,0]}}".replace('\'', '"');
            byte[] text =
                    (tensor + " ".repeat(Math.max(0, length - tensor.length()))).getBytes(StandardCharsets.US_ASCII);
            Path file = folder.resolve("x" + length);
            ByteBuffer all = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
            AtomicFile.write(
                    file, out -> out.write(all.putLong(text.length).put(text).flip()));
            assertThat(WeightFile.shapes(file)).containsOnlyKeys("w");
        }
    }

    // ---- files

    private static void refused(Path file, String message) {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> WeightFile.read(file))
                .withMessageContaining(message)
                .withMessageStartingWith(file + ": ");
    }

    private static void same(Tensor tensor, DType type, String shape, double... values) {
        assertThat(tensor.type()).isEqualTo(type);
        assertThat(Arrays.toString(tensor.shape())).isEqualTo(shape);
        if (values.length == 0) {
            return;
        }
        assertThat(tensor.to(DType.FLOAT64).toDoubles()).containsExactly(values);
    }

    private Path file(String name) {
        Path file = folder.resolve(name);
        try (InputStream in = getClass().getResourceAsStream("/weights/" + name)) {
            return Files.exists(file) ? file : Files.write(file, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A zip as torch.save makes them: names in one folder, nothing compressed. */
    private Path zip(Object... namesAndBytes) throws IOException {
        Path file = folder.resolve("made.pth");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setMethod(ZipOutputStream.STORED);
            for (int i = 0; i < namesAndBytes.length; i += 2) {
                byte[] bytes = (byte[]) namesAndBytes[i + 1];
                var entry = new ZipEntry("archive/" + namesAndBytes[i]);
                var crc = new CRC32();
                crc.update(bytes);
                entry.setSize(bytes.length);
                entry.setCompressedSize(bytes.length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(bytes);
            }
        }
        return file;
    }

    /** A pickle of protocol 2 from its opcodes, with {@code \xNN} and {@code \n} as Python writes them. */
    private static byte[] pickle(String code) {
        var out = new ByteArrayOutputStream();
        out.write(0x80);
        out.write(2);
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            if (c == '\\' && code.charAt(i + 1) == 'x') {
                out.write(Integer.parseInt(code.substring(i + 2, i + 4), 16));
                i += 3;
            } else if (c == '\\' && code.charAt(i + 1) == 'n') {
                out.write('\n');
                i++;
            } else {
                out.write(c);
            }
        }
        return out.toByteArray();
    }
}
