package dev.fovea.engine;

import java.util.Locale;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.global.torch;

/** Where tensors live and operations run. */
public enum Device {
    CPU(torch.DeviceType.CPU),
    CUDA(torch.DeviceType.CUDA),
    /** Tensors of a shape and no values; shows without a GPU that all tensors of a step lie on one device. */
    META(torch.DeviceType.Meta);

    final torch.DeviceType type;

    Device(torch.DeviceType type) {
        this.type = type;
    }

    /** Whether this device can be used in this process. */
    public boolean available() {
        Engine.load();
        return this != CUDA || torch.cuda_is_available();
    }

    /**
     * The device of that name; {@code auto} is the GPU where there is one, else the processor.
     *
     * @throws IllegalArgumentException if the name is unknown or the device is not there
     */
    public static Device of(String name) {
        switch (name.toLowerCase(Locale.ROOT)) {
            case "auto":
                return CUDA.available() ? CUDA : CPU;
            case "cpu":
                return CPU;
            case "cuda":
                if (!CUDA.available()) {
                    throw new IllegalArgumentException("device: no CUDA device is usable, got device=cuda. "
                            + "Build with -Pgpu on a machine with an NVIDIA driver, or use device=cpu");
                }
                return CUDA;
            default:
                throw new IllegalArgumentException("device must be auto, cpu or cuda, got device=" + name);
        }
    }

    DeviceOptional optional() {
        return new DeviceOptional(new org.bytedeco.pytorch.Device(type, (byte) (this == CUDA ? 0 : -1)));
    }
}
