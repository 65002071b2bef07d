/** Labelled images: data sets and their formats, transforms, splits and the loader. */
package dev.fovea.data;
