/** ONNX files as models: read with suspicion, answered by ONNX Runtime; start at {@link dev.fovea.export.runtime.OnnxFormat}. */
package dev.fovea.export.runtime;
