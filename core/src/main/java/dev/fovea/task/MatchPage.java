package dev.fovea.task;

import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.HtmlReport;
import dev.fovea.report.RunReport;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.report.RunReport.Table;
import dev.fovea.run.gallery.Gallery;
import dev.fovea.run.gallery.Gallery.Match;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What was found in a gallery as a page: each image that was asked for, then those most like it. */
public final class MatchPage {

    private static final int COLUMNS = 6;
    private static final int SIDE = 224;

    private final Gallery gallery;
    private final Map<Path, List<Match>> found = new LinkedHashMap<>();

    public MatchPage(Gallery gallery) {
        this.gallery = gallery;
    }

    /** Takes in what was found for an image file. */
    public void add(Path query, List<Match> matches) {
        found.put(query, List.copyOf(matches));
    }

    /** Writes the page, with one PNG for each image that was asked for beside it. */
    public void write(Path file) {
        var figures = new ArrayList<Figure>();
        var tables = new ArrayList<Table>();
        String stem = stem(file);
        found.forEach((query, matches) -> {
            figures.add(figure(stem + "-" + (figures.size() + 1), query, matches));
            tables.add(table(query, matches));
        });
        var about = new LinkedHashMap<String, String>();
        about.put(
                "model",
                gallery.model().path()
                        + (gallery.model().weights().isEmpty()
                                ? ""
                                : " with " + gallery.model().weights()));
        about.put("network", gallery.model().architecture());
        about.put("search", gallery.exact() ? "exact" : "by a graph, nearly exact");
        HtmlReport.write(
                file,
                new RunReport(
                        "Images most alike",
                        String.format(
                                Locale.ROOT,
                                "%,d %s in a gallery of %,d",
                                found.size(),
                                found.size() == 1 ? "image" : "images",
                                gallery.size()),
                        about,
                        List.of(),
                        List.of(),
                        figures,
                        tables,
                        Map.of(),
                        ""));
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    private Figure figure(String name, Path query, List<Match> matches) {
        var tiles = new ArrayList<Tile>();
        tiles.add(
                new Tile(List.of(small(Optional.of(query))), List.of(name(query.toString()), "asked for"), Mark.NONE));
        for (Match match : matches) {
            var lines = new ArrayList<String>();
            lines.add(name(match.image().file()));
            if (!match.image().label().isEmpty()) {
                lines.add(match.image().label());
            }
            lines.add(String.format(Locale.ROOT, "similarity %.3f", match.similarity()));
            tiles.add(new Tile(List.of(small(gallery.place(match.image()))), lines, Mark.NONE));
        }
        return new Figure(
                name,
                name(query.toString()),
                "The image that was asked for, then those of the gallery, the most similar first.",
                ContactSheet.draw(name(query.toString()), tiles, COLUMNS));
    }

    private static Table table(Path query, List<Match> matches) {
        var rows = new ArrayList<List<String>>();
        for (Match match : matches) {
            rows.add(List.of(
                    Integer.toString(rows.size() + 1),
                    match.image().file(),
                    match.image().label(),
                    String.format(Locale.ROOT, "%.4f", match.similarity())));
        }
        return new Table(query.toString(), List.of("rank", "file", "label", "similarity"), rows);
    }

    private static String name(String file) {
        return file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    }

    /** Made smaller, so that the page stays small; grey where the file is there no more. */
    private static BufferedImage small(Optional<Path> file) {
        try {
            if (file.isPresent()) {
                Image image = Image.read(file.get());
                double shrink = Math.min(1, SIDE / (double) Math.max(image.width(), image.height()));
                return image.resize(
                                Math.max(1, (int) Math.round(shrink * image.width())),
                                Math.max(1, (int) Math.round(shrink * image.height())),
                                Filter.BILINEAR)
                        .toBufferedImage();
            }
        } catch (ImageException e) {
            // shown as one that is there no more
        }
        var missing = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        var g = missing.createGraphics();
        g.setColor(Color.LIGHT_GRAY);
        g.fillRect(0, 0, SIDE, SIDE);
        g.dispose();
        return missing;
    }
}
