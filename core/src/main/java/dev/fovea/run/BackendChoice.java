package dev.fovea.run;

import dev.fovea.data.PublicDataset;
import dev.fovea.engine.Engine;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.AtomicFile;
import dev.fovea.nn.Layer;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Which of several ways to compute a network is the fastest on this machine, found by a trial of two seconds and remembered in the
 * cache folder.
 *
 * @param file what is remembered, by network, processor, threads and shape of the images
 */
record BackendChoice(Path file) {

    private static final double SECONDS = 2;

    /** Calls that are not timed. */
    private static final int WARM = 2;

    static BackendChoice inCache() {
        return new BackendChoice(PublicDataset.cache().resolve("backends.properties"));
    }

    /** What tells a trial from another: speed depends on the network's shape, not on its weights. */
    static String key(SavedNet network, long[] shape) {
        return "%s %s %s %s threads, libtorch %s"
                .formatted(
                        network.config().architecture().text(),
                        Arrays.toString(shape),
                        Engine.processor(),
                        Engine.threads(),
                        Engine.version());
    }

    /** The way that was fastest before, if it is one of these. */
    Optional<String> remembered(String key, Map<String, Layer> ways) {
        return Optional.ofNullable(read().getProperty(key)).filter(ways::containsKey);
    }

    /** The fastest for such images; the caller opens nothing. */
    String fastest(String key, Map<String, Layer> ways, Tensor images) {
        Optional<String> before = remembered(key, ways);
        if (before.isPresent() || ways.size() == 1) {
            return before.orElseGet(() -> ways.keySet().iterator().next());
        }
        var least = new LinkedHashMap<String, Double>();
        long begin = System.nanoTime();
        for (int round = -WARM; round < 1 || System.nanoTime() - begin < SECONDS * 1e9; round++) {
            for (Map.Entry<String, Layer> way : ways.entrySet()) {
                double seconds = seconds(way.getValue(), images);
                if (round >= 0) {
                    least.merge(way.getKey(), seconds, Math::min);
                }
            }
        }
        String best = least.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        remember(key, best);
        return best;
    }

    private static double seconds(Layer way, Tensor images) {
        long began = System.nanoTime();
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            way.forward(images);
            return (System.nanoTime() - began) / 1e9;
        }
    }

    private Properties read() {
        var known = new Properties();
        try {
            if (Files.isRegularFile(file)) {
                known.load(new StringReader(Files.readString(file)));
            }
        } catch (IOException | IllegalArgumentException e) {
            known.clear(); // what cannot be read is tried again
        }
        return known;
    }

    private void remember(String key, String way) {
        Properties known = read();
        known.setProperty(key, way);
        try {
            Files.createDirectories(file.getParent());
            var text = new StringWriter();
            known.store(text, null);
            AtomicFile.write(file, text.toString());
        } catch (IOException | UncheckedIOException e) {
            // A cache that cannot be written costs the next start two seconds.
        }
    }
}
