package dev.fovea.run;

import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.data.Preprocess;
import dev.fovea.image.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The training images that generated ones are nearest to, by the mean squared difference of their pixels: a copy has nearly none.
 *
 * @param train the images that are searched
 * @param preprocess that brings them to the size of the generated ones
 */
public record NearestImages(Dataset train, Preprocess preprocess) {

    /** Training images that are searched, spread over all. */
    public static final int MOST = 100_000;

    private static final int AT_ONCE = 1000;

    /** Below this root mean squared difference, values 0 to 1, a person sees no difference. */
    private static final double COPY = 0.02;

    /**
     * A training image and its difference from a generated one.
     *
     * @param index in the training images
     * @param image in the size of the generated one
     * @param error mean squared difference, values 0 to 1
     */
    public record Found(int index, Image image, double error) {

        /** Whether the generated image is a copy of it, to the eye. */
        public boolean copy() {
            return difference() < COPY;
        }

        /** The root of the error. */
        public double difference() {
            return Math.sqrt(error);
        }

        Found nearer(Found other) {
            return other.error < error ? other : this;
        }
    }

    /** Of each image the nearest one. */
    public List<Found> of(List<Image> generated) {
        return of(generated, Order.spread(train.size(), MOST));
    }

    /** Of each image the nearest one at these positions, few of which are held at a time. */
    public List<Found> of(List<Image> generated, int[] searched) {
        var nearest = new ArrayList<Found>();
        for (int from = 0; from < searched.length; from += AT_ONCE) {
            int[] positions = Arrays.copyOfRange(searched, from, Math.min(searched.length, from + AT_ONCE));
            List<Image> some = seen(positions);
            for (int i = 0; i < generated.size(); i++) {
                Found found = nearest(generated.get(i), some, positions);
                if (from == 0) {
                    nearest.add(found);
                } else {
                    nearest.set(i, nearest.get(i).nearer(found));
                }
            }
        }
        return nearest;
    }

    private static Found nearest(Image image, List<Image> some, int[] positions) {
        return IntStream.range(0, positions.length)
                .parallel()
                .mapToObj(i -> new Found(positions[i], some.get(i), Comparison.mse(image, some.get(i))))
                .reduce(Found::nearer)
                .orElseThrow();
    }

    private List<Image> seen(int[] positions) {
        return IntStream.of(positions)
                .parallel()
                .mapToObj(i -> preprocess.apply(train.image(i)))
                .toList();
    }
}
