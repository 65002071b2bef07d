package dev.fovea.train;

import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that makes a continued run bit-identical to the uninterrupted one: weights and buffers, the
 * optimizer's state, the weight average, and {@link Progress}.
 *
 * <p>No generator state is needed: order, augmentation and dropout are drawn from (seed, epoch, step).
 *
 * @param tensors by name, prefixed with the part they belong to
 */
record Checkpoint(Map<String, Tensor> tensors, Progress progress) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Writes to a temporary file, syncs, renames; the previous checkpoint stays until then. */
    void write(Path file) {
        Safetensors.write(
                file, tensors, Map.of("format", "fovea-checkpoint-1", "progress", JSON.writeValueAsString(progress)));
    }

    /** @throws IllegalArgumentException if {@code file} is not a checkpoint */
    static Checkpoint read(Path file) {
        var content = Safetensors.read(file);
        String progress = content.metadata().get("progress");
        if (progress == null) {
            throw new IllegalArgumentException(file + ": not a checkpoint of a run (it has weights but no progress)");
        }
        try {
            return new Checkpoint(content.tensors(), JSON.readValue(progress, Progress.class));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    file + ": the progress of the run cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    /** The tensors of one part, their prefix taken off. */
    Map<String, Tensor> part(String prefix) {
        var part = new LinkedHashMap<String, Tensor>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix + "/")) {
                part.put(name.substring(prefix.length() + 1), tensor);
            }
        });
        return part;
    }

    /** Whether the run had come to its end, and what its optimizer remembered was removed. */
    boolean prunedOf(String prefix) {
        return progress.batches() == 0 && part(prefix).isEmpty();
    }

    /** Puts the tensors of a part under its prefix. */
    static void addPart(Map<String, Tensor> into, String prefix, Map<String, Tensor> part) {
        part.forEach((name, tensor) -> into.put(prefix + "/" + name, tensor));
    }
}
