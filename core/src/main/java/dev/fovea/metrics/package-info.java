/**
 * How good a model is, gathered batch by batch. Start at {@link dev.fovea.metrics.ClassificationMetrics} for classifiers,
 * {@link dev.fovea.metrics.ImageMetrics} for images beside images, {@link dev.fovea.metrics.FeatureDistance} for generated ones.
 */
package dev.fovea.metrics;
