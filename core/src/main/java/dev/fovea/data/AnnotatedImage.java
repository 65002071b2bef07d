package dev.fovea.data;

import dev.fovea.image.ImageException;
import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An image file with its objects.
 *
 * @param size as the annotation says; empty where it does not, so that the image must be asked
 * @param shares whether places are shares of the image's sides, not pixels
 * @param source what stands before the line or number of an object in messages
 * @param id of the image where the data numbers images, else its position
 */
record AnnotatedImage(
        TreeFile file, Optional<Size> size, boolean shares, String source, long id, List<Annotation> objects) {

    AnnotatedImage {
        objects = List.copyOf(objects);
    }

    /**
     * The objects in pixels and within the image.
     *
     * @param actual size of the image
     * @throws ImageException if one of them lies outside
     */
    List<Annotation> within(Size actual) {
        var inside = new ArrayList<Annotation>();
        for (Annotation object : objects) {
            Annotation inPixels = shares ? object.scaled(actual) : object;
            BoxChecks.Checked checked = BoxChecks.inside(inPixels.box(), actual);
            inside.add(inPixels.withBox(checked.box()
                    .orElseThrow(() -> new ImageException(source + object.place() + ": " + checked.fault()))));
        }
        return inside;
    }

    /** How many of its boxes reach outside the image. */
    int clipped(Size actual) {
        return (int) objects.stream()
                .filter(object -> BoxChecks.clipped(object.box(), shares ? BoxChecks.WHOLE : actual))
                .count();
    }

    /** @throws ImageException if the image is of another size than its annotation says */
    void check(Size actual) {
        if (size.isPresent() && !size.get().equals(actual)) {
            Size said = size.get();
            boolean turned = said.height() == actual.width() && said.width() == actual.height();
            throw new ImageException("%s: has %sx%s pixels, its annotation says %sx%s%s. Correct one of them"
                    .formatted(
                            file.name(),
                            actual.width(),
                            actual.height(),
                            said.width(),
                            said.height(),
                            turned ? ": it was annotated before it was turned as its EXIF orientation says" : ""));
        }
    }
}
