/** Architectures, one file each; {@link dev.fovea.models.Models}, the table of names; model packages on disk. */
package dev.fovea.models;
