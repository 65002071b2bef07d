/** Which of a list of classes an image or a clip shows. Start at {@link dev.fovea.task.classify.Classifier}. */
package dev.fovea.task.classify;
