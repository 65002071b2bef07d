/**
 * Images and what is known of them. Start at {@link dev.fovea.data.Folder} or {@link dev.fovea.data.Data}, which read every
 * format; a {@link dev.fovea.data.Dataset} of your own is a small class. Here are also {@link dev.fovea.data.Target}s, the
 * {@link dev.fovea.data.Geometry} that moves images and targets alike, {@link dev.fovea.data.Transform}s, the
 * {@link dev.fovea.data.Preprocess}ing that a model carries, and the {@link dev.fovea.data.Loader} of batches.
 */
package dev.fovea.data;
