package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** COCO's annotations, brought to their images and checked. */
final class CocoObjects {

    /** COCO itself has such in its training images. */
    private static final String EMPTY = "boxes of no width or height, left out";

    private static final List<String> PERSON = Skeleton.COCO_PERSON.names();

    private final String source;
    private final AnnotationFaults faults;
    private final Map<Long, Integer> labels = new HashMap<>();
    private final Map<Long, Skeleton> skeletons = new HashMap<>();

    CocoObjects(String source, List<CocoJson.Category> categories, AnnotationFaults faults) {
        this.source = source;
        this.faults = faults;
        for (CocoJson.Category category : categories) {
            labels.put(category.id(), labels.size());
            if (!category.keypoints().isEmpty()) {
                skeletons.put(
                        category.id(),
                        category.keypoints().equals(PERSON) ? Skeleton.COCO_PERSON : Skeleton.of(category.keypoints()));
            }
        }
    }

    void add(List<CocoJson.Entry> entries, Map<Long, Optional<Size>> sizes, Map<Long, ObjectList> lists) {
        var ids = new HashSet<Long>();
        for (CocoJson.Entry entry : entries) {
            String fault = fault(entry, sizes, ids);
            if (!fault.isEmpty()) {
                faults.add(source + entry.id() + ": " + fault);
                continue;
            }
            double[] box = entry.box();
            if (box[2] == 0 || box[3] == 0) {
                faults.mended(EMPTY);
                continue;
            }
            lists.get(entry.image())
                    .add(
                            BoxChecks.areShares(box)
                                    ? BoxChecks.pixels(box[0], box[1], 1, 1)
                                    : BoxChecks.pixels(box[0], box[1], box[0] + box[2], box[1] + box[3]),
                            labels.get(entry.category()),
                            entry.crowd(),
                            entry.segmentation().outline(),
                            keypoints(entry),
                            entry.id());
        }
    }

    private String fault(CocoJson.Entry entry, Map<Long, Optional<Size>> sizes, HashSet<Long> ids) {
        if (!ids.add(entry.id())) {
            return "another annotation has the same number. Expected each once";
        }
        if (!sizes.containsKey(entry.image())) {
            return entry.image() == CocoJson.NONE
                    ? "it has no image_id. Expected the number of an image"
                    : "its image_id %s is that of no image in the file. Correct or remove it".formatted(entry.image());
        }
        if (!labels.containsKey(entry.category())) {
            return entry.category() == CocoJson.NONE
                    ? "it has no category_id. Expected the number of a category"
                    : "its category_id %s is that of no category in the file. Correct or remove it"
                            .formatted(entry.category());
        }
        if (entry.box().length != 4) {
            return "its bbox has %s numbers. Expected left, top, width and height".formatted(entry.box().length);
        }
        int points = skeletons.containsKey(entry.category())
                ? skeletons.get(entry.category()).names().size()
                : 0;
        if (entry.keypoints().length > 0 && points > 0 && entry.keypoints().length != 3 * points) {
            return "it has %s numbers of keypoints, its category names %s points. Expected x, y and visibility of each"
                    .formatted(entry.keypoints().length, points);
        }
        if (!sound(entry.keypoints())) {
            return "a keypoint is not finite, or its visibility is not 0, 1 or 2. Correct or remove it";
        }
        return entry.segmentation().faultIn(sizes.get(entry.image()));
    }

    private static boolean sound(double[] keypoints) {
        for (int i = 0; i < keypoints.length; i++) {
            boolean visibility = i % 3 == 2;
            double value = keypoints[i];
            if (!Double.isFinite(value) || visibility && value != 0 && value != 1 && value != 2) {
                return false;
            }
        }
        return true;
    }

    private Optional<Keypoints> keypoints(CocoJson.Entry entry) {
        Skeleton skeleton = skeletons.get(entry.category());
        if (skeleton == null || entry.keypoints().length == 0) {
            return Optional.empty();
        }
        int count = skeleton.names().size();
        double[] x = new double[count];
        double[] y = new double[count];
        int[] visibility = new int[count];
        for (int i = 0; i < count; i++) {
            x[i] = entry.keypoints()[3 * i];
            y[i] = entry.keypoints()[3 * i + 1];
            visibility[i] = (int) entry.keypoints()[3 * i + 2];
        }
        return Optional.of(new Keypoints(skeleton, x, y, visibility));
    }
}
