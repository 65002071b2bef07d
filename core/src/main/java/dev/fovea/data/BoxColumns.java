package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.List;
import java.util.Optional;

/**
 * Which columns of a table hold the boxes.
 *
 * @param edges columns of left, top, right and bottom, or of left, top, width and height
 * @param sized whether the last two are width and height
 * @param width column of the image's width; -1 where there is none
 * @param ignore column that says which objects are ignored; -1 where there is none
 */
record BoxColumns(List<Integer> edges, boolean sized, int width, int height, int ignore) {

    /** Whether finding an object is neither right nor wrong: 1 if so. */
    private static final List<String> IGNORE = List.of("ignore", "difficult", "iscrowd", "crowd");

    private static final List<List<String>> EDGES = List.of(
            List.of("left", "top", "right", "bottom"),
            List.of("xmin", "ymin", "xmax", "ymax"),
            List.of("x1", "y1", "x2", "y2"));

    private static final List<List<String>> SIZED = List.of(
            List.of("x", "y", "width", "height"),
            List.of("x", "y", "w", "h"),
            List.of("left", "top", "width", "height"),
            List.of("bboxx", "bboxy", "bboxwidth", "bboxheight"));

    /** By headings without spaces and signs; empty where these name no boxes. */
    static Optional<BoxColumns> of(List<String> headings) {
        List<String> words = headings.stream().map(CsvTable::word).toList();
        int ignore = IGNORE.stream()
                .mapToInt(words::indexOf)
                .filter(i -> i >= 0)
                .findFirst()
                .orElse(-1);
        for (List<String> names : EDGES) {
            if (words.containsAll(names)) {
                return Optional.of(new BoxColumns(
                        columns(words, names), false, image(words, "width"), image(words, "height"), ignore));
            }
        }
        return SIZED.stream()
                .filter(words::containsAll)
                .findFirst()
                .map(names -> new BoxColumns(
                        columns(words, names),
                        true,
                        words.indexOf("imagewidth"),
                        words.indexOf("imageheight"),
                        ignore));
    }

    private static List<Integer> columns(List<String> words, List<String> names) {
        return names.stream().map(words::indexOf).toList();
    }

    private static int image(List<String> words, String side) {
        int plain = words.indexOf(side);
        return plain >= 0 ? plain : words.indexOf("image" + side);
    }

    boolean contains(int column) {
        return edges.contains(column) || column == width || column == height || column == ignore;
    }

    /** The size of the image, where the row says it. */
    Optional<Size> size(CsvTable.Row row) {
        if (width < 0 || height < 0) {
            return Optional.empty();
        }
        double across = BoxChecks.parsed(row.cell(width)).orElse(0.0);
        double down = BoxChecks.parsed(row.cell(height)).orElse(0.0);
        return across >= 1 && down >= 1 && across <= Integer.MAX_VALUE && down <= Integer.MAX_VALUE
                ? Optional.of(new Size((int) down, (int) across))
                : Optional.empty();
    }
}
