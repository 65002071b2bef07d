package dev.fovea.export;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An ONNX file in ONNX Runtime, as what is exported is compared with the network. */
final class OnnxSession implements AutoCloseable {

    /** There is one environment in a process, and it warns where it is asked for in another way. */
    private static final OrtLoggingLevel ENVIRONMENT_LEVEL = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;

    private final OrtSession session;

    /** @throws NotExportableException if the runtime refuses the file */
    OnnxSession(Path file, int threads) {
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            session = DeepStack.call(() ->
                    OrtEnvironment.getEnvironment(ENVIRONMENT_LEVEL, "fovea").createSession(file.toString(), options));
        } catch (OrtException e) {
            throw new NotExportableException("ONNX Runtime refuses the graph (%s)".formatted(e.getMessage()));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The outputs for inputs by name. */
    List<Tensor> run(Map<String, Tensor> inputs) {
        var given = new LinkedHashMap<String, OnnxTensorLike>();
        try {
            for (var entry : inputs.entrySet()) {
                given.put(entry.getKey(), tensor(entry.getValue()));
            }
            try (var result = session.run(given)) {
                var outputs = new ArrayList<Tensor>();
                for (var output : result) {
                    outputs.add(tensor((ai.onnxruntime.OnnxTensor) output.getValue()));
                }
                return outputs;
            }
        } catch (OrtException e) {
            throw new NotExportableException("ONNX Runtime fails: " + e.getMessage());
        } finally {
            given.values().forEach(OnnxTensorLike::close);
        }
    }

    private static ai.onnxruntime.OnnxTensor tensor(Tensor tensor) throws OrtException {
        ByteBuffer bytes = tensor.toBytes();
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.remaining()).order(ByteOrder.nativeOrder());
        direct.put(bytes).flip();
        OnnxJavaType type = switch (tensor.type()) {
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case INT64 -> OnnxJavaType.INT64;
            case UINT8 -> OnnxJavaType.UINT8;
            default -> throw new IllegalArgumentException("no input is of type " + tensor.type());
        };
        return ai.onnxruntime.OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(ENVIRONMENT_LEVEL, "fovea"), direct, tensor.shape(), type);
    }

    private static Tensor tensor(ai.onnxruntime.OnnxTensor value) {
        TensorInfo info = value.getInfo();
        DType type = switch (info.type) {
            case FLOAT -> DType.FLOAT32;
            case INT64 -> DType.INT64;
            default -> throw new IllegalArgumentException("no output is of type " + info.type);
        };
        ByteBuffer bytes = value.getByteBuffer();
        return Tensor.filled(type, memory -> memory.put(bytes), info.getShape());
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
