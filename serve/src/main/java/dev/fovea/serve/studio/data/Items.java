package dev.fovea.serve.studio.data;

import dev.fovea.data.Dataset;
import dev.fovea.data.Target;
import dev.fovea.run.Finding;
import dev.fovea.run.ImagePlaces.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The images of a data set that somebody looks for, in order, as far as they are on the screen. */
final class Items {

    /** Searches that are remembered: one page scrolls through one. */
    private static final int KEPT = 8;

    /** Most labels and objects of an image that are told of. */
    private static final int MOST_LABELS = 20;

    /**
     * What is looked for; what is empty or false does not matter.
     *
     * @param part train, validation or test
     * @param label a class
     * @param query in the name, whatever its case
     * @param changed whether they have corrections
     * @param problems whether something was found about them
     * @param conditions of what else is known of them
     */
    record Search(String part, String label, String query, boolean changed, boolean problems, Conditions conditions) {}

    private record Key(Opened.State data, int corrections, int problems, Search search) {}

    private final Measured measured;
    private final Map<Key, List<Place>> kept = new LinkedHashMap<>(16, 0.75f, true);

    Items(Measured measured) {
        this.measured = measured;
    }

    /** All that are found. */
    List<Place> all(Opened data, Search search) {
        var key = new Key(
                data.state(),
                System.identityHashCode(data.log().now()),
                System.identityHashCode(data.problems()),
                search);
        synchronized (kept) {
            List<Place> known = kept.get(key);
            if (known != null) {
                return known;
            }
        }
        List<Place> found = found(data, search);
        synchronized (kept) {
            kept.put(key, found);
            while (kept.size() > KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        return found;
    }

    private List<Place> found(Opened data, Search search) {
        var found = new ArrayList<Place>();
        IntPredicate fulfils = search.conditions().test(data, measured);
        Map<String, Integer> starts = starts(data);
        Map<Place, Finding> marks = data.marks();
        String query = search.query().toLowerCase(Locale.ROOT);
        data.parts().forEach((part, images) -> {
            if (!search.part().isEmpty() && !search.part().equals(part)) {
                return;
            }
            int wanted = search.label().isEmpty() ? -1 : images.classes().indexOf(search.label());
            if (wanted < 0 && !search.label().isEmpty()) {
                return;
            }
            for (int i = 0; i < images.size(); i++) {
                var place = new Place(part, i);
                if (fulfils.test(starts.get(part) + i)
                        && (!search.changed() || marks.containsKey(place))
                        && (!search.problems() || data.problems().containsKey(place))
                        && (wanted < 0 || isOf(images, i, wanted, marks.get(place)))
                        && (query.isEmpty()
                                || data.shortName(part, i)
                                        .toLowerCase(Locale.ROOT)
                                        .contains(query))) {
                    found.add(place);
                }
            }
        });
        return List.copyOf(found);
    }

    /** Where each part begins among all images. */
    static Map<String, Integer> starts(Opened data) {
        var starts = new LinkedHashMap<String, Integer>();
        int start = 0;
        for (String part : List.of("train", "validation", "test")) {
            starts.put(part, start);
            start += data.splits().part(part).size();
        }
        return starts;
    }

    private static boolean isOf(Dataset images, int index, int wanted, Finding mark) {
        if (mark != null && mark.action() == Finding.Action.RELABEL) {
            return images.classes().indexOf(mark.proposed()) == wanted;
        }
        return labels(images.target(index)).anyMatch(label -> label == wanted);
    }

    /** The classes that an image or an object in it has, each once; of pixels none are told. */
    static IntStream labels(Target target) {
        if (target instanceof Target.Label label) {
            return IntStream.of(label.index());
        }
        if (target instanceof Target.Labels labels) {
            return IntStream.range(0, labels.present().length).filter(c -> labels.present()[c]);
        }
        return target instanceof Target.Objects objects
                ? Arrays.stream(objects.labels()).distinct()
                : IntStream.empty();
    }

    /** How many of them are left out. */
    static long excluded(Opened data, List<Place> places) {
        Map<Place, Finding> marks = data.marks();
        return marks.isEmpty()
                ? 0
                : places.stream()
                        .filter(place ->
                                marks.containsKey(place) && marks.get(place).action() == Finding.Action.REMOVE)
                        .count();
    }

    /** The same in few numbers: {@code [part, first, last]} of images that follow each other. */
    static List<List<Object>> runs(List<Place> places) {
        var runs = new ArrayList<List<Object>>();
        for (int from = 0; from < places.size(); ) {
            int to = from;
            Place first = places.get(from);
            while (to + 1 < places.size()
                    && places.get(to + 1).part().equals(first.part())
                    && places.get(to + 1).index() == places.get(to).index() + 1) {
                to++;
            }
            runs.add(List.of(first.part(), first.index(), places.get(to).index()));
            from = to + 1;
        }
        return runs;
    }

    /** What a page shows of one. */
    static Map<String, Object> view(Opened data, Place place) {
        Dataset images = data.splits().part(place.part());
        var view = new LinkedHashMap<String, Object>();
        view.put("part", place.part());
        view.put("index", place.index());
        view.put("name", data.shortName(place.part(), place.index()));
        view.put("label", label(images, place.index()));
        if (images.target(place.index()) instanceof Target.Values values) {
            view.put("values", values.numbers());
        }
        view.putAll(mark(data, place));
        List<Finding> problems = data.problems().get(place);
        if (problems != null) {
            view.put(
                    "problems",
                    problems.stream().map(one -> one.kind().word()).distinct().toList());
        }
        return view;
    }

    /** What the corrections say about it; nothing where they do not. */
    static Map<String, Object> mark(Opened data, Place place) {
        Finding mark = data.marks().get(place);
        var said = new LinkedHashMap<String, Object>();
        if (mark != null) {
            said.put("mark", mark.action().word());
        }
        if (mark != null && mark.action() == Finding.Action.RELABEL) {
            said.put("to", mark.proposed());
        }
        return said;
    }

    private static String label(Dataset images, int index) {
        Target target = images.target(index);
        if (target instanceof Target.Objects) {
            return String.join(
                    ", ",
                    labels(target)
                            .limit(MOST_LABELS)
                            .mapToObj(images.classes()::get)
                            .toList());
        }
        return target instanceof Target.PixelLabels || target instanceof Target.None ? "" : images.targetText(index);
    }
}
