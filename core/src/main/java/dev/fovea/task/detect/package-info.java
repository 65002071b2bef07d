/** Objects in an image, each with a box, a class and a score. Start at {@link dev.fovea.task.detect.Detector}. */
package dev.fovea.task.detect;
