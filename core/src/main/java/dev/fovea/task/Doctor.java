package dev.fovea.task;

import dev.fovea.engine.Device;
import dev.fovea.engine.Engine;
import dev.fovea.engine.Precision;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What this machine offers. */
public final class Doctor {

    private Doctor() {}

    /** Java, engine, processor, threads, precision, devices, and the training speed of a small network. */
    public static Map<String, String> examine() {
        var facts = new LinkedHashMap<String, String>();
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("heapBytes", Long.toString(Runtime.getRuntime().maxMemory()));
        facts.putAll(Engine.facts());
        facts.put("device", Device.of("auto").toString());
        facts.put("precision", Precision.AUTO.resolve(Device.of("auto")).toString());
        var speeds = new LinkedHashMap<String, Double>();
        for (String precision : new String[] {"fp32", "bf16"}) {
            var speed = Benchmark.train("cifar-cnn", 3, 32, 32, 10, 64, 30, precision, "auto");
            facts.put(
                    "speed_" + precision,
                    String.format(Locale.ROOT, "%.0f images/s (cifar-cnn, batch 64)", speed.imagesPerSecond()));
            speeds.put(precision, speed.imagesPerSecond());
        }
        facts.put("verdict", verdict(facts.get("device"), facts.get("precision"), speeds));
        return facts;
    }

    /** In plain words, whether training works here, and how it goes. */
    static String verdict(String device, String precision, Map<String, Double> imagesPerSecond) {
        String chosen = precision.toLowerCase(Locale.ROOT);
        double own = imagesPerSecond.getOrDefault(chosen, Double.NaN);
        String faster = imagesPerSecond.entrySet().stream()
                .filter(entry -> entry.getValue() > 1.2 * own)
                .map(entry -> String.format(
                        Locale.ROOT,
                        " A small network is faster in %s just now: try precision %s.",
                        entry.getKey(),
                        entry.getKey()))
                .findFirst()
                .orElse("");
        return String.format(
                Locale.ROOT,
                "All is well: networks train and predict on %s in %s, a small one at %,.0f images/s.%s",
                device,
                chosen,
                own,
                faster);
    }
}
