package dev.fovea.io;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Named tensors in a file: 8 bytes with the length of a JSON header, the header, the raw elements in row-major
 * order, as <a href="https://github.com/huggingface/safetensors">safetensors</a> defines it. Nothing in such a
 * file is ever executed.
 */
public final class Safetensors {

    private static final JsonMapper JSON = new JsonMapper();
    private static final long LONGEST_HEADER = 100_000_000;

    /**
     * What a file holds.
     *
     * @param tensors by name, on the processor
     * @param metadata texts by name
     */
    public record Content(Map<String, Tensor> tensors, Map<String, String> metadata) {}

    private Safetensors() {}

    /**
     * Writes tensors and metadata, atomically.
     *
     * @throws UncheckedIOException if {@code file} cannot be written; an older one is then unchanged
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        var header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            header.set("__metadata__", JSON.valueToTree(metadata));
        }
        long offset = 0;
        for (var entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            long end = offset + tensor.elements() * tensor.type().bytes();
            var description = header.putObject(entry.getKey());
            description.put("dtype", tensor.type().code());
            description.set("shape", JSON.valueToTree(tensor.shape()));
            description.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] text = JSON.writeValueAsBytes(header);
        byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        AtomicFile.write(file, channel -> {
            write(channel, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, padded.length));
            write(channel, ByteBuffer.wrap(padded));
            for (Tensor tensor : tensors.values()) {
                write(channel, tensor.toBytes());
            }
        });
    }

    /**
     * Reads a file whole.
     *
     * @throws FormatException if it is not a safetensors file or is damaged
     * @throws UncheckedIOException if it cannot be read
     */
    public static Content read(Path file) {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(file, channel);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Content read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        check(size >= 8, file, "%d bytes are too few for a header", size);
        long length = bytes(channel, 0, 8).getLong(0);
        check(
                length > 1 && length <= LONGEST_HEADER && length <= size - 8,
                file,
                "its header claims %d bytes, the file has %d",
                length,
                size);
        JsonNode header;
        try {
            header = JSON.readTree(StandardCharsets.UTF_8
                    .decode(bytes(channel, 8, (int) length))
                    .toString());
        } catch (JacksonException e) {
            throw new FormatException(file + ": not a safetensors file: its header is not JSON");
        }
        check(header.isObject(), file, "its header is not a JSON object");
        var metadata = new LinkedHashMap<String, String>();
        header.path("__metadata__")
                .properties()
                .forEach(e -> metadata.put(e.getKey(), e.getValue().asString()));
        var tensors = new LinkedHashMap<String, Tensor>();
        long data = size - 8 - length;
        long covered = 0;
        for (var entry : header.properties()) {
            if (!entry.getKey().equals("__metadata__")) {
                Entry described = Entry.of(file, entry.getKey(), entry.getValue(), data);
                covered += described.end() - described.start();
                tensors.put(entry.getKey(), described.read(channel, 8 + length));
            }
        }
        check(covered == data, file, "its tensors cover %d bytes of %d", covered, data);
        return new Content(tensors, metadata);
    }

    /** One line of the header, checked against the file. */
    private record Entry(DType type, long[] shape, long start, long end) {

        static Entry of(Path file, String name, JsonNode json, long data) {
            DType type;
            try {
                type = DType.ofCode(json.path("dtype").asString(""));
            } catch (IllegalArgumentException e) {
                throw new FormatException("%s: '%s': %s".formatted(file, name, e.getMessage()));
            }
            JsonNode offsets = json.path("data_offsets");
            check(json.path("shape").isArray() && offsets.size() == 2, file, "'%s' has no shape or offsets", name);
            long[] shape = new long[json.get("shape").size()];
            long bytes = type.bytes();
            for (int i = 0; i < shape.length; i++) {
                shape[i] = json.get("shape").get(i).asLong(-1);
                check(
                        shape[i] >= 0 && (shape[i] == 0 || bytes <= Integer.MAX_VALUE / shape[i]),
                        file,
                        "'%s' has the shape %s",
                        name,
                        json.get("shape"));
                bytes *= shape[i];
            }
            long start = offsets.get(0).asLong(-1);
            long end = offsets.get(1).asLong(-1);
            check(
                    start >= 0 && end >= start && end <= data && end - start == bytes,
                    file,
                    "'%s' of %d bytes lies at %d to %d of %d",
                    name,
                    bytes,
                    start,
                    end,
                    data);
            return new Entry(type, shape, start, end);
        }

        Tensor read(FileChannel channel, long base) throws IOException {
            if (end == start) {
                return Tensor.zeros(type, shape);
            }
            ByteBuffer bytes = ByteBuffer.allocateDirect((int) (end - start));
            fill(channel, base + start, bytes);
            return Tensor.over(bytes, type, shape).copy();
        }
    }

    private static ByteBuffer bytes(FileChannel channel, long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        fill(channel, position, bytes);
        return bytes;
    }

    private static void fill(FileChannel channel, long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes, at);
            if (read < 0) {
                throw new IOException("it ends too soon");
            }
            at += read;
        }
        bytes.flip();
    }

    private static void write(java.nio.channels.WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void check(boolean sound, Path file, String fault, Object... values) {
        if (!sound) {
            throw new FormatException(file + ": not a safetensors file, or damaged: " + fault.formatted(values));
        }
    }
}
