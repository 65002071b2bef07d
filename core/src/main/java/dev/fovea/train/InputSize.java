package dev.fovea.train;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.fovea.image.Size;

/**
 * The size of a network's input in a recipe: {@code 480x360} is 480 high and 360 wide, {@code 224} a square, {@code 0} the
 * model's own.
 *
 * @param height in pixels, 0 to 4096
 * @param width in pixels, 0 to 4096; 0 where the height is
 */
public record InputSize(int height, int width) {

    /** The model's own. */
    public static final InputSize OWN = new InputSize(0, 0);

    private static final int MOST = 4096;

    public InputSize {
        boolean own = height == 0 && width == 0;
        if (!own && !(height >= 1 && height <= MOST && width >= 1 && width <= MOST)) {
            throw refused(height == width ? String.valueOf(height) : height + "x" + width);
        }
    }

    /** A square; 0 is the model's own. */
    @JsonCreator
    public static InputSize square(int side) {
        return new InputSize(side, side);
    }

    /**
     * As it is written.
     *
     * @throws IllegalArgumentException if it is no size, or too large
     */
    @JsonCreator
    public static InputSize of(String text) {
        if (text.strip().equals("0")) {
            return OWN;
        }
        Size size;
        try {
            size = Size.of(text);
        } catch (IllegalArgumentException e) {
            throw refused(text);
        }
        return new InputSize(size.height(), size.width());
    }

    private static IllegalArgumentException refused(String got) {
        return new IllegalArgumentException(
                "input.size must be 0 (the model's own), a side of 1 to %s, or HEIGHTxWIDTH as in 480x360, got input.size=%s"
                        .formatted(MOST, got));
    }

    /** Whether it is the model's own. */
    public boolean own() {
        return height == 0;
    }

    /** A number where it is a square, as {@link #of} reads it. */
    @JsonValue
    Object value() {
        return height == width ? (Object) height : toString();
    }

    @Override
    public String toString() {
        return height == width ? String.valueOf(height) : height + "x" + width;
    }
}
