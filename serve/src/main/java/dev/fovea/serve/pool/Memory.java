package dev.fovea.serve.pool;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The memory of this process: Java's heap, and all of it, networks included. */
final class Memory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    private Memory() {}

    static void register(PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name("process_resident_memory_bytes")
                .help("Memory of the process, that of the networks included; where the system says it")
                .callback(callback -> resident().ifPresent(callback::call))
                .register(registry);
        GaugeWithCallback.builder()
                .name("jvm_heap_bytes")
                .help("Java's heap: what is used and what it may grow to")
                .labelNames("state")
                .callback(callback -> {
                    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
                    callback.call(heap.getUsed(), "used");
                    callback.call(heap.getMax(), "max");
                })
                .register(registry);
    }

    /** Bytes of this process in memory; none where there is no {@code /proc}. */
    static OptionalLong resident() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
