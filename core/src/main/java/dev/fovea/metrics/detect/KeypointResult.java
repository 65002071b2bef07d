package dev.fovea.metrics.detect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * COCO's figures of found keypoints, all 0 to 1, or NaN where nothing that counts is true.
 *
 * @param averagePrecision means over classes
 * @param averageRecall means over classes of the share of true objects that are found, among 20
 * @param perClass in their order
 */
public record KeypointResult(Figures averagePrecision, Figures averageRecall, List<CocoResult.PerClass> perClass) {

    /**
     * Means over thresholds of similarity from 0.50 to 0.95 in steps of 0.05 where no other is named.
     *
     * @param at50 at a similarity of 0.50
     * @param at75 at a similarity of 0.75
     * @param medium of objects from 32² to 96² square pixels
     * @param large of at least 96²
     */
    public record Figures(double mean, double at50, double at75, double medium, double large) {}

    public KeypointResult {
        perClass = List.copyOf(perClass);
    }

    /** By the names of the command line's JSON, in COCO's order. */
    public Map<String, Double> values() {
        var values = new LinkedHashMap<String, Double>();
        put(values, "map", averagePrecision);
        put(values, "mar", averageRecall);
        return values;
    }

    private static void put(Map<String, Double> values, String name, Figures figures) {
        values.put(name, figures.mean());
        values.put(name + "50", figures.at50());
        values.put(name + "75", figures.at75());
        values.put(name + "Medium", figures.medium());
        values.put(name + "Large", figures.large());
    }
}
