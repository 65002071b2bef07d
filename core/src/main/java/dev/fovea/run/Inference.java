package dev.fovea.run;

import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.Precision;
import dev.fovea.nn.Layer;
import dev.fovea.nn.compiled.CompiledNet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How predictions of a saved network are computed: by which runtime and in which precision. On a processor libtorch's networks are
 * compiled. All that are made from one share what they compile. Thread-safe; nobody waits for anybody else.
 */
public final class Inference {

    /** What the numbers that a network gives are: it says how much a change of them matters. */
    public enum Outputs {
        /** Scores of classes, {@code [N, K, ...]}, of whom the largest is the answer. */
        SCORES,
        NUMBERS
    }

    private final SavedNet network;
    private final Outputs outputs;
    private final Precision precision;
    private final String backend;
    private final Map<String, Layer> opened;

    /** In float32 by libtorch. */
    public Inference(SavedNet network, Outputs outputs) {
        this(network, outputs, Precision.FP32, Backend.LIBTORCH, new ConcurrentHashMap<>());
    }

    private Inference(
            SavedNet network, Outputs outputs, Precision precision, String backend, Map<String, Layer> opened) {
        this.network = network;
        this.outputs = outputs;
        this.precision = precision;
        this.backend = backend;
        this.opened = opened;
    }

    /** The same in another precision; {@link Precision#AUTO} is bfloat16 if that loses nothing that can be measured. */
    public Inference with(Precision value) {
        return new Inference(network, outputs, value, backend, opened);
    }

    /** The same of {@code value}, which has the same network and other settings. */
    public Inference with(SavedNet value) {
        return new Inference(value, outputs, precision, backend, opened);
    }

    public SavedNet network() {
        return network;
    }

    /** The network as predictions compute it; the caller opens scope and no gradients, and nothing else. */
    public Layer layer() {
        return switch (precision) {
            case FP32 -> exact();
            case BF16 -> quick();
            case AUTO -> Precision.AUTO.resolve(network.device()) == Precision.BF16
                    ? opened("auto", new AutoPrecision(exact(), quick(), outputs == Outputs.SCORES))
                    : exact();
        };
    }

    private Layer exact() {
        return opened("fp32", CompiledNet.of(network.layer()));
    }

    private Layer quick() {
        return opened("bf16", CompiledNet.of(network.layer(), DType.BFLOAT16));
    }

    private Layer opened(String name, Layer made) {
        Layer before = opened.putIfAbsent(name, made);
        return before == null ? made : before;
    }
}
