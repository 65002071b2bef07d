package dev.fovea.data;

import dev.fovea.image.Image;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is to be learned about an image. Immutable by agreement: who is given an array does not write to it. */
public sealed interface Target {

    /** The value of a pixel of {@link PixelLabels} that counts neither as right nor as wrong. */
    int IGNORED = 255;

    /**
     * What splits and balanced sampling tell images apart by: a class, where the target has one that says most about
     * it, else 0.
     */
    default int stratum() {
        return 0;
    }

    /** Whether it lies in the image, so that it moves where the image is moved. */
    default boolean moves() {
        return this instanceof Objects || this instanceof PixelLabels || this instanceof Paired;
    }

    /**
     * The same in words, for people and where equal targets must be equal texts; empty where there are none.
     *
     * @param names of the data set's classes or numbers
     */
    default String text(List<String> names) {
        return "";
    }

    /** Nothing is known about the image. */
    record None() implements Target {}

    /**
     * One class.
     *
     * @param index among the data set's classes, from 0
     */
    record Label(int index) implements Target {
        @Override
        public int stratum() {
            return index;
        }

        @Override
        public String text(List<String> names) {
            return names.get(index);
        }
    }

    /**
     * Any number of classes.
     *
     * @param present one for each of the data set's classes
     */
    record Labels(boolean[] present) implements Target {

        /** The first class that is there, from 1, or 0. */
        @Override
        public int stratum() {
            for (int i = 0; i < present.length; i++) {
                if (present[i]) {
                    return i + 1;
                }
            }
            return 0;
        }

        @Override
        public String text(List<String> names) {
            return IntStream.range(0, present.length)
                    .filter(i -> present[i])
                    .mapToObj(names::get)
                    .collect(Collectors.collectingAndThen(
                            Collectors.joining(", "), text -> text.isEmpty() ? "no label" : text));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Labels that && Arrays.equals(present, that.present);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(present);
        }
    }

    /**
     * Numbers that are to be predicted (regression).
     *
     * @param numbers in the units of the data, finite
     */
    record Values(float[] numbers) implements Target {

        @Override
        public String text(List<String> names) {
            return IntStream.range(0, numbers.length)
                    .mapToObj(i -> names.get(i) + " " + written(numbers[i]))
                    .collect(Collectors.joining(", "));
        }

        private static String written(float number) {
            return new BigDecimal(Float.toString(number)).stripTrailingZeros().toPlainString();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Values that && Arrays.equals(numbers, that.numbers);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(numbers);
        }
    }

