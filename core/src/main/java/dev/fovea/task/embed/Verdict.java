package dev.fovea.task.embed;

/**
 * Whether two images are of one identity.
 *
 * @param same whether {@code similarity} is at least {@code threshold}
 * @param similarity cosine of their embeddings, -1 to 1
 * @param threshold that it was compared with
 */
public record Verdict(boolean same, double similarity, double threshold) {}
