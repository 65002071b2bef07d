/**
 * Images as bytes: reading, writing, resizing, drawing; the only user of OpenCV. Start at {@link dev.fovea.image.Image}. Files are
 * walked by code of this package before a decoder sees them.
 */
package dev.fovea.image;
