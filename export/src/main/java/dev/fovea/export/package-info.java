/** Trained models as ONNX files, and ONNX files as models. */
package dev.fovea.export;
