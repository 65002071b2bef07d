package dev.fovea.run.answers;

import dev.fovea.metrics.segment.SegmentationResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which classes the pixels of images have and are told to have, counted.
 *
 * @param counts of each image, those above 0 alone
 */
public record PixelAnswers(List<String> classes, List<ImageFacts> images, List<List<Count>> counts) implements Answers {

    /**
     * Pixels of one image.
     *
     * @param truth their class
     * @param told the class that they are told to have
     */
    public record Count(int truth, int told, long pixels) {}

    public PixelAnswers {
        classes = List.copyOf(classes);
        images = List.copyOf(images);
        counts = counts.stream().map(List::copyOf).toList();
        if (counts.size() != images.size()) {
            throw new IllegalArgumentException(
                    "answers: %s images, got counts of %s".formatted(images.size(), counts.size()));
        }
    }

    /**
     * Those of a matrix that are above 0.
     *
     * @param matrix pixels, rows true classes, columns told ones
     */
    public static List<Count> counts(long[][] matrix) {
        var counts = new ArrayList<Count>();
        for (int row = 0; row < matrix.length; row++) {
            for (int column = 0; column < matrix.length; column++) {
                if (matrix[row][column] > 0) {
                    counts.add(new Count(row, column, matrix[row][column]));
                }
            }
        }
        return counts;
    }

    /** Of all images; boundaries were not measured. */
    public SegmentationResult result() {
        return result(counts.stream().flatMap(List::stream).toList());
    }

    /** Of one. */
    public SegmentationResult result(int image) {
        return result(counts.get(image));
    }

    private SegmentationResult result(List<Count> some) {
        long[][] matrix = new long[classes.size()][classes.size()];
        some.forEach(count -> matrix[count.truth()][count.told()] += count.pixels());
        return SegmentationResult.of(classes, matrix);
    }

    @Override
    public Map<String, Double> metrics() {
        return result().values();
    }

    /** Images by the mean IoU of their classes, the lowest first; those all of whose pixels are ignored are left out. */
    public List<Integer> worst() {
        double[] scores = IntStream.range(0, images.size())
                .mapToDouble(i -> result(i).miou())
                .toArray();
        return IntStream.range(0, scores.length)
                .filter(i -> !Double.isNaN(scores[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> scores[i]))
                .toList();
    }

    /** Images with pixels of one class that are told to be of another, those with the most first. */
    public List<Integer> cell(int truth, int told) {
        long[] pixels = counts.stream()
                .mapToLong(own -> own.stream()
                        .filter(count -> count.truth() == truth && count.told() == told)
                        .mapToLong(Count::pixels)
                        .sum())
                .toArray();
        return IntStream.range(0, pixels.length)
                .filter(i -> pixels[i] > 0)
                .boxed()
                .sorted(Comparator.comparingLong(i -> -pixels[i]))
                .toList();
    }

    /** Each image by the mean IoU of its classes. */
    @Override
    public Cases cases() {
        List<Integer> scored = IntStream.range(0, images.size())
                .filter(i -> !counts.get(i).isEmpty())
                .boxed()
                .toList();
        return new Cases(scored, scored.stream().map(i -> result(i).miou()).toList(), List.of());
    }
}
