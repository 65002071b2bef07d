package dev.fovea.task.autoencode;

import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.metrics.PrincipalComponents;
import java.util.ArrayList;
import java.util.List;

/**
 * The codes of some images along their principal directions: where each image lies, and what is decoded at any other place.
 *
 * <pre>{@code
 * var space = LatentSpace.of(autoencoder, images);
 * List<Image> walk = space.walk(space.places().get(0), space.places().get(1), 11);
 * }</pre>
 */
public final class LatentSpace {

    /** Directions that are looked at, those of most variance. */
    private static final int DIRECTIONS = 8;

    private final Autoencoder autoencoder;
    private final PrincipalComponents components;
    private final List<float[]> places;

    private LatentSpace(Autoencoder autoencoder, PrincipalComponents components, List<float[]> places) {
        this.autoencoder = autoencoder;
        this.components = components;
        this.places = places;
    }

    /**
     * Of the codes of {@code images}.
     *
     * @throws IllegalArgumentException if there is none, or the network has no decoder of codes
     */
    public static LatentSpace of(Autoencoder autoencoder, Dataset images) {
        if (images.size() == 0) {
            throw new IllegalArgumentException("latent space: expected at least one image, got none");
        }
        List<float[]> codes = autoencoder.encode(images);
        var components = PrincipalComponents.of(codes, DIRECTIONS);
        return new LatentSpace(autoencoder, components, components.project(codes));
    }

    /** How many directions there are: fewer where codes are shorter, or alike. */
    public int directions() {
        return components.count();
    }

    /** Where each image lies, as far along each direction, in their order. */
    public List<float[]> places() {
        return places.stream().map(float[]::clone).toList();
    }

    /** The standard deviation of the images along each direction. */
    public float[] deviations() {
        float[] deviations = new float[directions()];
        for (int d = 0; d < deviations.length; d++) {
            double sum = 0;
            for (float[] place : places) {
                sum += (double) place[d] * place[d]; // codes are measured from their mean
            }
            deviations[d] = (float) Math.sqrt(sum / places.size());
        }
        return deviations;
    }

    /**
     * Images decoded at places; what they do not say is as in the average code.
     *
     * @param wanted each with at most {@link #directions} numbers
     */
    public List<Image> at(List<float[]> wanted) {
        wanted.forEach(this::check);
        return autoencoder.decode(wanted.stream().map(components::row).toList());
    }

    /** Images decoded in equal steps from one place to another, both ends included. */
    public List<Image> walk(float[] from, float[] to, int count) {
        check(from);
        check(to);
        if (count < 2) {
            throw new IllegalArgumentException("latent space: a walk has at least 2 images, got " + count);
        }
        var steps = new ArrayList<float[]>();
        for (int i = 0; i < count; i++) {
            float[] place = new float[directions()];
            for (int d = 0; d < place.length; d++) {
                place[d] = along(from, d) + (along(to, d) - along(from, d)) * i / (count - 1);
            }
            steps.add(place);
        }
        return at(steps);
    }

    private static float along(float[] place, int direction) {
        return direction < place.length ? place[direction] : 0;
    }

    private void check(float[] place) {
        if (place.length > directions()) {
            throw new IllegalArgumentException(
                    "latent space: a place has at most %s numbers here, got %s".formatted(directions(), place.length));
        }
        for (float value : place) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("latent space: a place must be finite, got " + value);
            }
        }
    }
}
