/** Measures of how good a model is, gathered batch by batch. */
package dev.fovea.metrics;
