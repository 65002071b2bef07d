package dev.fovea.search;

import java.util.ArrayList;
import java.util.Comparator;
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
        List<Trial> ranked = trials.stream()
                .filter(trial -> trial.rungs() > 0 || trial.hasFailed())
                .sorted(Comparator.comparingDouble((Trial trial) -> trial.score(0)))
                .toList();
        if (ranked.size() < FEWEST) {
            return shares;
        }
        var all = new ArrayList<Map.Entry<String, Double>>();
        space.settings().forEach(setting -> all.add(Map.entry(setting.key(), share(setting, ranked))));
        all.sort(Map.Entry.<String, Double>comparingByValue().reversed());
        all.forEach(entry -> shares.put(entry.getKey(), entry.getValue()));
        return shares;
    }

    private static double share(Setting setting, List<Trial> ranked) {
        int bins = setting instanceof Setting.Choice choice ? choice.values().size() : BINS;
        double[] sums = new double[bins];
        int[] counts = new int[bins];
        int n = ranked.size();
        for (int rank = 0; rank < n; rank++) {
            double place = setting.place(ranked.get(rank).values().get(setting.key()));
            int bin = (int) Math.min(bins - 1, place * bins);
            sums[bin] += rank;
            counts[bin]++;
        }
        double mean = (n - 1) / 2.0;
        double total = n * ((double) n * n - 1) / 12; // of the ranks 0 to n - 1
        double between = 0;
        int groups = 0;
        for (int bin = 0; bin < bins; bin++) {
            if (counts[bin] > 0) {
                double away = sums[bin] / counts[bin] - mean;
                between += counts[bin] * away * away;
                groups++;
            }
        }
        if (groups < 2 || groups >= n) {
            return 0;
        }
        double within = (total - between) / (n - groups);
        return Math.max(0, (between - (groups - 1) * within) / total);
    }
}
