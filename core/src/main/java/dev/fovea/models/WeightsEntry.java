package dev.fovea.models;

import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.image.Filter;
import dev.fovea.io.Download;
import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Published weights of a network of the registry: where they are, what they were trained on and how images are prepared for
 * them. All that are known stand in {@code weights.tsv} beside this class, a line each; the first line of a network is what
 * {@code imagenet} means for it, or {@code coco} for a detector or a segmentation network.
 *
 * @param model of the registry
 * @param tag by which its publisher tells several trainings apart, such as {@code imagenet1k_v2}
 * @param source public address
 * @param sha256 how the file's SHA-256 begins, as its publisher gives it
 * @param bytes about the size of the file: of most its parameters alone
 * @param preprocess from an image to the input
 * @param classes in the order of the outputs
 * @param accuracy on the publisher's own validation images: share of first answers that are right, of a detector mean average
 *     precision of boxes as COCO counts it, of a segmentation network mean IoU of the classes, from 0 to 1
 * @param licence of the weights
 */
public record WeightsEntry(
        String model,
        String tag,
        URI source,
        String sha256,
        long bytes,
        Preprocess preprocess,
        List<String> classes,
        double accuracy,
        String licence) {

    /** Bytes that a file may have beyond four times its weights: for what else a training saved. */
    private static final long SPARE = 64L << 20;

    /** What stands for the best weights of a network. */
    public static final String DEFAULT = "imagenet";

    /** The same of a detector or a segmentation network. */
    private static final String COCO = "coco";

    /** Classes of published segmentation networks. */
    private static final String VOC = "voc";

    private static final Map<String, List<String>> CLASSES = Map.of(
            "imagenet",
            lines("imagenet-classes.txt"),
            "coco",
            lines("coco-classes.txt"),
            "coco-from-0",
            Stream.concat(Stream.of("unused 0"), lines("coco-classes.txt").stream())
                    .toList(),
            "coco-persons",
            List.of("person"),
            VOC,
            lines("voc-classes.txt"),
            "cifar10",
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"));

    private static final List<WeightsEntry> ENTRIES = lines("weights.tsv").stream()
            .filter(line -> !line.startsWith("#"))
            .map(line -> of(line.split("\t", -1)))
            .toList();

    public WeightsEntry {
        classes = List.copyOf(classes);
    }

    /** All that are known, also of networks that the registry does not have. */
    static List<WeightsEntry> known() {
        return ENTRIES;
    }

    /** All of networks that the registry has. */
    public static List<WeightsEntry> all() {
        return ENTRIES.stream()
                .filter(entry -> Models.find(entry.model()).isPresent())
                .toList();
    }

    /** Those of one network, options behind its name passed over, the best first. */
    public static List<WeightsEntry> of(String model) {
        String name = Options.nameOf(model);
        return ENTRIES.stream().filter(entry -> entry.model().equals(name)).toList();
    }

    /**
     * The weights of {@code model} that {@code word} says: {@code imagenet} for the best, of what finds objects or classes of pixels {@code coco}, a tag, or
     * {@code model.tag}. Of a detector or a segmentation network they may also be those of the classifier that is its backbone.
     *
     * @return none where the word is none of these, so that it may be a file
     */
    public static Optional<WeightsEntry> find(String model, String word) {
        return of(model).stream()
                .filter(entry -> word.equals(entry.best()) || word.equals(entry.tag()) || word.equals(entry.name()))
                .findFirst()
                .or(() -> BackboneWeights.classifier(model).flatMap(backbone -> find(backbone, word)));
    }

    /**
     * The weights of a full name, such as {@code resnet50.imagenet1k_v2}; of a network's name alone its best.
     *
     * @throws IllegalArgumentException that names the nearest, if there are none
     */
    public static WeightsEntry get(String name) {
        List<WeightsEntry> all = all();
        return all.stream()
                .filter(entry -> entry.name().equals(name) || entry.model().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> names = all.stream().map(WeightsEntry::name).toList();
                    return new IllegalArgumentException("no published weights '%s'%s `weights list` lists all %s"
                            .formatted(Escaped.of(name), Nearest.hint(name, names, "."), names.size()));
                });
    }

    /**
     * The file that {@code word} says for {@code model}: that of published weights, downloaded if it is not in the cache
     * yet, or a file or folder itself.
     *
     * @throws IllegalArgumentException that lists the tags, if it is neither
     */
    public static Path file(String model, String word, Path cache, Download.Progress progress) {
        Optional<WeightsEntry> known = find(model, word);
        if (known.isPresent()) {
            return known.get().fetch(cache, progress);
        }
        Path file = Path.of(word);
        if (Files.exists(file)) {
            return file;
        }
        String best = of(model).stream().map(WeightsEntry::best).findFirst().orElse(DEFAULT);
        String tags = of(model).stream().map(WeightsEntry::tag).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("%s: no such file, and no published weights of %s are called so. %s"
                .formatted(
                        Escaped.of(word),
                        Escaped.of(model),
                        tags.isEmpty() ? "None are known" : "Known are %s (the best), %s".formatted(best, tags)));
    }

    /** What stands for the best weights of its network. */
    public String best() {
        return tag.startsWith(COCO) ? COCO : DEFAULT;
    }

    /** Network and tag: {@code resnet50.imagenet1k_v2}. */
    public String name() {
        return model + "." + tag;
    }

    /** Where the file lies in a cache, under its publisher's name. */
    public Path file(Path cache) {
        String path = source.getPath();
        return cache.resolve("weights").resolve(path.substring(path.lastIndexOf('/') + 1));
    }

    /**
     * The file, downloaded if it is not in the cache yet; its sum is checked either way.
     *
     * @throws UncheckedIOException that says what to download by hand, and where to put it, if there is no way to the server
     * @throws dev.fovea.io.FormatException if the download has another sum
     */
    public Path fetch(Path cache, Download.Progress progress) {
        Path file = file(cache);
        try {
            Download.to(file, source, "SHA-256", sha256, 4 * bytes + SPARE, progress);
        } catch (UncheckedIOException e) {
            throw new UncheckedIOException(
                    "%s: is not in the cache and cannot be downloaded (%s). Download %s by hand and put it at %s"
                            .formatted(
                                    name(),
                                    e.getCause().getMessage() == null
                                            ? "no connection"
                                            : e.getCause().getMessage(),
                                    source,
                                    file),
                    e.getCause());
        }
        return file;
    }

    /** The same from another address, for tests. */
    WeightsEntry from(URI address, String sum) {
        return new WeightsEntry(model, tag, address, sum, bytes, preprocess, classes, accuracy, licence);
    }

    private static WeightsEntry of(String[] columns) {
        int first = Integer.parseInt(columns[5]);
        int second = Integer.parseInt(columns[6]);
        Filter filter = Filter.valueOf(columns[7].toUpperCase(Locale.ROOT));
        Preprocess sized = columns[1].startsWith(COCO)
                ? Preprocess.of(first, second, 3)
                        .withResize(first == second ? ResizePolicy.STRETCH : ResizePolicy.FIT)
                        .withFilter(filter, columns[10].equals(VOC)) // as torchvision's: detectors resize tensors
                : Preprocess.of(second, second, 3).withCrop(second / (double) first, filter);
        return new WeightsEntry(
                columns[0],
                columns[1],
                URI.create(columns[2]),
                columns[3],
                Long.parseLong(columns[4]),
                sized.withNormalization(numbers(columns[8]), numbers(columns[9])),
                Objects.requireNonNull(CLASSES.get(columns[10])),
                Double.parseDouble(columns[11]) / 100,
                columns[13]);
    }

    private static List<Double> numbers(String text) {
        return Arrays.stream(text.split(",")).map(Double::valueOf).toList();
    }

    private static List<String> lines(String resource) {
        try (var in = WeightsEntry.class.getResourceAsStream(resource);
                var reader =
                        new BufferedReader(new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
            return Collections.unmodifiableList(reader.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
