package dev.fovea.export.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.fovea.engine.Device;
import dev.fovea.engine.Engine;
import dev.fovea.engine.Tensor;
import dev.fovea.export.DeepStack;
import dev.fovea.io.Escaped;
import dev.fovea.io.FormatException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An ONNX file that ONNX Runtime computes, on the threads of the engine. Thread-safe; freed with the Java object. */
public final class OnnxSession {

    private static final Cleaner CLEANER = Cleaner.create();

    private final OrtSession session;
    private final String input;

    /**
     * Opens a file whose external data, if it has any, is known to be where it belongs.
     *
     * @throws FormatException if ONNX Runtime refuses it
     */
    OnnxSession(Path file, Device device) {
        this(
                options -> OnnxValues.environment()
                        .createSession(file.toAbsolutePath().toString(), options),
                file.toString(),
                device);
    }

    /**
     * Opens a model that is no file.
     *
     * @param name for messages
     * @throws FormatException if ONNX Runtime refuses it
     */
    public OnnxSession(byte[] model, String name) {
        this(options -> OnnxValues.environment().createSession(model, options), name, Device.CPU);
    }

    private OnnxSession(Opening opening, String name, Device device) {
        try (var options = options(device)) {
            OrtSession opened = DeepStack.call(() -> opening.with(options));
            session = opened;
            input = opened.getInputNames().isEmpty()
                    ? ""
                    : opened.getInputNames().iterator().next();
            CLEANER.register(this, () -> close(opened));
        } catch (OrtException e) {
            throw new FormatException("%s: ONNX Runtime cannot use it: %s".formatted(name, reason(e)));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError e) {
            throw unloadable(e);
        }
    }

    /** Where there is no library for the system, and where the folder that it is unpacked into runs no programs. */
    static IllegalStateException unloadable(Throwable e) {
        Throwable first = e;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return new IllegalStateException(
                "ONNX Runtime cannot be loaded on %s %s (%s). It must have a library for this system, and the folder that it is unpacked into, %s, must allow programs to run"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.arch"),
                                Escaped.line(String.valueOf(first.getMessage())),
                                System.getProperty("java.io.tmpdir")),
                e);
    }

    @FunctionalInterface
    private interface Opening {
        OrtSession with(OrtSession.SessionOptions options) throws OrtException;
    }

    private static OrtSession.SessionOptions options(Device device) throws OrtException {
        var options = new OrtSession.SessionOptions();
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        options.setIntraOpNumThreads(Engine.threads());
        options.setInterOpNumThreads(1);
        // Threads that wait busily take the cores from libtorch, and from other models.
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        // Products of bytes that would overflow on processors without VNNI are computed exactly there, if slower.
        options.addConfigEntry("session.x64quantprecision", "1");
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        if (device.kind() == Device.Kind.CUDA) {
            options.addCUDA(device.index());
        }
        return options;
    }

    private static void close(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The input, where the file has one. */
    public String input() {
        return input;
    }

    /** Names of the outputs, in the file's order. */
    public List<String> outputs() {
        return List.copyOf(session.getOutputNames());
    }

    /**
     * Computes all outputs.
     *
     * @param x on the processor, in row-major order, of the type that the file wants
     * @throws IllegalArgumentException if it has not the shape that the file wants
     */
    public Map<String, Tensor> run(Tensor x) {
        try (OnnxTensor given = OnnxValues.given(x.memory(), x.type(), x.shape());
                OrtSession.Result result = session.run(Map.of(input, given))) {
            var outputs = new LinkedHashMap<String, Tensor>();
            for (var entry : result) {
                outputs.put(entry.getKey(), OnnxValues.taken(entry.getKey(), entry.getValue()));
            }
            return outputs;
        } catch (OrtException e) {
            throw new IllegalArgumentException(
                    "ONNX Runtime cannot compute %s: %s".formatted(x.description(), reason(e)));
        } finally {
            Reference.reachabilityFence(this); // else it may be freed while it computes, when nobody asks it any more
        }
    }

    /** ONNX Runtime's own words in one line, without its error code and the places in its source. */
    private static String reason(OrtException e) {
        String message = String.valueOf(e.getMessage())
                .replaceFirst("^Error code - \\S+ - message: ", "")
                .replaceFirst("^Load model (from .* )?failed: ?", "")
                .replaceFirst("^/\\S+:\\d+ [^(]*\\([^)]*\\)( const)? ", "");
        return Escaped.of(message.strip());
    }
}
