package dev.fovea.data;

import java.util.Locale;

/**
 * How often images of each class are drawn for training: a class of {@code n} images with a probability proportional to
 * {@code n} to the power of an exponent. Kang et al. 2020, <a href="https://arxiv.org/abs/1910.09217">Decoupling representation
 * and classifier for long-tailed recognition</a>, equation 1.
 */
public enum Sampling {
    /** Every image once an epoch. */
    INSTANCE_BALANCED(1),
    /** By the square root of the number of images, with repetition: between the other two. */
    SQUARE_ROOT(0.5),
    /** Every class equally often, with repetition. */
    CLASS_BALANCED(0);

    private final double exponent;

    Sampling(double exponent) {
        this.exponent = exponent;
    }

    /** How likely a class of {@code images} images is drawn, as a multiple of what one of a single image is. */
    double weight(int images) {
        return Math.pow(images, exponent);
    }

    /** Its word in recipes, {@code square-root}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
