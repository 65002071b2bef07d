package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Labelled images, read when asked for; safe to be asked by several threads. */
public interface Dataset {

    /** Names of the classes, a label is a position in this list; of data with numbers to predict, the names of these. */
    List<String> classes();

    /** The number of images. */
    int size();

    /** What is to be learned about image {@code index}, found without reading the image. */
    Target target(int index);

    /** Image {@code index} with its target. */
    default Sample sample(int index) {
        return new Sample(image(index), target(index), name(index));
    }

    /**
     * The class of image {@code index}, as a position in {@link #classes}.
     *
     * @throws DataException if its target is not one class
     */
    default int label(int index) {
        if (target(index) instanceof Target.Label label) {
            return label.index();
        }
        throw new DataException("%s: is not labelled with one class, this needs class labels".formatted(name(index)));
    }

    /** The same images with boxes and masks of their objects as targets; none where nobody has drawn them. */
    default Optional<Dataset> withObjects() {
        return Optional.empty();
    }

    /** What splits and balanced sampling tell images apart by, 0 or more: the class where there is one. */
    default int stratum(int index) {
        return target(index).stratum();
    }

    /** Where image {@code index} comes from, for messages. */
    String name(int index);

    /** @throws ImageException if the image cannot be read */
    Image image(int index);

    /** Whether these are clips of several frames; {@link #image} then is a strip of some of them, for people. */
    default boolean clips() {
        return false;
    }

    /** The number of frames of clip {@code index}; 1 of an image. */
    default int frames(int index) {
        return 1;
    }

    /**
     * Frames of clip {@code index}.
     *
     * @param positions from 0
     * @throws ImageException if one cannot be read
     */
    default List<Image> frames(int index, int... positions) {
        return Collections.nCopies(positions.length, image(index));
    }

    /** @throws ImageException if image or clip {@code index} cannot be read to its end */
    default void check(int index) {
        image(index);
    }

    /** How many bytes image {@code index} takes where it lies, found without reading it; 0 where that is not known. */
    default long bytes(int index) {
        return 0;
    }

    /** The bytes of the file of image {@code index} as it lies there; empty where it is not a file of its own. */
    default Optional<byte[]> encoded(int index) {
        return Optional.empty();
    }

    /** A number that equals that of an identical image, and of hardly any other. */
    default long fingerprint(int index) {
        return Fingerprint.of(image(index).pixels());
    }

    /** Images per class; one that has several labels, or objects or pixels of several classes, counts for each of them. */
    default int[] counts() {
        if (size() > 0 && target(0) instanceof Target.PixelLabels) {
            return PixelCounts.of(this).images();
        }
        int[] counts = new int[classes().size()];
        for (int i = 0; i < size(); i++) {
            if (target(i) instanceof Target.Objects objects) {
                Arrays.stream(objects.labels()).distinct().forEach(label -> counts[label]++);
            } else if (target(i) instanceof Target.Labels labels) {
                for (int c = 0; c < counts.length; c++) {
                    counts[c] += labels.present()[c] ? 1 : 0;
                }
            } else {
                counts[label(i)]++;
            }
        }
        return counts;
    }

    /** What is to be learned about image {@code index}, in words: its class, its labels or its numbers. */
    default String targetText(int index) {
        return target(index).text(classes());
    }

    /** The images that {@code indices} name, in that order. */
    default Dataset subset(int... indices) {
        return new Subset(this, indices);
    }

    /**
     * Three parts with the classes in equal shares; identical images never lie on two sides.
     *
     * @param train share for training, and so on; the three make 1
     */
    default Splits split(double train, double validation, double test) {
        return Splits.of(this, train, validation, test, 0);
    }

    /** The same images, decoded once and kept in memory, as many as half of the memory that is free now can hold. */
    default Dataset decoded() {
        return new Decoded(this, ImageSources.spare() / 2);
    }

    /**
     * These images and then {@code others}.
     *
     * @throws DataException if the others have other classes
     */
    default Dataset and(Dataset others) {
        return new Concatenation(this, others);
    }

    /** Every image so many times; the copies are augmented each in its own way. */
    default Dataset repeated(int times) {
        int[] indices = new int[Math.multiplyExact(size(), times)];
        Arrays.setAll(indices, i -> i % size());
        return times == 1 ? this : subset(indices);
    }

    /**
     * Images in memory.
     *
     * @param labels of each, positions in {@code classes}
     */
    static Dataset of(List<Image> images, List<String> classes, int[] labels) {
        return of(
                images,
                classes,
                Arrays.stream(labels).mapToObj(Target.Label::new).toList());
    }

    /**
     * Images in memory with targets of any kind.
     *
     * @param targets of each
     */
    static Dataset of(List<Image> images, List<String> classes, List<? extends Target> targets) {
        return new InMemory(List.copyOf(images), List.copyOf(classes), List.copyOf(targets));
    }

    /** No images of these classes. */
    static Dataset empty(List<String> classes) {
        return new Subset(new ImageFiles(classes, List.of()), new int[0]);
    }

    /** Some images of another data set. */
    record Subset(Dataset all, int[] indices) implements Dataset {
        @Override
        public List<String> classes() {
            return all.classes();
        }

        @Override
        public int size() {
            return indices.length;
        }

        @Override
        public Target target(int index) {
            return all.target(indices[index]);
        }

        @Override
        public int label(int index) {
            return all.label(indices[index]);
        }

        @Override
        public int stratum(int index) {
            return all.stratum(indices[index]);
        }

        @Override
        public String name(int index) {
            return all.name(indices[index]);
        }

        @Override
        public Image image(int index) {
            return all.image(indices[index]);
        }

        @Override
        public boolean clips() {
            return all.clips();
        }

        @Override
        public int frames(int index) {
            return all.frames(indices[index]);
        }

        @Override
        public List<Image> frames(int index, int... positions) {
            return all.frames(indices[index], positions);
        }

        @Override
        public void check(int index) {
            all.check(indices[index]);
        }

        @Override
        public long bytes(int index) {
            return all.bytes(indices[index]);
        }

        @Override
        public Optional<byte[]> encoded(int index) {
            return all.encoded(indices[index]);
        }

        @Override
        public long fingerprint(int index) {
            return all.fingerprint(indices[index]);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Subset that && all.equals(that.all) && Arrays.equals(indices, that.indices);
        }

        @Override
        public int hashCode() {
            return 31 * all.hashCode() + Arrays.hashCode(indices);
        }

        @Override
        public String toString() {
            return indices.length + " of " + all;
        }
    }
}
