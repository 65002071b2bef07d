package dev.fovea.run;

import dev.fovea.io.Nearest;
import dev.fovea.nn.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/**
 * A runtime that computes what a network gives for images. libtorch always does; others are found on the class path by {@link
 * ServiceLoader}.
 */
public interface Backend {

    /** The word for the fastest. */
    String AUTO = "auto";

    /** The word for libtorch. */
    String LIBTORCH = "libtorch";

    /** As options have it. */
    String word();

    /**
     * The network as this runtime computes it, in float32: from images {@code [N, C, H, W]} to what the network gives. Any number of
     * threads may call it at once.
     *
     * @throws UnsupportedOperationException that says why, if it cannot compute this network
     */
    Layer layer(SavedNet network);

    /** Those on the class path beside libtorch. */
    static List<Backend> others() {
        return ServiceLoader.load(Backend.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** All words that can be asked for. */
    static List<String> words() {
        var words = new ArrayList<>(List.of(AUTO, LIBTORCH));
        others().forEach(backend -> words.add(backend.word()));
        return words;
    }

    /** @throws IllegalArgumentException that names the nearest, if there is no such backend */
    static String checked(String word) {
        List<String> words = words();
        if (!words.contains(word)) {
            throw new IllegalArgumentException("backend must be one of %s, got '%s'%s"
                    .formatted(String.join(", ", words), word, Nearest.hint(word, words)));
        }
        return word;
    }
}
