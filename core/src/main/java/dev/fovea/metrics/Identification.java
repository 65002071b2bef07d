package dev.fovea.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Whose images probes are, by the most similar ones of a gallery.
 *
 * @param ranks of each probe, the place of its identity among those of the gallery, the most similar first, from 1; 0 of a probe
 *     whose identity has no image in the gallery
 * @param nearest of each probe, the most similar image of the gallery
 * @param similarity of each probe to that one
 */
public record Identification(List<Integer> ranks, List<Integer> nearest, List<Float> similarity) {

    public Identification {
        ranks = List.copyOf(ranks);
        nearest = List.copyOf(nearest);
        similarity = List.copyOf(similarity);
    }

    /**
     * Probes among the images of a gallery.
     *
     * @param gallery embeddings of length 1, at least one
     * @param known identities of the gallery
     * @param identities of the probes, in the same numbers
     */
    public static Identification of(List<float[]> gallery, int[] known, List<float[]> probes, int[] identities) {
        return ranked(gallery, known, probes, identities, false);
    }

    /** Each image among all others. */
    public static Identification leaveOneOut(List<float[]> images, int[] identities) {
        return ranked(images, identities, images, identities, true);
    }

    private static Identification ranked(
            List<float[]> gallery, int[] known, List<float[]> probes, int[] identities, boolean withoutItself) {
        record One(int rank, int nearest, float similarity) {}
        List<One> all = IntStream.range(0, probes.size())
                .parallel()
                .mapToObj(p -> {
                    float[] similarities = similarities(probes.get(p), gallery);
                    if (withoutItself) {
                        similarities[p] = Float.NEGATIVE_INFINITY;
                    }
                    int nearest = IntStream.range(0, similarities.length)
                            .reduce((a, b) -> similarities[b] > similarities[a] ? b : a)
                            .orElse(-1);
                    return new One(
                            rank(similarities, known, identities[p]),
                            nearest,
                            nearest < 0 ? Float.NaN : similarities[nearest]);
                })
                .toList();
        return new Identification(
                all.stream().map(One::rank).toList(),
                all.stream().map(One::nearest).toList(),
                all.stream().map(One::similarity).toList());
    }

    /** The number of identities with an image that is as similar as the best of the own one, itself included. */
    private static int rank(float[] similarities, int[] known, int own) {
        float best = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < known.length; i++) {
            best = known[i] == own ? Math.max(best, similarities[i]) : best;
        }
        if (best == Float.NEGATIVE_INFINITY) {
            return 0;
        }
        Set<Integer> before = new HashSet<>();
        for (int i = 0; i < known.length; i++) {
            if (known[i] != own && similarities[i] >= best) {
                before.add(known[i]);
            }
        }
        return before.size() + 1;
    }

    private static float[] similarities(float[] probe, List<float[]> gallery) {
        float[] similarities = new float[gallery.size()];
        for (int i = 0; i < similarities.length; i++) {
            similarities[i] = similarity(probe, gallery.get(i));
        }
        return similarities;
    }

    /** The cosine of two embeddings of length 1. */
    public static float similarity(float[] a, float[] b) {
        float sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += a[d] * b[d];
        }
        return sum;
    }

    /** The number of probes whose identity is in the gallery: those that count. */
    public int counted() {
        return (int) ranks.stream().filter(rank -> rank > 0).count();
    }

    /** The share of these whose identity is among the {@code k} most similar ones; NaN where there are none. */
    public double rank(int k) {
        return ranks.stream().filter(rank -> rank > 0 && rank <= k).count() / (double) counted();
    }

    /** The cumulative match characteristic: points {@code [k, rank-k]}, k from 1 to {@code most}. */
    public List<double[]> curve(int most) {
        var points = new ArrayList<double[]>();
        for (int k = 1; k <= most && counted() > 0; k++) {
            points.add(new double[] {k, rank(k)});
        }
        return points;
    }
}
