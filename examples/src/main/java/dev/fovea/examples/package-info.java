/** Small programs, one a task; each is a file of its own to start from. */
package dev.fovea.examples;
