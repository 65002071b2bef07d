package dev.fovea.search;

import dev.fovea.metrics.RankCorrelation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The importance of each setting: the share of the variance of the trials' ranks after the first rung that it explains alone, by
 * four bins of a range or the values of a choice; epsilon squared (Kelley 1935), which is near zero for a setting without effect
 * however many bins it has. Of what settings do together it says nothing.
 */
final class Importance {

    private static final int BINS = 4;

    /** With fewer trials a share says nothing. */
    static final int FEWEST = 8;

    private Importance() {}

    /** By key, each from 0 to 1, the largest first; none of fewer than 8 trials. */
    static Map<String, Double> of(Space space, List<Trial> trials) {
        var shares = new LinkedHashMap<String, Double>();
        List<Trial> seen = trials.stream()
                .filter(trial -> trial.rungs() > 0 || trial.hasFailed())
                .toList();
        if (seen.size() < FEWEST) {
            return shares;
        }
        double[] ranks = RankCorrelation.ranks(
                seen.stream().mapToDouble(trial -> trial.score(0)).toArray());
        var all = new ArrayList<Map.Entry<String, Double>>();
        space.settings().forEach(setting -> all.add(Map.entry(setting.key(), share(setting, seen, ranks))));
        all.sort(Map.Entry.<String, Double>comparingByValue().reversed());
        all.forEach(entry -> shares.put(entry.getKey(), entry.getValue()));
        return shares;
    }

    private static double share(Setting setting, List<Trial> seen, double[] ranks) {
        int bins = setting instanceof Setting.Choice choice ? choice.values().size() : BINS;
        double[] sums = new double[bins];
        int[] counts = new int[bins];
        int n = ranks.length;
        double mean = (n - 1) / 2.0;
        double total = 0;
        for (int i = 0; i < n; i++) {
            double place = setting.place(seen.get(i).values().get(setting.key()));
            int bin = (int) Math.min(bins - 1, place * bins);
            sums[bin] += ranks[i];
            counts[bin]++;
            total += (ranks[i] - mean) * (ranks[i] - mean);
        }
        double between = 0;
        int groups = 0;
        for (int bin = 0; bin < bins; bin++) {
            if (counts[bin] > 0) {
                double away = sums[bin] / counts[bin] - mean;
                between += counts[bin] * away * away;
                groups++;
            }
        }
        if (groups < 2 || groups >= n || total == 0) {
            return 0;
        }
        double within = (total - between) / (n - groups);
        return Math.max(0, (between - (groups - 1) * within) / total);
    }
}
