package dev.fovea.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gathers the metrics of a classifier from its logits, batch by batch.
 *
 * <p>Keeps one score per image and class for ROC-AUC: 4 bytes each.
 */
public final class ClassificationMetrics {

    private static final int BINS = 15;

    private final List<String> classes;
    private final long[][] confusion;
    private final long[] binCount = new long[BINS];
    private final double[] binConfidence = new double[BINS];
    private final long[] binHits = new long[BINS];
    private final List<float[]> scores = new ArrayList<>();
    private final List<long[]> labels = new ArrayList<>();
    private double loss;
    private double brier;
    private long top5;
    private long count;

    public ClassificationMetrics(List<String> classes) {
        this.classes = List.copyOf(classes);
        confusion = new long[classes.size()][classes.size()];
    }

    /**
     * Takes a batch in.
     *
     * @param logits row by row, one per class
     * @param truth positions of the true classes
     */
    public void add(float[] logits, long[] truth) {
        int k = classes.size();
        if (logits.length != truth.length * k) {
            throw new IllegalArgumentException(
                    "metrics: %s logits are not %s images of %s classes".formatted(logits.length, truth.length, k));
        }
        float[] probabilities = new float[logits.length];
        for (long label : truth) {
            if (label < 0 || label >= k) {
                throw new IllegalArgumentException(
                        "metrics: label %s is none of the %s classes, which are counted from 0".formatted(label, k));
            }
        }
        for (int i = 0; i < truth.length; i++) {
            one(logits, probabilities, i * k, (int) truth[i]);
        }
        scores.add(probabilities);
        labels.add(truth.clone());
    }

    private void one(float[] logits, float[] probabilities, int at, int truth) {
        int k = classes.size();
        int best = 0;
        for (int c = 1; c < k; c++) {
            best = logits[at + c] > logits[at + best] ? c : best;
        }
        double sum = 0;
        for (int c = 0; c < k; c++) {
            sum += Math.exp(logits[at + c] - logits[at + best]);
        }
        int before = 0;
        boolean ordered = true;
        for (int c = 0; c < k; c++) {
            float logit = logits[at + c];
            double off = Math.exp(logit - logits[at + best]) / sum - (c == truth ? 1 : 0);
            brier += off * off;
            probabilities[at + c] = (float) (Math.exp(logit - logits[at + best]) / sum);
            // Ties go to the first class, as for the most probable one: else constant logits would count as correct.
            before += logit > logits[at + truth] || (logit == logits[at + truth] && c < truth) ? 1 : 0;
            ordered &= !Float.isNaN(logit);
        }
        loss += Math.log(sum) - (logits[at + truth] - logits[at + best]);
        top5 += ordered && before < 5 ? 1 : 0;
        confusion[truth][best]++;
        double confidence = 1 / sum;
        int bin = (int) Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1));
        binCount[bin]++;
        binConfidence[bin] += confidence;
        binHits[bin] += best == truth ? 1 : 0;
        count++;
    }

    /** The metrics of all that was taken in; NaN where nothing was. */
    public ClassificationResult result() {
        int k = classes.size();
        var perClass = new ArrayList<ClassificationResult.PerClass>();
        long hits = 0;
        for (int c = 0; c < k; c++) {
            long right = confusion[c][c];
            long support = Arrays.stream(confusion[c]).sum();
            long predicted = 0;
            for (long[] row : confusion) {
                predicted += row[c];
            }
            double precision = predicted == 0 ? 0 : right / (double) predicted;
            double recall = support == 0 ? Double.NaN : right / (double) support;
            double f1 = support + predicted == 0 ? Double.NaN : 2.0 * right / (support + predicted);
            perClass.add(new ClassificationResult.PerClass(classes.get(c), precision, recall, f1, support));
            hits += right;
        }
        var bins = new ArrayList<ClassificationResult.Bin>();
        double calibration = 0;
        for (int b = 0; b < BINS; b++) {
            double confidence = binCount[b] == 0 ? Double.NaN : binConfidence[b] / binCount[b];
            double accuracy = binCount[b] == 0 ? Double.NaN : binHits[b] / (double) binCount[b];
            bins.add(new ClassificationResult.Bin(
                    b / (double) BINS, (b + 1) / (double) BINS, confidence, accuracy, binCount[b]));
            calibration += binCount[b] == 0 ? 0 : binCount[b] * Math.abs(confidence - accuracy) / count;
        }
        var rows = Arrays.stream(confusion)
                .map(row -> Arrays.stream(row).boxed().toList())
                .toList();
        return new ClassificationResult(
                count,
                loss / count,
                brier / count,
                hits / (double) count,
                top5 / (double) count,
                count == 0 ? Double.NaN : calibration,
                RocAuc.macro(scores, labels, k),
                perClass,
                rows,
                bins);
    }
}
