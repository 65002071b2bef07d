package dev.fovea.engine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The sizes of the processor's caches, as oneDNN knows them.
 *
 * <p>oneDNN asks the processor. Some virtual machines on AMD answer with zeros (CPUID leaf 0x8000001D), which it reads as
 * three caches of one byte. It then divides by zero where it plans a convolution, which ends the process, or leaves parts of
 * a gradient unwritten. It has no setting for this, so the sizes are corrected where it keeps them (decision 14).
 */
final class CacheSizes {

    /** Missing where the machine does not tell; there oneDNN may not know either. */
    private static final Path TOLD = Path.of("/sys/devices/system/cpu/cpu0/cache");

    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final String MEMORY = "/proc/self/mem";
    private static final String LIBRARY = "libtorch_cpu.so";

    /** Bytes of variables without a value in the file; there is about one MiB of them. */
    private static final long MOST = 1 << 28;

    /** What oneDNN itself takes where a processor has no such leaf at all: bytes of the first, second and third cache. */
    private static final int[] BYTES = {32 << 10, 512 << 10, 1 << 20};

    /**
     * How such an answer lies in memory (Xbyak's {@code util::Cpu}): sizes of up to ten caches, how many cores share each, and
     * that there are three.
     */
    private static final int[] ONE_BYTE_EACH = {1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 3};

    /** Addresses, the last excluded. */
    record Range(long from, long to) {}

    private static volatile boolean usable = true;

    private CacheSizes() {}

    /** Whether oneDNN can be used; without it bfloat16 is slower than float32. */
    static boolean usable() {
        return usable;
    }

    /** Corrects them if need be; where that is not possible, oneDNN is not used. */
    static void correct() {
        if (!Files.exists(MAPS) || Files.exists(TOLD)) {
            return;
        }
        letOneDnnAsk();
        try (var memory = new RandomAccessFile(MEMORY, "rw")) {
            for (Range range : variables(Files.readAllLines(MAPS))) {
                var bytes = new byte[(int) (range.to() - range.from())];
                memory.seek(range.from());
                memory.readFully(bytes);
                OptionalInt place = find(
                        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asIntBuffer());
                if (place.isPresent()) {
                    memory.seek(range.from() + (long) Integer.BYTES * place.getAsInt());
                    memory.write(bytes(BYTES));
                    return;
                }
            }
        } catch (IOException e) {
            usable = false;
            try (var context = torch.globalContext()) {
                context.setUserEnabledMkldnn(false);
            }
        }
    }

    /** It asks at its first convolution. */
    private static void letOneDnnAsk() {
        try (var scope = new Scope()) {
            Tensor image = torch.ones(2, 16, 8, 8);
            torch.conv2d(image, torch.ones(16, 16, 3, 3));
        }
    }

    /** Where the library's variables lie: the writable parts of its file, and what follows them without a file. */
    static List<Range> variables(List<String> maps) {
        var ranges = new ArrayList<Range>();
        long end = 0;
        for (String line : maps) {
            String[] words = line.split("\\s+");
            int dash = words[0].indexOf('-');
            long from = Long.parseUnsignedLong(words[0].substring(0, dash), 16);
            long to = Long.parseUnsignedLong(words[0].substring(dash + 1), 16);
            boolean ofFile = line.endsWith(LIBRARY);
            boolean follows = words.length < 6 && from == end && to - from < MOST;
            if (words[1].startsWith("rw") && (ofFile || follows)) {
                ranges.add(new Range(from, to));
            }
            end = ofFile ? to : 0;
        }
        Collections.reverse(ranges); // most variables have no value in the file
        return ranges;
    }

    /** The place of the only answer of that kind; none if there is none or more than one. */
    static OptionalInt find(IntBuffer memory) {
        OptionalInt found = OptionalInt.empty();
        IntBuffer wanted = IntBuffer.wrap(ONE_BYTE_EACH);
        for (int i = 0; i + ONE_BYTE_EACH.length <= memory.limit(); i++) {
            if (memory.slice(i, ONE_BYTE_EACH.length).equals(wanted)) {
                if (found.isPresent()) {
                    return OptionalInt.empty();
                }
                found = OptionalInt.of(i);
            }
        }
        return found;
    }

    private static byte[] bytes(int[] values) {
        var bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.nativeOrder());
        bytes.asIntBuffer().put(values);
        return bytes.array();
    }
}
