package dev.fovea.run;

import dev.fovea.data.Preprocess;
import dev.fovea.data.PublicDataset;
import dev.fovea.io.Download;
import dev.fovea.models.WeightsEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The published weights that are known, as lists and programs show them. */
public final class PublishedWeights {

    /**
     * One of them.
     *
     * @param name network and tag: {@code resnet50.imagenet1k_v2}
     * @param source public address
     * @param sha256 how the file's SHA-256 begins
     * @param megabytes about its size
     * @param accuracy as its publisher measured it, share of first answers that are right
     * @param size height and width of the input in pixels
     * @param resize pixels of the short side before the middle is cut out
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

    /** Those of networks of the registry whose name contains {@code pattern}. */
    public static List<Row> rows(String pattern) {
        return WeightsEntry.all().stream()
                .filter(entry -> entry.name().contains(pattern))
                .map(Row::of)
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
     * What a recipe for {@code model} should say so that training images are normalised as {@code weights} expect; nothing
     * for a file or a run.
     */
    public static List<String> recipe(String model, String weights) {
        return WeightsEntry.find(model, weights)
                .filter(entry -> !entry.preprocess().mean().contains(0.5))
                .map(entry -> List.of("input.normalize=imagenet"))
                .orElse(List.of());
    }
}
