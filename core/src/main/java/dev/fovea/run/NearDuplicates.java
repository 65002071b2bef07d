package dev.fovea.run;

import dev.fovea.image.Appearance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Images that look alike: candidates are those whose perceptual hashes differ in few bits and those whose embeddings are nearest
 * to each other; what counts is the correlation of their thumbnails.
 */
final class NearDuplicates {

    /**
     * Two images that look alike.
     *
     * @param first the one that comes first in the data
     * @param second the other
     * @param similarity correlation of their thumbnails, to 1
     */
    record Pair(int first, int second, double similarity) {}

    /** What has a pair: an image, and the part of what it looks like. */
    private record Place(int image, String part) {}

    /** Of 64 bits. */
    private static final int BITS = 6;

    private static final double ALIKE = 0.98;

    /** Where more hashes than this are alike, as of black images with a digit, hashes tell nothing apart. */
    private static final int MOST = 50;

    private NearDuplicates() {}

    /**
     * For each image at most one pair with each part of the data: that with the most similar of those before it.
     *
     * @param parts of the data that the images are in
     * @param nearest of each image the positions of those with the nearest embeddings; empty where there are none
     */
    static List<Pair> of(List<Appearance> images, List<String> parts, List<List<Integer>> nearest) {
        Map<Place, Pair> best = new HashMap<>();
        long[] hashes = images.stream().mapToLong(Appearance::hash).toArray();
        for (int i = 1; i < hashes.length; i++) {
            int seen = 0;
            for (int j = 0; j < i && seen < MOST; j++) {
                if (Long.bitCount(hashes[i] ^ hashes[j]) <= BITS) {
                    seen++;
                    consider(best, images, parts, j, i);
                }
            }
        }
        for (int i = 0; i < nearest.size(); i++) {
            for (int j : nearest.get(i)) {
                consider(best, images, parts, Math.min(i, j), Math.max(i, j));
            }
        }
        var pairs = new ArrayList<>(best.values());
        pairs.sort((a, b) -> a.similarity() == b.similarity()
                ? Comparator.comparingInt(Pair::second)
                        .thenComparingInt(Pair::first)
                        .compare(a, b)
                : Double.compare(b.similarity(), a.similarity()));
        return pairs;
    }

    private static void consider(
            Map<Place, Pair> best, List<Appearance> images, List<String> parts, int first, int second) {
        double similarity =
                images.get(first).thumbnail().similarity(images.get(second).thumbnail());
        var place = new Place(second, parts.get(first));
        Pair known = best.get(place);
        if (first != second && similarity >= ALIKE && (known == null || similarity > known.similarity())) {
            best.put(place, new Pair(first, second, similarity));
        }
    }
}
