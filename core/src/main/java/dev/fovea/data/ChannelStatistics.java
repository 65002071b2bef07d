package dev.fovea.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Mean and deviation of every channel over all pixels.
 *
 * @param mean in fractions of 255
 * @param std in fractions of 255, at least 1/255
 */
public record ChannelStatistics(List<Double> mean, List<Double> std) {

    private static final int MOST = 10_000;

    /** Measured on up to 10,000 images, or on the frames that are shown of as many clips. */
    public static ChannelStatistics of(Dataset data, Preprocess preprocess) {
        int channels = preprocess.channels();
        double[] sum = new double[channels];
        double[] squares = new double[channels];
        long count = 0;
        for (int i : Order.spread(data.size(), MOST)) {
            byte[] pixels = preprocess.apply(data, i).pixels();
            for (int p = 0; p < pixels.length; p++) {
                int value = pixels[p] & 0xFF;
                sum[p % channels] += value;
                squares[p % channels] += (double) value * value;
            }
            count += pixels.length / channels;
        }
        var means = new ArrayList<Double>();
        var deviations = new ArrayList<Double>();
        for (int c = 0; c < channels; c++) {
            double mean = sum[c] / count;
            means.add(mean / 255);
            deviations.add(Math.max(1, Math.sqrt(Math.max(0, squares[c] / count - mean * mean))) / 255);
        }
        return new ChannelStatistics(means, deviations);
    }
}
