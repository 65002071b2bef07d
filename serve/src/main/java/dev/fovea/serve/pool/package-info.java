/** The models behind a server: versions that are loaded and exchanged while they serve, and requests gathered into batches. */
package dev.fovea.serve.pool;
