package dev.fovea.io;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Downloads with a checksum, continued after a break. */
public final class Download {

    private static final int TRIES = 3;

    /** How long a server may send nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Told how much of a file is there. */
    @FunctionalInterface
    public interface Progress {
        /** @param total bytes in all, or -1 where the server does not say */
        void at(String file, long done, long total);
    }

    private Download() {}

    /**
     * Fetches {@code source} to {@code file} unless it is there with the right sum. What a broken try has fetched
     * stays in {@code file.part} and is continued.
     *
     * @param algorithm such as {@code MD5} or {@code SHA-256}
     * @param sum expected, hexadecimal, or how it begins: eight digits of a publisher's file name
     * @throws UncheckedIOException if the server cannot be reached or breaks off again and again
     * @throws FormatException if the sum is another; the download is then deleted
     */
    public static void to(Path file, URI source, String algorithm, String sum, Progress progress) {
        to(file, source, algorithm, sum, progress, PATIENCE);
    }

    /**
     * The same, refusing what is longer than {@code most} bytes.
     *
     * @throws FormatException if the server sends more; the download is then deleted
     */
    public static void to(Path file, URI source, String algorithm, String sum, long most, Progress progress) {
        to(file, source, algorithm, sum, bounded(file, source, most, progress), PATIENCE);
    }

    private static Progress bounded(Path file, URI source, long most, Progress progress) {
        return (name, done, total) -> {
            if (Math.max(done, total) > most) {
                try {
                    Files.deleteIfExists(part(file));
                } catch (IOException e) {
                    // the next try will see it
                }
                throw new FormatException(String.format(
                        Locale.ROOT,
                        "%s: the server sends %,d bytes or more, expected at most %,d. It was deleted; this is another file",
                        source,
                        Math.max(done, total),
                        most));
            }
            progress.at(name, done, total);
        };
    }

    private static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    static void to(Path file, URI source, String algorithm, String sum, Progress progress, Duration patience) {
        Path part = part(file);
        try {
            if (Files.isRegularFile(file) && matches(digest(file, algorithm), sum)) {
                return;
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            fetch(part, source, progress, patience);
            String found = digest(part, algorithm);
            if (!matches(found, sum)) {
                Files.delete(part);
                throw new FormatException("%s: the download has the %s sum %s, expected %s. It was deleted; try again"
                        .formatted(source, algorithm, found, sum));
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s: the download broke off (%s). What is there is kept; try again to continue"
                            .formatted(
                                    source,
                                    e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                    e);
        }
    }

    private static void fetch(Path part, URI source, Progress progress, Duration patience) throws IOException {
        var client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(20))
                .build();
        for (int attempt = 1; ; attempt++) {
            try {
                if (continued(client, part, source, progress, patience)) {
                    return;
                }
                throw new IOException("the connection ended before the file did");
            } catch (IOException e) {
                if (attempt == TRIES) {
                    throw e;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    /** One request, from where the part ends; true if the file is then whole. */
    private static boolean continued(HttpClient client, Path part, URI source, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        var request = HttpRequest.newBuilder(source).timeout(patience); // until the body begins
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        var response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (var in = new Watched(response.body(), patience)) {
            if (response.statusCode() == 416) {
                return true; // nothing beyond what is there; the sum decides
            }
            if (response.statusCode() != 200 && response.statusCode() != 206) {
                throw new IOException("the server answered " + response.statusCode());
            }
            boolean goesOn = response.statusCode() == 206;
            long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            long done = goesOn ? have : 0;
            long total = length < 0 ? -1 : done + length;
            try (var out = Files.newOutputStream(
                    part,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
                byte[] buffer = new byte[1 << 16];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    out.write(buffer, 0, read);
                    done += read;
                    progress.at(String.valueOf(part.getFileName()).replaceFirst("\\.part$", ""), done, total);
                }
            }
            return total < 0 || done == total;
        }
    }

    /** A body that is closed when nothing has come for a while: the client's own time limit ends where a body begins. */
    private static final class Watched extends FilterInputStream {
        private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "download-watch");
            thread.setDaemon(true);
            return thread;
        });
        private final Duration patience;
        private volatile long last = System.nanoTime();
        private volatile boolean silent;

        Watched(InputStream in, Duration patience) {
            super(in);
            this.patience = patience;
            long every = Math.max(1, patience.toMillis() / 4);
            watch.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
        }

        private void look() {
            if (System.nanoTime() - last > patience.toNanos()) {
                silent = true;
                try {
                    in.close(); // wakes the one who reads
                } catch (IOException e) {
                    // it is given up either way
                }
            }
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            last = System.nanoTime();
            int read = -1;
            try {
                read = in.read(buffer, from, length);
            } catch (IOException e) {
                if (!silent) {
                    throw e;
                }
            }
            if (read < 0 && silent) {
                throw new IOException("the server sent nothing for %s seconds".formatted(patience.toMillis() / 1000.0));
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            watch.shutdownNow();
            super.close();
        }
    }

    /** Whether a file has a sum that is known whole, or only as it begins. */
    static boolean matches(String found, String sum) {
        return sum.length() >= 8 && found.regionMatches(true, 0, sum, 0, sum.length());
    }

    private static String digest(Path file, String algorithm) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            var digest = MessageDigest.getInstance(algorithm);
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("no such checksum: " + algorithm, e);
        }
    }
}
