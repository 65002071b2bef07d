/**
 * What a model answered about every image of some data, kept as plain values, and what follows from it: start at
 * {@link dev.fovea.run.answers.Answers}.
 */
package dev.fovea.run.answers;
