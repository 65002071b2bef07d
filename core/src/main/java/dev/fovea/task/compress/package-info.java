/** Lossy compression of images. Start at {@link dev.fovea.task.compress.Codec}. */
package dev.fovea.task.compress;
