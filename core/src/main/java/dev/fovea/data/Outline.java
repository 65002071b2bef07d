package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where an object is seen, as its annotation says it: small, until a mask is drawn. */
sealed interface Outline {

    /** Nobody has drawn one. */
    Outline MISSING = new Missing();

    /**
     * The pixels where the object is seen.
     *
     * @param size of the image
     * @param box of the object
     */
    Mask mask(Size size, Box box);

    /** In pixels, of one in shares of an image of that size. */
    default Outline scaled(Size size) {
        return this;
    }

    /** Whether somebody has drawn one. */
    default boolean drawn() {
        return true;
    }

    /** The box stands for the object: pixels whose middles lie in it. */
    record Missing() implements Outline {
        @Override
        public Mask mask(Size size, Box box) {
            byte[] values = new byte[size.height() * size.width()];
            int left = (int) Math.max(0, Math.ceil(box.left() - 0.5));
            int right = (int) Math.min(size.width(), Math.ceil(box.right() - 0.5));
            for (int y = (int) Math.max(0, Math.ceil(box.top() - 0.5));
                    y < size.height() && y + 0.5 < box.bottom();
                    y++) {
                Arrays.fill(values, y * size.width() + left, y * size.width() + Math.max(left, right), (byte) 1);
            }
            return new Mask(size, values);
        }

        @Override
        public boolean drawn() {
            return false;
        }
    }

    /**
     * What lies in any of some polygons.
     *
     * @param rings x and y of their corners by turns
     */
    record Polygons(List<float[]> rings) implements Outline {
        @Override
        public Mask mask(Size size, Box box) {
            byte[] values = new byte[size.height() * size.width()];
            rings.forEach(ring -> PolygonRaster.draw(ring, size, values));
            return new Mask(size, values);
        }

        @Override
        public Outline scaled(Size size) {
            var scaled = new ArrayList<float[]>();
            for (float[] ring : rings) {
                float[] pixels = ring.clone();
                for (int i = 0; i < pixels.length; i++) {
                    pixels[i] *= i % 2 == 0 ? size.width() : size.height();
                }
                scaled.add(pixels);
            }
            return new Polygons(scaled);
        }
    }

    /**
     * COCO's run lengths of the whole image, kept as text, which is far smaller than numbers.
     *
     * @param text as of {@link RunLengths}, of as many pixels as the image has
     */
    record Runs(String text) implements Outline {
        @Override
        public Mask mask(Size size, Box box) {
            int[] counts = RunLengths.parsed(text);
            if (RunLengths.total(counts) != (long) size.height() * size.width()) {
                throw new ImageException("a mask of %s pixels does not fit an image of %sx%s"
                        .formatted(RunLengths.total(counts), size.width(), size.height()));
            }
            return RunLengths.mask(counts, size);
        }
    }

    /**
     * The pixels of one value in an image that numbers all objects.
     *
     * @param file a PNG with a palette, or grey
     */
    record Stored(TreeFile file, int value) implements Outline {
        @Override
        public Mask mask(Size size, Box box) {
            Image stored = Image.indices(file.bytes().get(), file.name());
            if (!stored.size().equals(size)) {
                throw new ImageException("%s: a mask of %sx%s pixels for an image of %sx%s. Both must be of one size"
                        .formatted(file.name(), stored.width(), stored.height(), size.width(), size.height()));
            }
            byte[] values = new byte[stored.pixels().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (byte) ((stored.pixels()[i] & 0xFF) == value ? 1 : 0);
            }
            return new Mask(size, values);
        }
    }
}
