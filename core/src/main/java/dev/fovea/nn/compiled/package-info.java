/** Networks compiled for prediction: norms folded into convolutions, activations and sums fused with them, weights packed. */
package dev.fovea.nn.compiled;
