package dev.fovea.report;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;

/**
 * What a report shows.
 *
 * @param tiles the figures that matter most, as text
 * @param remarks what was noticed in training that its reader should know, in sentences
 * @param figures in the order they appear
 * @param tableHead of the table per class
 * @param table its rows
 * @param facts environment and timings
 * @param recipe as YAML
 */
public record RunReport(
        String title,
        String subtitle,
        List<Tile> tiles,
        List<String> remarks,
        List<Figure> figures,
        List<String> tableHead,
        List<List<String>> table,
        Map<String, String> facts,
        String recipe) {

    /** A figure in large letters. */
    public record Tile(String name, String value) {}

    /**
     * A picture.
     *
     * @param file its name beside the report, without the ending
     * @param caption what to see in it
     */
    public record Figure(String file, String title, String caption, BufferedImage picture) {}
}
