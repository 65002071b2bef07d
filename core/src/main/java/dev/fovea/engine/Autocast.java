package dev.fovea.engine;

import org.bytedeco.pytorch.global.torch;

/**
 * While open, matrix products and convolutions of this thread run in bfloat16; nothing happens for float32.
 *
 * <pre>{@code try (var autocast = Autocast.of(Precision.BF16, Device.CPU)) { logits = net.forward(images); }}</pre>
 */
public final class Autocast implements AutoCloseable {

    private final Device device;
    private final boolean on;

    private Autocast(Device device, boolean on) {
        this.device = device;
        this.on = on;
        if (on) {
            torch.set_autocast_dtype(device.type, torch.ScalarType.BFloat16);
            torch.set_autocast_enabled(device.type, true);
        }
    }

    /** Opens a region of {@code precision} on {@code device}. */
    public static Autocast of(Precision precision, Device device) {
        Engine.load();
        return new Autocast(device, precision.resolve(device) == Precision.BF16);
    }

    @Override
    public void close() {
        if (on) {
            torch.set_autocast_enabled(device.type, false);
            torch.clear_cache();
        }
    }
}
