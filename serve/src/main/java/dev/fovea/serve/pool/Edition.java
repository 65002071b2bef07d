package dev.fovea.serve.pool;

import java.nio.file.Path;

/**
 * A version of a model as it lies on disk now.
 *
 * @param path what {@link ModelSource} reads
 * @param fingerprint of its files' names, sizes and times: another one is another edition of the version
 */
record Edition(String model, String version, Path path, String fingerprint) {}
