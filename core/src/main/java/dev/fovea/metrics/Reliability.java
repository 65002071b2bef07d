package dev.fovea.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether what is said with a confidence of so much is right so often (Guo et al. 2017).
 *
 * @param bins of equal width from 0 to 1
 * @param expectedCalibrationError mean distance of confidence and share right over the bins, weighted by their counts; NaN of nothing
 */
public record Reliability(List<ClassificationResult.Bin> bins, double expectedCalibrationError) {

    public Reliability {
        bins = List.copyOf(bins);
    }

    /** Takes in one statement after another. */
    public static final class Gathering {

        private final double[] confidence;
        private final long[] hits;
        private final long[] count;

        public Gathering(int bins) {
            confidence = new double[bins];
            hits = new long[bins];
            count = new long[bins];
        }

        /** @param said confidence, 0 to 1 */
        public void add(double said, boolean right) {
            int bin = (int) Math.min(count.length - 1, Math.max(0, Math.ceil(said * count.length) - 1));
            confidence[bin] += said;
            hits[bin] += right ? 1 : 0;
            count[bin]++;
        }

        public Reliability result() {
            var bins = new ArrayList<ClassificationResult.Bin>();
            double error = 0;
            long all = 0;
            for (int b = 0; b < count.length; b++) {
                bins.add(new ClassificationResult.Bin(
                        b / (double) count.length,
                        (b + 1) / (double) count.length,
                        count[b] == 0 ? Double.NaN : confidence[b] / count[b],
                        count[b] == 0 ? Double.NaN : hits[b] / (double) count[b],
                        count[b]));
                error += Math.abs(confidence[b] - hits[b]);
                all += count[b];
            }
            return new Reliability(bins, all == 0 ? Double.NaN : error / all);
        }
    }
}
