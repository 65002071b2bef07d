package dev.fovea.metrics.detect;

import dev.fovea.data.Box;
import dev.fovea.data.Mask;
import dev.fovea.data.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The true objects of one image.
 *
 * @param boxes one for each object
 * @param labels as many, classes counted from 0
 * @param ignore as many: whether finding the object is neither right nor wrong, as COCO's crowds and VOC's difficult
 *     ones; where none are given, none is
 * @param areas as many, in square pixels, by which COCO tells small from large; where none are given, those of the masks
 *     or else of the boxes
 * @param masks as many, all of one size, or none
 * @param keypoints as many, all of one length, or none
 */
public record GroundTruth(
        List<Box> boxes,
        List<Integer> labels,
        List<Boolean> ignore,
        List<Double> areas,
        List<Mask> masks,
        List<List<Keypoint>> keypoints) {

    /** Of an image without objects. */
    public static final GroundTruth NONE = of(List.of(), List.of());

    public GroundTruth {
        boxes = List.copyOf(boxes);
        labels = List.copyOf(labels);
        masks = List.copyOf(masks);
        keypoints = keypoints.stream().map(List::copyOf).toList();
        int count = boxes.size();
        ignore = ignore.isEmpty() ? Collections.nCopies(count, false) : List.copyOf(ignore);
        if (labels.size() != count
                || ignore.size() != count
                || partial(areas, count)
                || partial(masks, count)
                || partial(keypoints, count)) {
            throw new IllegalArgumentException(
                    "ground truth: each object needs a box and a label, and all or none the rest, got %s boxes, %s labels, %s ignores, %s areas, %s masks, %s keypoints"
                            .formatted(
                                    count, labels.size(), ignore.size(), areas.size(), masks.size(), keypoints.size()));
        }
        ClassObjects.check("ground truth", labels, masks, keypoints);
        areas = areas.isEmpty() ? areas(boxes, masks) : List.copyOf(areas);
        for (double area : areas) {
            if (!(area >= 0) || Double.isInfinite(area)) {
                throw new IllegalArgumentException(
                        "ground truth: areas must be finite and at least 0 square pixels, got " + area);
            }
        }
    }

    private static boolean partial(List<?> values, int count) {
        return !values.isEmpty() && values.size() != count;
    }

    private static List<Double> areas(List<Box> boxes, List<Mask> masks) {
        return masks.isEmpty()
                ? boxes.stream().map(Box::area).toList()
                : masks.stream().map(mask -> (double) mask.count()).toList();
    }

    /** Boxes alone, none to be ignored. */
    public static GroundTruth of(List<Box> boxes, List<Integer> labels) {
        return new GroundTruth(boxes, labels, List.of(), List.of(), List.of(), List.of());
    }

    /** What a data set says of an image. */
    public static GroundTruth of(Target.Objects objects) {
        var ignore = new ArrayList<Boolean>();
        for (boolean one : objects.ignore()) {
            ignore.add(one);
        }
        var labels = Arrays.stream(objects.labels()).boxed().toList();
        var keypoints = objects.keypoints().stream().map(Keypoint::of).toList();
        return new GroundTruth(objects.boxes(), labels, ignore, List.of(), objects.masks(), keypoints);
    }

    /** Without masks and keypoints, which need much room; areas stay what they are. */
    public GroundTruth boxesAlone() {
        return new GroundTruth(boxes, labels, ignore, areas, List.of(), List.of());
    }

    public GroundTruth withIgnore(List<Boolean> value) {
        return new GroundTruth(boxes, labels, value, areas, masks, keypoints);
    }

    public GroundTruth withAreas(List<Double> value) {
        return new GroundTruth(boxes, labels, ignore, value, masks, keypoints);
    }

    public GroundTruth withKeypoints(List<List<Keypoint>> value) {
        return new GroundTruth(boxes, labels, ignore, areas, masks, value);
    }

    /** Objects. */
    public int size() {
        return boxes.size();
    }
}
