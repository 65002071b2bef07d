package dev.fovea.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How good predictions of any number of labels an image are.
 *
 * @param count images
 * @param loss the mean over images and labels
 * @param meanAveragePrecision the mean of the labels' average precision, 0 to 1; labels that no image has left out
 * @param microF1 of all labels of all images counted together
 * @param macroF1 the mean of the labels' F1
 * @param exactMatch share of the images all of whose labels are right, and no others
 * @param perLabel in their order
 */
public record MultiLabelResult(
        int count,
        double loss,
        double meanAveragePrecision,
        double microF1,
        double macroF1,
        double exactMatch,
        List<PerLabel> perLabel) {

    /**
     * One label, given to the images whose probability reaches its threshold.
     *
     * @param averagePrecision area below its precision-recall curve; NaN where no image has it
     * @param precision share of the images given it that have it; 0 where none is
     * @param recall share of the images that have it that are given it; NaN where none has
     * @param f1 harmonic mean of both; NaN where no image has it and none is given it
     * @param threshold least probability, 0 to 1
     * @param support images that have it
     */
    public record PerLabel(
            String name,
            double averagePrecision,
            double precision,
            double recall,
            double f1,
            double threshold,
            long support) {}

    public MultiLabelResult {
        perLabel = List.copyOf(perLabel);
    }

    /** Scores of images and what is true of them. */
    public record Scored(List<float[]> probabilities, List<boolean[]> truth) {

        public Scored {
            probabilities = List.copyOf(probabilities);
            truth = List.copyOf(truth);
        }

        /** The precision-recall curve of label {@code index}. */
        public PrecisionRecall curve(int index) {
            float[] scores = new float[probabilities.size()];
            boolean[] present = new boolean[scores.length];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = probabilities.get(i)[index];
                present[i] = truth.get(i)[index];
            }
            return PrecisionRecall.of(scores, present);
        }
    }

    /**
     * Of scores.
     *
     * @param names of the labels
     * @param thresholds of each label
     * @param loss as it was measured
     */
    public static MultiLabelResult of(List<String> names, Scored scored, double[] thresholds, double loss) {
        int count = scored.truth().size();
        var perLabel = new ArrayList<PerLabel>();
        long hits = 0;
        long all = 0; // images with a label and images given it
        boolean[] wrong = new boolean[count];
        for (int label = 0; label < names.size(); label++) {
            long right = 0;
            long given = 0;
            long support = 0;
            for (int i = 0; i < count; i++) {
                boolean answer = scored.probabilities().get(i)[label] >= thresholds[label];
                boolean truth = scored.truth().get(i)[label];
                right += answer && truth ? 1 : 0;
                given += answer ? 1 : 0;
                support += truth ? 1 : 0;
                wrong[i] |= answer != truth;
            }
            perLabel.add(new PerLabel(
                    names.get(label),
                    scored.curve(label).averagePrecision(),
                    given == 0 ? 0 : right / (double) given,
                    support == 0 ? Double.NaN : right / (double) support,
                    given + support == 0 ? Double.NaN : 2.0 * right / (given + support),
                    thresholds[label],
                    support));
            hits += right;
            all += given + support;
        }
        int exact = 0;
        for (boolean one : wrong) {
            exact += one ? 0 : 1;
        }
        return new MultiLabelResult(
                count,
                loss,
                mean(perLabel.stream().mapToDouble(PerLabel::averagePrecision).toArray()),
                all == 0 ? Double.NaN : 2.0 * hits / all,
                mean(perLabel.stream().mapToDouble(PerLabel::f1).toArray()),
                exact / (double) count,
                perLabel);
    }

    /** Of those that are numbers. */
    private static double mean(double[] values) {
        return java.util.Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    /** By the names of the command line's JSON. */
    public Map<String, Double> values() {
        var values = new LinkedHashMap<String, Double>();
        values.put("map", meanAveragePrecision);
        values.put("microF1", microF1);
        values.put("macroF1", macroF1);
        values.put("exactMatch", exactMatch);
        values.put("loss", loss);
        return values;
    }
}
