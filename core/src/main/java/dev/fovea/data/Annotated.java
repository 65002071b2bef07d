package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Images whose objects are known as they are annotated, outlines and all. */
interface Annotated {

    /** In pixels, within the image. */
    List<Annotation> annotations(int index);

    /** The size of an image, found without decoding it. */
    Size imageSize(int index);

    /** How many boxes of an image reach outside it as they are annotated. */
    int clipped(int index);

    /** The number of an image where the data has such, else its position. */
    long id(int index);

    /** Numbers that the data gives its classes; none where it gives none. */
    List<Long> categories();

    /** An image of such data, wherever it is among others. */
    record Place(Annotated data, int index) {}

    /** Where image {@code index} of {@code data} comes from; empty if that is no annotated file. */
    static Optional<Place> of(Dataset data, int index) {
        if (data instanceof Annotated annotated) {
            return Optional.of(new Place(annotated, index));
        }
        if (data instanceof Dataset.Subset subset) {
            return of(subset.all(), subset.indices()[index]);
        }
        if (data instanceof Decoded decoded) {
            return of(decoded.data(), index);
        }
        if (data instanceof Concatenation both) {
            int first = both.first().size();
            return index < first ? of(both.first(), index) : of(both.second(), index - first);
        }
        return Optional.empty();
    }

    /**
     * The objects of image {@code index} of any data that has such, in pixels.
     *
     * @throws DataException if its target is no objects
     */
    static List<Annotation> annotations(Dataset data, int index) {
        Optional<Place> place = of(data, index);
        if (place.isPresent()) {
            return place.get().data().annotations(place.get().index());
        }
        if (!(data.target(index) instanceof Target.Objects found)) {
            throw new DataException(data.name(index) + ": has no boxes. Expected data with boxes of objects");
        }
        var annotations = new ArrayList<Annotation>();
        for (int i = 0; i < found.boxes().size(); i++) {
            annotations.add(new Annotation(
                    found.boxes().get(i),
                    found.labels()[i],
                    found.ignore()[i],
                    found.masks().isEmpty()
                            ? Outline.MISSING
                            : new Outline.Runs(
                                    RunLengths.text(RunLengths.of(found.masks().get(i)))),
                    found.keypoints().isEmpty()
                            ? Optional.empty()
                            : Optional.of(found.keypoints().get(i)),
                    i));
        }
        return annotations;
    }
}
