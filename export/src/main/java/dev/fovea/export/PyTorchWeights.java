package dev.fovea.export;

import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import dev.fovea.models.PublishedNames;
import dev.fovea.nn.Module;
import dev.fovea.run.SavedNet;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Weights as safetensors files that programs in PyTorch load by strict names. */
public final class PyTorchWeights {

    private static final String STATISTICS = ".running_mean";
    private static final String BIASES = ".relative_position_bias_table";

    private PyTorchWeights() {}

    /** Whose names. */
    public enum Layout {
        /** The network's own: torchvision's, of networks that timm alone has timm's. */
        OWN,
        TIMM,
        TRANSFORMERS
    }

    /** Writes those of a saved model; see {@link #write(Path, Module, Layout)}. */
    public static int write(Path file, SavedNet saved, Layout layout) {
        return write(file, saved.net(), layout);
    }

    /**
     * Writes the weights of {@code net}; an older file stays until the new one is complete.
     *
     * @return how many tensors there are
     * @throws IllegalArgumentException if the names of that layout for such a network are not known
     */
    public static int write(Path file, Module net, Layout layout) {
        Map<String, Tensor> tensors = layout == Layout.OWN
                ? net.state().tensors()
                : PublishedNames.published(net, layout.name().toLowerCase(Locale.ROOT));
        Map<String, Tensor> all = withBuffers(tensors);
        Safetensors.write(file, all, Map.of("format", "pt"));
        return all.size();
    }

    /** With what torchvision's networks keep beside weights: batches that norms have seen, and places in tables of windows. */
    private static Map<String, Tensor> withBuffers(Map<String, Tensor> tensors) {
        var all = new LinkedHashMap<String, Tensor>();
        tensors.forEach((name, tensor) -> {
            all.put(name, tensor.detach().contiguous());
            if (name.endsWith(STATISTICS)) {
                all.put(beside(name, STATISTICS, ".num_batches_tracked"), Tensor.of(new long[] {0}));
            } else if (name.endsWith(BIASES)) {
                all.put(beside(name, BIASES, ".relative_position_index"), places(tensor.size(0)));
            }
        });
        return all;
    }

    private static String beside(String name, String end, String other) {
        return name.substring(0, name.length() - end.length()) + other;
    }

    /** The row of the table for each pair of places of a window, of {@code (2 side - 1)²} rows. */
    private static Tensor places(long rows) {
        int span = (int) Math.round(Math.sqrt(rows)); // 2 side - 1
        int side = (span + 1) / 2;
        int count = side * side;
        long[] places = new long[count * count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                int down = i / side - j / side + side - 1;
                int right = i % side - j % side + side - 1;
                places[i * count + j] = (long) down * span + right;
            }
        }
        return Tensor.of(places, places.length);
    }
}
