package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.run.Explained;
import dev.fovea.run.OutputExplanation;
import dev.fovea.run.Subset;
import dev.fovea.task.classify.Classifier;
import dev.fovea.task.classify.EmbeddingMap;
import dev.fovea.task.classify.Explanation;
import dev.fovea.task.classify.MethodComparison;
import dev.fovea.task.classify.Neighbours;
import dev.fovea.task.classify.NetworkImages;
import dev.fovea.task.classify.TrustCheck;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea explain}: why a model answers what it does, and whether the explanation can be trusted. */
@Command(
        name = "explain",
        description =
                "Draws which part of an image, or which frames of a clip, a prediction depends on; and the inside of a "
                        + "network.",
        footer = {
            "",
            "Examples:",
            "  fovea explain runs/flowers-1 rose.jpg -o rose-why.png",
            "  fovea explain runs/flowers-1 rose.jpg --target tulip --method grad-cam,occlusion -o why-tulip.png",
            "  fovea explain runs/flowers-1 rose.jpg --neighbours flowers -o why.png",
            "  fovea explain runs/flowers-1 rose.jpg --check -o why.png",
            "  fovea explain runs/flowers-1 --filters -o filters.png",
            "  fovea explain runs/flowers-1 --embedding flowers-test --projection t-sne -o map.png",
            "  fovea explain runs/flowers-1 --compare flowers-test",
            "  fovea explain runs/gestures-1 waving.gif -o frames.png",
            "  fovea explain runs/cells-1 blood.jpg --target Platelets -o why-platelets.png",
            "  fovea explain resnet50 cat.jpg --weights imagenet -o cat-why.png"
        })
