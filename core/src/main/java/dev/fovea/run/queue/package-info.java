/** Trainings one after the other, in a list that outlives the program. */
package dev.fovea.run.queue;
