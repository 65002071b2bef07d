package dev.fovea.task.classify;

import dev.fovea.data.Dataset;
import dev.fovea.metrics.PrincipalComponents;
import dev.fovea.metrics.TSne;
import dev.fovea.report.Charts;
import dev.fovea.run.Classes;
import dev.fovea.run.FeatureExtractor;
import dev.fovea.run.Subset;
import java.awt.image.BufferedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The images of a data set as points of a plane, by their features in a classifier: what it finds alike lies together.
 *
 * @param images how many are drawn
 * @param projection how features became two numbers
 * @param agreement share of images whose nearest neighbour among the features is of their class, 0 to 1
 * @param image the points, a colour for each class, of the first ten classes
 */
public record EmbeddingMap(int images, Projection projection, double agreement, BufferedImage image) {

    /** How features become two numbers. */
    public enum Projection {
        /** The two directions of most variance. */
        PCA,
        /** Neighbours stay neighbours, distances between groups mean nothing. */
        T_SNE
    }

    /** As many as there are colours that can be told apart. */
    private static final int CLASSES = 10;

    /**
     * Of up to 5,000 images, evenly drawn.
     *
     * @param data labelled images
     * @throws dev.fovea.data.DataException if it has a class that the classifier does not know
     */
    public static EmbeddingMap of(Classifier classifier, Dataset data, Projection projection) {
        Dataset images = Subset.evenly(Classes.matched(data, classifier.classes()), TSne.MOST);
        List<float[]> features = new FeatureExtractor(classifier.network()).features(images);
        List<float[]> flat = projection == Projection.PCA
                ? PrincipalComponents.of(features, 2).project(features)
                : TSne.of(features);
        var points = new LinkedHashMap<String, List<double[]>>();
        IntStream.range(0, images.size())
                .map(images::label)
                .distinct()
                .sorted()
                .limit(CLASSES)
                .forEach(label -> points.put(
                        images.classes().get(label),
                        IntStream.range(0, images.size())
                                .filter(i -> images.label(i) == label)
                                .mapToObj(i -> point(flat.get(i)))
                                .toList()));
        boolean pca = projection == Projection.PCA;
        String title = String.format(
                Locale.ROOT, "Features of %,d images, %s", images.size(), pca ? "principal components" : "t-SNE");
        return new EmbeddingMap(
                images.size(),
                projection,
                agreement(features, images),
                Charts.scatter(
                        title,
                        pca ? "first principal component" : "t-SNE, first axis",
                        pca ? "second principal component" : "t-SNE, second axis",
                        points));
    }

    private static double agreement(List<float[]> features, Dataset images) {
        int[] nearest = dev.fovea.metrics.NearestNeighbours.nearestOthers(features);
        return IntStream.range(0, nearest.length)
                        .filter(i -> images.label(i) == images.label(nearest[i]))
                        .count()
                / (double) nearest.length;
    }

    /** Features that are alike have fewer directions than the plane. */
    private static double[] point(float[] along) {
        return new double[] {along.length > 0 ? along[0] : 0, along.length > 1 ? along[1] : 0};
    }
}
