/** Many images by their embeddings, so that those nearest to another one are found. */
package dev.fovea.run.gallery;
