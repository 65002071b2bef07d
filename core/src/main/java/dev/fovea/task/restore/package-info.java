/** Clean images from degraded ones. Start at {@link dev.fovea.task.restore.Restorer}. */
package dev.fovea.task.restore;
