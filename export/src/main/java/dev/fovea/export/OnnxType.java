package dev.fovea.export;

import dev.fovea.engine.DType;

/** The types of elements that {@code onnx.proto3} numbers and the product reads and writes. */
public enum OnnxType {
    FLOAT32(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    FLOAT16(10, 2),
    FLOAT64(11, 8),
    BFLOAT16(16, 2);

    private final int number;
    private final int bytes;

    OnnxType(int number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    /** Its number in files. */
    public int number() {
        return number;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** @throws IllegalArgumentException if the product does not use the type of this number */
    public static OnnxType ofNumber(int number) {
        for (OnnxType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        throw new IllegalArgumentException("ONNX element type %s is none that is read".formatted(number));
    }

    /** That of a tensor. */
    public static OnnxType of(DType type) {
        return valueOf(type.name());
    }
}
