package dev.fovea.data;

import java.util.List;
import java.util.Optional;

/**
 * The numbers that COCO's files give images and classes, for writing results in its form.
 *
 * @param data that was read from such files
 * @param categories the number of each class
 */
public record CocoIds(Dataset data, List<Long> categories) {

    public CocoIds {
        categories = List.copyOf(categories);
    }

    /** Of data read from COCO's files, or a part of such; empty for other data and where there is no image. */
    public static Optional<CocoIds> of(Dataset data) {
        if (data.size() == 0) {
            return Optional.empty();
        }
        return Annotated.of(data, 0)
                .map(place -> place.data().categories())
                .filter(numbers -> !numbers.isEmpty())
                .map(numbers -> new CocoIds(data, numbers));
    }

    /** The {@code image_id} of image {@code index}. */
    public long image(int index) {
        Annotated.Place place = Annotated.of(data, index).orElseThrow();
        return place.data().id(place.index());
    }

    /** The {@code category_id} of a class. */
    public long category(int label) {
        return categories.get(label);
    }
}
