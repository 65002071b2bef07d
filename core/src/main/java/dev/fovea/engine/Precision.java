package dev.fovea.engine;

import java.util.Locale;

/** The number format of matrix products and convolutions; weights, norms and losses stay float32. */
public enum Precision {
    /** bfloat16 where the processor has it natively (AMX or AVX512-BF16) or on a GPU, else float32. */
    AUTO,
    FP32,
    BF16;

    /** The precision {@code auto} stands for on {@code device}; the others stand for themselves. */
    public Precision resolve(Device device) {
        if (this != AUTO) {
            return this;
        }
        return device.kind() == Device.Kind.CUDA || Engine.nativeBfloat16() ? BF16 : FP32;
    }

    /** @throws IllegalArgumentException if {@code name} is not auto, fp32 or bf16 */
    public static Precision of(String name) {
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("precision must be auto, fp32 or bf16, got precision=" + name);
        }
    }

    /** The name used in recipes and on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
