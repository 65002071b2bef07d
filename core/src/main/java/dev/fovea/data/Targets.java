package dev.fovea.data;

import java.util.ArrayList;
import java.util.List;

/** The targets of a batch: flat arrays, and offsets where images have different numbers of objects. */
public sealed interface Targets {

    /** Nothing is known about the images. */
    record None() implements Targets {}

    /** One class of each image. */
    record Labels(long[] classes) implements Targets {}

    /**
     * Shares of classes, which sum to 1 for each image.
     *
     * @param shares row by row, {@code [images, classes]}
     * @param classes columns
     */
    record SoftLabels(float[] shares, int classes) implements Targets {

        /** The class with the largest share of each image. */
        long[] largest() {
            long[] largest = new long[shares.length / classes];
            for (int i = 0; i < largest.length; i++) {
                int best = 0;
                for (int c = 1; c < classes; c++) {
                    best = shares[i * classes + c] > shares[i * classes + best] ? c : best;
                }
                largest[i] = best;
            }
            return largest;
        }
    }

    /**
     * Any number of labels of each image.
     *
     * @param present 1 where an image has a label, else 0, row by row, {@code [images, labels]}; between them of mixed
     *     images
     * @param labels columns
     */
    record MultiLabels(float[] present, int labels) implements Targets {

        /** Of mixed images, as {@link Targets#mixed}. */
        MultiLabels mixed(double own) {
            int images = present.length / labels;
            float[] shares = new float[present.length];
            for (int i = 0; i < present.length; i++) {
                int before = i < labels ? i + (images - 1) * labels : i - labels;
                shares[i] = (float) (own * present[i] + (1 - own) * present[before]);
            }
            return new MultiLabels(shares, labels);
        }
    }

    /**
     * Numbers of each image.
     *
     * @param numbers row by row, {@code [images, columns]}
     */
    record Values(float[] numbers, int columns) implements Targets {}

    /**
     * Objects of all images, one image's behind the other's.
     *
     * @param offsets where those of each image begin, and at last their number: one more than there are images
     * @param boxes left, top, right and bottom of each in pixels of the batch's images, {@code [objects, 4]}
     * @param labels of each
     * @param ignore of each, as in {@link Target.Objects}
     * @param masks of each in the size of the batch's images, or none
     * @param keypoints of each in pixels of the batch's images, or none
     */
    record Objects(
            int[] offsets, float[] boxes, long[] labels, boolean[] ignore, List<Mask> masks, List<Keypoints> keypoints)
            implements Targets {}

    /**
     * The class of every pixel, {@link Target#IGNORED} where it does not count.
     *
     * @param classes {@code [images, height, width]}
     */
    record PixelLabels(byte[] classes) implements Targets {}

    /**
     * Those of some images, in the order of these.
     *
     * @throws DataException if they are of several kinds, or of one that has no place in a batch
     */
    static Targets of(List<Target> targets) {
        Target first = targets.get(0);
        long[] classes = new long[targets.size()];
        for (int i = 0; i < classes.length; i++) { // small images are read at half a million a second: no streams here
            Target target = targets.get(i);
            if (target.getClass() != first.getClass()) {
                throw new DataException("the images of a batch must all have the same kind of target, got several");
            }
            classes[i] = target instanceof Target.Label label ? label.index() : 0;
        }
        if (first instanceof Target.Label) {
            return new Labels(classes);
        }
        if (first instanceof Target.Objects) {
            return objects(targets.stream().map(Target.Objects.class::cast).toList());
        }
        if (first instanceof Target.PixelLabels) {
            return pixels(targets.stream().map(Target.PixelLabels.class::cast).toList());
        }
        if (first instanceof Target.Labels labels) {
            return present(targets, labels.present().length);
        }
        if (first instanceof Target.Values values) {
            return values(targets, values.numbers().length);
        }
        if (first instanceof Target.None) {
            return new None();
        }
        throw new DataException("a batch holds labels, numbers, objects or labels of pixels, got targets of the kind %s"
                .formatted(first.getClass().getSimpleName()));
    }

    private static Targets present(List<Target> targets, int labels) {
        float[] present = new float[targets.size() * labels];
        for (int i = 0; i < targets.size(); i++) {
            boolean[] of = ((Target.Labels) targets.get(i)).present();
            for (int c = 0; c < labels; c++) {
                present[i * labels + c] = of[c] ? 1 : 0;
            }
        }
        return new MultiLabels(present, labels);
    }

    private static Targets values(List<Target> targets, int columns) {
        float[] numbers = new float[targets.size() * columns];
        for (int i = 0; i < targets.size(); i++) {
            System.arraycopy(((Target.Values) targets.get(i)).numbers(), 0, numbers, i * columns, columns);
        }
        return new Values(numbers, columns);
    }

    private static Targets objects(List<Target.Objects> targets) {
        int[] offsets = new int[targets.size() + 1];
        for (int i = 0; i < targets.size(); i++) {
            offsets[i + 1] = offsets[i] + targets.get(i).labels().length;
        }
        int count = offsets[targets.size()];
        float[] boxes = new float[4 * count];
        long[] labels = new long[count];
        boolean[] ignore = new boolean[count];
        var masks = new ArrayList<Mask>();
        var keypoints = new ArrayList<Keypoints>();
        int at = 0;
        for (Target.Objects objects : targets) {
            for (int i = 0; i < objects.labels().length; i++) {
                Box box = objects.boxes().get(i);
                boxes[4 * at] = (float) box.left();
                boxes[4 * at + 1] = (float) box.top();
                boxes[4 * at + 2] = (float) box.right();
                boxes[4 * at + 3] = (float) box.bottom();
                labels[at] = objects.labels()[i];
                ignore[at] = objects.ignore()[i];
                at++;
            }
            masks.addAll(objects.masks());
            keypoints.addAll(objects.keypoints());
        }
        if (!keypoints.isEmpty() && keypoints.size() != count) {
            throw new DataException("the objects of a batch must all have keypoints or none, got %s for %s objects"
                    .formatted(keypoints.size(), count));
        }
        if (!masks.isEmpty() && masks.size() != count) {
            throw new DataException("the objects of a batch must all have masks or none, got %s masks for %s objects"
                    .formatted(masks.size(), count));
        }
        return new Objects(offsets, boxes, labels, ignore, List.copyOf(masks), List.copyOf(keypoints));
    }

    private static Targets pixels(List<Target.PixelLabels> targets) {
        int each = targets.get(0).classes().values().length;
        byte[] classes = new byte[each * targets.size()];
        for (int i = 0; i < targets.size(); i++) {
            System.arraycopy(targets.get(i).classes().values(), 0, classes, i * each, each);
        }
        return new PixelLabels(classes);
    }

    /**
     * Labels of mixed images.
     *
     * @param own share of its own label that each keeps; the rest is of the one before it, of the last for the first
     */
    static SoftLabels mixed(long[] labels, int classes, double own) {
        float[] shares = new float[labels.length * classes];
        for (int i = 0; i < labels.length; i++) {
            int before = (int) labels[i == 0 ? labels.length - 1 : i - 1];
            shares[i * classes + (int) labels[i]] += (float) own;
            shares[i * classes + before] += (float) (1 - own);
        }
        return new SoftLabels(shares, classes);
    }
}
