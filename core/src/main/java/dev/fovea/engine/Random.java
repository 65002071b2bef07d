package dev.fovea.engine;

import java.security.SecureRandom;
import org.bytedeco.pytorch.DeviceTypeOptional;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A stream of random numbers of its own: whatever draws is handed one, so that two runs, or a run and a server, can live
 * in one process and each draws what it would draw alone.
 *
 * <p>{@code Tensor.randn(Random.of(new Seed(3)), 2, 5)} is the same in every process. A stream is drawn from by one thread
 * at a time. See {@link Seed} for how the streams of a run are told apart.
 */
public final class Random {

    private final Device device;
    private final Generator generator;
    private final GeneratorOptional optional;

    private Random(Seed seed, Device device) {
        Engine.load();
        this.device = device;
        generator = made(device);
        generator.retainReference(); // outlives the scope that is open now
        optional = new GeneratorOptional(generator);
        optional.retainReference();
        restart(seed);
    }

    private static Generator made(Device device) {
        return device.kind() == Device.Kind.CUDA
                ? torch.globalContext()
                        .getAcceleratorHooksInterface(new DeviceTypeOptional(device.type()))
                        .getNewGenerator((byte) device.index())
                : torch.createCPUGenerator();
    }

    /** The stream of {@code seed}, drawn on the processor: the same numbers for every device. */
    public static Random of(Seed seed) {
        return of(seed, Device.CPU);
    }

    /** The stream of {@code seed}, drawn on {@code device}: quicker there, and other numbers than another device's. */
    public static Random of(Seed seed, Device device) {
        return new Random(seed, device.kind() == Device.Kind.META ? Device.CPU : device);
    }

    /** A stream that nobody can foretell. */
    public static Random fresh() {
        return of(new Seed(new SecureRandom().nextLong()));
    }

    /** Goes on with the stream of {@code seed}, as a run does at each of its steps. */
    public void restart(Seed seed) {
        generator.set_current_seed(seed.value());
    }

    /** Where it draws. */
    public Device device() {
        return device;
    }

    /** The next number, evenly from [0, 1). */
    public double next() {
        try (var scope = new Scope()) {
            return Tensor.rand(this, 1).item();
        }
    }

    /** A seed of 24 bits drawn from this stream, for what draws by a key of its own. */
    public Seed seed() {
        return new Seed((long) (next() * (1L << 24)));
    }

    GeneratorOptional optional() {
        return optional;
    }
}
