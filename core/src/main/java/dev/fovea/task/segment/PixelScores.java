package dev.fovea.task.segment;

import dev.fovea.data.Geometry;
import dev.fovea.data.Mask;
import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import dev.fovea.nn.Layer;
import dev.fovea.run.Predictor;
import dev.fovea.run.SavedNet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a network says of the pixels of images; the caller opens scope and no gradients.
 *
 * @param layer that computes it
 * @param views of the image that are looked at
 */
record PixelScores(SavedNet network, Layer layer, Segmentation.Views views) {

    /** Classes whose scores are enlarged at once: a photograph of 150 classes would take gigabytes. */
    private static final long AT_ONCE = 1L << 26;

    /** The most probable class of every pixel of each image, in the image's own size. */
    List<Mask> classes(List<Predictor.Prepared> images) {
        Tensor scores = of(images.stream().map(Predictor.Prepared::seen).toList());
        return IntStream.range(0, images.size())
                .mapToObj(i -> largest(
                        scores.narrow(0, i, 1),
                        network.preprocess(),
                        images.get(i).original()))
                .toList();
    }

    /**
     * Scores of an image's pixels in the image's own size, [1, classes, H, W].
     *
     * @param image no larger than a few times what the network is shown
     */
    Tensor ofPixels(Image image) {
        Preprocess shown = network.preprocess();
        Tensor scores = of(List.of(shown.apply(image)));
        return image.size().equals(shown.size()) ? scores : resampled(scores, shown, image.size());
    }

    /** Logits in the size that the network is shown, or the mean of probabilities where it looks more than once. */
    private Tensor of(List<Image> seen) {
        Tensor images = network.normalized(seen);
        if (views == Segmentation.Views.NONE) {
            return logits(images);
        }
        Tensor sum = null;
        for (double scale : views.sizes) {
            sum = added(sum, Scope.only(() -> back(probabilities(scaled(images, scale)), images)));
            if (views.mirrored) {
                sum = added(
                        sum,
                        Scope.only(() -> back(
                                probabilities(scaled(images, scale).flip(3)).flip(3), images)));
            }
        }
        return sum;
    }

    private static Tensor added(Tensor sum, Tensor one) {
        return sum == null ? one : sum.add(one);
    }

    private Tensor logits(Tensor images) {
        return layer.forward(images).to(DType.FLOAT32);
    }

    private Tensor probabilities(Tensor images) {
        return logits(images).softmax(1);
    }

    private static Tensor scaled(Tensor images, double scale) {
        return scale == 1
                ? images
                : images.upsampleBilinear(
                        Math.max(1, Math.round(images.size(2) * scale)),
                        Math.max(1, Math.round(images.size(3) * scale)));
    }

    private static Tensor back(Tensor scores, Tensor images) {
        return scores.size(2) == images.size(2) && scores.size(3) == images.size(3)
                ? scores
                : scores.upsampleBilinear(images.size(2), images.size(3));
    }

    private static Mask largest(Tensor scores, Preprocess shown, Size size) {
        long classes = scores.size(1);
        long chunk = Math.max(1, AT_ONCE / ((long) size.height() * size.width()));
        Tensor best = null;
        Tensor label = null;
        for (long from = 0; from < classes; from += chunk) {
            Tensor part = scores.narrow(1, from, Math.min(chunk, classes - from));
            Tensor large = size.equals(shown.size()) ? part : resampled(part, shown, size);
            List<Tensor> most = Tensor.call("aten::max.dim", large, 1L, false); // values and places, [1, H, W]
            Tensor own = most.get(1).add(from);
            Tensor better = best == null ? null : most.get(0).sub(best).ge(0);
            label = best == null ? own : Tensor.where(better, own, label);
            best = best == null ? most.get(0) : Tensor.where(better, most.get(0), best);
        }
        return mask(label, size);
    }

    /** Classes [.., H, W] as a mask. */
    static Mask mask(Tensor labels, Size size) {
        long[] all = labels.toLongs();
        byte[] values = new byte[all.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) all[i];
        }
        return new Mask(size, values);
    }

    /** From the size that the network is shown to that of the image, bilinearly, without what lies around a fitted image. */
    private static Tensor resampled(Tensor scores, Preprocess shown, Size size) {
        if (shown.resize() == ResizePolicy.STRETCH) {
            return scores.upsampleBilinear(size.height(), size.width());
        }
        Tensor grid = grid(shown.geometry(size)).to(scores.device());
        return Tensor.call("aten::grid_sampler", scores, grid, 0L, 1L, false).get(0);
    }

    /** Where each pixel of the image lies in what the network is shown, -1 to 1, [1, H, W, 2]. */
    private static Tensor grid(Geometry geometry) {
        Size from = geometry.from();
        Size to = geometry.to();
        var forward = geometry.back().inverse();
        float[] places = new float[2 * from.height() * from.width()];
        for (int y = 0; y < from.height(); y++) {
            for (int x = 0; x < from.width(); x++) {
                int at = 2 * (y * from.width() + x);
                places[at] = (float) (2 * forward.x(x + 0.5, y + 0.5) / to.width() - 1);
                places[at + 1] = (float) (2 * forward.y(x + 0.5, y + 0.5) / to.height() - 1);
            }
        }
        return Tensor.of(places, 1, from.height(), from.width(), 2);
    }
}
