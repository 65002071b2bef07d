/**
 * Files: atomic writes, weights ({@link dev.fovea.io.WeightFile}), checksummed downloads, entropy coding, and the nearest name
 * for "did you mean".
 */
package dev.fovea.io;
