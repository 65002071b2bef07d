package dev.fovea.export;

import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.fovea.engine.Tensor;
import dev.fovea.export.runtime.OnnxValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An exported file, which ONNX Runtime computes to be compared with the network. */
final class ExportedFile implements AutoCloseable {

    private final OrtSession session;

    /** @throws NotExportableException if the runtime refuses the file */
    ExportedFile(Path file, int threads) {
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            session = DeepStack.call(() -> OnnxValues.environment().createSession(file.toString(), options));
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
                    outputs.add(OnnxValues.taken(output.getKey(), output.getValue()));
                }
                return outputs;
            }
        } catch (OrtException e) {
            throw new NotExportableException("ONNX Runtime fails: " + e.getMessage());
        } finally {
            given.values().forEach(OnnxTensorLike::close);
        }
    }

    private static OnnxTensorLike tensor(Tensor tensor) throws OrtException {
        ByteBuffer bytes = tensor.toBytes();
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.remaining()).order(ByteOrder.nativeOrder());
        return OnnxValues.given(direct.put(bytes).flip(), tensor.type(), tensor.shape());
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
