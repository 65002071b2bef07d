/**
 * How weights change: {@link dev.fovea.optim.Optimizer}s, {@link dev.fovea.optim.Schedule}s of the learning rate, clipping of
 * gradients, and averages of weights.
 */
package dev.fovea.optim;
