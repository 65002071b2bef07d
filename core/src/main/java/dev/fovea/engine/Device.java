package dev.fovea.engine;

import java.util.Locale;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Where tensors live and operations run; printed as {@code cpu} or {@code cuda:0}.
 *
 * @param index which of several of a kind, from 0
 */
public record Device(Kind kind, int index) {

    /** What a device is. */
    public enum Kind {
        CPU(torch.DeviceType.CPU),
        CUDA(torch.DeviceType.CUDA),
        /** Tensors of a shape and no values; shows without a GPU that all tensors of a step lie on one device. */
        META(torch.DeviceType.Meta);

        final torch.DeviceType type;

        Kind(torch.DeviceType type) {
            this.type = type;
        }
    }

    public static final Device CPU = new Device(Kind.CPU, 0);

    public static final Device META = new Device(Kind.META, 0);

    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,2}))?");

    public Device {
        if (index < 0 || index > Byte.MAX_VALUE || (kind != Kind.CUDA && index > 0)) {
            throw new IllegalArgumentException(
                    "device: there is no %s of index %s".formatted(kind.name().toLowerCase(Locale.ROOT), index));
        }
    }

    /** The GPU of that number, from 0. */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, index);
    }

    /** Whether this device can be used in this process. */
    public boolean available() {
        Engine.load();
        return kind != Kind.CUDA || (torch.cuda_is_available() && index < torch.cuda_device_count());
    }

    /**
     * The device of that name; {@code auto} is the first GPU where there is one, else the processor, and {@code cuda} is
     * {@code cuda:0}.
     *
     * @throws IllegalArgumentException if the name is unknown or the device is not there
     */
    public static Device of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        var cuda = CUDA.matcher(lower);
        if (cuda.matches()) {
            return usable(cuda(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1))), lower);
        }
        return switch (lower) {
            case "auto" -> cuda(0).available() ? cuda(0) : CPU;
            case "cpu" -> CPU;
            default -> throw new IllegalArgumentException("device must be auto, cpu or cuda, got device=" + name);
        };
    }

    private static Device usable(Device device, String name) {
        if (device.available()) {
            return device;
        }
        if (cuda(0).available()) {
            throw new IllegalArgumentException(
                    "device: this machine has CUDA devices from cuda:0 to cuda:%s, got device=%s"
                            .formatted(torch.cuda_device_count() - 1, name));
        }
        throw new IllegalArgumentException("device: no CUDA device is usable, got device=%s. ".formatted(name)
                + "Build with -Pgpu on a machine with an NVIDIA driver, or use device=cpu");
    }

    static Device of(org.bytedeco.pytorch.Tensor handle) {
        return handle.is_cuda() ? cuda(handle.device().index()) : handle.is_meta() ? META : CPU;
    }

    torch.DeviceType type() {
        return kind.type;
    }

    DeviceOptional optional() {
        return new DeviceOptional(new org.bytedeco.pytorch.Device(kind.type, (byte) (kind == Kind.CUDA ? index : -1)));
    }

    @Override
    public String toString() {
        String word = kind.name().toLowerCase(Locale.ROOT);
        return kind == Kind.CUDA ? word + ":" + index : word;
    }
}
