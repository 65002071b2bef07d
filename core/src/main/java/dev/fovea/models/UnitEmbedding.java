package dev.fovea.models;

import dev.fovea.nn.Layer;

/** A network whose outputs are embeddings: images {@code [N, C, H, W]} to rows of length 1, {@code [N, D]}. */
public interface UnitEmbedding extends Layer {}
