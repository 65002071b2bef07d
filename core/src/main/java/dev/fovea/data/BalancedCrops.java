package dev.fovea.data;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongFunction;

/** Chooses of several random views of an image that which shows most of the classes that have few pixels. */
final class BalancedCrops {

    private static final int LOOKED_AT = 200;

    /** Places of a view that are looked at, along each side. */
    private static final int PLACES = 24;

    /** What a rare class counts for at most, where the median one counts 1. */
    private static final double MOST = 10;

    private final int views;
    private final double[] weights;

    /** @param data whose classes are counted in up to 200 of its masks */
    BalancedCrops(Dataset data, int views) {
        this.views = views;
        double[] shares =
                PixelCounts.of(data, Order.spread(data.size(), LOOKED_AT)).shares();
        double[] sorted =
                Arrays.stream(shares).filter(share -> share > 0).sorted().toArray();
        double median = sorted.length == 0 ? 1 : sorted[sorted.length / 2];
        weights = Arrays.stream(shares)
                .map(share -> Math.min(MOST, share == 0 ? 0 : median / share))
                .toArray();
    }

    /**
     * The seed of the best view.
     *
     * @param geometry of the view with a seed
     */
    long best(SplittableRandom random, Mask mask, LongFunction<Geometry> geometry) {
        long best = 0;
        double most = -1;
        for (int i = 0; i < views; i++) {
            long seed = random.nextLong();
            double worth = worth(mask, geometry.apply(seed));
            if (worth > most) {
                best = seed;
                most = worth;
            }
        }
        return best;
    }

    /** The sum of the weights of what is seen at some places. */
    private double worth(Mask mask, Geometry geometry) {
        double worth = 0;
        for (int row = 0; row < PLACES; row++) {
            for (int column = 0; column < PLACES; column++) {
                double x = (column + 0.5) / PLACES * geometry.to().width();
                double y = (row + 0.5) / PLACES * geometry.to().height();
                if (geometry.covers(x, y)) {
                    int label = mask.at(
                            (int) geometry.back().x(x, y), (int) geometry.back().y(x, y));
                    worth += label == Target.IGNORED ? 0 : weights[label];
                }
            }
        }
        return worth;
    }
}
