/**
 * What detectors are made of: overlaps of boxes, box coding, anchors, suppression of duplicates, pooling of regions, feature
 * pyramids, and the assignment of predictions to objects. Boxes are left, top, right, bottom in pixels throughout.
 */
package dev.fovea.nn.detect;
