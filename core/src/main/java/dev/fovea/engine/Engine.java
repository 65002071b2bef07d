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

    private static final String FLAGS = readFlags();
    private static final long LARGEST_KEPT_BLOCK = (32L << 20) - (64 << 10); // glibc counts its header in
    private static boolean loaded;

    private Engine() {}

    /**
     * Loads libtorch if it is not yet there and sets its threads: one for OpenBLAS, all cores for libtorch,
     * because two pools that spin on the same cores cost four fifths of the speed. The environment variable
     * {@code FOVEA_THREADS} or the system property {@code fovea.threads} asks for fewer.
     *
     * @throws NoNativesException if no libtorch for this platform is on the class path
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        // JavaCPP otherwise collects garbage again and again once the process, model and all, is four heaps
        // large; scopes free our memory, so the limit is off unless the user set one.
        if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
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
        keepFreedMemory();
        loaded = true;
    }

    /** Threads libtorch uses inside one operation. */
    public static int threads() {
        load();
        return torch.get_num_threads();
    }

    /** Sets the threads libtorch uses inside one operation, at least 1. */
    public static void setThreads(int threads) {
        load();
        torch.set_num_threads(Math.max(1, threads));
    }

    /** Whether the processor multiplies bfloat16 natively (AMX or AVX512-BF16). */
    public static boolean nativeBfloat16() {
        return has("amx_bf16") || has("avx512_bf16");
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

    /**
     * Teaches glibc to keep freed blocks of up to 32 MiB for the next step, where it would give them back to the
     * kernel and have every page cleared anew, which costs a small network a third of its speed. glibc takes the
     * size of a freed block as its new threshold (mallopt(3), M_MMAP_THRESHOLD), so one free is enough; the
     * launcher sets higher limits through the environment. Elsewhere this changes nothing.
     */
    private static void keepFreedMemory() {
        Pointer.free(Pointer.malloc(LARGEST_KEPT_BLOCK));
    }

    private static boolean has(String flag) {
        return FLAGS.contains(" " + flag + " ") || FLAGS.contains(" " + flag + "\n");
    }

    private static int requestedThreads() {
        String property = System.getProperty("fovea.threads", System.getenv("FOVEA_THREADS"));
        int cores = Runtime.getRuntime().availableProcessors();
        if (property == null) {
            return cores;
        }
        try {
            return Math.max(1, Math.min(Integer.parseInt(property.strip()), 1024));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("FOVEA_THREADS must be a whole number, got FOVEA_THREADS=" + property);
        }
    }

    private static String readFlags() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"))
                    .lines()
                    .filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> line + "\n")
                    .orElse("");
        } catch (IOException e) {
            return ""; // not Linux: bfloat16 is then a choice of the user, not a default
        }
    }
}
