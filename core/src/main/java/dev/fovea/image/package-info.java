/** Images: decode, encode, resize, draw. The only user of OpenCV. */
package dev.fovea.image;
