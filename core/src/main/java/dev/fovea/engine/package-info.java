/**
 * The engine: tensors, devices, precision, native memory, random seeds and threads.
 *
 * <p>The only package that knows libtorch ({@code org.bytedeco.pytorch}); everything above it speaks of
 * {@link dev.fovea.engine.Tensor}.
 */
package dev.fovea.engine;
