package dev.fovea.data;

import dev.fovea.image.ImageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the boxes of a part of a data set say in all.
 *
 * @param images in the part
 * @param withoutObjects images without any
 * @param objects in all images
 * @param classes what there is of each class that has any
 * @param neverSeen classes of which there is none
 * @param ignored objects that count neither as right nor as wrong
 * @param clipped boxes that reach outside their image as they are annotated
 * @param duplicated boxes of the class and the place of one before
 * @param median objects an image
 * @param most objects of an image
 */
public record BoxSummary(
        int images,
        int withoutObjects,
        int objects,
        Map<String, OfClass> classes,
        List<String> neverSeen,
        int ignored,
        int clipped,
        int duplicated,
        int median,
        int most) {

    /** COCO's limits between small, medium and large, in square pixels. */
    private static final double SMALL = 32 * 32;

    private static final double MEDIUM = 96 * 96;

    private static final int NAMED = 5;

    /**
     * What there is of a class.
     *
     * @param images that show it
     * @param small objects whose box covers less than 32 x 32 pixels
     * @param medium those below 96 x 96
     */
    public record OfClass(int objects, int images, int small, int medium, int large) {

        private static final OfClass NONE = new OfClass(0, 0, 0, 0, 0);

        private OfClass with(double area, boolean newImage) {
            boolean isSmall = area < SMALL;
            boolean isMedium = !isSmall && area < MEDIUM;
            return new OfClass(
                    objects + 1,
                    images + (newImage ? 1 : 0),
                    small + (isSmall ? 1 : 0),
                    medium + (isMedium ? 1 : 0),
                    large + (isSmall || isMedium ? 0 : 1));
        }
    }

    /** Whether the targets of {@code data} are objects; of none where there is no image. */
    public static boolean isOf(Dataset data) {
        return data.size() > 0 && (Annotated.of(data, 0).isPresent() || data.target(0) instanceof Target.Objects);
    }

    /** Of all images of {@code data}; objects of images that cannot be read count only where these need not be. */
    public static BoxSummary of(Dataset data) {
        var counts = new Counting(data.classes().size());
        for (int i = 0; i < data.size(); i++) {
            try {
                counts.add(data, i);
            } catch (ImageException e) {
                // listed among the unreadable ones
            }
        }
        return counts.summary(data);
    }

    /** Counts as they grow. */
    private static final class Counting {
        private final OfClass[] classes;
        private final List<Integer> numbers = new ArrayList<>();
        private int ignored;
        private int clipped;
        private int duplicated;

        Counting(int count) {
            classes = new OfClass[count];
            Arrays.fill(classes, OfClass.NONE);
        }

        /** One object: what tells it from another. */
        private record Key(int label, Box box) {}

        void add(Dataset data, int index) {
            var place = Annotated.of(data, index);
            List<Key> keys = new ArrayList<>();
            if (place.isPresent()) {
                Annotated of = place.get().data();
                of.annotations(place.get().index()).forEach(object -> {
                    keys.add(new Key(object.label(), object.box()));
                    ignored += object.ignore() ? 1 : 0;
                });
                clipped += of.clipped(place.get().index());
            } else {
                var objects = (Target.Objects) data.target(index);
                for (int i = 0; i < objects.labels().length; i++) {
                    keys.add(new Key(objects.labels()[i], objects.boxes().get(i)));
                    ignored += objects.ignore()[i] ? 1 : 0;
                }
            }
            count(keys);
        }

        private void count(List<Key> keys) {
            Set<Key> known = new HashSet<>();
            Set<Integer> seen = new HashSet<>();
            for (Key key : keys) {
                duplicated += known.add(key) ? 0 : 1;
                classes[key.label()] = classes[key.label()].with(key.box().area(), seen.add(key.label()));
            }
            numbers.add(keys.size());
        }

        BoxSummary summary(Dataset data) {
            Map<String, OfClass> named = new LinkedHashMap<>();
            List<String> never = new ArrayList<>();
            for (int i = 0; i < classes.length; i++) {
                if (classes[i].objects() > 0) {
                    named.put(data.classes().get(i), classes[i]);
                } else {
                    never.add(data.classes().get(i));
                }
            }
            numbers.sort(null);
            return new BoxSummary(
                    data.size(),
                    (int) numbers.stream().filter(number -> number == 0).count(),
                    numbers.stream().mapToInt(Integer::intValue).sum(),
                    named,
                    never,
                    ignored,
                    clipped,
                    duplicated,
                    numbers.isEmpty() ? 0 : numbers.get(numbers.size() / 2),
                    numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1));
        }
    }

    /** For people, a line for each class that is there. */
    public String text(String part) {
        var out = new StringBuilder();
        if (images == 0) {
            return "";
        }
        out.append(String.format(
                Locale.ROOT,
                "%-12s %,8d images, %,d objects; median %,d an image, at most %,d; %,d images without objects%n",
                part,
                images,
                objects,
                median,
                most,
                withoutObjects));
        out.append(String.format(
                Locale.ROOT, "  %-24s %8s %8s %8s %8s %8s%n", "", "objects", "images", "small", "medium", "large"));
        classes.forEach((name, of) -> out.append(String.format(
                Locale.ROOT,
                "  %-24s %,8d %,8d %,8d %,8d %,8d%n",
                name,
                of.objects(),
                of.images(),
                of.small(),
                of.medium(),
                of.large())));
        out.append(String.format(
                Locale.ROOT, "  boxes clipped %,d, duplicated %,d, ignored %,d%n", clipped, duplicated, ignored));
        if (!neverSeen.isEmpty()) {
            out.append(String.format(
                    Locale.ROOT,
                    "  never seen: %s%s%n",
                    neverSeen.stream().limit(NAMED).collect(Collectors.joining(", ")),
                    neverSeen.size() > NAMED
                            ? String.format(Locale.ROOT, " and %,d more", neverSeen.size() - NAMED)
                            : ""));
        }
        return out.toString();
    }
}
