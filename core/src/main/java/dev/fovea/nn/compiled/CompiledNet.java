package dev.fovea.nn.compiled;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Recorder;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.State;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;

/**
 * A network that predicts faster on a processor: it is compiled for each size of images that it sees often enough, with the
 * weights that it has then, and again when they have changed. A network that cannot be compiled, as one whose operations depend
 * on what it sees, or images that it has seen few of, go through the network itself. Any number of threads may ask at once;
 * they wait while somebody holds {@link State#use} for writing.
 */
public final class CompiledNet implements Layer {

    /** What compiling costs, in images that the network itself could have answered about. */
    private static final int WORTHWHILE = 8;

    /** Sizes whose compiled networks are kept, each with weights of its own. */
    private static final int KEPT = 4;

    /** Sizes that are compiled for in all: compiling for sizes that come by turns would cost more than it saves. */
    private static final int MOST = 32;

    private final Layer net;
    private final DType type;
    private final int worthwhile;
    private long version;
    private final AtomicInteger begun = new AtomicInteger();
    private final Map<String, Size> sizes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Size> eldest) {
            return size() > KEPT;
        }
    };

    /** One size of images. */
    private static final class Size {

        /** One that is not compiled for any more. */
        static final Size NEVER = new Size();

        static {
            NEVER.tried = true;
        }

        private final AtomicInteger seen = new AtomicInteger();
        private volatile Optional<CompiledLayer> compiled = Optional.empty();
        private volatile boolean tried;
    }

    private CompiledNet(Layer net, DType type, int worthwhile) {
        this.net = net;
        this.type = type;
        this.worthwhile = worthwhile;
    }

    /** Of a network in evaluation mode; few images go through the network itself. */
    public static CompiledNet of(Layer net) {
        return new CompiledNet(net, DType.FLOAT32, WORTHWHILE);
    }

    /**
     * Compiled for the first image already.
     *
     * @param type of products: float32 or bfloat16
     */
    public static CompiledNet of(Layer net, DType type) {
        return new CompiledNet(net, type, 0);
    }

    /** Whether this build of libtorch has the operators for it, as that of x86 processors has. */
    public static boolean possible() {
        return Operators.POSSIBLE;
    }

    /** Whether images of that size, {@code [N, C, H, W]}, go through a compiled network; it is compiled if they have not been. */
    public boolean compiles(Tensor images) {
        Lock reading = reading();
        try {
            if (!isFit(images)) {
                return false;
            }
            Size size = size(images);
            size.seen.addAndGet(worthwhile);
            return compiled(images, size).isPresent();
        } finally {
            reading.unlock();
        }
    }

    @Override
    public State state() {
        return net.state();
    }

    @Override
    public Tensor apply(Tensor images) {
        Lock reading = reading();
        try {
            return answer(images);
        } finally {
            reading.unlock();
        }
    }

    /** Nobody changes the weights from now on; it is taken before any monitor, as whoever computes with them may hold it. */
    private Lock reading() {
        Lock reading = net.state().use().readLock();
        reading.lock();
        return reading;
    }

    private Tensor answer(Tensor images) {
        if (!isFit(images)) {
            return plain(images);
        }
        Size size = size(images);
        int before = size.seen.getAndAdd((int) images.size(0));
        Optional<CompiledLayer> compiled =
                before + images.size(0) > worthwhile ? compiled(images, size) : Optional.empty();
        return compiled.map(one -> one.forward(images)).orElseGet(() -> plain(images));
    }

    private Tensor plain(Tensor images) {
        try (var autocast = Autocast.of(type == DType.BFLOAT16 ? Precision.BF16 : Precision.FP32, images.device())) {
            return net.forward(images);
        }
    }

    /** Whether these are images on the processor, nobody wants gradients and nobody records. */
    private boolean isFit(Tensor images) {
        return Operators.POSSIBLE
                && images.shape().length == 4
                && images.size(0) > 0
                && images.type() == DType.FLOAT32
                && images.device().kind() == Device.Kind.CPU
                && NoGrad.isOpen()
                && !Recorder.isOpen()
                && !net.state().training();
    }

    private Size size(Tensor images) {
        long[] shape = images.shape();
        long now = net.state().version();
        synchronized (sizes) {
            if (now != version) {
                sizes.clear();
                begun.set(0);
                version = now;
            }
            String key = Arrays.toString(Arrays.copyOfRange(shape, 1, shape.length));
            return begun.get() >= MOST && !sizes.containsKey(key)
                    ? Size.NEVER
                    : sizes.computeIfAbsent(key, absent -> new Size());
        }
    }

    private Optional<CompiledLayer> compiled(Tensor images, Size size) {
        if (!size.tried) {
            synchronized (size) {
                if (!size.tried) {
                    begun.incrementAndGet();
                    size.compiled = tried(images);
                    size.tried = true;
                }
            }
        }
        return size.compiled;
    }

    private Optional<CompiledLayer> tried(Tensor images) {
        try {
            return Optional.of(CompiledLayer.of(net, images.narrow(0, 0, 1), type));
        } catch (NotCompilableException e) {
            return Optional.empty();
        }
    }
}
