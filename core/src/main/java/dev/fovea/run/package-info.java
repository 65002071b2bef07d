/**
 * What the runs of all tasks share: {@link dev.fovea.run.TrainingRun} from data and recipe to a run folder, its context,
 * history and report, saved models, the search for a rate, and the comparison of runs. What a task adds is a
 * {@link dev.fovea.run.TaskType}.
 */
package dev.fovea.run;
