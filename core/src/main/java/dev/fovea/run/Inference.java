package dev.fovea.run;

import dev.fovea.data.Preprocess;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.compiled.CompiledNet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How predictions of a saved network are computed: by which runtime and in which precision. On a processor libtorch's networks are
 * compiled. All that are made from one share what they compile. Thread-safe; nobody waits for anybody else.
 */
public final class Inference {

    private static final String FP32 = "fp32";
    private static final String BF16 = "bf16";

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
    private final Opened opened;

    /** What is shared. */
    private static final class Opened {
        private final Map<String, Layer> layers = new ConcurrentHashMap<>();
        private volatile String fastest = Backend.LIBTORCH;

        private Layer layer(String name, Layer made) {
            Layer before = layers.putIfAbsent(name, made);
            return before == null ? made : before;
        }
    }

    /** In float32 by libtorch. */
    public Inference(SavedNet network, Outputs outputs) {
        this(network, outputs, Precision.FP32, Backend.LIBTORCH, new Opened());
    }

    private Inference(SavedNet network, Outputs outputs, Precision precision, String backend, Opened opened) {
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

    /**
     * The same by another runtime.
     *
     * @throws IllegalArgumentException if there is none of that name, or it cannot compute this network
     */
    public Inference with(String word) {
        var other = new Inference(network, outputs, precision, Backend.checked(word), opened);
        try {
            other.layer();
        } catch (UnsupportedOperationException e) {
            throw new IllegalArgumentException(
                    "backend: %s cannot compute this network (%s). Use libtorch".formatted(word, e.getMessage()), e);
        }
        return other;
    }

    public SavedNet network() {
        return network;
    }

    /** The network as predictions compute it; the caller opens scope and no gradients, and nothing else. */
    public Layer layer() {
        String runtime = runtime();
        if (!runtime.equals(Backend.LIBTORCH)) {
            return other(runtime);
        }
        return switch (precision) {
            case FP32 -> exact();
            case BF16 -> quick();
            case AUTO ->
                hasBfloat16()
                        ? opened.layer("auto", new AutoPrecision(exact(), quick(), outputs == Outputs.SCORES))
                        : exact();
        };
    }

    /** What is asked for explicitly in bfloat16 is computed so; other runtimes compute in float32. */
    private String runtime() {
        return !backend.equals(Backend.AUTO)
                ? backend
                : precision == Precision.BF16 ? Backend.LIBTORCH : opened.fastest;
    }

    private boolean hasBfloat16() {
        return Precision.AUTO.resolve(network.device()) == Precision.BF16;
    }

    private CompiledNet exact() {
        return (CompiledNet) opened.layer(FP32, CompiledNet.of(network.layer()));
    }

    private CompiledNet quick() {
        return (CompiledNet) opened.layer(BF16, CompiledNet.of(network.layer(), DType.BFLOAT16));
    }

    private Layer other(String word) {
        Layer before = opened.layers.get(word);
        if (before != null) {
            return before;
        }
        Backend found = Backend.others().stream()
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow();
        return opened.layer(word, found.layer(network));
    }

    /**
     * Makes now what would be made with the first images: the compiled network, and with backend auto the choice of the fastest.
     *
     * @param batch images at once
     */
    public void warmUp(int batch) {
        Preprocess shown = network.preprocess();
        if (shown.frames().length() > 1) {
            return;
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor images = Tensor.rand(Random.of(new Seed(0)), batch, shown.channels(), shown.height(), shown.width())
                    .channelsLast()
                    .to(network.device());
            if (backend.equals(Backend.AUTO) || backend.equals(Backend.LIBTORCH)) {
                compile(images);
            }
            if (backend.equals(Backend.AUTO) && precision != Precision.BF16) {
                choose(images);
            } else if (precision == Precision.AUTO && hasBfloat16() && backend.equals(Backend.LIBTORCH)) {
                exact().forward(images); // noise says nothing of what bfloat16 loses
                quick().forward(images);
            } else {
                layer().forward(images);
            }
        }
    }

    /** What may be asked for, so that the first images do not wait for it. */
    private void compile(Tensor images) {
        if (precision != Precision.BF16) {
            exact().compiles(images);
        }
        if (precision != Precision.FP32 && hasBfloat16()) {
            quick().compiles(images);
        }
    }

    private void choose(Tensor images) {
        var ways = new LinkedHashMap<String, Layer>();
        boolean quickly = precision == Precision.AUTO && hasBfloat16();
        ways.put(Backend.LIBTORCH, quickly ? quick() : exact());
        for (Backend other : Backend.others()) {
            try {
                ways.put(other.word(), other(other.word()));
            } catch (UnsupportedOperationException e) {
                // then it is not the fastest
            }
        }
        String key = BackendChoice.key(network, images.shape()) + (quickly ? ", bfloat16" : "");
        opened.fastest = BackendChoice.inCache().fastest(key, ways, images);
    }

    /** Runtime and precision, and what a lower one has cost. */
    public String description() {
        Layer layer = layer();
        String runtime = runtime();
        if (layer instanceof AutoPrecision auto) {
            return runtime + " in " + auto.description();
        }
        return runtime + " in "
                + (precision == Precision.BF16 && runtime.equals(Backend.LIBTORCH) ? "bfloat16" : "float32");
    }
}
