/**
 * Training: the {@link dev.fovea.train.Recipe} that decides a run, the {@link dev.fovea.train.Trainer}'s one
 * loop, what a task adds to it ({@link dev.fovea.train.Objective}), checkpoints and resume.
 */
package dev.fovea.train;
