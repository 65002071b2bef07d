package dev.fovea.export;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A protobuf message as pieces of memory, so that messages within messages and large values are never copied. */
final class ProtoMessage {

    private static final int VARINT = 0;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;
    private static final int KEY_BITS = 3;
    private static final int LONGEST_KEY = 20;

    private final List<ByteBuffer> pieces = new ArrayList<>();
    private long size;

    /** Bytes in all. */
    long size() {
        return size;
    }

    ProtoMessage whole(int field, long value) {
        return key(out -> {
            out.writeUInt32NoTag(field << KEY_BITS | VARINT);
            out.writeUInt64NoTag(value);
        });
    }

    ProtoMessage real(int field, float value) {
        return key(out -> {
            out.writeUInt32NoTag(field << KEY_BITS | FIXED32);
            out.writeFloatNoTag(value);
        });
    }

    /** A word; an empty one is what readers take where none is written, so it is left out. */
    ProtoMessage text(int field, String value) {
        return value.isEmpty() ? this : element(field, value);
    }

    /** A word of a list, in which empty ones count. */
    ProtoMessage element(int field, String value) {
        return bytes(field, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** All of a buffer, which must not change until the message is written. */
    ProtoMessage bytes(int field, ByteBuffer value) {
        ByteBuffer whole = value.duplicate().rewind();
        length(field, whole.limit());
        return piece(whole);
    }

    ProtoMessage message(int field, ProtoMessage inner) {
        length(field, inner.size);
        inner.pieces.forEach(this::piece);
        return this;
    }

    /** Whole numbers, packed. */
    ProtoMessage wholes(int field, List<Long> values) {
        if (values.isEmpty()) {
            return this;
        }
        var packed = new ProtoMessage();
        values.forEach(value -> packed.key(out -> out.writeUInt64NoTag(value)));
        return message(field, packed);
    }

    /** Numbers, packed. */
    ProtoMessage reals(int field, List<Float> values) {
        if (values.isEmpty()) {
            return this;
        }
        var data = ByteBuffer.allocate(values.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(data::putFloat);
        return bytes(field, data.flip());
    }

    /** Writes all of it. */
    void writeTo(WritableByteChannel channel) throws IOException {
        for (ByteBuffer piece : pieces) {
            for (ByteBuffer rest = piece.duplicate(); rest.hasRemaining(); ) {
                channel.write(rest);
            }
        }
    }

    private void length(int field, long length) {
        key(out -> {
            out.writeUInt32NoTag(field << KEY_BITS | LENGTH);
            out.writeUInt64NoTag(length);
        });
    }

    /** What is written of few bytes. */
    @FunctionalInterface
    private interface Few {
        void to(CodedOutputStream out) throws IOException;
    }

    private ProtoMessage key(Few few) {
        byte[] bytes = new byte[LONGEST_KEY];
        var out = CodedOutputStream.newInstance(bytes);
        try {
            few.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return piece(ByteBuffer.wrap(bytes, 0, bytes.length - out.spaceLeft()));
    }

    private ProtoMessage piece(ByteBuffer piece) {
        pieces.add(piece);
        size += piece.remaining();
        return this;
    }
}
