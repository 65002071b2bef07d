package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Images with boxes, of which those of some were corrected. */
final class Corrected implements DerivedDataset, Annotated {

    private final Dataset data;
    private final List<String> classes;
    private final List<Long> categories;
    private final Map<Integer, List<Annotation>> changed;
    private final boolean masks;
    private final boolean drawn;
    private final Optional<Skeleton> skeleton;

    /**
     * @param classes those of the data, and perhaps more
     * @param categories numbers of all of these, or none
     * @param changed the objects of corrected images, in pixels
     * @param wanted masks and keypoints, where the data or a correction has them
     */
    Corrected(
            Dataset data,
            List<String> classes,
            List<Long> categories,
            Map<Integer, List<Annotation>> changed,
            TargetKind.Boxes wanted) {
        this.data = data;
        this.classes = List.copyOf(classes);
        this.categories = List.copyOf(categories);
        this.changed = Map.copyOf(changed);
        Target.Objects first = first(data);
        drawn = !first.masks().isEmpty();
        masks = wanted.masks()
                && (drawn
                        || changed.values().stream()
                                .flatMap(List::stream)
                                .anyMatch(object -> object.outline().drawn()));
        skeleton = first.keypoints().stream().map(Keypoints::skeleton).findFirst();
    }

    private static Target.Objects first(Dataset data) {
        for (int i = 0; i < data.size(); i++) {
            if (data.target(i) instanceof Target.Objects objects
                    && !objects.boxes().isEmpty()) {
                return objects;
            }
        }
        return Target.Objects.of(List.of(), new int[0]);
    }

    @Override
    public Dataset data() {
        return data;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public List<Annotation> annotations(int index) {
        if (!changed.containsKey(index)) {
            return Annotated.annotations(data, index);
        }
        Size size = imageSize(index);
        return changed.get(index).stream()
                .flatMap(object -> BoxChecks.inside(object.box(), size).box().map(object::withBox).stream())
                .toList();
    }

    @Override
    public Size imageSize(int index) {
        return Annotated.of(data, index)
                .map(place -> place.data().imageSize(place.index()))
                .orElseGet(() -> data.image(index).size());
    }

    @Override
    public int clipped(int index) {
        return changed.containsKey(index)
                ? 0
                : Annotated.of(data, index)
                        .map(place -> place.data().clipped(place.index()))
                        .orElse(0);
    }

    @Override
    public long id(int index) {
        return Annotated.of(data, index)
                .map(place -> place.data().id(place.index()))
                .orElse((long) index);
    }

    @Override
    public List<Long> categories() {
        return categories;
    }

    @Override
    public Target target(int index) {
        if (!changed.containsKey(index) && masks == drawn) {
            return data.target(index);
        }
        List<Annotation> objects = annotations(index);
        boolean[] ignore = new boolean[objects.size()];
        for (int i = 0; i < ignore.length; i++) {
            ignore[i] = objects.get(i).ignore();
        }
        return new Target.Objects(
                objects.stream().map(Annotation::box).toList(),
                labels(objects),
                masks
                        ? objects.stream()
                                .map(object -> object.outline().mask(imageSize(index), object.box()))
                                .toList()
                        : List.of(),
                ignore,
                skeleton.isPresent()
                        ? objects.stream()
                                .map(object ->
                                        object.keypoints().orElseGet(() -> Keypoints.unknown(skeleton.orElseThrow())))
                                .toList()
                        : List.of());
    }

    private static int[] labels(List<Annotation> objects) {
        return objects.stream().mapToInt(Annotation::label).toArray();
    }

    @Override
    public int stratum(int index) {
        return changed.containsKey(index) ? target(index).stratum() : data.stratum(index);
    }

    @Override
    public String targetText(int index) {
        return changed.containsKey(index) ? target(index).text(classes) : data.targetText(index);
    }

    @Override
    public int[] counts() {
        int[] counts = Arrays.copyOf(data.counts(), classes.size());
        changed.forEach((index, objects) -> {
            IntStream.of(labels(Annotated.annotations(data, index))).distinct().forEach(label -> counts[label]--);
            IntStream.of(labels(objects)).distinct().forEach(label -> counts[label]++);
        });
        return counts;
    }

    @Override
    public String toString() {
        return "%s, %s of them corrected".formatted(data, changed.size());
    }
}
