package dev.fovea.io;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Thrift's compact protocol, as far as the headers and the footer of a Parquet file need it. */
final class ThriftCompact {

    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;
    private static final int SHORT_LIST = 15;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Deque<Integer> outer = new ArrayDeque<>();
    private int last;

    /** A structure that is the whole of what is written. */
    static byte[] struct(Consumer<ThriftCompact> fields) {
        var thrift = new ThriftCompact();
        fields.accept(thrift);
        thrift.out.write(0);
        return thrift.out.toByteArray();
    }

    private void field(int id, int type) {
        out.write((id - last) << 4 | type);
        last = id;
    }

    void i32(int id, int value) {
        field(id, I32);
        zigzag(value);
    }

    void i64(int id, long value) {
        field(id, I64);
        zigzag(value);
    }

    void text(int id, String value) {
        field(id, BINARY);
        binary(value);
    }

    void struct(int id, Consumer<ThriftCompact> fields) {
        field(id, STRUCT);
        inner(fields);
    }

    <T> void structs(int id, List<T> all, BiConsumer<ThriftCompact, T> fields) {
        list(id, STRUCT, all.size());
        all.forEach(one -> inner(thrift -> fields.accept(thrift, one)));
    }

    void texts(int id, List<String> all) {
        list(id, BINARY, all.size());
        all.forEach(this::binary);
    }

    void numbers(int id, List<Integer> all) {
        list(id, I32, all.size());
        all.forEach(this::zigzag);
    }

    private void inner(Consumer<ThriftCompact> fields) {
        outer.push(last);
        last = 0;
        fields.accept(this);
        out.write(0);
        last = outer.pop();
    }

    private void list(int id, int type, int size) {
        field(id, LIST);
        if (size < SHORT_LIST) {
            out.write(size << 4 | type);
        } else {
            out.write(SHORT_LIST << 4 | type);
            varint(out, size);
        }
    }

    private void binary(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        varint(out, bytes.length);
        out.writeBytes(bytes);
    }

    private void zigzag(long value) {
        varint(out, value << 1 ^ value >> 63);
    }

    /** Seven bits a byte, the lowest first. */
    static void varint(ByteArrayOutputStream out, long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            out.write((int) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }
}
