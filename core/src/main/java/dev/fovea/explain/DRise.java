package dev.fovea.explain;

import dev.fovea.data.Box;
import dev.fovea.engine.Tensor;
import dev.fovea.models.DetectionNet;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * D-RISE (Petsiuk et al. 2020, <a href="https://arxiv.org/abs/2006.03204">2006.03204</a>): which part of an image a detector
 * needs to find one object. The mean of many random masks, each weighted by how well the object is still found in what it leaves
 * of the image: the overlap of the best answer of the class with the object's box, times its score.
 */
public final class DRise {

    /** Its word. */
    public static final String WORD = "d-rise";

    private static final RandomMasks MASKS = new RandomMasks(1024, 16, 16);

    /** Of answers under a mask; weaker ones hardly count. */
    private static final double LEAST_SCORE = 0.02;

    private DRise() {}

    /**
     * How much each part speaks for an object.
     *
     * @param net in evaluation mode
     * @param input one image as the network sees it, [1, C, H, W]
     * @param label the class of the object
     * @param box of the object, in pixels of {@code input}
     * @return from 0, of which the largest is 1, [H][W]; all 0 where nothing speaks for the object
     */
    public static float[][] explain(DetectionNet net, Tensor input, int label, Box box) {
        return explain(net, input, label, box, Explainer.Progress.NONE);
    }

    /** The same, watched. */
    public static float[][] explain(DetectionNet net, Tensor input, int label, Box box, Explainer.Progress progress) {
        DetectionNet.Limits limits = net.limits().withScore(LEAST_SCORE);
        UnaryOperator<Tensor> weights = images -> {
            List<DetectionNet.Found> found = net.detect(images, limits);
            float[] values = new float[found.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) stillFound(found.get(i), label, box);
            }
            return Tensor.of(values, values.length).to(images.device());
        };
        return MASKS.mean(input, weights, progress);
    }

    private static double stillFound(DetectionNet.Found found, int label, Box box) {
        double best = 0;
        for (int i = 0; i < found.count(); i++) {
            if (found.labels()[i] == label) {
                best = Math.max(best, box.iou(Box.of(found.boxes(), i)) * found.scores()[i]);
            }
        }
        return best;
    }
}
