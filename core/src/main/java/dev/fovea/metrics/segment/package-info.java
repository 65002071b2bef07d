/** How well classes of pixels are told. */
package dev.fovea.metrics.segment;
