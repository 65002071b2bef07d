package dev.fovea.data;

import dev.fovea.engine.Seed;
import dev.fovea.io.Escaped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Data in its parts; a part that is not there is empty.
 *
 * @param notes what was left out or looked odd while reading, for a person to read
 * @param files what else a run on it keeps beside its recipe, by name
 */
public record Splits(Dataset train, Dataset validation, Dataset test, List<String> notes, Map<String, String> files) {

    /** Key of the random numbers of a split, beside those of the loader. */
    private static final long SPLIT = 3;

    public Splits {
        notes = notes.stream().map(Escaped::line).toList();
        files = Map.copyOf(files);
    }

    public Splits(Dataset train, Dataset validation, Dataset test, List<String> notes) {
        this(train, validation, test, notes, Map.of());
    }

    /** Only a training part. */
    public static Splits trainOnly(Dataset train, List<String> notes) {
        return new Splits(train, Dataset.empty(train.classes()), Dataset.empty(train.classes()), notes);
    }

    /** The data without its parts' names, for those who ask for one by name. */
    public Dataset part(String name) {
        return switch (name) {
            case "train" -> train;
            case "validation" -> validation;
            case "test" -> test;
            default -> throw new DataException("a part is train, validation or test, got '" + name + "'");
        };
    }

    /** With another validation part; its classes must be among those of the training part. */
    public Splits withValidation(Dataset value) {
        for (String name : value.classes()) {
            if (!train.classes().contains(name)) {
                throw new DataException(
                        "the validation data has a class '%s' that the training data does not have".formatted(name));
            }
        }
        return new Splits(train, value, test, notes, files);
    }

    /** With another validation part, of any classes. */
    public Splits withOtherValidation(Dataset value) {
        return new Splits(train, value, test, notes, files);
    }

    /** With a validation part split off the training part. */
    public Splits withValidationFrom(double share, long seed) {
        Splits parts = of(train, 1 - share, share, 0, seed);
        return new Splits(parts.train(), parts.validation(), test, concat(notes, parts.notes()), files);
    }

    /** This if it has a validation part or {@code share} is 0, else with one split off the training part. */
    public Splits heldOut(double share, long seed) {
        return validation.size() > 0 || share == 0 ? this : withValidationFrom(share, seed);
    }

    /** With notes before those that it has. */
    Splits withNotesBefore(List<String> first) {
        return new Splits(train, validation, test, concat(first, notes), files);
    }

    /** Without images that cannot be read, of which there are notes then. */
    Splits withoutBroken() {
        var all = new ArrayList<>(notes);
        return new Splits(
                ReadableImages.of(train, all),
                ReadableImages.of(validation, all),
                ReadableImages.of(test, all),
                all,
                files);
    }

    /** With a note where identical images of the training and the validation part have different labels. */
    public Splits withContradictions() {
        if (!train.classes().equals(validation.classes())) { // each has its own, so that no label contradicts another
            return this;
        }
        Dataset all = train.and(validation);
        return Duplicates.contradictions(all, Duplicates.groups(all))
                .map(note -> new Splits(train, validation, test, concat(notes, List.of(note)), files))
                .orElse(this);
    }

    /**
     * This, if it can be trained on.
     *
     * @throws DataException if there is no training part, it has one class only, or boxes are learned and it has none
     */
    public Splits forTraining() {
        if (train.size() == 0) {
            throw new DataException("the data has no training part");
        }
        if (train.target(0) instanceof Target.Objects) {
            return withObjects();
        }
        int[] counts = train.counts();
        long filled = Arrays.stream(counts).filter(count -> count > 0).count();
        if (filled < 2) {
            String only = train.classes().get(train.label(0));
            throw new DataException(
                    "found 1 class ('%s'), training needs at least 2. Expected one folder per class".formatted(only));
        }
        return this;
    }

    private Splits withObjects() {
        if (Arrays.stream(train.counts()).allMatch(count -> count == 0)) {
            throw new DataException(
                    "the training part has no objects: none of its %s images has a box. Expected some with boxes"
                            .formatted(train.size()));
        }
        return this;
    }

    /** As {@link Dataset#split}. */
    public static Splits of(Dataset all, double train, double validation, double test, long seed) {
        if (train < 0 || validation < 0 || test < 0 || Math.abs(train + validation + test - 1) > 1e-6) {
            throw new IllegalArgumentException(
                    "split: shares must be 0 or more and make 1, got %s, %s, %s".formatted(train, validation, test));
        }
        List<List<Integer>> same = Duplicates.groups(all);
        Map<Integer, List<List<Integer>>> strata = new TreeMap<>();
        same.forEach(group -> strata.computeIfAbsent(all.stratum(group.get(0)), s -> new ArrayList<>())
                .add(group));
        var parts = List.of(new ArrayList<Integer>(), new ArrayList<Integer>(), new ArrayList<Integer>());
        var notes = new ArrayList<String>();
        for (int stratum : strata.keySet()) {
            List<List<Integer>> groups = strata.get(stratum);
            int[] order = Order.shuffled(
                    groups.size(), new Seed(seed).derive(SPLIT, stratum).random());
            int total = groups.stream().mapToInt(List::size).sum();
            if (total == 1 && all.target(groups.get(0).get(0)) instanceof Target.Label label) {
                notes.add("class '%s' has one image, which stays in training"
                        .formatted(all.classes().get(label.index())));
            }
            int done = 0;
            for (int g : order) {
                double at = (done + 0.5) / total;
                int part = done == 0 || at < train ? 0 : at < train + validation ? 1 : 2;
                parts.get(part == 0 && train == 0 ? (validation > 0 ? 1 : 2) : part)
                        .addAll(groups.get(g));
                done += groups.get(g).size();
            }
        }
        int doubles = all.size() - same.size();
        if (doubles > 0) {
            notes.add(String.format(
                    Locale.ROOT, "%d images are copies of others; copies stay on one side of the split", doubles));
        }
        Duplicates.contradictions(all, same).ifPresent(notes::add);
        return new Splits(take(all, parts.get(0)), take(all, parts.get(1)), take(all, parts.get(2)), notes);
    }

    private static Dataset take(Dataset all, List<Integer> indices) {
        return all.subset(indices.stream().mapToInt(Integer::intValue).sorted().toArray());
    }

    private static List<String> concat(List<String> a, List<String> b) {
        var both = new ArrayList<>(a);
        both.addAll(b);
        return both;
    }
}
