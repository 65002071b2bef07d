/** What is unlike normal images, and where. Start at {@link dev.fovea.task.anomaly.AnomalyDetector}. */
package dev.fovea.task.anomaly;
