package dev.fovea.export;

import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import dev.fovea.models.PublishedNames;
import dev.fovea.nn.Module;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Weights as safetensors files that programs in PyTorch load by strict names. */
public final class PyTorchWeights {

    private static final String STATISTICS = ".running_mean";

    private PyTorchWeights() {}

    /** Whose names. */
    public enum Layout {
        /** The network's own: torchvision's, of networks that timm alone has timm's. */
        OWN,
        TIMM,
        TRANSFORMERS
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
        Map<String, Tensor> counted = withBatchCounts(tensors);
        Safetensors.write(file, counted, Map.of("format", "pt"));
        return counted.size();
    }

    /** PyTorch's batch norms count the batches they have seen, which nothing but their training uses. */
    private static Map<String, Tensor> withBatchCounts(Map<String, Tensor> tensors) {
        var all = new LinkedHashMap<String, Tensor>();
        tensors.forEach((name, tensor) -> {
            all.put(name, tensor.detach().contiguous());
            if (name.endsWith(STATISTICS)) {
                String layer = name.substring(0, name.length() - STATISTICS.length());
                all.put(layer + ".num_batches_tracked", Tensor.of(new long[] {0}));
            }
        });
        return all;
    }
}
