/**
 * Files: atomic writes, weights as {@link dev.fovea.io.Safetensors}, checksummed downloads, entropy coding, and the nearest name
 * for "did you mean".
 */
package dev.fovea.io;
