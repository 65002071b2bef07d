package dev.fovea.task.detect;

/**
 * An object of a frame that is followed from frame to frame.
 *
 * @param track its number, from 1, the same in all frames
 */
public record TrackedObject(int track, DetectedObject object) {}
