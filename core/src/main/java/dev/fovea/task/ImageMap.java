package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.metrics.PrincipalComponents;
import dev.fovea.metrics.TSne;
import dev.fovea.models.ModelPackage;
import dev.fovea.nn.Layer;
import dev.fovea.run.ProgressWatch;
import dev.fovea.run.SavedNet;
import dev.fovea.run.gallery.ImageEmbedder;
import dev.fovea.task.classify.EmbeddingMap.Projection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Images of all parts of a data set as points of a plane: what is alike lies together. By the features of a network or, where there is
 * none, by a thumbnail of each image, which tells colours and rough shapes apart.
 *
 * @param points one for each image that can be read
 * @param method what the images were compared by, and how that became a plane
 * @param all images of the data; of more than {@link TSne#MOST} that many are drawn, evenly
 */
public record ImageMap(List<Point> points, String method, int all) {

    /**
     * An image.
     *
     * @param part train, validation or test
     * @param index in its part
     */
    public record Point(String part, int index, double x, double y) {

        private double squaredDistance(Point other) {
            return (x - other.x) * (x - other.x) + (y - other.y) * (y - other.y);
        }
    }

    private static final int THUMBNAIL = 16;
    private static final int AT_ONCE = 64;
    private static final int LEAST = 4;

    /** An image before it has a place. */
    private record Seen(String part, int index, float[] features) {}

    public ImageMap {
        points = List.copyOf(points);
    }

    /** Whether the model of a run or package has features of images. */
    public static boolean possible(Path model) {
        ModelPackage.Config config = SavedNet.config(model);
        return config.architecture().network() == Layer.class
                && config.preprocess().frames().length() <= 1;
    }

    /**
     * Maps images.
     *
     * @param net a classifier or a network for embedding; none to compare thumbnails
     * @param most images that are drawn, up to {@link TSne#MOST}
     * @throws IllegalArgumentException if the network embeds no images, or fewer than four images can be read
     */
    public static ImageMap of(
            Splits data, Optional<SavedNet> net, Projection projection, int most, ProgressWatch progress) {
        Optional<ImageEmbedder> embedder = net.map(ImageEmbedder::of);
        int all = data.train().size() + data.validation().size() + data.test().size();
        int drawn = Math.min(all, Math.min(most, TSne.MOST));
        int steps = projection == Projection.T_SNE ? TSne.STEPS : 0;
        var seen = new ArrayList<Seen>();
        int taken = 0;
        for (String part : List.of("train", "validation", "test")) {
            Dataset images = data.part(part);
            for (int from = 0; from < images.size(); from += AT_ONCE) {
                var chosen = new ArrayList<Integer>();
                for (int i = from; i < Math.min(images.size(), from + AT_ONCE); i++, taken++) {
                    if ((long) (taken + 1) * drawn / all > (long) taken * drawn / all) {
                        chosen.add(i);
                    }
                }
                seen.addAll(features(images, part, chosen, embedder));
                progress.at(seen.size(), drawn + steps);
            }
        }
        if (seen.size() < LEAST) {
            throw new IllegalArgumentException(
                    "a map needs at least %s images that can be read, got %s".formatted(LEAST, seen.size()));
        }
        List<float[]> rows = seen.stream().map(Seen::features).toList();
        List<float[]> flat = projection == Projection.PCA
                ? PrincipalComponents.of(rows, 2).project(rows)
                : TSne.of(rows, step -> progress.at(drawn + step, drawn + steps));
        var points = new ArrayList<Point>();
        for (int i = 0; i < seen.size(); i++) {
            float[] at = flat.get(i);
            points.add(new Point(
                    seen.get(i).part(),
                    seen.get(i).index(),
                    at.length > 0 ? at[0] : 0,
                    at.length > 1 ? at[1] : 0)); // features that are alike have fewer directions than the plane
        }
        String by = net.map(own -> "features of " + own.config().architecture().text())
                .orElse("thumbnails of %s x %s pixels".formatted(THUMBNAIL, THUMBNAIL));
        return new ImageMap(points, by + (projection == Projection.PCA ? ", principal components" : ", t-SNE"), all);
    }

    private static List<Seen> features(
            Dataset images, String part, List<Integer> chosen, Optional<ImageEmbedder> embedder) {
        var readable = new ArrayList<Integer>();
        var thumbnails = new ArrayList<float[]>();
        for (int index : chosen) {
            try {
                Image image = images.image(index);
                readable.add(index);
                thumbnails.add(embedder.isPresent() ? new float[0] : thumbnail(image));
            } catch (ImageException e) {
                // a look at the data lists it
            }
        }
        if (readable.isEmpty()) {
            return List.of();
        }
        List<float[]> rows = embedder.map(own -> own.embed(images.subset(
                        readable.stream().mapToInt(Integer::intValue).toArray())))
                .orElse(thumbnails);
        var seen = new ArrayList<Seen>();
        for (int i = 0; i < readable.size(); i++) {
            seen.add(new Seen(part, readable.get(i), rows.get(i)));
        }
        return seen;
    }

    /** Of each point the nearest others on the map, as positions among the points; the nearest first. */
    public List<int[]> neighbours(int count) {
        return IntStream.range(0, points.size())
                .parallel()
                .mapToObj(i -> nearest(i, count))
                .toList();
    }

    private int[] nearest(int of, int count) {
        int[] found = new int[Math.min(count, points.size() - 1)];
        double[] far = new double[found.length];
        int filled = 0;
        for (int i = 0; i < points.size(); i++) {
            double distance = points.get(of).squaredDistance(points.get(i));
            if (i == of || filled == found.length && distance >= far[filled - 1]) {
                continue;
            }
            int at = filled < found.length ? filled++ : filled - 1;
            for (; at > 0 && far[at - 1] > distance; at--) {
                far[at] = far[at - 1];
                found[at] = found[at - 1];
            }
            far[at] = distance;
            found[at] = i;
        }
        return found;
    }

    /** Its pixels, 0 to 1. */
    private static float[] thumbnail(Image image) {
        byte[] pixels =
                image.toRgb().resize(THUMBNAIL, THUMBNAIL, Filter.BILINEAR).pixels();
        float[] row = new float[pixels.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = (pixels[i] & 255) / 255f;
        }
        return row;
    }
}
