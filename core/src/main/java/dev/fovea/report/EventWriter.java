package dev.fovea.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Scalars for TensorBoard: an {@code events.out.tfevents} file of length-prefixed, checksummed records, each an
 * Event message of TensorFlow's {@code event.proto}. The three messages needed are encoded here; the generated
 * classes would bring TensorFlow along.
 */
public final class EventWriter implements AutoCloseable {

    private final OutputStream out;

    /** Begins a new file in {@code folder}. */
    public EventWriter(Path folder, long epochSecond) {
        try {
            out = Files.newOutputStream(
                    folder.resolve("events.out.tfevents." + epochSecond + ".fovea"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": no events file can be made here (" + e.getMessage() + ")", e);
        }
        var version = new Message().number(1, epochSecond).text(3, "brain.Event:2");
        write(version.bytes());
    }

    /** One value of a curve. */
    public void scalar(String tag, long step, double value, double epochSecond) {
        var one = new Message().text(1, tag).single(2, (float) value);
        var summary = new Message().message(1, one);
        write(new Message()
                .number(1, epochSecond)
                .whole(2, step)
                .message(5, summary)
                .bytes());
    }

    private void write(byte[] event) {
        var record = ByteBuffer.allocate(16 + event.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(event.length).putInt(masked(record.array(), 0, 8)).put(event);
        record.putInt(masked(record.array(), 12, event.length));
        try {
            out.write(record.array());
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the events file cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /** TFRecord's CRC: CRC-32C turned by 15 bits, plus a constant. */
    static int masked(byte[] bytes, int from, int count) {
        var crc = new CRC32C();
        crc.update(bytes, from, count);
        int value = (int) crc.getValue();
        return (value >>> 15 | value << 17) + 0xA282EAD8;
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A protocol-buffer message under construction. */
    private static final class Message {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message number(int field, double value) {
            varint(field << 3 | 1);
            bytes.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putDouble(value)
                    .array());
            return this;
        }

        Message single(int field, float value) {
            varint(field << 3 | 5);
            bytes.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(value)
                    .array());
            return this;
        }

        Message whole(int field, long value) {
            varint(field << 3);
            varint(value);
            return this;
        }

        Message text(int field, String value) {
            return block(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message inner) {
            return block(field, inner.bytes());
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        private Message block(int field, byte[] content) {
            varint(field << 3 | 2);
            varint(content.length);
            bytes.writeBytes(content);
            return this;
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes.write((int) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }
    }
}
