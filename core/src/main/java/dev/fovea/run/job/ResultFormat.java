package dev.fovea.run.job;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.ParquetWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** What results are written as: the ending of their file's name. */
public enum ResultFormat {
    /** A line with a JSON object for each image. */
    JSONL {
        @Override
        void write(Rows rows, WritableByteChannel channel) throws IOException {
            try (BufferedWriter writer = text(channel)) {
                rows.each(row -> writer.append(row.object()).append('\n'));
            }
        }
    },
    /** A row for each image, with a header; the answer is JSON. */
    CSV {
        @Override
        void write(Rows rows, WritableByteChannel channel) throws IOException {
            try (var printer = new CSVPrinter(text(channel), CSVFormat.RFC4180)) {
                printer.printRecord(ResultRow.COLUMNS);
                rows.each(row -> {
                    Map<String, Object> cells = row.cells();
                    printer.printRecord(ResultRow.COLUMNS.stream()
                            .map(column -> cells.getOrDefault(column, ""))
                            .toList());
                });
            }
        }
    },
    /** The same table; cells without a value have none. */
    PARQUET {
        @Override
        void write(Rows rows, WritableByteChannel channel) throws IOException {
            try (var writer = new ParquetWriter(channel, TABLE)) {
                rows.each(row -> writer.add(row.cells()));
            }
        }
    };

    private static final List<ParquetWriter.Column> TABLE = ResultRow.COLUMNS.stream()
            .map(name -> new ParquetWriter.Column(
                    name,
                    switch (name) {
                        case "index" -> ParquetWriter.Type.LONG;
                        case "confidence" -> ParquetWriter.Type.DOUBLE;
                        default -> ParquetWriter.Type.TEXT;
                    }))
            .toList();

    /** All rows in their order. */
    @FunctionalInterface
    interface Rows {
        void each(To to) throws IOException;
    }

    /** Takes in a row. */
    @FunctionalInterface
    interface To {
        void add(ResultRow row) throws IOException;
    }

    abstract void write(Rows rows, WritableByteChannel channel) throws IOException;

    private static BufferedWriter text(WritableByteChannel channel) {
        return new BufferedWriter(Channels.newWriter(new Kept(channel), StandardCharsets.UTF_8));
    }

    /** Writes all of it or nothing. */
    void write(Rows rows, Path file) {
        AtomicFile.write(file, channel -> write(rows, new Kept(channel)));
    }

    /**
     * The format that the name of {@code file} ends with.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ResultFormat of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(one -> name.endsWith(one.ending()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s: results are written to a file that ends with %s"
                        .formatted(
                                file,
                                Arrays.stream(values())
                                        .map(ResultFormat::ending)
                                        .collect(Collectors.joining(", ")))));
    }

    private String ending() {
        return "." + name().toLowerCase(Locale.ROOT);
    }

    /** A channel that who writes it must not close: what it belongs to is synced after. */
    private record Kept(WritableByteChannel channel) implements WritableByteChannel {

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return channel.write(bytes);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() {}
    }
}
