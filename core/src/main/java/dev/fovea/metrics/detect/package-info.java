/**
 * How good found objects are. Start at {@link dev.fovea.metrics.detect.CocoMetrics} for the figures that papers give, at
 * {@link dev.fovea.metrics.detect.TideMetrics} for what goes wrong; all take in one image after another.
 */
package dev.fovea.metrics.detect;
