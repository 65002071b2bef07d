package dev.fovea.serve.studio;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Held while a studio has a workspace open: two queues on one machine would train at the same time. On a disk that knows no locks, as
 * some of other machines, nothing keeps a second studio away.
 */
final class WorkspaceLock implements AutoCloseable {

    private static final int LONGEST = 200;

    /** Takes the lock of a file. */
    interface Locking {

        /** @return null if somebody else has it */
        FileLock lock(FileChannel channel) throws IOException;
    }

    private final FileChannel channel;
    private final Path address;
    private final boolean locked;

    private WorkspaceLock(FileChannel channel, Path address, boolean locked) {
        this.channel = channel;
        this.address = address;
        this.locked = locked;
    }

    /**
     * The lock of the workspace whose own folder is {@code own}; none if nothing can be written there.
     *
     * @throws IllegalArgumentException if another studio holds it
     */
    static Optional<WorkspaceLock> of(Path own) {
        return of(own, FileChannel::tryLock);
    }

    static Optional<WorkspaceLock> of(Path own, Locking locking) {
        FileChannel channel;
        try {
            Files.createDirectories(own);
            channel = FileChannel.open(own.resolve("studio.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            return Optional.empty();
        }
        Path address = own.resolve("studio-address");
        try {
            if (locking.lock(channel) != null) {
                return Optional.of(new WorkspaceLock(channel, address, true));
            }
        } catch (IOException e) {
            return Optional.of(
                    new WorkspaceLock(channel, address, false)); // what can be written needs no lock for that
        } catch (OverlappingFileLockException e) {
            // another studio in this process
        }
        close(channel);
        throw new IllegalArgumentException(
                "%s: another studio has this workspace open%s. Use that one, or stop it first"
                        .formatted(own.getParent(), where(address)));
    }

    /** Whether it keeps others away. */
    boolean locked() {
        return locked;
    }

    private static String where(Path address) {
        try {
            String text = Files.readString(address);
            return text.matches("https?://[\\w.:\\[\\]-]{1,200}") ? " at " + text : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** Records the address of this studio, for whoever tries to open another. */
    void say(String own) {
        try {
            Files.writeString(address, own.length() > LONGEST ? "" : own);
        } catch (IOException e) {
            // the message lacks the address then
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(address);
        } catch (IOException e) {
            // it is overwritten the next time
        }
        close(channel);
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // the process ends, and its locks with it
        }
    }
}
