package dev.fovea.run;

import dev.fovea.data.AnnotationCorrections;
import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.LabelNoise;
import dev.fovea.data.Splits;
import dev.fovea.io.Records;
import dev.fovea.train.Recipe;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The data of a run as a user names it. A run folder remembers it, so that the run can go on with the same data.
 *
 * @param data a path or name, as {@link Data#open} takes it
 * @param validation data to validate on instead of the data's own part, or empty
 * @param format of the data, or empty to recognise it
 * @param skipBroken whether images that cannot be read are left out
 * @param only the classes that are used; none for all
 * @param perClass most training images of a class, or 0 for all
 * @param extra data with more training images of the same classes, or empty
 * @param corrections list of images that are left out or have another label, as {@link Corrections} are kept; or empty
 * @param imbalance if above 1, the first class has so many times the training images of the last, see {@link
 *     Subset#longTailed}
 * @param labelNoise share of the training images that get a wrong label, see {@link LabelNoise}
 * @param fold which part is held out to validate on, in cross-validation: {@code 2/5} for the second of five; or empty
 * @param batches if above 0, training and validation are the same so many batches of training images
 */
public record DataRequest(
        String data,
        String validation,
        String format,
        boolean skipBroken,
        List<String> only,
        int perClass,
        String extra,
        String corrections,
        double imbalance,
        double labelNoise,
        String fold,
        int batches) {

    /** Of data that a program made. */
    public static final DataRequest UNKNOWN = of("");

    public DataRequest {
        only = List.copyOf(only);
        if (imbalance != 0 && !(imbalance >= 1 && Double.isFinite(imbalance))) {
            throw new IllegalArgumentException(
                    "imbalance: the largest class has at least as many images as the smallest, expected 1 or more, got "
                            + imbalance);
        }
        if (!(labelNoise >= 0 && labelNoise < 1)) {
            throw new IllegalArgumentException(
                    "label noise: a share of the training images from 0 to below 1 can be wrong, got " + labelNoise);
        }
        if (!fold.isEmpty()) {
            CrossValidation.Part.of(fold); // says what is wrong
        }
        if (perClass < 0 || batches < 0) {
            throw new IllegalArgumentException(
                    "images per class and batches must be positive, got %s and %s".formatted(perClass, batches));
        }
    }

    /** With the labels and the frequencies of classes that the data has. */
    public DataRequest(
            String data,
            String validation,
            String format,
            boolean skipBroken,
            List<String> only,
            int perClass,
            String extra,
            int batches) {
        this(data, validation, format, skipBroken, only, perClass, extra, "", 0, 0, "", batches);
    }

    /** All of {@code data}, in its own parts. */
    public static DataRequest of(String data) {
        return new DataRequest(data, "", "", false, List.of(), 0, "", 0);
    }

    /** The same made harder on purpose. */
    public DataRequest withFaults(double newImbalance, double newLabelNoise) {
        return Records.with(this, Map.of("imbalance", newImbalance, "labelNoise", newLabelNoise));
    }

    /** With at most so many training images of a class. */
    public DataRequest withPerClass(int value) {
        return Records.with(this, "perClass", value);
    }

    /** With the corrections of such a list. */
    public DataRequest withCorrections(Path list) {
        return Records.with(this, "corrections", list.toString());
    }

    /** The same data where {@code place} says that what is named lies now; what is not named stays so. */
    public DataRequest moved(UnaryOperator<String> place) {
        UnaryOperator<String> named = name -> name.isEmpty() ? name : place.apply(name);
        return Records.with(
                this,
                Map.of(
                        "data", named.apply(data),
                        "validation", named.apply(validation),
                        "extra", named.apply(extra),
                        "corrections", named.apply(corrections)));
    }

    /**
     * The same as it is called from where the folder of the runs lies: some name it by its whole path, some from there, and both are
     * the same data.
     *
     * @param run folder of a run on it
     */
    DataRequest from(Path run) {
        Path from = run.toAbsolutePath().normalize().resolve("../..").normalize();
        return moved(name -> from(from, name));
    }

    private static String from(Path folder, String name) {
        try {
            Path place = Path.of(name).normalize();
            return place.isAbsolute() && place.startsWith(folder) && !place.equals(folder)
                    ? folder.relativize(place).toString().replace('\\', '/')
                    : name;
        } catch (InvalidPathException e) {
            return name; // of a system that calls files otherwise
        }
    }

    /** With one of {@code count} folds held out, from 1. */
    DataRequest withFold(int number, int count) {
        return withFold(number + "/" + count);
    }

    /** With all images of all folds. */
    public DataRequest withoutFold() {
        return withFold("");
    }

    private DataRequest withFold(String value) {
        return Records.with(this, "fold", value);
    }

    /** What a run on it is called where nobody gives it a name: as the file or folder, in letters that any system takes. */
    public String runName() {
        Path place = Path.of(data.replaceFirst(":(train|validation|test)$", ""))
                .toAbsolutePath()
                .normalize();
        String base = String.valueOf(place.getFileName())
                .replaceFirst("(\\.tar\\.gz|\\.tgz|\\.tar|\\.zip|\\.csv)$", "")
                .replaceAll("[^A-Za-z0-9._-]", "_")
                .replaceFirst("^\\.+", "");
        return base.isEmpty() ? "run" : base.substring(0, Math.min(100, base.length()));
    }

    /** For people: the data with the options that are given, {@code flowers, perClass=20}. */
    public String words() {
        var words = new StringBuilder(data);
        options()
                .forEach((name, value) ->
                        words.append(", ").append(name).append('=').append(value));
        return words.toString();
    }

    /** The options that are given, by name; those left at their defaults are not among them. */
    Map<String, Object> options() {
        var options = new LinkedHashMap<String, Object>();
        options.put("validation", validation);
        options.put("format", format);
        options.put("skipBroken", skipBroken);
        options.put("only", only);
        options.put("perClass", perClass);
        options.put("extra", extra);
        options.put("corrections", corrections);
        options.put("imbalance", imbalance);
        options.put("labelNoise", labelNoise);
        options.put("fold", fold);
        options.put("batches", batches);
        options.values().removeAll(List.of("", false, List.of(), 0, 0.0));
        return options;
    }

    /**
     * Opens it for a run of {@code recipe}.
     *
     * @throws DataException if there is no such data or it cannot be used
     */
    public Splits open(Recipe recipe) {
        return open(recipe, corrections.isEmpty() ? Optional.empty() : Optional.of(list()), Optional.empty());
    }

    /**
     * Opens it as it was when a run began: of its corrections those that it has kept count, whatever became of their list.
     *
     * @param run folder of the run
     */
    public Splits openFor(Path run, Recipe recipe) {
        Path copy = run.resolve(Corrections.COPY);
        Path objects = run.resolve(AnnotationCorrections.COPY);
        Optional<Corrections> corrected = Optional.empty();
        if (!corrections.isEmpty()) {
            corrected = Optional.of(
                    Files.exists(copy) ? Corrections.read(copy, Corrections.folderOf(Path.of(corrections))) : list());
        }
        boolean kept = Files.exists(objects) && AnnotationCorrections.named(Path.of(data));
        return open(recipe, corrected, kept ? Optional.of(objects) : Optional.empty());
    }

    /** @param objects a copy of the corrections of objects that the data has, where those count */
    private Splits open(Recipe recipe, Optional<Corrections> corrected, Optional<Path> objects) {
        var options = Data.Options.of()
                .withFormat(format)
                .withSkipBroken(skipBroken)
                .withLabelled(recipe.task().labelled())
                .withNewClasses(recipe.task().newClasses())
                .withContent(TrainingRun.content(recipe))
                .withTargets(recipe.task().targetKind());
        Splits splits = objects.isPresent()
                ? AnnotationCorrections.open(objects.get(), Path.of(data).toAbsolutePath(), options)
                : Data.open(data, options);
        if (corrected.isPresent()) {
            splits = corrected.get().apply(splits);
        }
        if (!validation.isEmpty()) {
            Dataset held = Subset.only(Data.open(validation, options));
            splits = recipe.task().newClasses() && recipe.task().labelled()
                    ? splits.withOtherValidation(held)
                    : splits.withValidation(held);
        }
        if (!only.isEmpty()) {
            splits = Subset.ofClasses(splits, only);
        }
        if (perClass > 0) {
            splits = Subset.few(splits, perClass, recipe.seed());
        }
        if (!extra.isEmpty()) {
            splits = Subset.withMore(
                    splits,
                    Data.open(extra, options).train(),
                    recipe.selection().validation(),
                    recipe.seed());
        }
        if ((imbalance > 1 || labelNoise > 0) && !recipe.task().labelled()) {
            throw new IllegalArgumentException(
                    "imbalance and label noise are about classes, which task %s does not learn. Leave them out"
                            .formatted(recipe.task().word()));
        }
        if (imbalance > 1) {
            splits = Subset.longTailed(splits, imbalance, recipe.seed());
        }
        if (labelNoise > 0) {
            splits = LabelNoise.symmetric(splits, labelNoise, recipe.seed());
        }
        if (!fold.isEmpty()) {
            splits = CrossValidation.part(splits, fold, recipe);
        }
        return batches > 0 ? Subset.first(splits, Math.multiplyExact(batches, recipe.batch())) : splits;
    }

    private Corrections list() {
        Path list = Path.of(corrections);
        if (!Files.exists(list)) {
            throw new DataException(list + ": no such list of corrections");
        }
        return Corrections.read(list);
    }
}
