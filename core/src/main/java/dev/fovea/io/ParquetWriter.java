package dev.fovea.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a table as Parquet: columns of text and numbers, each of which may lack a value, compressed with gzip. Rows are held in
 * memory until a group of them is full.
 *
 * <p><a href="https://parquet.apache.org/docs/file-format/">Apache Parquet, File Format</a>; data pages of version 1, plain
 * encoding.
 */
public final class ParquetWriter implements AutoCloseable {

    /** What the values of a column are. */
    public enum Type {
        TEXT(6),
        LONG(2),
        DOUBLE(5);

        private final int number;

        Type(int number) {
            this.number = number;
        }
    }

    /** A column. */
    public record Column(String name, Type type) {}

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int GROUP_BYTES = 32 << 20;
    private static final int GROUP_ROWS = 1 << 17;
    private static final int OPTIONAL = 1;
    private static final int UTF8 = 0;
    private static final int GZIP = 2;
    private static final int PLAIN = 0;
    private static final int RLE = 3;

    /** A column's values in one group of rows, as they were written. */
    private record Chunk(Column column, long offset, int values, long plain, long written) {}

    private record Group(List<Chunk> chunks, int rows) {}

    private final WritableByteChannel out;
    private final List<Values> columns;
    private final List<Group> groups = new ArrayList<>();
    private long position;
    private int rows;
    private long total;

    /** @throws IOException if {@code out} cannot be written */
    public ParquetWriter(WritableByteChannel out, List<Column> columns) throws IOException {
        this.out = out;
        this.columns = columns.stream().map(Values::new).toList();
        write(MAGIC);
    }

    /**
     * Adds a row.
     *
     * @param row values by column: a {@link String}, {@link Long} or {@link Double}; a column that is not there has none
     * @throws IOException if it cannot be written
     */
    public void add(Map<String, ?> row) throws IOException {
        columns.forEach(one -> one.add(row.get(one.column.name())));
        rows++;
        total++;
        if (rows == GROUP_ROWS || columns.stream().mapToLong(Values::bytes).sum() > GROUP_BYTES) {
            group();
        }
    }

    private void group() throws IOException {
        var chunks = new ArrayList<Chunk>();
        for (Values one : columns) {
            byte[] page = one.page();
            byte[] packed = gzip(page);
            byte[] header = header(rows, page.length, packed.length);
            chunks.add(new Chunk(
                    one.column,
                    position,
                    rows,
                    (long) header.length + page.length,
                    (long) header.length + packed.length));
            write(header);
            write(packed);
        }
        groups.add(new Group(chunks, rows));
        rows = 0;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] header(int values, int plain, int packed) {
        return ThriftCompact.struct(page -> {
            page.i32(1, 0); // a data page
            page.i32(2, plain);
            page.i32(3, packed);
            page.struct(5, data -> {
                data.i32(1, values);
                data.i32(2, PLAIN);
                data.i32(3, RLE);
                data.i32(4, RLE);
            });
        });
    }

    /** Ends the file; without it there is none. */
    @Override
    public void close() throws IOException {
        if (rows > 0) {
            group();
        }
        byte[] footer = ThriftCompact.struct(this::footer);
        write(footer);
        write(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(footer.length)
                .array());
        write(MAGIC);
    }

    private void footer(ThriftCompact file) {
        var schema = new ArrayList<>(columns.stream().map(one -> one.column).toList());
        file.i32(1, 1);
        schema.add(0, new Column("table", Type.TEXT)); // the root, which has no type
        file.structs(2, schema, (element, column) -> {
            boolean root = column == schema.get(0);
            if (!root) {
                element.i32(1, column.type().number);
                element.i32(3, OPTIONAL);
            }
            element.text(4, column.name());
            if (root) {
                element.i32(5, columns.size());
            } else if (column.type() == Type.TEXT) {
                element.i32(6, UTF8);
                element.struct(10, logical -> logical.struct(1, string -> {}));
            }
        });
        file.i64(3, total);
        file.structs(4, groups, ParquetWriter::group);
        file.text(6, "fovea");
    }

    private static void group(ThriftCompact to, Group group) {
        to.structs(1, group.chunks(), (chunk, one) -> {
            chunk.i64(2, one.offset());
            chunk.struct(3, meta -> {
                meta.i32(1, one.column().type().number);
                meta.numbers(2, List.of(PLAIN, RLE));
                meta.texts(3, List.of(one.column().name()));
                meta.i32(4, GZIP);
                meta.i64(5, one.values());
                meta.i64(6, one.plain());
                meta.i64(7, one.written());
                meta.i64(9, one.offset());
            });
        });
        to.i64(2, group.chunks().stream().mapToLong(Chunk::plain).sum());
        to.i64(3, group.rows());
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            out.write(rest);
        }
        position += bytes.length;
    }

    /** The values of a column in the group that is being filled. */
    private static final class Values {

        private final Column column;
        private final ByteArrayOutputStream values = new ByteArrayOutputStream();
        private final ByteArrayOutputStream runs = new ByteArrayOutputStream();
        private boolean there;
        private int run;

        Values(Column column) {
            this.column = column;
        }

        long bytes() {
            return values.size();
        }

        void add(Object value) {
            if (run > 0 && there != (value != null)) {
                endRun();
            }
            there = value != null;
            run++;
            if (value == null) {
                return;
            }
            switch (column.type()) {
                case TEXT -> {
                    byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
                    values.writeBytes(number(Integer.BYTES).putInt(text.length).array());
                    values.writeBytes(text);
                }
                case LONG ->
                    values.writeBytes(number(Long.BYTES).putLong((Long) value).array());
                case DOUBLE ->
                    values.writeBytes(
                            number(Double.BYTES).putDouble((Double) value).array());
            }
        }

        private static ByteBuffer number(int bytes) {
            return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        /** So many rows that have a value, or have none. */
        private void endRun() {
            ThriftCompact.varint(runs, (long) run << 1);
            runs.write(there ? 1 : 0);
            run = 0;
        }

        /** Which rows have a value, and the values; empty afterwards. */
        byte[] page() {
            endRun();
            var page = new ByteArrayOutputStream();
            page.writeBytes(number(Integer.BYTES).putInt(runs.size()).array());
            page.writeBytes(runs.toByteArray());
            page.writeBytes(values.toByteArray());
            runs.reset();
            values.reset();
            return page.toByteArray();
        }
    }
}
