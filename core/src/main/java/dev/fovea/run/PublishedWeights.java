package dev.fovea.run;

import dev.fovea.data.Preprocess;
import dev.fovea.data.PublicDataset;
import dev.fovea.data.ResizePolicy;
import dev.fovea.io.Download;
import dev.fovea.models.ModelEntry;
import dev.fovea.models.Models;
import dev.fovea.models.WeightsEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The published weights that are known, as lists and programs show them. */
public final class PublishedWeights {

    /**
     * One of them.
     *
     * @param name network and tag: {@code resnet50.imagenet1k_v2}
     * @param source public address
     * @param sha256 how the file's SHA-256 begins
     * @param megabytes about its size
     * @param accuracy as its publisher measured it, share of first answers that are right, of a detector mean average precision
     * @param size height of the input in pixels
     * @param width of the input in pixels
     * @param resize pixels of the short side before the middle is cut out; of detectors, into whose frame the whole image goes, the height
     * @param filter of resizing
     * @param licence of the weights
     * @param file where it lies in the cache
     * @param cached whether it is there
     */
    public record Row(
            String name,
            String source,
            String sha256,
            double megabytes,
            int classes,
            double accuracy,
            int size,
            int width,
            long resize,
            String filter,
            List<Double> mean,
            List<Double> std,
            String licence,
            String file,
            boolean cached) {

        private static Row of(WeightsEntry entry) {
            Preprocess shown = entry.preprocess();
            Path file = entry.file(PublicDataset.cache());
            return new Row(
                    entry.name(),
                    entry.source().toString(),
                    entry.sha256(),
                    entry.bytes() / 1e6,
                    entry.classes().size(),
                    entry.accuracy(),
                    shown.height(),
                    shown.width(),
                    Math.round(shown.height() / shown.crop()),
                    shown.filter().name().toLowerCase(Locale.ROOT),
                    shown.mean(),
                    shown.std(),
                    entry.licence(),
                    file.toString(),
                    Files.isRegularFile(file));
        }
    }

    private PublishedWeights() {}

    /** What stands for the best weights of a network: {@code imagenet}, of a detector {@code coco}. */
    public static String best(String model) {
        return WeightsEntry.of(model).stream()
                .findFirst()
                .map(WeightsEntry::best)
                .orElse(WeightsEntry.DEFAULT);
    }

    /** Those of networks of the registry whose name contains {@code pattern}, by name. */
    public static List<Row> rows(String pattern) {
        return WeightsEntry.all().stream()
                .filter(entry -> entry.name().contains(pattern))
                .map(Row::of)
                .sorted(Comparator.comparing(Row::name))
                .toList();
    }

    /**
     * Downloads one into the cache, going on where an earlier try broke off, and checks its sum.
     *
     * @param name network and tag, or a network's name for its best
     * @return its row
     */
    public static Row fetch(String name, Download.Progress progress) {
        WeightsEntry entry = WeightsEntry.get(name);
        entry.fetch(PublicDataset.cache(), progress);
        return Row.of(entry);
    }

    /**
     * What a recipe for {@code model} should say so that images are prepared as {@code weights} expect, a file of weights as
     * the network's best published ones; nothing for a run, whose images were prepared as its own recipe had them.
     *
     * @param settings {@code key=value} of the recipe's own: what they say of size, resizing or normalisation holds, and
     *     nothing is added that belongs to it
     */
    public static List<String> recipe(String model, String weights, List<String> settings) {
        return WeightsEntry.find(model, weights)
                .map(WeightsEntry::preprocess)
                .or(() -> Files.isRegularFile(Path.of(weights)) ? PublishedModel.preprocess(model) : Optional.empty())
                .map(shown -> recipe(model, shown, settings))
                .orElse(List.of());
    }

    private static List<String> recipe(String model, Preprocess shown, List<String> settings) {
        var recipe = new ArrayList<String>();
        ModelEntry.Input own = Models.get(model).input();
        boolean places = PublishedModel.ofPlaces(model);
        boolean backbone =
                places && shown.resize() == ResizePolicy.CROP; // a classifier's: the rest learns from any size
        if (backbone) {
            return says(settings, "input.normalize") ? List.of() : normalization(shown);
        }
        if (!places && (shown.height() != own.height() || shown.width() != own.width())) {
            recipe.add(String.format(Locale.ROOT, "input.size=%dx%d", shown.height(), shown.width()));
        }
        if (!says(settings, "input.resize")) {
            recipe.add("input.resize=" + shown.resize().name().toLowerCase(Locale.ROOT));
            recipe.add("input.crop=" + shown.crop());
        }
        recipe.add("input.filter=" + shown.filter().name().toLowerCase(Locale.ROOT));
        recipe.add("input.antialias=" + shown.antialias());
        if (!says(settings, "input.normalize")) {
            recipe.addAll(normalization(shown));
        }
        return recipe;
    }

    private static List<String> normalization(Preprocess shown) {
        return List.of("input.normalize=given", "input.mean=" + shown.mean(), "input.std=" + shown.std());
    }

    private static boolean says(List<String> settings, String key) {
        return settings.stream().anyMatch(setting -> setting.startsWith(key + "="));
    }
}
