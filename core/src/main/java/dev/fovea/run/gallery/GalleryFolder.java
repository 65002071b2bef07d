package dev.fovea.run.gallery;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.Escaped;
import dev.fovea.io.FormatException;
import dev.fovea.io.Reason;
import dev.fovea.run.TemporaryFolder;
import dev.fovea.run.gallery.Gallery.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A gallery on disk: {@code gallery.json}, which says what the others hold, {@code images.csv}, {@code vectors.f32} with the
 * embeddings as little-endian float32 row by row, and of many images {@code graph}.
 */
final class GalleryFolder {

    static final String HEADER = "gallery.json";
    static final String IMAGES = "images.csv";
    static final String VECTORS = "vectors.f32";
    private static final String GRAPH = "graph";
    private static final String FORMAT = "fovea-gallery-1";
    private static final int MOST_IMAGES = 100_000_000;
    private static final int MOST_DIMENSIONS = 1 << 16;
    private static final int AT_ONCE = 1024;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    /**
     * What the other files hold.
     *
     * @param base folder that names of files start from
     * @param images number of images
     * @param dimensions numbers of an embedding
     * @param graph whether there is a graph
     * @param namesChecksum CRC-32C of {@code images.csv}
     * @param vectorsChecksum CRC-32C of {@code vectors.f32}
     */
    private record Header(
            String format,
            Gallery.Model model,
            String base,
            int images,
            int dimensions,
            boolean graph,
            long namesChecksum,
            long vectorsChecksum) {}

    private GalleryFolder() {}

    static void write(Gallery gallery, Path folder, int exact) {
        Path place = folder.toAbsolutePath().normalize();
        if (Files.exists(place) && !Files.isRegularFile(place.resolve(HEADER)) && !isEmpty(place)) {
            throw new IllegalArgumentException(
                    "%s: something else is there. Choose a new name for the gallery".formatted(folder));
        }
        Path temporary = place.resolveSibling(".fovea-" + Long.toHexString(System.nanoTime()) + ".part");
        try {
            Files.createDirectories(temporary);
            byte[] names = names(gallery.entries());
            AtomicFile.write(temporary.resolve(IMAGES), names);
            long vectors = writeVectors(temporary.resolve(VECTORS), gallery);
            boolean graph = gallery.size() > exact;
            if (graph) {
                VectorGraph.write(temporary.resolve(GRAPH), gallery.rows());
            }
            var header = new Header(
                    FORMAT,
                    gallery.model(),
                    gallery.base().toString(),
                    gallery.size(),
                    gallery.dimensions(),
                    graph,
                    checksum(names),
                    vectors);
            AtomicFile.write(temporary.resolve(HEADER), JSON.writeValueAsString(header));
            replace(temporary, place);
        } catch (IOException e) {
            discard(temporary);
            throw new UncheckedIOException("%s: cannot be written (%s)".formatted(folder, Reason.of(e)), e);
        } catch (RuntimeException e) {
            discard(temporary);
            throw e;
        }
    }

