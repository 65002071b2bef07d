package dev.fovea.io;

import java.io.IOException;
import java.nio.file.Path;

/** A file is not read, as it lies outside of the {@link ClosedFolder} in which it is named; the message is the reason alone. */
public final class OutsideException extends IOException {

    OutsideException(Path folder) {
        super("a link that leads out of " + folder);
    }
}
