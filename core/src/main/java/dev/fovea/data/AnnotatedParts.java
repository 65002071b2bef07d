package dev.fovea.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Annotated images of all parts, gathered while they are read, and what becomes of them. */
final class AnnotatedParts {

    private static final List<String> PARTS = List.of("train", "validation", "test");

    private final String source;
    private final Data.Options options;
    private final AnnotationFaults faults;
    private final List<String> notes = new ArrayList<>();
    private final Map<String, List<AnnotatedImage>> images = new LinkedHashMap<>();
    private final Map<String, Integer> found = new LinkedHashMap<>();

    AnnotatedParts(String source, Data.Options options) {
        this.source = source;
        this.options = options;
        faults = new AnnotationFaults(source, options.skipBroken());
    }

    AnnotationFaults faults() {
        return faults;
    }

    void note(String text) {
        notes.add(text);
    }

    List<String> notes() {
        return notes;
    }

    void add(String part, AnnotatedImage image) {
        images.computeIfAbsent(part, p -> new ArrayList<>()).add(image);
    }

    /** The position of a class among those found so far; {@link #sorted} puts them in order at the end. */
    int label(String name) {
        return found.computeIfAbsent(name, n -> found.size());
    }

    /** What is wanted of each object. */
    TargetKind.Boxes wanted() {
        return options.targets() instanceof TargetKind.Boxes boxes ? boxes : new TargetKind.Boxes(true, true);
    }

    /** Whether that was asked for; who asks for anything is given all. */
    boolean explicit() {
        return options.targets() instanceof TargetKind.Boxes;
    }

    /**
     * The data with its classes in the order of their names.
     *
     * @throws DataException if another part has a class that the training part lacks, unless that is allowed
     */
    Splits sorted() {
        var names = new TreeMap<>(found);
        List<String> classes = List.copyOf(names.keySet());
        int[] positions = new int[found.size()];
        for (int i = 0; i < classes.size(); i++) {
            positions[found.get(classes.get(i))] = i;
        }
        images.replaceAll((part, of) -> of.stream()
                .map(image -> new AnnotatedImage(
                        image.file(),
                        image.size(),
                        image.shares(),
                        image.source(),
                        image.id(),
                        image.objects().stream()
                                .map(object -> object.withLabel(positions[object.label()]))
                                .toList()))
                .toList());
        checkNews(classes);
        return splits(classes, List.of());
    }

    /** The data with classes as its files list them. */
    Splits splits(List<String> classes, List<Long> categories) {
        if (images.values().stream().allMatch(List::isEmpty)) {
            faults.notes().stream().findFirst().ifPresent(first -> {
                throw new DataException(source + ": no image can be used, " + first);
            });
            throw new DataException(source + ": has annotations and no image that belongs to them");
        }
        TargetKind.Boxes kept = kept();
        Optional<Skeleton> skeleton = kept.keypoints() ? skeleton() : Optional.empty();
        List<Dataset> parts = PARTS.stream()
                .<Dataset>map(part ->
                        new ObjectFiles(classes, images.getOrDefault(part, List.of()), kept, skeleton, categories))
                .toList();
        var all = new ArrayList<>(notes);
        all.addAll(faults.notes());
        return new Splits(parts.get(0), parts.get(1), parts.get(2), all);
    }

    private List<Annotation> objects() {
        return images.values().stream()
                .flatMap(Collection::stream)
                .flatMap(image -> image.objects().stream())
                .toList();
    }

    /** What is wanted and there; says what is not. */
    private TargetKind.Boxes kept() {
        List<Annotation> objects = wanted().masks() || wanted().keypoints() ? objects() : List.of();
        long drawn = objects.stream().filter(object -> object.outline().drawn()).count();
        long marked = objects.stream()
                .filter(object -> object.keypoints().isPresent())
                .count();
        boolean asked = explicit();
        if (wanted().masks() && drawn < objects.size() && (asked || drawn > 0)) {
            notes.add(
                    drawn == 0
                            ? source + ": has no masks"
                            : "%s: objects without an outline, whose box stands as their mask: %s"
                                    .formatted(source, objects.size() - drawn));
        }
        if (wanted().keypoints() && marked == 0 && asked) {
            notes.add(source + ": has no keypoints");
        }
        return new TargetKind.Boxes(wanted().masks() && drawn > 0, wanted().keypoints() && marked > 0);
    }

    private Optional<Skeleton> skeleton() {
        return objects().stream()
                .flatMap(object -> object.keypoints().stream())
                .map(Keypoints::skeleton)
                .findFirst();
    }

    private void checkNews(List<String> classes) {
        if (!images.containsKey("train")) {
            return;
        }
        var seen = new HashMap<Integer, String>();
        for (String part : PARTS) {
            for (AnnotatedImage image : images.getOrDefault(part, List.of())) {
                for (Annotation object : image.objects()) {
                    if (part.equals("train") || seen.containsKey(object.label())) {
                        seen.put(object.label(), part);
                        continue;
                    }
                    news("%s%s: the %s part has a class '%s' that the train part does not have"
                            .formatted(image.source(), object.place(), part, classes.get(object.label())));
                    seen.put(object.label(), part);
                }
            }
        }
    }

    private void news(String what) {
        if (!options.newClasses()) {
            throw new DataException(what);
        }
        notes.add(what);
    }
}
