package dev.fovea.export.runtime;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.fovea.export.OnnxValue;
import dev.fovea.io.FormatException;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an ONNX file says of itself. Its weights are passed over, and where they lie in other files these are found to be where they
 * belong: inside the folder of the model.
 *
 * @param opsets the version of the operators, by domain; ONNX's own is the empty one
 * @param metadata by key
 * @param inputs without those that have values in the file
 * @param activations which of {@code Softmax}, {@code Sigmoid} and the like makes a value, by the value's name
 */
record OnnxHeader(
        long irVersion,
        Map<String, Long> opsets,
        Map<String, String> metadata,
        List<OnnxValue> inputs,
        List<OnnxValue> outputs,
        Map<String, String> activations) {

    /** The newest operators that ONNX Runtime of this release knows. */
    static final long NEWEST_OPSET = 26;

    /** The newest version of the file format that it reads. */
    static final long NEWEST_IR = 13;

    OnnxHeader {
        opsets = Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        activations = Map.copyOf(activations);
    }

    /**
     * Reads a file to its end.
     *
     * @throws FormatException if it is no ONNX file, is cut off, needs newer operators, or names files that are missing or outside of
     *     its folder
     */
    static OnnxHeader read(Path file) {
        OnnxHeader header;
        try (var in = Files.newInputStream(file)) {
            if (Files.size(file) == 0) {
                throw new FormatException(file + ": the file is empty");
            }
            header = new OnnxScan(file, in).read();
        } catch (InvalidProtocolBufferException e) {
            throw new FormatException(
                    "%s: not an ONNX file, or cut off: its parts do not end where they say".formatted(file));
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be read (%s)".formatted(file, Reason.of(e)), e);
        }
        header.check(file);
        return header;
    }

    private void check(Path file) {
        if (opsets.isEmpty() || outputs.isEmpty()) {
            throw new FormatException(
                    file
                            + ": not an ONNX file: it has no graph whose outputs are tensors of numbers, or does not say which operators it uses");
        }
        if (irVersion > NEWEST_IR) {
            throw new FormatException(
                    "%s: is of version %s of the file format, ONNX Runtime of this release reads those up to %s. Export it with an older one"
                            .formatted(file, irVersion, NEWEST_IR));
        }
        long opset = opsets.getOrDefault("", 1L);
        if (opset > NEWEST_OPSET) {
            throw new FormatException(
                    "%s: needs the operators of opset %s, ONNX Runtime of this release knows those up to %s. Export it with an opset of %s or lower"
                            .formatted(file, opset, NEWEST_OPSET, NEWEST_OPSET));
        }
    }

    /** The value of that name among the outputs. */
    Optional<OnnxValue> output(String name) {
        return outputs.stream().filter(value -> value.name().equals(name)).findFirst();
    }
}
