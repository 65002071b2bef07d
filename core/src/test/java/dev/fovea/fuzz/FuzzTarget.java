package dev.fovea.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What a coverage-guided fuzzer calls, one reader a process: {@code bench/fuzz} starts it. The system property {@code
 * reader} names the reader. At the end it prints how many inputs were read and refused, the slowest, and the growth of
 * the process.
 */
public final class FuzzTarget {

    private static final long GROWTH_LIMIT_KILOBYTES = 1 << 20;
    private static final Reader READER = Reader.valueOf(System.getProperty("reader"));
    private static final Path FOLDER = folder();
    private static final AtomicLongArray VERDICTS = new AtomicLongArray(Verdict.values().length);
    private static long slowestNanos;
    private static long baseKilobytes;

    private FuzzTarget() {}

    /** Loads what is native with sound inputs, so that no input is charged with it. */
    public static void fuzzerInitialize() throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(FuzzTarget::summary));
        Files.createDirectories(FOLDER);
        READER.seeds().forEach(seed -> Verdict.of(READER, seed, FOLDER));
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Seeds.delete(FOLDER);
        Files.createDirectories(FOLDER);
        long began = System.nanoTime();
        Verdict verdict = Verdict.of(READER, input, FOLDER);
        slowestNanos = Math.max(slowestNanos, System.nanoTime() - began);
        long done = VERDICTS.incrementAndGet(verdict.ordinal());
        if (baseKilobytes == 0 && done == 1000) {
            baseKilobytes = peakKilobytes();
        }
        if (baseKilobytes > 0 && peakKilobytes() - baseKilobytes > GROWTH_LIMIT_KILOBYTES) {
            baseKilobytes = peakKilobytes();
            throw new AssertionError(READER + ": the process grew by more than 1 GB");
        }
    }

    private static void summary() {
        System.err.printf(
                "%n%s read=%d refused=%d slowestMillis=%d peakMegabytes=%d%n",
                READER,
                VERDICTS.get(Verdict.READ.ordinal()),
                VERDICTS.get(Verdict.REFUSED.ordinal()),
                slowestNanos / 1_000_000,
                peakKilobytes() / 1024);
    }

    /** Of resident memory, as the kernel counts it; 0 where it does not say. */
    private static long peakKilobytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private static Path folder() {
        try {
            Path memory = Path.of("/dev/shm");
            return Files.isDirectory(memory)
                    ? Files.createTempDirectory(memory, "fuzz").resolve("input")
                    : Files.createTempDirectory("fuzz").resolve("input");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Writes the sound inputs as a corpus into the folder named first; says what becomes of the files named after it. */
    public static void main(String[] arguments) throws IOException {
        Path corpus = Files.createDirectories(Path.of(arguments[0]));
        int i = 0;
        for (byte[] seed : READER.seeds()) {
            Files.write(corpus.resolve("seed" + i++), seed);
        }
        for (String file : List.of(arguments).subList(1, arguments.length)) {
            Seeds.delete(FOLDER);
            Files.createDirectories(FOLDER);
            System.out.println(file + ": " + said(Files.readAllBytes(Path.of(file))));
        }
    }

    private static String said(byte[] input) {
        try {
            READER.readInScope(input, FOLDER);
            return "read";
        } catch (Throwable e) {
            return e.toString();
        }
    }
}
