package dev.fovea.run;

import dev.fovea.data.BoxSummary;
import dev.fovea.data.Dataset;
import dev.fovea.data.PixelCounts;
import dev.fovea.data.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the targets of a part of a data set say in all.
 *
 * @param images in the part
 * @param counts images of each class or with each label; none of numbers
 * @param unlabelled images that have none of several possible labels
 * @param together pairs of labels that some image has both, the most frequent first
 * @param numbers how the numbers to predict are distributed, by name
 * @param pixelShares of the labelled pixels the share of each class, where pixels have classes
 */
public record TargetSummary(
        int images,
        Map<String, Integer> counts,
        int unlabelled,
        List<Together> together,
        Map<String, Distribution> numbers,
        Map<String, Double> pixelShares) {

    private static final int PAIRS = 10;

    /** Two labels, and how many images have both. */
    public record Together(String first, String second, int images) {}

    /** Of numbers, in their unit; {@code deviation} is the standard deviation. */
    public record Distribution(double least, double mean, double most, double deviation) {}

    /** Of all images of {@code data}. */
    public static TargetSummary of(Dataset data) {
        if (data.size() > 0 && data.target(0) instanceof Target.PixelLabels) {
            return ofPixels(data);
        }
        boolean boxes = BoxSummary.isOf(data);
        boolean numbers = !boxes && data.size() > 0 && data.target(0) instanceof Target.Values;
        int k = data.classes().size();
        var counts = new LinkedHashMap<String, Integer>();
        if (!numbers) {
            int[] each = data.counts();
            for (int c = 0; c < k; c++) {
                counts.put(data.classes().get(c), each[c]);
            }
        }
        int unlabelled = 0;
        int[][] both = new int[k][k];
        for (int i = 0; !boxes && i < data.size(); i++) {
            if (data.target(i) instanceof Target.Labels labels) {
                unlabelled += count(labels.present(), both) == 0 ? 1 : 0;
            }
        }
        return new TargetSummary(
                data.size(),
                counts,
                unlabelled,
                together(data.classes(), both),
                numbers ? numbers(data) : Map.of(),
                Map.of());
    }

    private static TargetSummary ofPixels(Dataset data) {
        PixelCounts seen = PixelCounts.of(data);
        double[] shares = seen.shares();
        var counts = new LinkedHashMap<String, Integer>();
        var pixelShares = new LinkedHashMap<String, Double>();
        for (int label = 0; label < shares.length; label++) {
            counts.put(data.classes().get(label), seen.images()[label]);
            pixelShares.put(data.classes().get(label), shares[label]);
        }
        return new TargetSummary(data.size(), counts, 0, List.of(), Map.of(), pixelShares);
    }

    /** How many labels there are; adds one to each pair of them. */
    private static int count(boolean[] present, int[][] both) {
        int count = 0;
        for (int a = 0; a < present.length; a++) {
            count += present[a] ? 1 : 0;
            for (int b = a + 1; present[a] && b < present.length; b++) {
                both[a][b] += present[b] ? 1 : 0;
            }
        }
        return count;
    }

    private static List<Together> together(List<String> names, int[][] both) {
        var together = new ArrayList<Together>();
        for (int a = 0; a < both.length; a++) {
            for (int b = a + 1; b < both.length; b++) {
                if (both[a][b] > 0) {
                    together.add(new Together(names.get(a), names.get(b), both[a][b]));
                }
            }
        }
        together.sort(Comparator.comparingInt(Together::images).reversed());
        return List.copyOf(together);
    }

    private static Map<String, Distribution> numbers(Dataset data) {
        var numbers = new LinkedHashMap<String, Distribution>();
        for (int column = 0; column < data.classes().size(); column++) {
            double sum = 0;
            double squares = 0;
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < data.size(); i++) {
                double value = ((Target.Values) data.target(i)).numbers()[column];
                sum += value;
                squares += value * value;
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
            double mean = sum / data.size();
            double deviation = Math.sqrt(Math.max(0, squares / data.size() - mean * mean));
            numbers.put(data.classes().get(column), new Distribution(least, mean, most, deviation));
        }
        return numbers;
    }

    /** Whether there is more to say than how many images a class has. */
    public boolean beyondOneClass() {
        return unlabelled > 0 || !together.isEmpty() || !numbers.isEmpty() || !pixelShares.isEmpty();
    }

    /** For people, a line for each class, label or number. */
    String text(String part, String kind) {
        var out = new StringBuilder();
        if (images == 0) {
            return "";
        }
        out.append(String.format(Locale.ROOT, "%-12s %,8d %s%n", part, images, kind));
        counts.forEach((name, count) -> out.append(String.format(
                Locale.ROOT,
                "  %-24s %,8d%s%n",
                name,
                count,
                pixelShares.containsKey(name)
                        ? String.format(Locale.ROOT, "  %6.2f %% of the pixels", 100 * pixelShares.get(name))
                        : "")));
        if (unlabelled > 0) {
            out.append(String.format(Locale.ROOT, "  %-24s %,8d%n", "(no label)", unlabelled));
        }
        if (!together.isEmpty()) {
            out.append(String.format(Locale.ROOT, "  together, the most frequent of %,d pairs:%n", together.size()));
            together.stream()
                    .limit(PAIRS)
                    .forEach(pair -> out.append(String.format(
                            Locale.ROOT, "    %-22s %,8d%n", pair.first() + " + " + pair.second(), pair.images())));
        }
        numbers.forEach((name, of) -> out.append(String.format(
                Locale.ROOT,
                "  %-24s %s to %s, mean %s, deviation %s%n",
                name,
                TaskReport.written(of.least()),
                TaskReport.written(of.most()),
                TaskReport.written(of.mean()),
                TaskReport.written(of.deviation()))));
        return out.toString();
    }
}
