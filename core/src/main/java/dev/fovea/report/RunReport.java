package dev.fovea.report;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;

/**
 * What a report shows.
 *
 * @param about which run this is: its name, data, date, seed, command, by what is said first
 * @param tiles the figures that matter most, as text
 * @param remarks what its reader should know of the data, the training and this report, in sentences
 * @param figures in the order they appear
 * @param tables after the figures
 * @param facts environment and timings
 * @param recipe as YAML, without what has no effect on this run
 */
public record RunReport(
        String title,
        String subtitle,
        Map<String, String> about,
        List<Tile> tiles,
        List<String> remarks,
        List<Figure> figures,
        List<Table> tables,
        Map<String, String> facts,
        String recipe) {

    /** A figure in large letters. */
    public record Tile(String name, String value) {}

    /**
     * An image.
     *
     * @param file its name beside the report, without the ending
     * @param caption what to see in it
     */
    public record Figure(String file, String title, String caption, BufferedImage image) {}

    /**
     * Rows of text below a head.
     *
     * @param first whether it matters more than the figures, above which it then stands
     */
    public record Table(String title, List<String> head, List<List<String>> rows, boolean first) {

        /** Below the figures. */
        public Table(String title, List<String> head, List<List<String>> rows) {
            this(title, head, rows, false);
        }
    }
}
