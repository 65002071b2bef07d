package dev.fovea.models;

/** What becomes of the batch norms of a detector's backbone. */
enum NormKind {
    /** They learn and take statistics of batches: without published weights nothing else trains well. */
    BATCH,
    /** They stay what published weights made them, as few images fit into a batch of large ones. */
    FROZEN
}
