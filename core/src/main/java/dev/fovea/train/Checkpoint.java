package dev.fovea.train;

import dev.fovea.engine.Tensor;
import dev.fovea.io.FormatException;
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

    /** @throws FormatException if {@code file} is not a checkpoint, or a damaged one */
    static Checkpoint read(Path file) {
        var content = Safetensors.read(file);
        return new Checkpoint(content.tensors(), progress(file, content.metadata()));
    }

    /** How far the run of a checkpoint with this metadata had come. */
    static Progress progress(Path file, Map<String, String> metadata) {
        String progress = metadata.get("progress");
        if (progress == null) {
            throw new FormatException(file + ": not a checkpoint of a run (it has weights but no progress)");
        }
        Progress read;
        try {
            read = JSON.readValue(progress, Progress.class);
        } catch (JacksonException e) {
            throw damaged(file, "the progress of the run cannot be read");
        }
        String fault = fault(read);
        if (!fault.isEmpty()) {
            throw damaged(file, fault);
        }
        return read;
    }

    private static FormatException damaged(Path file, String fault) {
        return new FormatException(
                "%s: a damaged checkpoint, %s. Begin a new run, if you like from the weights of this one"
                        .formatted(file, fault));
    }

    /** What no run can have come to; empty if all is well. */
    private static String fault(Progress progress) {
        if (progress == null
                || progress.plateau() == null
                || progress.history().stream().anyMatch(row -> row.containsValue(null))) {
            return "its progress has gaps";
        }
        if (progress.epoch() < 1 || progress.batches() < 0 || progress.step() < 0 || progress.images() < 0) {
            return "it stands at epoch %s, batch %s, step %s"
                    .formatted(progress.epoch(), progress.batches(), progress.step());
        }
        if (progress.history().size() != progress.epoch() - 1
                || progress.bestEpoch() < 0
                || progress.bestEpoch() >= progress.epoch()) {
            return "it stands at epoch %s with %s epochs behind it and epoch %s the best"
                    .formatted(progress.epoch(), progress.history().size(), progress.bestEpoch());
        }
        if (progress.sums().values().stream().anyMatch(sum -> sum == null || sum.images() < 1)) {
            return "its sums are of no images";
        }
        return "";
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
