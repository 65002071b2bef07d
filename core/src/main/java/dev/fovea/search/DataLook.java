package dev.fovea.search;

import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import dev.fovea.run.DataRequest;
import dev.fovea.run.Subset;
import dev.fovea.run.TaskType;
import dev.fovea.task.Tasks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What can be seen of a data set before anything is trained.
 *
 * @param kind what is to be learned of each image
 * @param images in the training part
 * @param classes names of classes, labels or numbers
 * @param fewest training images of a class; 0 of numbers
 * @param most training images of a class; 0 of numbers
 * @param height median of some images, in pixels
 * @param width median of some images, in pixels
 * @param sameSize whether these have all the same size
 * @param grey whether none of these has colour
 */
record DataLook(
        TargetKind kind,
        int images,
        List<String> classes,
        int fewest,
        int most,
        int height,
        int width,
        boolean sameSize,
        boolean grey) {

    /** From so many times as many images of one class as of another on they are uneven. */
    private static final int UNEVEN = 3;

    private static final Pattern CSV = Pattern.compile("(?i)\\.csv(:(train|validation|test))?$");

    /** Images that are looked at. */
    private static final int SOME = 48;

    /** Whole numbers of no more different values are classes, of more they are numbers to predict. */
    private static final int VALUES_OF_CLASSES = 20;

    /**
     * Looks at data.
     *
     * @param targets columns of numbers to learn, or none
     * @throws DataException if it cannot be read, or holds clips
     */
    static DataLook at(DataRequest request, List<String> targets) {
        if (!targets.isEmpty()) {
            return of(open(request, new TargetKind.Numbers(targets)), targets);
        }
        if (!CSV.matcher(request.data()).find()) {
            return of(open(request, TargetKind.ANY), List.of());
        }
        Splits numbers;
        try {
            numbers = open(request, new TargetKind.Numbers(List.of()));
        } catch (DataException asNumbers) {
            try {
                return of(open(request, TargetKind.ANY), List.of());
            } catch (DataException asLabels) {
                throw new DataException(
                        "neither labels nor numbers can be learned from it. As labels: %s. As numbers: %s"
                                .formatted(asLabels.getMessage(), asNumbers.getMessage()));
            }
        }
        return of(areClasses(numbers.train()) ? open(request, TargetKind.ANY) : numbers, List.of());
    }

    private static Splits open(DataRequest request, TargetKind targets) {
        Splits data = Data.open(
                request.data(),
                Data.Options.of()
                        .withFormat(request.format())
                        .withSkipBroken(request.skipBroken())
                        .withTargets(targets));
        boolean few = request.perClass() > 0 && !(targets instanceof TargetKind.Numbers);
        return few ? Subset.few(data, request.perClass(), 0) : data;
    }

    /** Whether numbers are few different whole ones, as those of classes are. */
    private static boolean areClasses(Dataset numbers) {
        double[] values = IntStream.range(0, numbers.size())
                .mapToObj(numbers::target)
                .mapToDouble(target -> ((Target.Values) target).numbers()[0])
                .toArray();
        return numbers.classes().size() == 1
                && Arrays.stream(values).allMatch(value -> value == Math.rint(value))
                && Arrays.stream(values).distinct().count() <= VALUES_OF_CLASSES;
    }

    /** @param targets columns of numbers to learn, or none */
    static DataLook of(Splits data, List<String> targets) {
        Dataset train = data.train();
        if (train.size() == 0) {
            throw new DataException("the data has no training part");
        }
        if (train.clips()) {
            throw new DataException(
                    "the data holds clips, and networks are chosen for images only. Train a network for clips, such as cnn-rnn");
        }
        TargetKind kind = kind(train, targets);
        return of(train, kind, !(kind instanceof TargetKind.Numbers));
    }

    /** @param counted whether it has classes whose images are counted */
    static DataLook of(Dataset train, TargetKind kind, boolean counted) {
        List<Image> some = Arrays.stream(Order.spread(train.size(), SOME))
                .mapToObj(train::image)
                .toList();
        IntSummaryStatistics counts =
                counted ? Arrays.stream(train.counts()).summaryStatistics() : new IntSummaryStatistics();
        return new DataLook(
                kind,
                train.size(),
                train.classes(),
                counted ? counts.getMin() : 0,
                counted ? counts.getMax() : 0,
                median(some.stream().mapToInt(Image::height).toArray()),
                median(some.stream().mapToInt(Image::width).toArray()),
                some.stream()
                                .map(image -> List.of(image.height(), image.width()))
                                .distinct()
                                .count()
                        == 1,
                some.stream().allMatch(DataLook::isGrey));
    }

    private static int median(int[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static boolean isGrey(Image image) {
        byte[] pixels = image.pixels();
        int channels = image.channels();
        for (int i = 0; channels >= 3 && i < pixels.length; i += channels) {
            if (pixels[i] != pixels[i + 1] || pixels[i] != pixels[i + 2]) {
                return false;
            }
        }
        return true;
    }

    private static TargetKind kind(Dataset train, List<String> targets) {
        if (train.target(0).moves()) {
            throw new DataException(
                    "%s: has places in images, boxes or masks, and a class, labels or numbers of each image are searched for. Train fovea-det or fovea-seg with it"
                            .formatted(train.name(0)));
        }
        if (train.target(0) instanceof Target.Values) {
            return new TargetKind.Numbers(targets);
        }
        return train.target(0) instanceof Target.Labels ? new TargetKind.SeveralLabels(true) : TargetKind.ONE_CLASS;
    }

    boolean isClassified() {
        return kind instanceof TargetKind.OneClass;
    }

    boolean hasNumbers() {
        return kind instanceof TargetKind.Numbers;
    }

    /** The task that learns such targets. */
    String task() {
        return Tasks.ALL.all().stream()
                .filter(TaskType::usesLabels)
                .filter(type -> type.defaults().get(0).targetKind().getClass() == kind.getClass())
                .findFirst()
                .orElseThrow()
                .word();
    }

    /** Of a recipe, {@code key=value}. */
    List<String> taskSettings() {
        var settings = new ArrayList<String>(List.of("task.type=" + task()));
        if (kind instanceof TargetKind.Numbers numbers && !numbers.columns().isEmpty()) {
            settings.add("task.targets="
                    + numbers.columns().stream()
                            .map(name -> "'" + name.replace("'", "''") + "'")
                            .toList());
        } else if (kind instanceof TargetKind.SeveralLabels) {
            settings.add("task.allowEmpty=true");
        }
        return settings;
    }

    boolean isUneven() {
        return most > UNEVEN * fewest;
    }

    /** For people. */
    String words() {
        String look =
                "%s, %s%s x %s pixels".formatted(grey ? "grey" : "colour", sameSize ? "" : "about ", width, height);
        String targets = hasNumbers()
                ? "numbers to predict (%s)".formatted(String.join(", ", classes))
                : isClassified()
                        ? "one of %s classes each, %s training images a class"
                                .formatted(classes.size(), fewest == most ? fewest : fewest + " to " + most)
                        : "any number of %s labels each".formatted(classes.size());
        return String.format(Locale.ROOT, "%,d training images, %s; %s: %s", images, look, targets, task());
    }
}
