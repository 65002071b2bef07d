/**
 * What the runs of all tasks share: {@link dev.fovea.run.TrainingRun}, from data and recipe to a run folder, its context, history
 * and report, saved models, the search for a rate, and the comparison of runs. Start at {@link dev.fovea.run.RunSettings}, and at
 * {@link dev.fovea.run.TaskType} to add a task.
 */
package dev.fovea.run;
