package dev.fovea.task.anomaly;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.image.WhiteMask;
import dev.fovea.metrics.RocAuc;
import dev.fovea.run.AnomalyScorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pixel-level AUROC of anomaly maps, by masks that are white where an image is anomalous.
 *
 * @param masks folder with {@code <class>/<name>_mask.png} or {@code <class>/<name>.png}, as in MVTec AD; an image
 * without one has no anomalous pixel
 */
record PixelAuroc(AnomalyScorer scorer, Path masks) {

    /** Half of the side of the window that anomaly maps are averaged over, in pixels. */
    private static final int AROUND = 2;

    /**
     * Area under the ROC curve over all pixels of all images, in the network's size.
     *
     * @throws IllegalArgumentException if there is no mask for any image, or one of another size than its image
     */
    double auroc(Dataset data) {
        var scores = new ArrayList<float[]>();
        var truths = new ArrayList<boolean[]>();
        boolean found = false;
        for (int i = 0; i < data.size(); i++) {
            Image image = data.image(i);
            Image seen = scorer.seen(image);
            scores.add(smoothed(scorer.score(seen).anomalyMap(), seen.width(), seen.height()));
            Optional<Path> mask = mask(data.classes().get(data.label(i)), data.name(i));
            truths.add(mask.isPresent() ? truth(mask.get(), image) : new boolean[seen.width() * seen.height()]);
            found |= mask.isPresent();
        }
        if (!found) {
            throw new IllegalArgumentException(
                    masks + ": no mask for any image; expected <class>/<name>_mask.png or <class>/<name>.png");
        }
        boolean[] anomalous = joinedTruth(truths);
        int count = 0;
        for (boolean place : anomalous) {
            count += place ? 1 : 0;
        }
        if (count == 0 || count == anomalous.length) {
            throw new DataException("%s: the masks call %s anomalous, so pixels cannot be told apart. Expected masks "
                            .formatted(masks, count == 0 ? "nothing" : "everything")
                    + "that are white where an image is anomalous and black elsewhere");
        }
        return RocAuc.area(joined(scores), anomalous);
    }

    private Optional<Path> mask(String label, String name) {
        String file = name.replaceFirst(".*[/\\\\]", "").replaceFirst("\\.[^.]*$", "");
        Path folder = masks.resolve(label);
        return List.of("_mask.png", ".png").stream()
                .map(end -> folder.resolve(file + end))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** A mask goes the way of its image, cut or framed alike; the grey of a frame is not white, so not anomalous. */
    private boolean[] truth(Path file, Image image) {
        Image mask = Image.read(file);
        if (mask.width() != image.width() || mask.height() != image.height()) {
            throw new DataException("%s: the mask has %sx%s pixels, its image %sx%s"
                    .formatted(file, mask.width(), mask.height(), image.width(), image.height()));
        }
        byte[] white = scorer.seen(WhiteMask.of(mask)).toGray().pixels();
        boolean[] truth = new boolean[white.length];
        for (int p = 0; p < truth.length; p++) {
            truth[p] = (white[p] & 0xFF) > 127;
        }
        return truth;
    }

    /** At the image's size, each pixel the mean of those around it, row by row. */
    private static float[] smoothed(float[][] places, int width, int height) {
        float[] flat = joined(List.of(places));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor map = Tensor.of(flat, 1, 1, places.length, places[0].length);
            Tensor large =
                    places.length == height && places[0].length == width ? map : map.upsampleBilinear(height, width);
            // Beside an edge the mean is of fewer: that of the ones that there are.
            Tensor count = Tensor.ones(1, 1, height, width).avgPool2d(2 * AROUND + 1, 1, AROUND);
            return large.avgPool2d(2 * AROUND + 1, 1, AROUND).div(count).toFloats();
        }
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static boolean[] joinedTruth(List<boolean[]> parts) {
        boolean[] all = new boolean[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (boolean[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
