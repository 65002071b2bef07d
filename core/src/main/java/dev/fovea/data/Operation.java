package dev.fovea.data;

import dev.fovea.image.Fill;
import dev.fovea.image.Image;
import dev.fovea.image.Projective;
import dev.fovea.image.Sampler;
import dev.fovea.image.Size;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The changes that policies of augmentation are made of, as torchvision and Pillow define them: Cubuk et al. 2018, <a
 * href="https://arxiv.org/abs/1805.09501">AutoAugment</a>. Those of values are equal to Pillow's to the byte, those that
 * move within 1 of its bilinear ones.
 */
public enum Operation {
    /** None; magnitudes mean nothing to it, nor to autocontrast, equalize and invert. */
    IDENTITY((size, m) -> Geometry.identity(size)),
    /** Rows slid to the left by a multiple of their distance from the top. */
    SHEAR_X((size, m) -> new Geometry(size, size, Projective.affine(1, m, 0, 0, 1, 0))),
    /** Columns slid up by a multiple of their distance from the left. */
    SHEAR_Y((size, m) -> new Geometry(size, size, Projective.affine(1, 0, 0, m, 1, 0))),
    /** To the right by whole pixels. */
    TRANSLATE_X((size, m) -> Geometry.translate(size, m.intValue(), 0)),
    /** Down by whole pixels. */
    TRANSLATE_Y((size, m) -> Geometry.translate(size, 0, m.intValue())),
    /** About the middle, degrees counter-clockwise. */
    ROTATE(Geometry::rotate),
    /** Away from black by a share of the distance; below 0 towards it. */
    BRIGHTNESS(OperationValues::brightness),
    /** Away from the image's own grey copy, or towards it. */
    COLOR(OperationValues::color),
    /** Away from the mean grey value of the image, or towards it. */
    CONTRAST(OperationValues::contrast),
    /** Away from a smoothed copy, or towards it. */
    SHARPNESS(OperationValues::sharpness),
    /** So many upper bits of each value kept, 1 to 8. */
    POSTERIZE(OperationValues::posterize),
    /** Values from a threshold on inverted. */
    SOLARIZE(OperationValues::solarize),
    /** Each channel stretched from 0 to 255. */
    AUTO_CONTRAST(OperationValues::autoContrast),
    /** Each channel's values spread evenly. */
    EQUALIZE(OperationValues::equalize),
    /** 255 minus each value. */
    INVERT(OperationValues::invert);

    private interface Values {
        void change(byte[] pixels, int at, Size size, int channels, double magnitude);
    }

    private final BiFunction<Size, Double, Geometry> geometry;
    private final Values values;

    Operation(BiFunction<Size, Double, Geometry> geometry) {
        this.geometry = geometry;
        values = null;
    }

    Operation(Values values) {
        geometry = null;
        this.values = values;
    }

    /** Whether it moves what is in an image; the others change values. */
    public boolean moves() {
        return geometry != null;
    }

    /**
     * Where everything goes.
     *
     * @throws IllegalStateException if it does not {@link #moves}
     */
    public Geometry geometry(Size size, double magnitude) {
        if (geometry == null) {
            throw new IllegalStateException(this + " moves nothing");
        }
        return geometry.apply(size, magnitude);
    }

    /** Changes values where they lie, row by row from {@code at} on; of an operation that {@link #moves} none. */
    void change(byte[] pixels, int at, Size size, int channels, double magnitude) {
        if (values != null) {
            values.change(pixels, at, size, channels, magnitude);
        }
    }

    /**
     * Of an image.
     *
     * @param magnitude in the operation's own unit
     * @param fill what stands where the image does not reach
     * @param fillValue for {@link Fill#CONSTANT}, 0 to 255
     */
    public Image apply(Image image, double magnitude, Fill fill, int fillValue) {
        if (moves()) {
            Sampler.Step step = geometry(image.size(), magnitude).step(fill, fillValue);
            return Sampler.bilinear(List.of(step), image.size()).apply(image);
        }
        byte[] pixels = image.pixels().clone();
        change(pixels, 0, image.size(), image.channels(), magnitude);
        return new Image(image.width(), image.height(), image.channels(), pixels);
    }
}
