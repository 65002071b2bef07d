/** Boxes and masks of data sets shown and corrected, problems that were found in them, and their images as a map. */
package dev.fovea.serve.studio.annotate;
