package dev.fovea.engine;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** The type of a tensor's elements. */
public enum DType {
    FLOAT32(ScalarType.Float, 4, "F32"),
    FLOAT64(ScalarType.Double, 8, "F64"),
    BFLOAT16(ScalarType.BFloat16, 2, "BF16"),
    FLOAT16(ScalarType.Half, 2, "F16"),
    INT64(ScalarType.Long, 8, "I64"),
    INT32(ScalarType.Int, 4, "I32"),
    UINT8(ScalarType.Byte, 1, "U8"),
    BOOL(ScalarType.Bool, 1, "BOOL");

    final ScalarType scalarType;
    private final int bytes;
    private final String code;

    DType(ScalarType scalarType, int bytes, String code) {
        this.scalarType = scalarType;
        this.bytes = bytes;
        this.code = code;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** The name of this type in a safetensors header, such as {@code F32}. */
    public String code() {
        return code;
    }

    /** @throws IllegalArgumentException if no type has this safetensors name */
    public static DType ofCode(String code) {
        for (DType type : values()) {
            if (type.code.equals(code)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "element type must be one of F32, F64, BF16, F16, I64, I32, U8, BOOL, got '%s'".formatted(code));
    }

    static DType of(ScalarType scalarType) {
        ScalarType known = scalarType.intern();
        for (DType type : values()) {
            if (type.scalarType == known) {
                return type;
            }
        }
        throw new IllegalArgumentException("tensor of an element type the product does not use: " + scalarType);
    }
}
