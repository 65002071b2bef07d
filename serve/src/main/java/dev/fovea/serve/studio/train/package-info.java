/** Trainings of the studio: the form, the queue, and runs watched while they go, whoever started them. */
package dev.fovea.serve.studio.train;
