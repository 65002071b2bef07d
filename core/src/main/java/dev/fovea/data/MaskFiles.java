package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Image files, each with a file that says the class of every pixel. */
final class MaskFiles implements Dataset {

    /** An image and its mask. */
    record Pair(TreeFile image, TreeFile mask) {}

    private final List<Pair> pairs;
    private final MaskCode code;

    /** Of each image one more than its stratum, once that is known. */
    private final AtomicIntegerArray strata;

    MaskFiles(List<Pair> pairs, MaskCode code) {
        this.pairs = List.copyOf(pairs);
        this.code = code;
        strata = new AtomicIntegerArray(pairs.size());
    }

    @Override
    public List<String> classes() {
        return code.classes();
    }

    @Override
    public int size() {
        return pairs.size();
    }

    /** @throws DataException if the mask says no class somewhere, or is not of the image's size */
    @Override
    public Target.PixelLabels target(int index) {
        Mask mask = code.read(pairs.get(index).mask());
        if (strata.get(index) == 0) {
            checkSize(index, mask.size());
            strata.set(index, new Target.PixelLabels(mask).stratum() + 1);
        }
        return new Target.PixelLabels(mask);
    }

    private void checkSize(int index, Size mask) {
        TreeFile image = pairs.get(index).image();
        Size size = Image.size(image.bytes().get(), image.name());
        if (!size.equals(mask)) {
            throw new DataException("%s: a mask of %sx%s pixels for an image of %sx%s (%s). Both must be of one size"
                    .formatted(
                            pairs.get(index).mask().name(),
                            mask.width(),
                            mask.height(),
                            size.width(),
                            size.height(),
                            image.name()));
        }
    }

    /** The class with most pixels after the first; read from the mask once. */
    @Override
    public int stratum(int index) {
        if (strata.get(index) == 0) {
            target(index);
        }
        return strata.get(index) - 1;
    }

    @Override
    public String name(int index) {
        return pairs.get(index).image().name();
    }

    @Override
    public Image image(int index) {
        TreeFile file = pairs.get(index).image();
        return Image.decode(file.bytes().get(), file.name());
    }

    @Override
    public void check(int index) {
        image(index);
        target(index);
    }

    @Override
    public long bytes(int index) {
        return pairs.get(index).image().size();
    }

    @Override
    public Optional<byte[]> encoded(int index) {
        return Optional.of(pairs.get(index).image().bytes().get());
    }

    @Override
    public long fingerprint(int index) {
        return Fingerprint.of(pairs.get(index).image().bytes().get());
    }

    @Override
    public String toString() {
        return pairs.size() + " images with masks";
    }
}
