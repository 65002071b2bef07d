package dev.fovea.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The right to write into a run folder, which one training has at a time. It ends with the process at the latest, however
 * that ends, so that a killed run can go on at once.
 */
public final class RunLock implements AutoCloseable {

    /** Those of this process, which it guards, too: closing a second channel of a file would give up the first one's lock on many systems. */
    private static final Set<Path> HELD = new HashSet<>();

    private static final int TRIES = 5;
    private static final long BETWEEN_TRIES = TimeUnit.MILLISECONDS.toNanos(40);

    private final Path folder;
    private final FileChannel channel;

    private RunLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes it.
     *
     * @throws IllegalArgumentException if another training has it
     */
    public static RunLock of(RunFolder run) {
        Path folder = real(run.path());
        synchronized (HELD) {
            if (HELD.contains(folder)) {
                throw inUse(run);
            }
            FileChannel channel = null;
            try {
                channel = FileChannel.open(run.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (!locked(channel)) {
                    channel.close();
                    throw inUse(run);
                }
            } catch (IOException e) {
                // A file system without locks, or a folder that cannot be written to, of which the first file will
                // tell.
            }
            HELD.add(folder);
            return new RunLock(folder, channel);
        }
    }

    /** Who only asks whether there is a training has it for a moment; a training has it for long. */
    private static boolean locked(FileChannel channel) throws IOException {
        for (int i = 1; channel.tryLock() == null; i++) {
            if (i == TRIES) {
                return false;
            }
            LockSupport.parkNanos(BETWEEN_TRIES);
        }
        return true;
    }

    /** Whether a training is writing into {@code run} now. */
    public static boolean isHeld(RunFolder run) {
        synchronized (HELD) { // who asks in this process is never taken for a training
            if (HELD.contains(real(run.path()))) {
                return true;
            }
            if (!Files.isRegularFile(run.lock())) {
                return false;
            }
            try (var channel = FileChannel.open(run.lock(), StandardOpenOption.WRITE)) {
                return !locked(channel);
            } catch (IOException e) {
                return false;
            }
        }
    }

    private static IllegalArgumentException inUse(RunFolder run) {
        return new IllegalArgumentException(
                run.path() + ": another process is training this run. Wait for it to end, or stop it first");
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder.toAbsolutePath().normalize();
        }
    }

    @Override
    public void close() {
        synchronized (HELD) {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                // the system gives the lock up with the process
            } finally {
                HELD.remove(folder);
            }
        }
    }
}
