/**
 * The tasks, each in a sub-package of its own with one class that users call; records, images and paths in and out, no tensor. Start
 * there: {@link dev.fovea.task.classify.Classifier}, {@link dev.fovea.task.autoencode.Autoencoder}, {@link dev.fovea.task.restore.Restorer},
 * {@link dev.fovea.task.compress.Codec}, {@link dev.fovea.task.generate.Generator}, {@link dev.fovea.task.anomaly.AnomalyDetector}.
 * {@link dev.fovea.task.Tasks#ALL} is the list of them, from which recipes and runs of any task come.
 */
package dev.fovea.task;
