/** Numbers that an image shows: one or several. Start at {@link dev.fovea.task.regress.Regressor}. */
package dev.fovea.task.regress;
