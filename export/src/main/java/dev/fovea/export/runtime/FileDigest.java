package dev.fovea.export.runtime;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What tells a file from any other. */
final class FileDigest {

    private static final int PIECE = 1 << 20;

    private FileDigest() {}

    /** The SHA-256 of a file, uint8 [32]. */
    static Tensor of(Path file) {
        try (var in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] piece = new byte[PIECE];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                digest.update(piece, 0, read);
            }
            byte[] sum = digest.digest();
            return Tensor.filled(DType.UINT8, memory -> memory.put(sum), sum.length);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be read (%s)".formatted(file, Reason.of(e)), e);
        }
    }
}
