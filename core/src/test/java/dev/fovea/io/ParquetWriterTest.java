package dev.fovea.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Apache's own reader makes of what is written. */
class ParquetWriterTest {

    private static final List<ParquetWriter.Column> COLUMNS = List.of(
            new ParquetWriter.Column("number", ParquetWriter.Type.LONG),
            new ParquetWriter.Column("share", ParquetWriter.Type.DOUBLE),
            new ParquetWriter.Column("text", ParquetWriter.Type.TEXT));

    @TempDir
    private Path folder;

    private List<Map<String, Object>> read(List<Map<String, Object>> rows) throws IOException {
        Path file = folder.resolve("table.parquet");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                var writer = new ParquetWriter(channel, COLUMNS)) {
            for (Map<String, Object> row : rows) {
                writer.add(row);
            }
        }
        return ParquetTable.read(file);
    }

    @Test
    void readersFindTheValuesThatWereWritten() throws IOException {
        List<Map<String, Object>> rows = List.of(
                Map.of("number", 0L, "share", 0.25, "text", "a"),
                Map.of("number", Long.MIN_VALUE, "text", ""),
                Map.of("share", -0.0, "text", "Ärger, \"und\"\n\uD83D\uDC08"),
                Map.of(),
                Map.of("number", Long.MAX_VALUE, "share", Double.MIN_VALUE));
        assertThat(read(rows)).isEqualTo(rows);
    }

    @Test
    void aTableMayBeEmpty() throws IOException {
        assertThat(read(List.of())).isEmpty();
    }

    @Test
    void severalGroupsOfRowsAreOneTable() throws IOException {
        List<Map<String, Object>> rows = IntStream.range(0, 300_000)
                .<Map<String, Object>>mapToObj(i ->
                        i % 3 == 0 ? Map.of("number", (long) i) : Map.of("number", (long) i, "text", "row " + i % 7))
                .toList();
        assertThat(read(rows)).isEqualTo(rows);
    }
}
