/**
 * Tensors, devices, precision, native memory, randomness and threads: the only package that knows libtorch
 * ({@code org.bytedeco.pytorch}). Start at {@link dev.fovea.engine.Tensor}; a {@link dev.fovea.engine.Scope} frees what is made in it.
 * Every operation goes through one door, which a {@link dev.fovea.engine.Recorder} watches.
 */
package dev.fovea.engine;
