package dev.fovea.export.runtime;

import dev.fovea.export.OnnxValue;
import dev.fovea.models.ModelPackage;
import dev.fovea.run.TaskType;

/**
 * What an ONNX file is, by its own metadata or by what lies beside it.
 *
 * @param original the config that it was exported with, or the same as {@code config}
 * @param config as the file is used
 * @param type what it is for
 * @param input of the graph
 * @param layout of the input
 * @param output the first of those that count
 * @param own whether it was exported here, so that the original network is known
 * @param firstLabel of a detector's classes
 */
record Described(
        ModelPackage.Config original,
        ModelPackage.Config config,
        TaskType<?> type,
        OnnxValue input,
        OnnxFunction.ImageLayout layout,
        OnnxValue output,
        boolean own,
        int firstLabel) {

    /** Whose labels begin at 0. */
    Described(
            ModelPackage.Config original,
            ModelPackage.Config config,
            TaskType<?> type,
            OnnxValue input,
            OnnxFunction.ImageLayout layout,
            OnnxValue output,
            boolean own) {
        this(original, config, type, input, layout, output, own, 0);
    }
}
