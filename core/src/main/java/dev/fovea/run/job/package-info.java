/** Predictions for more images than one request or one sitting takes: written image by image, and gone on with after a stop. */
package dev.fovea.run.job;