    /**
     * Objects in their places, each with a class.
     *
     * @param boxes one for each object
     * @param labels as many, among the data set's classes
     * @param masks as many, of the image's size, 1 where the object is seen; or none
     * @param ignore as many: whether finding the object is neither right nor wrong, as COCO's crowds and VOC's
     *     difficult ones
     * @param keypoints as many, or none
     */
    record Objects(List<Box> boxes, int[] labels, List<Mask> masks, boolean[] ignore, List<Keypoints> keypoints)
            implements Target {

        public Objects {
            boxes = List.copyOf(boxes);
            masks = List.copyOf(masks);
            keypoints = List.copyOf(keypoints);
            int count = boxes.size();
            if (labels.length != count || ignore.length != count || !masks.isEmpty() && masks.size() != count) {
                throw new IllegalArgumentException(
                        "objects: each needs a box, a label, ignore or not, and all or none a mask, got %s boxes, %s labels, %s ignores, %s masks"
                                .formatted(count, labels.length, ignore.length, masks.size()));
            }
            if (!keypoints.isEmpty() && keypoints.size() != count) {
                throw new IllegalArgumentException("objects: all or none need keypoints, got %s for %s objects"
                        .formatted(keypoints.size(), count));
            }
        }

        /** Without keypoints. */
        public Objects(List<Box> boxes, int[] labels, List<Mask> masks, boolean[] ignore) {
            this(boxes, labels, masks, ignore, List.of());
        }

        /** Without masks, none to be ignored. */
        public static Objects of(List<Box> boxes, int[] labels) {
            return new Objects(boxes, labels, List.of(), new boolean[labels.length]);
        }

        /** All of several images, one image's behind the other's; masks and keypoints where all images with objects have them. */
        static Objects joined(List<Objects> parts) {
            boolean masked = parts.stream()
                    .allMatch(part -> part.boxes().isEmpty() || !part.masks().isEmpty());
            boolean pointed = parts.stream()
                    .allMatch(
                            part -> part.boxes().isEmpty() || !part.keypoints().isEmpty());
            var boxes = new ArrayList<Box>();
            var masks = new ArrayList<Mask>();
            var keypoints = new ArrayList<Keypoints>();
            int count = parts.stream().mapToInt(part -> part.labels().length).sum();
            int[] labels = new int[count];
            boolean[] ignore = new boolean[count];
            int at = 0;
            for (Objects part : parts) {
                boxes.addAll(part.boxes());
                masks.addAll(masked ? part.masks() : List.of());
                keypoints.addAll(pointed ? part.keypoints() : List.of());
                System.arraycopy(part.labels(), 0, labels, at, part.labels().length);
                System.arraycopy(part.ignore(), 0, ignore, at, part.labels().length);
                at += part.labels().length;
            }
            return new Objects(boxes, labels, masks, ignore, keypoints);
        }

        /** The class with most objects, the first of several, from 1; 0 where there is no object. */
        @Override
        public int stratum() {
            int[] counts = new int[Arrays.stream(labels).max().orElse(-1) + 1];
            int best = -1;
            for (int label : labels) {
                counts[label]++;
            }
            for (int label = 0; label < counts.length; label++) {
                best = counts[label] > (best < 0 ? 0 : counts[best]) ? label : best;
            }
            return best + 1;
        }

        /** How many objects of each class there are, as {@code 3 cat, 1 dog}. */
        @Override
        public String text(List<String> names) {
            var counts = new TreeMap<Integer, Integer>();
            for (int label : labels) {
                counts.merge(label, 1, Integer::sum);
            }
            return counts.isEmpty()
                    ? "no object"
                    : counts.entrySet().stream()
                            .map(count -> count.getValue() + " " + names.get(count.getKey()))
                            .collect(Collectors.joining(", "));
        }

        /** The objects at {@code positions}, with those boxes, masks and keypoints. */
        Objects taken(int[] positions, List<Box> newBoxes, List<Mask> newMasks, List<Keypoints> newKeypoints) {
            int[] newLabels = new int[positions.length];
            boolean[] newIgnore = new boolean[positions.length];
            for (int i = 0; i < positions.length; i++) {
                newLabels[i] = labels[positions[i]];
                newIgnore[i] = ignore[positions[i]];
            }
            return new Objects(newBoxes, newLabels, newMasks, newIgnore, newKeypoints);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Objects that
                    && boxes.equals(that.boxes)
                    && Arrays.equals(labels, that.labels)
                    && masks.equals(that.masks)
                    && Arrays.equals(ignore, that.ignore)
                    && keypoints.equals(that.keypoints);
        }

        @Override
        public int hashCode() {
            return 31 * boxes.hashCode() + Arrays.hashCode(labels);
        }
    }

    /**
     * The class of every pixel.
     *
     * @param classes of the image's size; {@link #IGNORED} where the class is not known or does not count
     */
    record PixelLabels(Mask classes) implements Target {

        /** The class with most pixels that is neither the first (the background) nor ignored; 0 where there is none. */
        @Override
        public int stratum() {
            int[] counts = new int[IGNORED];
            for (byte value : classes.values()) {
                int label = value & 0xFF;
                if (label != IGNORED && label != 0) {
                    counts[label]++;
                }
            }
            int best = 0;
            for (int i = 1; i < counts.length; i++) {
                best = counts[i] > counts[best] ? i : best;
            }
            return best;
        }

        /** The classes that are seen. */
        @Override
        public String text(List<String> names) {
            long[] histogram = PixelCounts.histogram(classes);
            return IntStream.range(0, names.size())
                    .filter(label -> histogram[label] > 0)
                    .mapToObj(names::get)
                    .collect(Collectors.joining(", "));
        }
    }

    /**
     * The image that is wanted in place of the one given (paired restoration).
     *
     * @param wanted of the same scene; a multiple as large where resolution is to be raised
     */
    record Paired(Image wanted) implements Target {}
}
