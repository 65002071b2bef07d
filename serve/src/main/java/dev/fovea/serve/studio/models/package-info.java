/** Models of a workspace as they are tried, evaluated by eye, exported and served. */
package dev.fovea.serve.studio.models;
