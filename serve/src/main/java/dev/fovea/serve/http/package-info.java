/** The HTTP side of the server: protocols, limits and safety, around {@link dev.fovea.serve.ServedModels}. */
package dev.fovea.serve.http;
