package dev.fovea.io;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Named tensors in a file: 8 bytes with the length of a JSON header, the header, the raw elements in row-major
 * order, as <a href="https://github.com/huggingface/safetensors">safetensors</a> defines it. Nothing in such a
 * file is ever executed.
 */
public final class Safetensors {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The format allows 100 MB, of which a reader of JSON makes more than a gigabyte; 100,000 tensors need 10. */
    private static final long LONGEST_HEADER = 16 << 20;

    private static final String METADATA = "__metadata__";

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
            header.set(METADATA, JSON.valueToTree(metadata));
        }
        long offset = 0;
        if (tensors.containsKey(METADATA)) {
            throw new IllegalArgumentException("safetensors: no tensor can be called " + METADATA);
        }
        for (var entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            long end = Math.addExact(offset, Math.multiplyExact(tensor.elements(), (long)
                    tensor.type().bytes()));
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
        return OpenFile.with(file, Safetensors::read);
    }

    private static Content read(Path file, FileChannel channel) throws IOException {
        Header header = header(file, channel);
        var tensors = new LinkedHashMap<String, Tensor>();
        for (var entry : header.entries().entrySet()) {
            tensors.put(entry.getKey(), entry.getValue().read(channel, header.base()));
        }
        return new Content(tensors, header.metadata());
    }

    /**
     * What a file holds by its header alone, which costs no memory for the tensors; all is checked but their values.
     *
     * @throws FormatException if it is not a safetensors file or is damaged
     * @throws UncheckedIOException if it cannot be read
     */
    public static Header header(Path file) {
        return OpenFile.with(file, Safetensors::header);
    }

    private static Header header(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        check(size >= 8, file, "%d bytes are too few for a header", size);
        long length = OpenFile.bytes(channel, 0, 8).getLong(0);
        check(
                length > 1 && length <= LONGEST_HEADER && length <= size - 8,
                file,
                "its header claims %d bytes, the file has %d",
                length,
                size);
        JsonNode json;
        try {
            json = JSON.readTree(OpenFile.bytes(channel, 8, (int) length).array());
        } catch (JacksonException e) {
            throw new FormatException(file + ": not a safetensors file: its header is not JSON");
        }
        check(json.isObject(), file, "its header is not a JSON object");
        Map<String, String> metadata = metadata(file, json);
        var entries = new LinkedHashMap<String, Entry>();
        long data = size - 8 - length;
        for (var entry : json.properties()) {
            if (!entry.getKey().equals(METADATA)) {
                entries.put(entry.getKey(), Entry.of(file, entry.getKey(), entry.getValue(), data));
            }
        }
        checkCover(file, entries, data);
        return new Header(metadata, entries, 8 + length);
    }

    private static Map<String, String> metadata(Path file, JsonNode json) {
        var metadata = new LinkedHashMap<String, String>();
        JsonNode own = json.path(METADATA);
        check(own.isMissingNode() || own.isObject(), file, "its metadata are no object of texts");
        for (var entry : own.properties()) {
            check(entry.getValue().isString(), file, "its metadata '%s' are no text", Escaped.of(entry.getKey()));
            metadata.put(entry.getKey(), entry.getValue().asString());
        }
        return metadata;
    }

    /** The format wants every byte of the data to belong to one tensor, so that nothing hides in a file. */
    private static void checkCover(Path file, Map<String, Entry> entries, long data) {
        long at = 0;
        String before = "";
        var sorted = entries.entrySet().stream()
                .sorted(Comparator.comparingLong(
                                (Map.Entry<String, Entry> e) -> e.getValue().start())
                        .thenComparingLong(e -> e.getValue().end()))
                .toList();
        for (var entry : sorted) {
            long start = entry.getValue().start();
            check(start >= at, file, "'%s' and '%s' overlap", Escaped.of(before), Escaped.of(entry.getKey()));
            check(start == at, file, "nothing is said of its data from %d to %d", at, start);
            at = entry.getValue().end();
            before = entry.getKey();
        }
        check(at == data, file, "its tensors cover %d bytes of %d", at, data);
    }

    /**
     * The header of a file.
     *
     * @param metadata texts by name
     * @param entries where each tensor lies, by name, in the order of the file's header
     * @param base position of the first byte of the data
     */
    public record Header(Map<String, String> metadata, Map<String, Entry> entries, long base) {

        /** The number of values of all tensors together. */
        public long elements() {
            return entries.values().stream().mapToLong(Entry::elements).sum();
        }
    }

    /**
     * One tensor of a file.
     *
     * @param type of its elements
     * @param shape its sizes, the slowest first
     * @param start of its bytes in the data
     * @param end of its bytes in the data, exclusive
     */
    public record Entry(DType type, List<Long> shape, long start, long end) {

        private static Entry of(Path file, String foreign, JsonNode json, long data) {
            String name = Escaped.of(foreign);
            JsonNode code = json.path("dtype");
            check(code.isString(), file, "'%s' has no dtype", name);
            DType type;
            try {
                type = DType.ofCode(code.asString());
            } catch (IllegalArgumentException e) {
                throw new FormatException("%s: '%s': %s".formatted(file, name, Escaped.of(e.getMessage())));
            }
            JsonNode offsets = json.path("data_offsets");
            check(json.path("shape").isArray(), file, "'%s' has no shape", name);
            check(offsets.isArray() && offsets.size() == 2, file, "'%s' has no two data_offsets", name);
            var shape = new ArrayList<Long>();
            long bytes = type.bytes();
            for (JsonNode node : json.get("shape")) {
                long size = whole(node);
                check(
                        size >= 0 && (size == 0 || bytes <= Integer.MAX_VALUE / size),
                        file,
                        "'%s' has the shape %s",
                        name,
                        Escaped.of(json.get("shape")));
                bytes *= size;
                shape.add(size);
            }
            long start = whole(offsets.get(0));
            long end = whole(offsets.get(1));
            check(
                    start >= 0 && end >= start && end <= data && end - start == bytes,
                    file,
                    "'%s' of %d bytes lies at %s to %s of %d",
                    name,
                    bytes,
                    Escaped.of(offsets.get(0)),
                    Escaped.of(offsets.get(1)),
                    data);
            return new Entry(type, List.copyOf(shape), start, end);
        }

        /** The value of a whole number that a long can hold, else -1. */
        private static long whole(JsonNode node) {
            return node.isIntegralNumber() && node.canConvertToLong() ? node.asLong() : -1;
        }

        /** The number of its values. */
        public long elements() {
            return (end - start) / type.bytes();
        }

        private Tensor read(FileChannel channel, long base) throws IOException {
            long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
            return Tensor.filled(type, bytes -> OpenFile.fill(channel, base + start, bytes), sizes);
        }
    }

    private static void write(java.nio.channels.WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void check(boolean sound, Path file, String fault, Object... values) {
        if (!sound) {
            throw new FormatException(
                    file + ": not a safetensors file, or damaged: " + String.format(Locale.ROOT, fault, values));
        }
    }
}
