package dev.fovea.engine;

import org.bytedeco.pytorch.global.torch;

/**
 * While open, matrix products and convolutions of this thread run in this precision: bfloat16, or float32 inside a
 * region of bfloat16. Afterwards all is as it was before.
 *
 * <pre>{@code try (var autocast = Autocast.of(Precision.BF16, Device.CPU)) { logits = net.forward(images); }}</pre>
 */
public final class Autocast implements AutoCloseable {

    private final Device device;
    private final boolean before;
    private final boolean on;

    private Autocast(Device device, boolean on) {
        this.device = device.kind() == Device.Kind.META ? Device.CPU : device; // without values there is no precision
        this.on = on;
        before = torch.is_autocast_enabled(this.device.type());
        if (on) {
            torch.set_autocast_dtype(this.device.type(), torch.ScalarType.BFloat16);
        }
        torch.set_autocast_enabled(this.device.type(), on);
    }

    /** Opens a region of {@code precision} on {@code device}. */
    public static Autocast of(Precision precision, Device device) {
        Engine.load();
        return new Autocast(device, precision.resolve(device) == Precision.BF16);
    }

    /** Opens a region of float32 inside one of lower precision. */
    public static Autocast off(Device device) {
        return of(Precision.FP32, device);
    }

    @Override
    public void close() {
        torch.set_autocast_enabled(device.type(), before);
        if (on) {
            torch.clear_cache();
        }
    }
}
