package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.run.SavedNet;
import dev.fovea.run.gallery.Gallery;
import dev.fovea.run.gallery.Gallery.Match;
import dev.fovea.task.ImageSearch;
import dev.fovea.task.MatchPage;
import dev.fovea.task.Tasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea find}: the images of a gallery that are most like others. */
@Command(
        name = "find",
        description = "Finds the images of a gallery that are most like others.",
        footer = {
            "",
            "Examples:",
            "  fovea find someone.jpg --gallery people.gallery",
            "  fovea find photos --gallery photos.gallery --top 5 -o found.html"
        })
final class FindCommand implements Callable<Integer> {

    @Parameters(index = "0..*", arity = "1..*", paramLabel = "IMAGE", description = "Image files and folders of them.")
    private List<Path> images;

    @Option(names = "--gallery", required = true, paramLabel = "GALLERY", description = "A folder that `index` wrote.")
    private Path gallery;

    @Option(
            names = "--top",
            defaultValue = "10",
            paramLabel = "N",
            description = "Images that are found for each (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "PAGE.html",
            description = "A page that shows what was found.")
    private Path page;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "The model that made the gallery, where it lies elsewhere by now.")
    private Path model;

    @Mixin
    private ModelChoice choice;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        if (top < 1) {
            throw new IllegalArgumentException("--top: expected a number from 1, got " + top);
        }
        List<Path> paths = images.stream()
                .flatMap(path -> Files.isDirectory(path) ? Data.images(path).stream() : List.of(path).stream())
                .toList();
        if (page != null) {
            OutputImage.checkNotInput(page, paths);
        }
        var files = PerFile.images(paths);
        ImageSearch search = search(gallery, model, choice, device, output);
        var shown = new MatchPage(search.gallery());
        return files.print(
                output,
                Map.of("gallery", gallery.toString(), "images", search.gallery().size()),
                "found",
                (file, row) -> {
                    List<Match> matches = search.find(files.read(file), top);
                    shown.add(file, matches);
                    row.put("matches", matches.stream().map(FindCommand::values).toList());
                    return file
                            + System.lineSeparator()
                            + matches.stream()
                                    .map(FindCommand::line)
                                    .collect(Collectors.joining(System.lineSeparator()));
                },
                json -> {
                    if (page == null) {
                        return "";
                    }
                    shown.write(page);
                    json.put("page", page.toString());
                    return page.toString();
                });
    }

    private static Map<String, Object> values(Match match) {
        var values = new LinkedHashMap<String, Object>();
        values.put("file", match.image().file());
        if (!match.image().label().isEmpty()) {
            values.put("label", match.image().label());
        }
        values.put("similarity", match.similarity());
        return values;
    }

    private static String line(Match match) {
        var parts = new ArrayList<String>();
        parts.add(String.format(Locale.ROOT, "  %.4f", match.similarity()));
        if (!match.image().label().isEmpty()) {
            parts.add(match.image().label());
        }
        parts.add(match.image().file());
        return String.join("  ", parts);
    }

    /**
     * A gallery with the model that made it.
     *
     * @param model null for the one that the gallery names
     */
    static ImageSearch search(Path folder, Path model, ModelChoice choice, String device, Output output) {
        Gallery gallery = Gallery.open(folder);
        if (model != null) {
            return ImageSearch.open(gallery, choice.load(model, device, output).net());
        }
        Gallery.Model made = gallery.model();
        if (!made.weights().isEmpty()) {
            return ImageSearch.open(
                    gallery,
                    Tasks.ALL
                            .published(made.path(), made.weights(), device, new Fetching(output))
                            .net());
        }
        if (!Files.exists(Path.of(made.path()))) {
            throw new IllegalArgumentException("%s: was made by %s, which is there no more. Name the model with --model"
                    .formatted(folder, made.path()));
        }
        return ImageSearch.open(gallery, SavedNet.load(Path.of(made.path()), device));
    }
}
