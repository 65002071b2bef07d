package dev.fovea.metrics.detect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * COCO's figures of found boxes or masks, all 0 to 1, or NaN where nothing that counts is true.
 *
 * @param perClass in their order
 */
public record CocoResult(AveragePrecision averagePrecision, AverageRecall averageRecall, List<PerClass> perClass) {

    /**
     * Means over classes of the average precision; over thresholds of IoU from 0.50 to 0.95 in steps of 0.05 where no other
     * is named.
     *
     * @param mean the figure that is called mAP
     * @param at50 at an IoU of 0.50
     * @param at75 at an IoU of 0.75
     * @param small of objects of at most 32² square pixels
     * @param medium from 32² to 96²
     * @param large of at least 96²
     */
    public record AveragePrecision(double mean, double at50, double at75, double small, double medium, double large) {}

    /**
     * Means over classes and thresholds of the share of true objects that are found.
     *
     * @param of1 among the best detection of each image and class
     * @param of10 among the best 10
     * @param of100 among the best 100
     * @param small of objects of at most 32² square pixels, among 100
     * @param medium from 32² to 96²
     * @param large of at least 96²
     */
    public record AverageRecall(double of1, double of10, double of100, double small, double medium, double large) {}

    /**
     * One class, whatever the area; NaN where none of it is true, and 0 where none of it is found.
     *
     * @param averagePrecision mean over the thresholds
     * @param averagePrecision50 at an IoU (or a similarity of keypoints) of 0.50
     * @param averageRecall mean over the thresholds
     * @param support true objects that count
     */
    public record PerClass(
            String name, double averagePrecision, double averagePrecision50, double averageRecall, long support) {}

    public CocoResult {
        perClass = List.copyOf(perClass);
    }

    /** By the names of the command line's JSON, in COCO's order. */
    public Map<String, Double> values() {
        var values = new LinkedHashMap<String, Double>();
        values.put("map", averagePrecision.mean());
        values.put("map50", averagePrecision.at50());
        values.put("map75", averagePrecision.at75());
        values.put("mapSmall", averagePrecision.small());
        values.put("mapMedium", averagePrecision.medium());
        values.put("mapLarge", averagePrecision.large());
        values.put("mar1", averageRecall.of1());
        values.put("mar10", averageRecall.of10());
        values.put("mar100", averageRecall.of100());
        values.put("marSmall", averageRecall.small());
        values.put("marMedium", averageRecall.medium());
        values.put("marLarge", averageRecall.large());
        return values;
    }
}
