/** Files: atomic writes, weights as safetensors, checksummed downloads. */
package dev.fovea.io;
