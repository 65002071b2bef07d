package dev.fovea.data;

import dev.fovea.image.Fill;
import dev.fovea.image.Image;
import dev.fovea.image.Sampler;
import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * From an image as it was read to what a network is shown, random changes on the way. Resizing and all geometric changes
 * are one resampling pass. Where those only move whole pixels, images are resized once, kept, and then only moved.
 */
final class ImagePipeline {

    private final Preprocess preprocess;
    private final List<GeometricTransform> geometric;
    private final List<PixelTransform> pixelwise;
    private final GeometricTransform.Crop crop;
    private final boolean patches;
    private final boolean prepares;

    /** @param training whether patches are taken at random */
    ImagePipeline(Preprocess preprocess, Augmentation augmentation, boolean training) {
        this.preprocess = preprocess;
        pixelwise = augmentation.pixelwise();
        patches = training && preprocess.resize() == ResizePolicy.PATCH;
        List<GeometricTransform> all = augmentation.geometric();
        crop = !all.isEmpty() && all.get(0) instanceof GeometricTransform.Crop first ? first : null;
        geometric = all.subList(crop == null ? 0 : 1, all.size());
        prepares = crop == null && !patches && geometric.stream().allMatch(GeometricTransform::movesWholePixels);
    }

    /** Whether images are brought to size once, by {@link #ready}, and only moved after that. */
    boolean prepares() {
        return prepares;
    }

    /** Whether other parts of an image are taken each time, so that keeping it as it was read is all one can do. */
    boolean patches() {
        return patches;
    }

    /** An image in the state in which it may be kept: in the network's size, or at least its channels. */
    Image ready(Image read) {
        return prepares ? preprocess.apply(read) : preprocess.coloured(read);
    }

    /** Whether every image is always shown as it was prepared. */
    boolean still() {
        return prepares && geometric.isEmpty() && pixelwise.isEmpty();
    }

    /**
     * Where things go in one image: the bringing to size and then all geometric changes.
     *
     * @param read the size of the image as it was read
     */
    List<Geometry> draw(Size read, SplittableRandom random) {
        var drawn = new ArrayList<Geometry>(geometric.size() + 1);
        drawn.add(base(read, random));
        for (GeometricTransform transform : geometric) {
            drawn.add(transform.draw(preprocess.size(), random));
        }
        return drawn;
    }

    /**
     * Makes what a network is shown.
     *
     * @param ready made by {@link #ready}
     * @param drawn by {@link #draw}
     * @param random for the changes of pixels
     * @param out gets the pixels, from {@code at} on
     */
    void apply(Image ready, List<Geometry> drawn, SplittableRandom random, byte[] out, int at) {
        var steps = new ArrayList<Sampler.Step>(drawn.size());
        for (int i = drawn.size() - 1; i >= 1; i--) { // from the output back to the image
            GeometricTransform transform = geometric.get(i - 1);
            steps.add(drawn.get(i).step(transform.fill(), transform.fillValue()));
        }
        if (!prepares) {
            steps.add(drawn.get(0).step(Fill.CONSTANT, Preprocess.GREY));
        }
        if (steps.isEmpty()) {
            System.arraycopy(ready.pixels(), 0, out, at, ready.pixels().length);
        } else {
            Sampler.of(steps, preprocess.size(), preprocess.filter()).apply(ready, out, at);
        }
        for (PixelTransform transform : pixelwise) {
            transform.apply(out, at, preprocess.size(), preprocess.channels(), random);
        }
    }

    private Geometry base(Size read, SplittableRandom random) {
        if (crop != null) {
            Geometry part = crop.draw(read, random);
            return part.then(Geometry.resize(part.to(), preprocess.size()));
        }
        return patches ? preprocess.patch(read, random.nextDouble(), random.nextDouble()) : preprocess.geometry(read);
    }
}
