/**
 * The studio: one page on which models are made out of images. Routes here read and write JSON; what they do is done by
 * {@link dev.fovea.task} and the packages below it.
 */
package dev.fovea.serve.studio;
