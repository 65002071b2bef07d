package dev.fovea.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/** libtorch in this process: loaded once, its threads set once. */
public final class Engine {

    private static final String FLAGS = read("flags");
    private static final String PROCESSOR = read("model name").strip();
    private static final long LARGEST_KEPT_BLOCK = (32L << 20) - (64 << 10); // glibc counts its header in
    private static final int MOST_THREADS = 1024;
    private static boolean loaded;
    private static volatile int threads;

    private Engine() {}

    /**
     * Loads libtorch if it is not yet there and sets its threads: one for OpenBLAS, all cores for libtorch,
     * because two pools that spin on the same cores cost four fifths of the speed. {@link #requestedThreads} may be fewer.
     *
     * @throws NoNativesException if no libtorch for this platform is on the class path
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        try {
            Loader.load(org.bytedeco.openblas.global.openblas_nolapack.class);
            Loader.load(openblas.class);
            extractTogether();
            Loader.load(torch.class);
            openblas.blas_set_num_threads(1);
            org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads(1);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new NoNativesException(Loader.getPlatform(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("libtorch cannot be unpacked (" + e.getMessage() + ")", e);
        }
        torch.set_num_threads(requestedThreads());
        doWithoutNnpack();
        keepFreedMemory();
        loaded = true;
        CacheSizes.correct();
    }

    /** Threads libtorch uses inside one operation. */
    public static int threads() {
        load();
        return torch.get_num_threads();
    }

    /**
     * Sets the threads that this process may use at once: libtorch inside one operation, and what reads images beside it.
     *
     * @throws IllegalArgumentException if {@code count} is below 1
     */
    public static synchronized void setThreads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("threads must be at least 1, got threads=" + count);
        }
        threads = Math.min(count, MOST_THREADS);
        if (loaded) {
            torch.set_num_threads(threads);
        }
    }

    /**
     * Sets the threads that libtorch uses inside operations of the calling thread alone: of several that compute side by side
     * each is fastest on one core.
     *
     * @throws IllegalArgumentException if {@code count} is below 1
     */
    public static synchronized void setOwnThreads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("threads must be at least 1, got threads=" + count);
        }
        load();
        torch.set_num_threads(count); // of this thread, and of those that have not computed yet
        var restoring = new Thread(() -> torch.set_num_threads(requestedThreads()));
        restoring.start();
        try {
            restoring.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the processor multiplies bfloat16 natively (AMX or AVX512-BF16). */
    public static boolean nativeBfloat16() {
        return (has("amx_bf16") || has("avx512_bf16")) && CacheSizes.usable();
    }

    /** What a report or a bug needs to know: engine, platform, instruction sets, threads, devices. */
    public static Map<String, String> facts() {
        load();
        var facts = new LinkedHashMap<String, String>();
        facts.put("engine", "libtorch " + version());
        facts.put("platform", Loader.getPlatform());
        try (var capability = torch.get_cpu_capability()) {
            facts.put("cpuCapability", capability.getString());
        }
        facts.put("bfloat16", has("amx_bf16") ? "AMX" : has("avx512_bf16") ? "AVX512-BF16" : "not native");
        facts.put("threads", Integer.toString(threads()));
        facts.put("cuda", torch.cuda_is_available() ? torch.cuda_device_count() + " device(s)" : "none");
        return facts;
    }

    /** libtorch's version, such as {@code 2.10.0}. */
    public static String version() {
        try {
            return Loader.getVersion("org.bytedeco", "pytorch").split("-")[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes of memory this process holds, the Java heap and native memory together. */
    public static long residentBytes() {
        return Pointer.physicalBytes();
    }

    /**
     * Unpacks libraries that look for each other before the first is loaded. JavaCPP unpacks one at a time, and
     * libtorch would then find, instead of its missing half, that of another release installed on the system,
     * which ends the process.
     */
    private static void extractTogether() throws IOException {
        for (String variant : new String[] {"", "-gpu"}) {
            for (String library : new String[] {"c10", "torch_cpu"}) {
                String path = "/org/bytedeco/pytorch/" + Loader.getPlatform() + variant + "/"
                        + System.mapLibraryName(library);
                if (torch.class.getResource(path) != null) {
                    Loader.cacheResource(torch.class, path);
                }
            }
        }
    }

    /** oneDNN is faster; where NNPACK cannot learn the sizes of the caches, it says so once a thread. */
    private static void doWithoutNnpack() {
        try (var context = torch.globalContext()) {
            context.setUserEnabledNNPACK(false);
        }
    }

    /**
     * Teaches glibc to keep freed blocks of up to 32 MiB for the next step, where it would give them back to the
     * kernel and have every page cleared anew, which costs a small network a third of its speed. glibc takes the
     * size of a freed block as its new threshold (mallopt(3), M_MMAP_THRESHOLD), so one free is enough; the
     * launcher sets higher limits through the environment. Elsewhere this changes nothing.
     */
    private static void keepFreedMemory() {
        Pointer.free(Pointer.malloc(LARGEST_KEPT_BLOCK));
    }

    /** What the processor calls itself, where the system tells. */
    public static String processor() {
        return PROCESSOR;
    }

    private static boolean has(String flag) {
        return FLAGS.contains(" " + flag + " ") || FLAGS.contains(" " + flag + "\n");
    }

    /**
     * The threads that this process may use at once: what {@link #setThreads} has set, else the environment variable
     * {@code FOVEA_THREADS}, else {@code OMP_NUM_THREADS}, else as many as there are cores. Does not load libtorch.
     *
     * @throws IllegalArgumentException if a variable is not a number
     */
    public static int requestedThreads() {
        if (threads > 0) {
            return threads;
        }
        String name = System.getenv("FOVEA_THREADS") != null ? "FOVEA_THREADS" : "OMP_NUM_THREADS";
        String value = System.getenv(name);
        return value == null ? Runtime.getRuntime().availableProcessors() : threads(name, value);
    }

    /** OpenMP takes a list, one number for each level; the first is that of the outermost. */
    private static int threads(String name, String value) {
        try {
            return Math.max(1, Math.min(Integer.parseInt(value.split(",")[0].strip()), MOST_THREADS));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("%s must be a whole number, got %s=%s".formatted(name, name, value), e);
        }
    }

    private static String read(String fact) {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"))
                    .lines()
                    .filter(line -> line.startsWith(fact))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1) + "\n")
                    .orElse("");
        } catch (IOException e) {
            return ""; // not Linux: bfloat16 is then a choice of the user, not a default
        }
    }
}
