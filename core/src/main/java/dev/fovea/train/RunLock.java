package dev.fovea.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
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
        for (int i = 1; i <= TRIES; i++) {
            Optional<RunLock> taken = taken(run, folder);
            if (taken.isPresent()) {
                return taken.get();
            }
            LockSupport.parkNanos(BETWEEN_TRIES); // who only asks has it for a moment; a training has it for long
        }
        throw inUse(run);
    }

    /** None if another process has it now. */
    private static Optional<RunLock> taken(RunFolder run, Path folder) {
        synchronized (HELD) {
            if (HELD.contains(folder)) {
                throw inUse(run);
            }
            FileChannel channel = null;
            try {
                channel = FileChannel.open(run.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (channel.tryLock() == null) {
                    channel.close();
                    return Optional.empty();
                }
            } catch (IOException e) {
                // A file system without locks, or a folder that cannot be written to, of which the first file will
                // tell.
            }
            HELD.add(folder);
            return Optional.of(new RunLock(folder, channel));
        }
    }

    /** Whether a training is writing into {@code run} now. */
    public static boolean isHeld(RunFolder run) {
        Path folder = real(run.path());
        synchronized (HELD) { // who asks in this process is never taken for a training
            if (HELD.contains(folder)) {
                return true;
            }
            if (!Files.isRegularFile(run.lock())) {
                return false;
            }
            // Shared with others who ask, so that none is taken for a training and nobody has to wait.
            try (var channel = FileChannel.open(run.lock(), StandardOpenOption.READ)) {
                return channel.tryLock(0, Long.MAX_VALUE, true) == null;
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
