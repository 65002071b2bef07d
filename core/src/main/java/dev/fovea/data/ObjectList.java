package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The objects of one image as they are read, checked as far as the image's size is known. */
final class ObjectList {

    private static final String CLIPPED = "boxes that reach outside their image, clipped";

    private final String source;
    private final Optional<Size> size;
    private final AnnotationFaults faults;
    private final List<Annotation> objects = new ArrayList<>();

    /**
     * @param source what stands before the line or number of an object in messages
     * @param size of the image if it is known, {@link BoxChecks#WHOLE} where places are shares
     */
    ObjectList(String source, Optional<Size> size, AnnotationFaults faults) {
        this.source = source;
        this.size = size;
        this.faults = faults;
    }

    void fault(long place, String what) {
        faults.add(source + place + ": " + what);
    }

    /** Takes an object, unless its box cannot be meant. */
    void add(
            BoxChecks.Checked written,
            int label,
            boolean ignore,
            Outline outline,
            Optional<Keypoints> keypoints,
            long place) {
        BoxChecks.Checked checked = written.box().isPresent() && size.isPresent()
                ? BoxChecks.inside(written.box().get(), size.get())
                : written;
        if (checked.box().isEmpty()) {
            fault(place, checked.fault());
            return;
        }
        Box box = written.box().orElseThrow();
        if (size.isPresent() && BoxChecks.clipped(box, size.get())) {
            faults.mended(CLIPPED);
        }
        // as written: who inspects the data is to see what was clipped
        objects.add(new Annotation(box, label, ignore, outline, keypoints, place));
    }

    List<Annotation> objects() {
        return objects;
    }
}
