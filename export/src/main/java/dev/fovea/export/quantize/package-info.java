/** ONNX graphs in eight bits; start at {@link dev.fovea.export.quantize.Quantization}. */
package dev.fovea.export.quantize;
