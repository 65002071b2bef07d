/**
 * Training: the {@link dev.fovea.train.Recipe} that decides a run, the {@link dev.fovea.train.Trainer}'s one loop, what a task adds to
 * it ({@link dev.fovea.train.Objective}), what watches it ({@link dev.fovea.train.Listener}), checkpoints and resuming.
 */
package dev.fovea.train;
