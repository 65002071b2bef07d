/** Measurements of Fovea beside its peers, and of its parts; never shipped. */
package dev.fovea.bench;
