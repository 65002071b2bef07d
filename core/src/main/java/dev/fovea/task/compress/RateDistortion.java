package dev.fovea.task.compress;

import dev.fovea.data.Dataset;
import dev.fovea.report.Charts;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rate-distortion curves of codecs, beside JPEG. */
public final class RateDistortion {

    private static final List<Integer> QUALITIES = List.of(5, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90);

    private final List<Map<String, Double>> own;
    private final List<Map<String, Double>> jpeg;

    private RateDistortion(List<Map<String, Double>> own, List<Map<String, Double>> jpeg) {
        this.own = own;
        this.jpeg = jpeg;
    }

    /**
     * Measures codecs, each of one rate, on whole images.
     *
     * @param codecs in any order
     */
    public static RateDistortion of(List<Codec> codecs, Dataset data) {
        var rows = new ArrayList<Map<String, Double>>();
        codecs.forEach(codec -> rows.add(codec.evaluate(data)));
        return new RateDistortion(
                rows.stream()
                        .sorted(Comparator.comparingDouble(row -> row.get("bitsPerPixel")))
                        .toList(),
                QUALITIES.stream()
                        .map(quality -> jpeg(codecs.get(0), data, quality))
                        .toList());
    }

    private static Map<String, Double> jpeg(Codec like, Dataset data, int quality) {
        var row = new LinkedHashMap<String, Double>();
        row.put("quality", (double) quality);
        row.putAll(like.jpeg(data, quality));
        return row;
    }

    /** The measurements of the codecs, fewest bits first. */
    public List<Map<String, Double>> rows() {
        return own;
    }

    /** The same of JPEG, with the {@code quality} of each, lowest first. */
    public List<Map<String, Double>> jpeg() {
        return jpeg;
    }

    /** Whether there is such a metric: {@code msSsim} only where an image has sides of 176 pixels or more. */
    public boolean has(String metric) {
        return own.stream().anyMatch(row -> row.containsKey(metric));
    }

    /** A metric over bits per pixel that there is; JPEG at qualities 5 to 90. */
    public BufferedImage chart(String metric, String axis) {
        var lines = new LinkedHashMap<String, List<double[]>>();
        lines.put("JPEG", points(jpeg, metric));
        lines.put(own.size() == 1 ? "this model" : "these models", points(own, metric));
        return Charts.lines("Rate and distortion", "bits per pixel", axis, lines);
    }

    private static List<double[]> points(List<Map<String, Double>> rows, String metric) {
        return rows.stream()
                .filter(row -> row.containsKey(metric))
                .map(row -> new double[] {row.get("bitsPerPixel"), row.get(metric)})
                .toList();
    }
}
