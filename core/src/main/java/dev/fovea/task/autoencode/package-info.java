/** Short codes of images, and images from codes. Start at {@link dev.fovea.task.autoencode.Autoencoder}. */
package dev.fovea.task.autoencode;
