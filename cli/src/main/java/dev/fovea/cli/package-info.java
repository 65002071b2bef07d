/** The {@code fovea} command: reads arguments, calls {@code dev.fovea.task}, prints. */
package dev.fovea.cli;
