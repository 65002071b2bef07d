package dev.fovea.task.classify;

import dev.fovea.data.Dataset;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Image;
import dev.fovea.report.ExplanationSheet;
import dev.fovea.run.Classes;
import dev.fovea.run.FeatureExtractor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The images of a data set whose features in a classifier are nearest to those of an image.
 *
 * @param title what they have in common
 * @param nearest first
 */
public record Neighbours(String title, List<Neighbour> nearest) {

    /**
     * One of them.
     *
     * @param name of the image
     * @param label its class
     * @param similarity cosine of the angle between the features of both, at most 1
     */
    public record Neighbour(String name, String label, double similarity, Image image) {}

    private static final int SHOWN = 6;

    public Neighbours {
        nearest = List.copyOf(nearest);
    }

    /**
     * The nearest images of a class, then the nearest of all others.
     *
     * @param file the image
     * @param data labelled images, as those of the training
     * @param label the class; empty for the predicted one
     * @throws IllegalArgumentException if it is for clips, or the class is unknown
     */
    public static List<Neighbours> of(Classifier classifier, Path file, Dataset data, String label) {
        if (classifier.clips()) {
            throw new IllegalArgumentException("neighbours: are found for images, this network sees clips");
        }
        Image image = Image.read(file);
        String chosen = label.isEmpty() ? classifier.predict(image).label() : label;
        Classes.index(classifier.classes(), chosen);
        Dataset matched = Classes.matched(data, classifier.classes());
        var extractor = new FeatureExtractor(classifier.network());
        List<float[]> features = extractor.features(matched);
        float[] own = extractor.features(image);
        double[] similarities =
                features.stream().mapToDouble(row -> cosine(own, row)).toArray();
        return List.of(
                nearest(
                        "Nearest images of " + chosen,
                        classifier,
                        matched,
                        similarities,
                        i -> label(classifier, matched, i).equals(chosen)),
                nearest(
                        "Nearest images of other classes",
                        classifier,
                        matched,
                        similarities,
                        i -> !label(classifier, matched, i).equals(chosen)));
    }

    private static String label(Classifier classifier, Dataset data, int index) {
        return classifier.classes().get(data.label(index));
    }

    private static Neighbours nearest(
            String title, Classifier classifier, Dataset data, double[] similarities, IntPredicate which) {
        var nearest = new ArrayList<Neighbour>();
        IntStream.range(0, data.size())
                .filter(which)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -similarities[i]))
                .limit(SHOWN)
                .forEach(i -> nearest.add(
                        new Neighbour(data.name(i), label(classifier, data, i), similarities[i], data.image(i))));
        return new Neighbours(title, nearest);
    }

    private static double cosine(float[] a, float[] b) {
        double both = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            both += a[i] * b[i];
            squaresA += a[i] * a[i];
            squaresB += b[i] * b[i];
        }
        return squaresA == 0 || squaresB == 0 ? 0 : both / Math.sqrt(squaresA * squaresB);
    }

    ExplanationSheet.Row row() {
        return new ExplanationSheet.Row(
                nearest.isEmpty() ? title + ": none" : title,
                nearest.stream().map(one -> HeatMap.enlarged(one.image())).toList(),
                nearest.stream()
                        .map(one -> String.format(Locale.ROOT, "%.3f  %s", one.similarity(), one.label()))
                        .toList());
    }
}
