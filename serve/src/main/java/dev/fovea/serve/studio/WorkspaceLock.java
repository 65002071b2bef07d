package dev.fovea.serve.studio;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Held while a studio has a workspace open: two queues on one machine would train at the same time. */
final class WorkspaceLock implements AutoCloseable {

    private static final int LONGEST = 200;

    private final FileChannel channel;
    private final Path address;

    private WorkspaceLock(FileChannel channel, Path address) {
        this.channel = channel;
        this.address = address;
    }

    /**
     * The lock of the workspace whose own folder is {@code own}; none if nothing can be written there.
     *
     * @throws IllegalArgumentException if another studio holds it
     */
    static Optional<WorkspaceLock> of(Path own) {
        Path address = own.resolve("studio-address");
        try {
            Files.createDirectories(own);
            FileChannel channel =
                    FileChannel.open(own.resolve("studio.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (locked(channel) == null) {
                channel.close();
                throw new IllegalArgumentException(
                        "%s: another studio has this workspace open%s. Use that one, or stop it first"
                                .formatted(own.getParent(), where(address)));
            }
            return Optional.of(new WorkspaceLock(channel, address));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static FileLock locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another studio in this process
        }
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
            channel.close();
        } catch (IOException e) {
            // the process ends, and its locks with it
        }
    }
}
