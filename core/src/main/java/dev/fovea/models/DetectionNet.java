package dev.fovea.models;

import dev.fovea.data.Mask;
import dev.fovea.data.Targets;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Traceable;
import java.util.List;
import java.util.Map;

/** A network that finds objects in images: it has losses of its own, and answers with boxes in pixels of what it is shown. */
public interface DetectionNet extends Traceable {

    /**
     * What is answered.
     *
     * @param score least one, 0 to 1
     * @param iou overlap above which the weaker of two boxes of a class is a duplicate, 0 to 1; at 1 there are no duplicates
     * @param most objects of an image
     */
    record Limits(double score, double iou, int most) {

        public Limits {
            if (!(score >= 0 && score <= 1 && iou >= 0 && iou <= 1 && most >= 1)) {
                throw new IllegalArgumentException(
                        "limits: score and iou must be 0 to 1 and most at least 1, got score=%s, iou=%s, most=%s"
                                .formatted(score, iou, most));
            }
        }

        /** The same with another least score. */
        public Limits withScore(double value) {
            return new Limits(value, iou, most);
        }
    }

    /**
     * The objects of an image, most probable first.
     *
     * @param boxes left, top, right, bottom of each, {@code [4 objects]}
     * @param labels class of each, from 0
     * @param scores of each, 0 to 1
     * @param masks of each in the size of the image, 1 where the object is seen; none of networks that give none
     * @param keypoints of each object its points, of each point x, y and logit, {@code [objects points 3]}; none of networks that give
     *     none
     */
    record Found(float[] boxes, int[] labels, float[] scores, List<Mask> masks, float[] keypoints) {

        public Found {
            masks = List.copyOf(masks);
        }

        /** Boxes alone. */
        public Found(float[] boxes, int[] labels, float[] scores) {
            this(boxes, labels, scores, List.of(), new float[0]);
        }

        /** The same with masks. */
        Found withMasks(List<Mask> value) {
            return new Found(boxes, labels, scores, value, keypoints);
        }

        /** The same with keypoints. */
        Found withKeypoints(float[] value) {
            return new Found(boxes, labels, scores, masks, value);
        }

        /** How many there are. */
        public int count() {
            return labels.length;
        }
    }

    /** Those it is measured by: all that could be an object. */
    Limits limits();

    /** Whether it finds masks of objects, too. */
    default boolean findsMasks() {
        return false;
    }

    /** Whether it finds keypoints of objects, too. */
    default boolean findsKeypoints() {
        return false;
    }

    /** How the names begin of the weights whose number depends on the number of classes. */
    List<String> classLayers();

    /** What the side of an image must be a multiple of. */
    int multiple();

    /**
     * Losses by name, scalars in float32, whose sum is minimised.
     *
     * @param images [N, C, H, W]
     * @param truth in pixels of {@code images}
     */
    Map<String, Tensor> losses(Tensor images, Targets.Objects truth);

    /** The objects of each of some images [N, C, H, W]; the caller opens {@link dev.fovea.engine.NoGrad}. */
    List<Found> detect(Tensor images, Limits limits);
}