    private static boolean isEmpty(Path folder) {
        try (var inside = Files.newDirectoryStream(folder)) {
            return !inside.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }

    /** An older gallery is moved aside until the new one stands in its place. */
    private static void replace(Path made, Path place) throws IOException {
        if (!Files.exists(place)) {
            Files.move(made, place);
            return;
        }
        Path aside = made.resolveSibling(made.getFileName() + "-before");
        Files.move(place, aside);
        try {
            Files.move(made, place);
        } catch (IOException e) {
            Files.move(aside, place);
            throw e;
        }
        discard(aside);
    }

    private static void discard(Path folder) {
        if (Files.exists(folder)) {
            try (var gone = new TemporaryFolder(folder)) {
                return;
            } catch (UncheckedIOException e) {
                // it takes room, nothing more
            }
        }
    }

    private static byte[] names(List<Entry> entries) {
        var text = new StringBuilder();
        try (var csv = new CSVPrinter(text, CSVFormat.DEFAULT)) {
            csv.printRecord("file", "label");
            for (Entry entry : entries) {
                csv.printRecord(entry.file(), entry.label());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static long checksum(byte[] bytes) {
        var sum = new CRC32C();
        sum.update(bytes);
        return sum.getValue();
    }

    /** Gives the checksum. */
    private static long writeVectors(Path file, Gallery gallery) {
        var sum = new CRC32C();
        int width = gallery.dimensions();
        List<float[]> rows = gallery.rows();
        AtomicFile.write(file, channel -> {
            for (int from = 0; from < gallery.size(); from += AT_ONCE) {
                List<float[]> some = rows.subList(from, Math.min(from + AT_ONCE, gallery.size()));
                ByteBuffer buffer = buffer(some.size() * width);
                some.forEach(row -> {
                    for (float value : row) {
                        buffer.putFloat(value);
                    }
                });
                buffer.flip();
                sum.update(buffer.duplicate());
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        });
        return sum.getValue();
    }

    private static ByteBuffer buffer(int floats) {
        return ByteBuffer.allocate(floats * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    static Gallery read(Path folder) {
        Path file = folder.resolve(HEADER);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    folder + ": not a gallery. Expected a folder with gallery.json, as `fovea index` writes");
        }
        try {
            Header header = header(file);
            List<Entry> entries = entries(folder.resolve(IMAGES), header);
            Path vectors = folder.resolve(VECTORS);
            checkLength(vectors, header);
            Path base = Path.of(header.base());
            if (header.graph()) {
                var graph = VectorGraph.open(folder.resolve(GRAPH), header.images());
                return new Gallery(
                        header.model(), base, entries, header.dimensions(), () -> rows(vectors, header), graph);
            }
            List<float[]> rows = rows(vectors, header);
            return new Gallery(header.model(), base, entries, header.dimensions(), () -> rows, new Vectors.Exact(rows));
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be read (%s)".formatted(folder, Reason.of(e)), e);
        }
    }

    private static Header header(Path file) throws IOException {
        Header header;
        try {
            header = JSON.readValue(Files.readAllBytes(file), Header.class);
        } catch (JacksonException e) {
            throw new FormatException(file + ": damaged or cut off: not the header of a gallery. Make it anew");
        }
        if (!header.format().equals(FORMAT)) {
            throw new FormatException("%s: format '%s', this release reads %s. Make the gallery anew"
                    .formatted(file, Escaped.of(header.format()), FORMAT));
        }
        if (header.images() < 1
                || header.images() > MOST_IMAGES
                || header.dimensions() < 1
                || header.dimensions() > MOST_DIMENSIONS) {
            throw new FormatException("%s: damaged: %s images with %s numbers each. Make the gallery anew"
                    .formatted(file, header.images(), header.dimensions()));
        }
        return header;
    }

    private static List<Entry> entries(Path file, Header header) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new FormatException(file + ": is missing. Make the gallery anew");
        }
        byte[] bytes = Files.readAllBytes(file);
        if (checksum(bytes) != header.namesChecksum()) {
            throw new FormatException(file
                    + ": damaged or cut off: its checksum is another than gallery.json says. Make the gallery anew");
        }
        var entries = new ArrayList<Entry>();
        try (var csv = CSVParser.parse(
                new String(bytes, StandardCharsets.UTF_8),
                CSVFormat.DEFAULT
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get())) {
            for (CSVRecord record : csv) {
                entries.add(new Entry(record.get(0), record.get(1)));
            }
        }
        if (entries.size() != header.images()) {
            throw new FormatException("%s: has %s images, gallery.json says %s. Make the gallery anew"
                    .formatted(file, entries.size(), header.images()));
        }
        return entries;
    }

    private static void checkLength(Path file, Header header) throws IOException {
        long wanted = (long) header.images() * header.dimensions() * Float.BYTES;
        long there = Files.isRegularFile(file) ? Files.size(file) : 0;
        if (there != wanted) {
            throw new FormatException("%s: cut off or of another gallery: %s bytes, expected %s. Make the gallery anew"
                    .formatted(file, there, wanted));
        }
    }

    private static List<float[]> rows(Path file, Header header) {
        var rows = new ArrayList<float[]>(header.images());
        var sum = new CRC32C();
        try (var channel = FileChannel.open(file)) {
            for (int from = 0; from < header.images(); from += AT_ONCE) {
                int count = Math.min(AT_ONCE, header.images() - from);
                ByteBuffer buffer = buffer(count * header.dimensions());
                while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                    continue;
                }
                buffer.flip();
                sum.update(buffer.duplicate());
                for (int i = 0; i < count; i++) {
                    float[] row = new float[header.dimensions()];
                    buffer.asFloatBuffer().get(row);
                    buffer.position(buffer.position() + row.length * Float.BYTES);
                    rows.add(row);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be read (%s)".formatted(file, Reason.of(e)), e);
        }
        if (sum.getValue() != header.vectorsChecksum()) {
            throw new FormatException(
                    file + ": damaged: its checksum is another than gallery.json says. Make the gallery anew");
        }
        return rows;
    }
}
