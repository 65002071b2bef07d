package dev.fovea.nn.detect;

import dev.fovea.engine.Random;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which of an image's boxes a step learns from: some drawn at random, of them at most a share with objects (Faster R-CNN, Ren et al.
 * 2015, <a href="https://arxiv.org/abs/1506.01497">1506.01497</a>, section 3.1.3).
 *
 * @param count boxes of an image
 * @param positives largest share of those that have an object, 0 to 1
 */
public record Sampling(int count, double positives) {

    /** Positions of those with an object and of those without, each rising. */
    public record Sample(int[] positives, int[] negatives) {

        /** All positions, rising. */
        public int[] all() {
            int[] all = Arrays.copyOf(positives, positives.length + negatives.length);
            System.arraycopy(negatives, 0, all, positives.length, negatives.length);
            Arrays.sort(all);
            return all;
        }
    }

    /**
     * Draws from those assigned to objects and those assigned to none; what {@link MaxIou#IGNORED} says is left out.
     *
     * @param assigned as {@link MaxIou} gives it
     */
    public Sample draw(int[] assigned, Random random) {
        int[] with = IntStream.range(0, assigned.length)
                .filter(i -> assigned[i] >= 0)
                .toArray();
        int[] without = IntStream.range(0, assigned.length)
                .filter(i -> assigned[i] == MaxIou.BACKGROUND)
                .toArray();
        int most = Math.min(with.length, (int) (count * positives));
        int rest = Math.min(without.length, count - most);
        var numbers = new SplittableRandom(
                most < with.length || rest < without.length ? random.seed().value() : 0);
        return new Sample(some(with, most, numbers), some(without, rest, numbers));
    }

    private static int[] some(int[] positions, int most, SplittableRandom numbers) {
        if (most == positions.length) {
            return positions;
        }
        for (int i = 0; i < most; i++) {
            int other = numbers.nextInt(i, positions.length);
            int moved = positions[other];
            positions[other] = positions[i];
            positions[i] = moved;
        }
        int[] drawn = Arrays.copyOf(positions, most);
        Arrays.sort(drawn);
        return drawn;
    }
}
