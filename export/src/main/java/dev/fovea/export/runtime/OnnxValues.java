package dev.fovea.export.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.TensorInfo;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Escaped;
import java.nio.ByteBuffer;

/** Tensors of ONNX Runtime as those of the engine, and the other way round. */
public final class OnnxValues {

    private OnnxValues() {}

    /** Loaded with the first model. */
    private static final class Runtime {

        /** There is one environment in a process, and it warns where it is asked for in another way. */
        static final OrtEnvironment ENVIRONMENT =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "fovea");

        private Runtime() {}
    }

    /** What all sessions of this process are opened in. */
    public static OrtEnvironment environment() {
        return Runtime.ENVIRONMENT;
    }

    /** @param memory of a tensor in row-major order, direct, which must live as long as what is returned */
    public static OnnxTensor given(ByteBuffer memory, DType type, long... shape) throws OrtException {
        OnnxJavaType own = switch (type) {
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case FLOAT64 -> OnnxJavaType.DOUBLE;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case BFLOAT16 -> OnnxJavaType.BFLOAT16;
            case INT64 -> OnnxJavaType.INT64;
            case INT32 -> OnnxJavaType.INT32;
            case UINT8 -> OnnxJavaType.UINT8;
            case BOOL -> OnnxJavaType.BOOL;
        };
        return OnnxTensor.createTensor(environment(), memory, shape, own);
    }

    /**
     * A copy of an output.
     *
     * @throws IllegalArgumentException if it is no tensor, or of a type that the engine does not have
     */
    public static Tensor taken(String name, OnnxValue value) {
        if (!(value instanceof OnnxTensor tensor)) {
            throw new IllegalArgumentException(
                    "the output '%s' is a %s, expected a tensor".formatted(Escaped.of(name), value.getType()));
        }
        TensorInfo info = tensor.getInfo();
        DType type = switch (info.type) {
            case FLOAT -> DType.FLOAT32;
            case DOUBLE -> DType.FLOAT64;
            case FLOAT16 -> DType.FLOAT16;
            case BFLOAT16 -> DType.BFLOAT16;
            case INT64 -> DType.INT64;
            case INT32 -> DType.INT32;
            case UINT8 -> DType.UINT8;
            case BOOL -> DType.BOOL;
            default ->
                throw new IllegalArgumentException("the output '%s' has elements of type %s, which is not read"
                        .formatted(Escaped.of(name), info.type));
        };
        ByteBuffer bytes = tensor.getByteBuffer();
        return Tensor.filled(type, memory -> memory.put(bytes), info.getShape());
    }
}
