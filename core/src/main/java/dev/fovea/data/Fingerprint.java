package dev.fovea.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first eight bytes of SHA-256. */
final class Fingerprint {

    private Fingerprint() {}

    /** Of something drawn from these numbers alone, which need not be drawn to be told from others. */
    static long of(long... drawnFrom) {
        var bytes = ByteBuffer.allocate(drawnFrom.length * Long.BYTES);
        bytes.asLongBuffer().put(drawnFrom);
        return of(bytes.array());
    }

    static long of(byte[] bytes) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
