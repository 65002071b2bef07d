package dev.fovea.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads TFRecords and protocol buffers by their published definitions alone (tensorflow's record_writer.h, event.proto,
 * summary.proto; tensorboard's hparams plugin): nothing of the writer is used.
 */
public final class EventFile {

    /** Fields of a message: numbers as Long (varint, 64 and 32 bits as they are), blocks as byte[]. */
    public record Message(Map<Integer, List<Object>> fields) {

        public static Message of(byte[] bytes) {
            var fields = new LinkedHashMap<Integer, List<Object>>();
            var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            while (in.hasRemaining()) {
                int key = (int) varint(in);
                Object value = switch (key & 7) {
                    case 0 -> varint(in);
                    case 1 -> in.getLong();
                    case 5 -> (long) in.getInt();
                    case 2 -> {
                        byte[] block = new byte[(int) varint(in)];
                        in.get(block);
                        yield block;
                    }
                    default -> throw new IllegalStateException("wire type " + (key & 7));
                };
                fields.computeIfAbsent(key >>> 3, k -> new ArrayList<>()).add(value);
            }
            return new Message(fields);
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = in.get();
                value |= (long) (next & 0x7F) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        public boolean has(int field) {
            return fields.containsKey(field);
        }

        public byte[] block(int field) {
            return (byte[]) fields.get(field).get(0);
        }

        public Message message(int field) {
            return of(block(field));
        }

        public List<Message> messages(int field) {
            return fields.getOrDefault(field, List.of()).stream()
                    .map(value -> of((byte[]) value))
                    .toList();
        }

        public String text(int field) {
            return new String(block(field), StandardCharsets.UTF_8);
        }

        public long whole(int field) {
            return has(field) ? (Long) fields.get(field).get(0) : 0;
        }

        public double number(int field) {
            return Double.longBitsToDouble(whole(field));
        }

        public float single(int field) {
            return Float.intBitsToFloat((int) whole(field));
        }
    }

    private EventFile() {}

    /** The events of a file, each record's lengths and checksums looked at. */
    public static List<Message> read(Path file) throws IOException {
        var in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        var events = new ArrayList<Message>();
        while (in.hasRemaining()) {
            byte[] length = new byte[8];
            in.get(length);
            check(in.getInt(), length);
            byte[] data = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            in.get(data);
            check(in.getInt(), data);
            events.add(Message.of(data));
        }
        return events;
    }

    private static void check(int masked, byte[] bytes) {
        int crc = ~0; // CRC-32C bit by bit, polynomial 0x1EDC6F41 reflected
        for (byte b : bytes) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82F63B78;
            }
        }
        crc = ~crc;
        if (masked != (crc >>> 15 | crc << 17) + 0xA282EAD8) {
            throw new IllegalStateException("a record's checksum does not fit");
        }
    }
}
