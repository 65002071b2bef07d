package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * An outline as COCO writes it: polygons, or run lengths of the image, these as numbers or as text.
 *
 * @param polygons x and y of corners by turns
 * @param height of the image that run lengths are of; 0 where there are none
 * @param runs as text
 * @param fault what is wrong with it; empty if nothing is
 */
record CocoSegmentation(List<double[]> polygons, long height, long width, String runs, String fault) {

    static final CocoSegmentation NONE = new CocoSegmentation(List.of(), 0, 0, "", "");

    /** Corners further outside than so many sides of the image are a mistake that would take long to draw. */
    private static final int FAR = 4;

    /** Where the size of the image is not known. */
    private static final double FARTHEST = 100_000;

    /** Reads what the parser is at. */
    static CocoSegmentation of(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_ARRAY -> polygons(parser);
            case START_OBJECT -> runs(parser);
            default -> NONE;
        };
    }

    private static CocoSegmentation polygons(JsonParser parser) {
        var polygons = new ArrayList<double[]>();
        boolean flat = false;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_ARRAY) {
                polygons.add(CocoJson.numbers(parser));
            } else {
                flat = true;
                parser.skipChildren();
            }
        }
        return new CocoSegmentation(
                polygons,
                0,
                0,
                "",
                flat ? "its segmentation is a list of numbers. Expected a list of polygons, each a list" : "");
    }

    private static CocoSegmentation runs(JsonParser parser) {
        double[] size = {};
        String runs = "";
        String fault = "";
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("size")) {
                size = CocoJson.numbers(parser);
            } else if (name.equals("counts") && value == JsonToken.VALUE_STRING) {
                runs = parser.getString();
            } else if (name.equals("counts") && value == JsonToken.START_ARRAY) {
                double[] counts = CocoJson.numbers(parser);
                if (Arrays.stream(counts).allMatch(c -> c >= 0 && c == Math.rint(c) && c <= Integer.MAX_VALUE)) {
                    runs = RunLengths.text(
                            Arrays.stream(counts).mapToInt(c -> (int) c).toArray());
                } else {
                    fault = "its run lengths are not all whole numbers of pixels";
                }
            } else {
                parser.skipChildren();
            }
        }
        boolean sized = size.length == 2 && size[0] >= 1 && size[1] >= 1;
        return new CocoSegmentation(
                List.of(),
                sized ? (long) size[0] : 1,
                sized ? (long) size[1] : 1,
                runs,
                !fault.isEmpty() || sized ? fault : "its run lengths have no size of height and width");
    }

    /** What is wrong with it in an image of that size; empty if nothing is. */
    String faultIn(Optional<Size> image) {
        if (!fault.isEmpty()) {
            return fault;
        }
        if (height > 0) {
            return faultOfRuns(image);
        }
        double farX = image.map(size -> (double) FAR * size.width()).orElse(FARTHEST);
        double farY = image.map(size -> (double) FAR * size.height()).orElse(FARTHEST);
        for (double[] polygon : polygons) {
            if (polygon.length < 6 || polygon.length % 2 != 0) {
                return "a polygon of %s numbers. Expected x and y of three corners or more".formatted(polygon.length);
            }
            boolean near = IntStream.range(0, polygon.length)
                    .allMatch(i -> Math.abs(polygon[i]) <= (i % 2 == 0 ? farX : farY));
            if (!near) {
                return "a corner of its polygon is not finite or far outside the image. Correct or remove it";
            }
        }
        return "";
    }

    private String faultOfRuns(Optional<Size> image) {
        if (image.isPresent()
                && (height != image.get().height() || width != image.get().width())) {
            return "its run lengths are of %sx%s pixels, its image has %sx%s. Both must be of one size"
                    .formatted(width, height, image.get().width(), image.get().height());
        }
        try {
            long total = RunLengths.total(RunLengths.parsed(runs));
            return total == height * width
                    ? ""
                    : "its run lengths make %s pixels, its size is %sx%s. Restore or remove the segmentation"
                            .formatted(total, width, height);
        } catch (IllegalArgumentException e) {
            return "its run lengths cannot be read (%s). Restore or remove the segmentation".formatted(e.getMessage());
        }
    }

    /** Of one without fault. */
    Outline outline() {
        if (height > 0) {
            return new Outline.Runs(runs);
        }
        if (polygons.isEmpty()) {
            return Outline.MISSING;
        }
        var rings = new ArrayList<float[]>();
        for (double[] polygon : polygons) {
            float[] ring = new float[polygon.length];
            IntStream.range(0, ring.length).forEach(i -> ring[i] = (float) polygon[i]);
            rings.add(ring);
        }
        return new Outline.Polygons(rings);
    }
}
