package dev.fovea.report;

import java.awt.image.BufferedImage;
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
import java.util.Map;
import java.util.zip.CRC32C;
import javax.imageio.ImageIO;

/**
 * Scalars, images and hyper-parameters for TensorBoard: an {@code events.out.tfevents} file of length-prefixed, checksummed records, each an
 * Event message of TensorFlow's {@code event.proto}. The messages needed are encoded here; the generated
 * classes would bring TensorFlow along.
 *
 * <p>A tag's part before its first slash is the group that TensorBoard shows it in.
 */
public final class EventWriter implements AutoCloseable {

    private static final int RGB = 3;
    private static final int FLOAT = 1;

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
        summary(step, epochSecond, new Message().text(1, tag).single(2, (float) value));
    }

    /** One image, as PNG. */
    public void image(String tag, long step, BufferedImage image, double epochSecond) {
        var png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var content = new Message()
                .whole(1, image.getHeight())
                .whole(2, image.getWidth())
                .whole(3, RGB)
                .block(4, png.toByteArray());
        summary(step, epochSecond, new Message().text(1, tag).message(4, content));
    }

    /**
     * What decides the run, for the table of hyper-parameters.
     *
     * @param values numbers, truth values, all else as text
     */
    public void hyperParameters(String run, Map<String, Object> values, double epochSecond) {
        var start = new Message();
        values.forEach((name, value) -> {
            var one = new Message();
            if (value instanceof Number number) {
                one.number(2, number.doubleValue());
            } else if (value instanceof Boolean truth) {
                one.whole(4, truth ? 1 : 0);
            } else {
                one.text(3, String.valueOf(value));
            }
            start.message(1, new Message().text(1, name).message(2, one));
        });
        start.text(4, run).number(5, epochSecond);
        var plugin = new Message().text(1, "hparams").message(2, new Message().message(3, start));
        // A summary needs a value; this one is not looked at.
        var nothing = new Message()
                .whole(1, FLOAT)
                .message(2, new Message().message(2, new Message().whole(1, 1)))
                .block(5, new byte[4]);
        summary(
                0,
                epochSecond,
                new Message()
                        .text(1, "_hparams_/session_start_info")
                        .message(8, nothing)
                        .message(9, new Message().message(1, plugin)));
    }

    private void summary(long step, double epochSecond, Message value) {
        write(new Message()
                .number(1, epochSecond)
                .whole(2, step)
                .message(5, new Message().message(1, value))
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
