/** What models answered about data sets: figures, mistakes, slices and explanations for the page. */
package dev.fovea.serve.studio.evaluate;
