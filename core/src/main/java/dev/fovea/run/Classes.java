package dev.fovea.run;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.DerivedDataset;
import dev.fovea.data.Mask;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.data.UnnamedClasses;
import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Class names of data matched with those of a model. */
public final class Classes {

    private Classes() {}

    /** The position of {@code label} among those of a model. */
    public static int index(List<String> classes, String label) {
        return index(classes, label, "the model knows");
    }

    /** The position of {@code label} among those of {@code data}. */
    public static int inData(Dataset data, String label) {
        return index(data.classes(), label, "the data has");
    }

    private static int index(List<String> classes, String label, String known) {
        int index = classes.indexOf(label);
        if (index < 0) {
            throw new IllegalArgumentException("unknown class '%s'%s %s %s"
                    .formatted(
                            Escaped.line(label),
                            Nearest.hint(label, classes, ","),
                            known,
                            classes.isEmpty() ? "none" : shortened(classes)));
        }
        return index;
    }

    /**
     * {@code data} with the labels of its validation part counted in the order of the training part's classes.
     *
     * @throws DataException if the validation part has a class that the training part does not have
     */
    public static Splits matched(Splits data) {
        if (data.validation().size() == 0) {
            return data;
        }
        Dataset validation = matchedWithTraining("validation", data.validation(), data.train());
        return new Splits(data.train(), validation, data.test(), data.notes(), data.files());
    }

    /**
     * {@code data}, a part of that name, with labels counted in the order of the training part's classes.
     *
     * @throws DataException if it has a class that the training part does not have
     */
    public static Dataset matchedWithTraining(String part, Dataset data, Dataset train) {
        List<String> unknown = unknown(data, train.classes());
        if (!unknown.isEmpty()) {
            throw new DataException("the %s data has classes that the training data does not have: %s. Training has %s"
                    .formatted(part, shortened(unknown), shortened(train.classes())));
        }
        return matched(data, train.classes());
    }

    private static List<String> unknown(Dataset data, List<String> classes) {
        return data.classes().stream().filter(c -> !classes.contains(c)).toList();
    }

    /**
     * {@code data} with labels counted in the order of {@code classes}; masks of numbers that nothing names are taken by their numbers.
     *
     * @throws DataException if it has a class that is not among them
     */
    public static Dataset matched(Dataset data, List<String> classes) {
        if (data.classes().equals(classes)) {
            return data;
        }
        // The number just behind the last class is what people write where there is none.
        if (unnamed(data) && data.classes().size() <= classes.size() + 1) {
            return counted(data, classes, numbered(data.classes().size(), classes.size()));
        }
        List<String> unknown = unknown(data, classes);
        if (!unknown.isEmpty()) {
            throw new DataException("the data has classes that the model does not know: %s. It knows %s"
                    .formatted(shortened(unknown), shortened(classes)));
        }
        return counted(data, classes);
    }

    /** {@code data} with the classes that it has images of and no others. */
    public static Dataset present(Dataset data) {
        int[] counts = data.counts();
        List<String> present = IntStream.range(0, counts.length)
                .filter(k -> counts[k] > 0)
                .mapToObj(data.classes()::get)
                .toList();
        return present.size() == counts.length ? data : counted(data, present);
    }

    /** {@code data} with labels counted in the order of {@code classes}, among which are those of all its images. */
    public static Dataset counted(Dataset data, List<String> classes) {
        return counted(
                data,
                classes,
                data.classes().stream().mapToInt(classes::indexOf).toArray());
    }

    private static boolean unnamed(Dataset data) {
        return UnnamedClasses.are(data.classes()) && data.size() > 0 && data.target(0) instanceof Target.PixelLabels;
    }

    private static int[] numbered(int count, int classes) {
        return IntStream.range(0, count)
                .map(i -> i < classes ? i : Target.IGNORED)
                .toArray();
    }

    private static Dataset counted(Dataset data, List<String> classes, int[] position) {
        return new DerivedDataset() {
            @Override
            public Dataset data() {
                return data;
            }

            @Override
            public List<String> classes() {
                return classes;
            }

            @Override
            public Target target(int index) {
                return counted(data.target(index), position, classes.size());
            }
        };
    }

    /** With labels or numbers in their new places. */
    private static Target counted(Target target, int[] position, int classes) {
        if (target instanceof Target.Label label) {
            return new Target.Label(position[label.index()]);
        }
        if (target instanceof Target.Labels labels) {
            var present = new boolean[classes];
            for (int i = 0; i < position.length; i++) {
                present[position[i]] = labels.present()[i];
            }
            return new Target.Labels(present);
        }
        if (target instanceof Target.Objects objects) {
            int[] labels = Arrays.stream(objects.labels())
                    .map(label -> position[label])
                    .toArray();
            return new Target.Objects(objects.boxes(), labels, objects.masks(), objects.ignore(), objects.keypoints());
        }
        if (target instanceof Target.PixelLabels labels) {
            byte[] values = labels.classes().values().clone();
            for (int i = 0; i < values.length; i++) {
                int label = values[i] & 0xFF;
                values[i] = label == Target.IGNORED ? values[i] : (byte) position[label];
            }
            return new Target.PixelLabels(new Mask(labels.classes().size(), values));
        }
        if (target instanceof Target.Values values && position.length == classes) {
            var numbers = new float[classes];
            for (int i = 0; i < position.length; i++) {
                numbers[position[i]] = values.numbers()[i];
            }
            return new Target.Values(numbers);
        }
        throw new DataException(
                "the data has targets of another kind than class labels: other classes cannot be chosen");
    }

    /** At most five names, then the count. */
    public static String shortened(List<String> names) {
        String first = String.join(
                ", ", names.stream().limit(5).map(n -> "'" + n + "'").toList());
        return names.size() <= 5 ? first : first + " and %s more".formatted(names.size() - 5);
    }
}
