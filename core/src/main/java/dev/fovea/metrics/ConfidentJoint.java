package dev.fovea.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which labels are probably wrong, from probabilities that a model gave to images it was not trained on: confident learning,
 * <a href="https://arxiv.org/abs/1911.00068">Northcutt et al. 2021</a>.
 *
 * @param thresholds of each class the mean probability that images of that label have of it; infinite where there are none
 * @param counts images by [given label][class they are confidently of]; those that are confidently of none are not counted
 * @param suspects of each label as many images as are estimated to be of another class, those of which that class is the most
 *     more probable (the paper's pruning by noise rate); the most suspicious first
 */
public record ConfidentJoint(List<Double> thresholds, List<List<Integer>> counts, List<Suspect> suspects) {

    /**
     * A label that is probably wrong.
     *
     * @param index of the image
     * @param given its label
     * @param proposed the class it is probably of
     * @param score how much more probable that class is than the label, 0 to 1
     */
    public record Suspect(int index, int given, int proposed, double score) {}

    private static final Comparator<Suspect> WORST_FIRST =
            Comparator.comparingDouble(Suspect::score).reversed().thenComparingInt(Suspect::index);

    public ConfidentJoint {
        thresholds = List.copyOf(thresholds);
        counts = counts.stream().map(List::copyOf).toList();
        suspects = List.copyOf(suspects);
    }

    /**
     * Compares labels with out-of-sample probabilities.
     *
     * @param probabilities of each image, one for each class
     * @param given its label
     */
    public static ConfidentJoint of(List<float[]> probabilities, int[] given, int classes) {
        double[] sums = new double[classes];
        int[] images = new int[classes];
        for (int i = 0; i < given.length; i++) {
            sums[given[i]] += probabilities.get(i)[given[i]];
            images[given[i]]++;
        }
        double[] thresholds = new double[classes];
        Arrays.setAll(thresholds, c -> images[c] == 0 ? Double.POSITIVE_INFINITY : sums[c] / images[c]);
        int[][] counts = new int[classes][classes];
        for (int i = 0; i < given.length; i++) {
            int confident = confident(probabilities.get(i), thresholds);
            if (confident >= 0) {
                counts[given[i]][confident]++;
            }
        }
        return new ConfidentJoint(
                Arrays.stream(thresholds).boxed().toList(),
                Arrays.stream(counts)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList(),
                suspects(probabilities, given, counts));
    }

    /** The most probable of the classes that an image is confidently of; -1 for none. */
    private static int confident(float[] probabilities, double[] thresholds) {
        int confident = -1;
        for (int c = 0; c < thresholds.length; c++) {
            // The mean of equal numbers can come out a little above them.
            if (probabilities[c] >= thresholds[c] - 1e-9
                    && (confident < 0 || probabilities[c] > probabilities[confident])) {
                confident = c;
            }
        }
        return confident;
    }

    private static List<Suspect> suspects(List<float[]> probabilities, int[] given, int[][] counts) {
        var suspects = new HashMap<Integer, Suspect>();
        for (int label = 0; label < counts.length; label++) {
            int of = label;
            int[] images =
                    IntStream.range(0, given.length).filter(i -> given[i] == of).toArray();
            int confident = Arrays.stream(counts[label]).sum();
            for (int other = 0; other < counts.length; other++) {
                if (other != label && counts[label][other] > 0) {
                    long estimated = Math.round(images.length * (double) counts[label][other] / confident);
                    moreOf(other, images, probabilities, given)
                            .limit(estimated)
                            .forEach(suspect ->
                                    suspects.merge(suspect.index(), suspect, (a, b) -> b.score() > a.score() ? b : a));
                }
            }
        }
        return suspects.values().stream().sorted(WORST_FIRST).toList();
    }

    /** Those of which {@code other} is more probable than their label, by how much. */
    private static Stream<Suspect> moreOf(int other, int[] images, List<float[]> probabilities, int[] given) {
        return Arrays.stream(images)
                .mapToObj(i -> new Suspect(
                        i,
                        given[i],
                        other,
                        probabilities.get(i)[other] - probabilities.get(i)[given[i]]))
                .filter(suspect -> suspect.score() > 0)
                .sorted(WORST_FIRST);
    }

    /**
     * The estimated shares of all images by [given label][true class]: each row of the counts, stretched to as many images as
     * have the label.
     *
     * @param images of each label
     */
    public List<List<Double>> joint(int[] images) {
        int all = Arrays.stream(images).sum();
        var joint = new ArrayList<List<Double>>();
        for (int given = 0; given < images.length; given++) {
            List<Integer> row = counts.get(given);
            int counted = row.stream().mapToInt(Integer::intValue).sum();
            double share = images[given] / (double) Math.max(1, all);
            int label = given;
            var shares = new ArrayList<Double>();
            for (int c = 0; c < images.length; c++) {
                // of a label none of whose images is confidently of any class nothing is known: taken at its word
                shares.add(counted == 0 ? (c == label ? share : 0.0) : share * row.get(c) / counted);
            }
            joint.add(shares);
        }
        return joint;
    }

    /** The estimated share of labels that are wrong, 0 to 1. */
    public double wrong(int[] images) {
        double sum = 0;
        List<List<Double>> joint = joint(images);
        for (int given = 0; given < images.length; given++) {
            for (int c = 0; c < images.length; c++) {
                sum += c == given ? 0 : joint.get(given).get(c);
            }
        }
        return sum;
    }
}
