package dev.fovea.serve.studio.models;

import dev.fovea.data.Data;
import dev.fovea.data.DataStamp;
import dev.fovea.io.FileStamp;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** A file of a model and its data, by whose times and sizes a change of one of them shows. */
public final class Watched {

    private static final long BETWEEN_LOOKS = 2_000_000_000L;
    private static final DataStamp NOWHERE = new DataStamp(0, 0, 0);

    private final Path file;
    private final Optional<Path> data;
    private final FileStamp state;
    private final DataStamp stamp;

    /** Data of many folders is not looked at for each of hundreds of images. */
    private volatile long looked = System.nanoTime();

    private Watched(Path file, Optional<Path> data) {
        this.file = file;
        this.data = data;
        state = FileStamp.of(file);
        stamp = data.map(DataStamp::of).orElse(NOWHERE);
    }

    /**
     * As they are now.
     *
     * @param file that is written anew where the model is another
     * @param data as {@link Data#open} takes it, of which a part lies where all of it does; nowhere where it is built in
     */
    public static Watched of(Path file, String data) {
        try {
            String place = Data.partOf(data)
                    .map(part -> data.substring(0, data.length() - part.length() - 1))
                    .orElse(data);
            return new Watched(file, Optional.of(Path.of(place)).filter(Path::isAbsolute));
        } catch (InvalidPathException e) {
            return new Watched(file, Optional.empty()); // who opens it says what is wrong
        }
    }

    /** For names of what was made of them. */
    public String stamp() {
        return "%s-%s-%s-%s-%s-"
                .formatted(
                        Long.toHexString(state.time().toMillis()),
                        state.bytes(),
                        stamp.folders(),
                        Long.toHexString(stamp.sum()),
                        stamp.bytes());
    }

    public boolean unchanged() {
        if (!state.equals(FileStamp.of(file))) {
            return false;
        }
        long now = System.nanoTime();
        if (now - looked < BETWEEN_LOOKS) {
            return true;
        }
        boolean same = data.map(DataStamp::of).orElse(NOWHERE).equals(stamp);
        looked = same ? now : looked;
        return same;
    }
}