final class ExplainCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = ModelChoice.MODEL)
    private Path model;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "IMAGE",
            description = "An image file, or a clip: a folder of numbered images, a gif, a video.")
    private Path image;

    @Option(
            names = "--method",
            split = ",",
            paramLabel = "METHOD",
            description =
                    "One or several, side by side, or all (default: the best that fits the network). docs/explanations.md "
                            + "says what each does.")
    private List<String> methods = List.of();

    @Option(
            names = {"--target", "--class"},
            paramLabel = "CLASS",
            description =
                    "The class to explain; by default the predicted one. Of a detector also the number of an object, "
                            + "from 1 in the order of its answers.")
    private String label = "";

    @Option(
            names = "--neighbours",
            paramLabel = "DATA",
            description =
                    "Adds the images of these data, as those of the training, that are nearest to IMAGE: of its class "
                            + "and of others.")
    private String neighbours = "";

    @Option(
            names = "--check",
            description =
                    "Whether the map can be trusted: deletion, insertion and ROAD beside random maps, and a sanity "
                            + "check; written to OUT-check-METHOD.png too.")
    private boolean check;

    @Option(names = "--activations", description = "Draws the feature maps of IMAGE instead.")
    private boolean activations;

    @Option(names = "--filters", description = "Draws the filters of the first layer; needs no IMAGE.")
    private boolean filters;

    @Option(
            names = "--embedding",
            paramLabel = "DATA",
            description = "Draws up to 5,000 images of these data as points, by their features; needs no IMAGE.")
    private String embedding = "";

    @Option(
            names = "--projection",
            paramLabel = "pca|t-sne",
            description = "How features become points, with --embedding (default: pca).")
    private String projection = "";

    @Option(
            names = "--compare",
            paramLabel = "DATA",
            description =
                    "Measures all methods that fit the network on images of these data and writes nothing; needs no "
                            + "IMAGE.")
    private String compare = "";

    @Option(
            names = "-n",
            defaultValue = "100",
            description = "Images to compare methods on, with --compare (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT.png",
            description = "Image file to write, .png or .jpg.")
    private Path out;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Mixin
    private ModelChoice choice;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        boolean whole = filters || !embedding.isEmpty() || !compare.isEmpty();
        checkOptions(whole);
        var destination = compare.isEmpty()
                ? OutputImage.of(out, image == null ? List.of() : List.of(image))
                        .path()
                : null;
        var other = choice.explained(model, device, output);
        if (other.isPresent()) {
            return explainOutput(other.get(), whole);
        }
        Classifier classifier = choice.classifier(model, device, output);
        if (filters) {
            return write(destination, NetworkImages.filters(classifier), Map.of());
        }
        if (activations) {
            return write(destination, NetworkImages.activations(classifier, Image.read(image)), Map.of());
        }
        if (!embedding.isEmpty()) {
            return embed(classifier, destination);
        }
        return compare.isEmpty() ? explain(classifier, destination) : compare(classifier);
    }

    private void checkOptions(boolean whole) {
        if (whole == (image != null)) {
            throw new IllegalArgumentException(
                    whole
                            ? "explain: --filters, --embedding and --compare are about the network, so name no IMAGE"
                            : "explain: name an IMAGE to explain, or one of --filters, --embedding and --compare");
        }
        long asked = List.of(filters, !embedding.isEmpty(), !compare.isEmpty(), activations, check).stream()
                .filter(one -> one)
                .count();
        if (asked > 1) {
            throw new IllegalArgumentException(
                    "explain: --filters, --embedding, --compare, --activations and --check go one at a time");
        }
        if (out == null && compare.isEmpty()) {
            throw new IllegalArgumentException("-o: name the image to write, as in -o why.png");
        }
        if (!projection.isEmpty() && embedding.isEmpty()) {
            throw new IllegalArgumentException("--projection means nothing without --embedding");
        }
        if (count < 1) {
            throw new IllegalArgumentException("-n: expected a number of images from 1, got " + count);
        }
    }

    private int explain(Classifier classifier, Path destination) {
        List<Neighbours> nearest =
                neighbours.isEmpty() ? List.of() : Neighbours.of(classifier, image, data(neighbours, true), label);
        Explanation explanation = Explanation.of(classifier, image, methods, label, nearest);
        explanation.write(destination);
        var json = new LinkedHashMap<String, Object>();
        String joined = String.join(",", explanation.methods());
        json.put("method", joined);
        json.put("class", explanation.label());
        json.put("probability", explanation.probability());
        json.put("output", out.toString());
        var text = new StringBuilder(String.format(
                Locale.ROOT, "%s  %s %.3f  ->  %s%n", joined, explanation.label(), explanation.probability(), out));
        if (!nearest.isEmpty()) {
            json.put("neighbours", nearest.stream().map(ExplainCommand::values).toList());
            nearest.forEach(row -> text.append(text(row)));
        }
        if (check) {
            json.put("checks", checks(classifier, explanation, destination, text));
        }
        output.print(json, text.toString());
        return 0;
    }

    private List<Map<String, Object>> checks(
            Classifier classifier, Explanation explanation, Path destination, StringBuilder text) {
        var rows = new ArrayList<Map<String, Object>>();
        for (String method : explanation.methods()) {
            TrustCheck checked = TrustCheck.of(classifier, Image.read(image), method, explanation.label());
            Path file = destination.resolveSibling(String.valueOf(destination.getFileName())
                    .replaceFirst("(\\.[^.]*)$", "-check-" + method.replace('+', 'p') + "$1"));
            Image.write(file, checked.image());
            var row = new LinkedHashMap<String, Object>();
            row.put("method", method);
            row.put("trusted", checked.trusted());
            row.put("verdict", checked.verdict());
            row.put("own", checked.own());
            row.put("random", checked.random());
            row.put("probability", checked.probability());
            row.put("probabilityOfBlank", checked.blank());
            row.put("beaten", checked.beaten());
            row.put("sane", checked.sane());
            row.put("layers", checked.layers());
            row.put("output", file.toString());
            rows.add(row);
            text.append(String.format(Locale.ROOT, "%n%s  ->  %s%n", method, file));
            checked.lines().forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
            text.append(Table.of(
                            List.of("  random from layer", "correlation"),
                            checked.layers().stream()
                                    .map(layer -> List.of(
                                            "  " + layer.name(),
                                            String.format(Locale.ROOT, "%.3f", layer.correlation())))
                                    .toList()))
                    .append(System.lineSeparator());
        }
        return rows;
    }

    private static Map<String, Object> values(Neighbours row) {
        var values = new LinkedHashMap<String, Object>();
        values.put("title", row.title());
        values.put(
                "nearest",
                row.nearest().stream()
                        .map(one -> Map.of("file", one.name(), "label", one.label(), "similarity", one.similarity()))
                        .toList());
        return values;
    }

    private static String text(Neighbours row) {
        var text = new StringBuilder(row.title() + System.lineSeparator());
        row.nearest()
                .forEach(one -> text.append(
                        String.format(Locale.ROOT, "  %.3f  %-20s %s%n", one.similarity(), one.label(), one.name())));
        return text.toString();
    }

    private int embed(Classifier classifier, Path destination) {
        EmbeddingMap.Projection chosen = switch (projection) {
            case "", "pca" -> EmbeddingMap.Projection.PCA;
            case "t-sne" -> EmbeddingMap.Projection.T_SNE;
            default -> throw new IllegalArgumentException("--projection: expected pca or t-sne, got " + projection);
        };
        EmbeddingMap map = EmbeddingMap.of(classifier, data(embedding, false), chosen);
        var values = new LinkedHashMap<String, Object>();
        values.put("images", map.images());
        values.put("agreement", map.agreement());
        return write(destination, map.image(), values);
    }

    private int compare(Classifier classifier) {
        MethodComparison comparison = MethodComparison.of(classifier, data(compare, false), count);
        var json = new LinkedHashMap<String, Object>();
        json.put("images", comparison.images());
        json.put("methods", comparison.rows());
        String table = Table.of(
                List.of("method", "mass in mask", "pointing", "deletion", "insertion", "ROAD", "ms"),
                comparison.rows().stream()
                        .map(row -> List.of(
                                row.method(),
                                number(row.mass()),
                                number(row.pointing()),
                                number(row.deletion()),
                                number(row.insertion()),
                                number(row.road()),
                                String.format(Locale.ROOT, "%.0f", row.seconds() * 1000)))
                        .toList());
        output.print(
                json,
                String.format(Locale.ROOT, "means of %,d images that are answered right%n", comparison.images())
                        + table);
        return 0;
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }

    /** Labelled images: the training part where they are to be those of the training. */
    private Dataset data(String named, boolean train) {
        Splits splits = Data.open(named, Data.Options.of().withLabelled(true).withContent(choice.content(model)));
        splits.notes().forEach(note -> output.say("%s", note));
        return train && splits.train().size() > 0 ? splits.train() : Subset.only(splits);
    }

    private int write(Path destination, BufferedImage drawn, Map<String, Object> values) {
        Image.write(destination, drawn);
        var json = new LinkedHashMap<>(values);
        json.put("output", out.toString());
        var text = new StringBuilder();
        values.forEach((name, value) -> text.append(
                value instanceof Double number
                        ? String.format(Locale.ROOT, "%s %.3f  ", name, number)
                        : name + " " + value + "  "));
        output.print(json, text + "->  " + out);
        return 0;
    }

    /** Of a model that answers with something else than one class. */
    private int explainOutput(Explained predictor, boolean whole) {
        if (whole || activations || check || !neighbours.isEmpty() || methods.size() > 1) {
            throw new IllegalArgumentException(
                    "explain: a model of several labels, numbers or objects is explained by one method at a time; what is beside that is for classifiers");
        }
        OutputExplanation explanation = predictor.explain(image, methods.isEmpty() ? "" : methods.get(0), label);
        Image.write(out, explanation.image());
        var json = new LinkedHashMap<String, Object>();
        json.put("method", explanation.method());
        json.put("class", explanation.name());
        json.put("value", explanation.value());
        json.put("output", out.toString());
        output.print(
                json,
                String.format(
                        Locale.ROOT,
                        "%s  %s %.4f  ->  %s%n",
                        explanation.method(),
                        explanation.name(),
                        explanation.value(),
                        out));
        return 0;
    }
}
