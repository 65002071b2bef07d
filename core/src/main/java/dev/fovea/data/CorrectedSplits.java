package dev.fovea.data;

import dev.fovea.data.AnnotationCorrections.Place;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Data under the corrections of its objects.
 *
 * @param all the data as it is
 * @param wanted masks and keypoints, where the data or a correction has them
 */
record CorrectedSplits(AnnotationCorrections corrections, Splits all, TargetKind.Boxes wanted) {

    /** Masks and keypoints. */
    static final TargetKind.Boxes ALL = new TargetKind.Boxes(true, true);

    /** The data that the corrections are of, with what the options ask for. */
    static Splits open(AnnotationCorrections corrections, Data.Options options) {
        Path beside = corrections.file().resolveSibling(corrections.data());
        String place = Files.exists(beside) ? beside.toString() : corrections.data();
        boolean any = options.targets() instanceof TargetKind.Any;
        if (!options.targets().places() && !any) {
            return Data.open(place, options); // nobody asks for what was corrected
        }
        boolean pixels = corrections.pixels();
        boolean drawn = !pixels && options.targets() instanceof TargetKind.Pixels;
        TargetKind.Boxes wanted =
                drawn ? ObjectPixels.OBJECTS : options.targets() instanceof TargetKind.Boxes boxes ? boxes : ALL;
        TargetKind targets = drawn || any && !pixels ? wanted : any ? TargetKind.PIXELS : options.targets();
        Splits all = Data.open(place, options.withTargets(targets));
        Splits corrected = new CorrectedSplits(corrections, all, wanted).whole();
        return drawn ? ObjectPixels.of(place, corrected) : corrected;
    }

    /** @throws DataException if a corrected image is not in the data */
    Splits whole() {
        List<String> classes = classes();
        Map<Place, Integer> train = places("train");
        Map<Place, Integer> validation = places("validation");
        Map<Place, Integer> test = places("test");
        checkFound(List.of(train, validation, test));
        var notes = new ArrayList<>(all.notes());
        notes.add("%s: of %s images the objects are corrected"
                .formatted(corrections.file().getFileName(), corrections.corrected()));
        var copies = new HashMap<>(all.files());
        copies.put(AnnotationCorrections.COPY, new String(CorrectionsFile.bytes(corrections), StandardCharsets.UTF_8));
        return new Splits(
                part("train", train, classes),
                part("validation", validation, classes),
                part("test", test, classes),
                notes,
                copies);
    }

    /** A part in which one image is as corrected. */
    Dataset part(String part, int index) {
        Place place = corrections.place(part, all.part(part).name(index));
        return part(part, Map.of(place, index), classes());
    }

    /** Those of the data, and those that were added. */
    private List<String> classes() {
        var names = new LinkedHashSet<>(AnnotationCorrections.some(all).classes());
        names.addAll(corrections.classes());
        return List.copyOf(names);
    }

    private Map<Place, Integer> places(String part) {
        var places = new HashMap<Place, Integer>();
        Dataset images = all.part(part);
        for (int i = 0; i < images.size(); i++) {
            places.put(corrections.place(part, images.name(i)), i);
        }
        return places;
    }

    private void checkFound(List<Map<Place, Integer>> places) {
        List<Place> lost = corrections.images().keySet().stream()
                .filter(place -> places.stream().noneMatch(part -> part.containsKey(place)))
                .toList();
        if (!lost.isEmpty()) {
            throw new DataException(
                    "%s: %s of its images are not in %s, such as '%s' of the %s part. Restore them, or remove the corrections"
                            .formatted(
                                    corrections.file(),
                                    lost.size(),
                                    corrections.data(),
                                    lost.get(0).name(),
                                    lost.get(0).part()));
        }
    }

    private Dataset part(String part, Map<Place, Integer> places, List<String> classes) {
        Dataset data = all.part(part);
        if (data.size() == 0) {
            return Dataset.empty(classes);
        }
        var changed = new LinkedHashMap<Integer, List<Annotation>>();
        corrections.images().forEach((place, image) -> {
            if (places.containsKey(place)) {
                changed.put(places.get(place), renumbered(image.objects(), classes));
            }
        });
        return corrections.pixels()
                ? new Repainted(data, classes, changed)
                : new Corrected(
                        data,
                        classes,
                        classes.equals(corrections.classes()) ? corrections.categories() : List.of(),
                        changed,
                        wanted);
    }

    private List<Annotation> renumbered(List<Annotation> objects, List<String> classes) {
        return objects.stream()
                .map(object ->
                        object.withLabel(classes.indexOf(corrections.classes().get(object.label()))))
                .toList();
    }
}
