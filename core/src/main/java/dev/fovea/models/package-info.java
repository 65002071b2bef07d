/**
 * Architectures, one family a file; start at {@link dev.fovea.models.Models}, the table of their names. A trained one on disk is a
 * {@link dev.fovea.models.ModelPackage}.
 */
package dev.fovea.models;
