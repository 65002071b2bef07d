package dev.fovea.metrics;

import dev.fovea.engine.Seed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Pairs of images with their similarity, and whether they are of one identity.
 *
 * @param pairs in any order
 */
public record SimilarityPairs(List<Pair> pairs) {

    /** More pairs of a kind make no figure more exact. */
    private static final int MOST = 500_000;

    private static final Seed DRAWN = new Seed(23);

    /**
     * A pair.
     *
     * @param a position of an image
     * @param b position of another
     * @param same whether they are of one identity
     * @param similarity cosine of their embeddings
     */
    public record Pair(int a, int b, boolean same, float similarity) {}

    public SimilarityPairs {
        pairs = List.copyOf(pairs);
    }

    /**
     * All pairs of these images; where there are more than half a million of a kind, so many drawn at random, always the same ones.
     *
     * @param images embeddings of length 1
     * @param identities of each
     */
    public static SimilarityPairs of(List<float[]> images, int[] identities) {
        var members = new TreeMap<Integer, List<Integer>>();
        for (int i = 0; i < identities.length; i++) {
            members.computeIfAbsent(identities[i], k -> new ArrayList<>()).add(i);
        }
        var pairs = new ArrayList<Pair>();
        long sames = members.values().stream()
                .mapToLong(list -> (long) list.size() * (list.size() - 1) / 2)
                .sum();
        long differents = (long) images.size() * (images.size() - 1) / 2 - sames;
        SplittableRandom random = DRAWN.random();
        addSame(images, members, Math.min(1, MOST / (double) sames), random, pairs);
        if (differents <= MOST) {
            for (int a = 0; a < identities.length; a++) {
                for (int b = a + 1; b < identities.length; b++) {
                    if (identities[a] != identities[b]) {
                        pairs.add(pair(images, a, b, false));
                    }
                }
            }
        } else {
            addDrawn(images, identities, random, pairs);
        }
        return new SimilarityPairs(pairs);
    }

    private static void addSame(
            List<float[]> images,
            Map<Integer, List<Integer>> members,
            double share,
            SplittableRandom random,
            List<Pair> pairs) {
        for (List<Integer> of : members.values()) {
            for (int i = 0; i < of.size(); i++) {
                for (int j = i + 1; j < of.size(); j++) {
                    if (share == 1 || random.nextDouble() < share) {
                        pairs.add(pair(images, of.get(i), of.get(j), true));
                    }
                }
            }
        }
    }

    private static void addDrawn(List<float[]> images, int[] identities, SplittableRandom random, List<Pair> pairs) {
        for (int drawn = 0; drawn < MOST; ) {
            int a = random.nextInt(identities.length);
            int b = random.nextInt(identities.length);
            if (identities[a] != identities[b]) {
                pairs.add(pair(images, Math.min(a, b), Math.max(a, b), false));
                drawn++;
            }
        }
    }

    /** The pair of two images. */
    public static Pair pair(List<float[]> images, int a, int b, boolean same) {
        return new Pair(a, b, same, Identification.similarity(images.get(a), images.get(b)));
    }

    /** What a threshold makes of them. */
    public Verification verification() {
        return verification(pairs);
    }

    /** What a threshold makes of some pairs. */
    public static Verification verification(List<Pair> pairs) {
        return new Verification(similarities(pairs, true), similarities(pairs, false));
    }

    private static float[] similarities(List<Pair> pairs, boolean same) {
        List<Pair> kind = pairs.stream().filter(pair -> pair.same() == same).toList();
        float[] values = new float[kind.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = kind.get(i).similarity();
        }
        return values;
    }

    /** The hardest ones: of pairs of one identity the least similar, of the others the most similar. */
    public List<Pair> hardest(boolean same, int count) {
        Comparator<Pair> rising = Comparator.comparingDouble(Pair::similarity);
        return pairs.stream()
                .filter(pair -> pair.same() == same)
                .sorted(same ? rising : rising.reversed())
                .limit(count)
                .toList();
    }

    /** How many pairs of one kind there are in each of {@code bins} equal steps of similarity from -1 to 1. */
    public int[] histogram(boolean same, int bins) {
        int[] counts = new int[bins];
        for (Pair pair : pairs) {
            if (pair.same() == same) {
                counts[bin(pair, bins)]++;
            }
        }
        return counts;
    }

    private static int bin(Pair pair, int bins) {
        return Math.max(0, Math.min(bins - 1, (int) ((pair.similarity() + 1) / 2 * bins)));
    }

    /** The pairs that {@link #histogram} counts in one of its steps, the most similar first. */
    public List<Pair> inBin(boolean same, int bin, int bins) {
        return pairs.stream()
                .filter(pair -> pair.same() == same && bin(pair, bins) == bin)
                .sorted(Comparator.comparingDouble(pair -> -pair.similarity()))
                .toList();
    }
}
