package dev.fovea.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What about a data set is likely to mislead, a sentence each, with the recipe's field that helps. */
public final class DataRemarks {

    /** The largest class to the smallest one; above, rare classes are easily never answered. */
    private static final double BALANCED = 3;

    /** The most frequent of several labels to the rarest one: they always differ some. */
    private static final double RARE = 10;

    /** Images below which a metric is mostly luck. */
    private static final int FEW = 20;

    private DataRemarks() {}

    /**
     * Of data whose labels are learned.
     *
     * @param plain whether training does nothing about uneven classes
     * @param choosing whether the validation part chooses the best epoch
     */
    public static List<String> of(Splits data, boolean plain, boolean choosing) {
        var remarks = new ArrayList<String>();
        if (plain) {
            remarks.addAll(imbalance(data.train()));
        }
        remarks.addAll(ofValidation(data, choosing));
        return remarks;
    }

    /**
     * Of the validation part, whether labels are learned or not.
     *
     * @param choosing whether it chooses the best epoch
     */
    public static List<String> ofValidation(Splits data, boolean choosing) {
        int size = data.validation().size();
        if (size == 0 || size >= FEW) {
            return List.of();
        }
        return List.of(String.format(
                Locale.ROOT,
                "the validation part has %d %s, so that a single one is %.1f %% of every share: its metrics%s are mostly luck; add to it, or hold out more with a larger selection.validation",
                size,
                kind(data.validation(), size),
                100.0 / size,
                choosing ? " and the choice of the best epoch" : ""));
    }

    /**
     * Of identical images whose labels differ.
     *
     * @param groups how many images there are that have several labels
     * @param first places and labels of one of them
     */
    public static String contradiction(int groups, List<String> first) {
        return String.format(
                Locale.ROOT,
                "%,d %s found more than once with different labels, such as %s: remove or relabel %s",
                groups,
                groups == 1 ? "image is" : "images are",
                String.join(" and ", first.subList(0, Math.min(3, first.size()))),
                groups == 1 ? "it" : "them");
    }

    /** Whether the largest class has more than three times as many images as the smallest that has any. */
    public static boolean imbalanced(Dataset data) {
        int[] present = Arrays.stream(data.counts()).filter(count -> count > 0).toArray();
        return present.length > 1
                && Arrays.stream(present).max().orElseThrow()
                        > BALANCED * Arrays.stream(present).min().orElseThrow();
    }

    private static List<String> imbalance(Dataset train) {
        if (BoxSummary.isOf(train)) {
            return List.of();
        }
        boolean several = train.size() > 0 && train.target(0) instanceof Target.Labels;
        if (train.size() > 0 && !several && !(train.target(0) instanceof Target.Label)) {
            return List.of();
        }
        int[] counts = train.counts();
        int[] present =
                IntStream.range(0, counts.length).filter(c -> counts[c] > 0).toArray();
        if (present.length < 2) {
            return List.of();
        }
        int most = Arrays.stream(present)
                .reduce((a, b) -> counts[b] > counts[a] ? b : a)
                .orElseThrow();
        int least = Arrays.stream(present)
                .reduce((a, b) -> counts[b] < counts[a] ? b : a)
                .orElseThrow();
        double ratio = counts[most] / (double) counts[least];
        if (ratio <= (several ? RARE : BALANCED)) {
            return List.of();
        }
        if (several) {
            return List.of(String.format(
                    Locale.ROOT,
                    "label '%s' is on %,d training %s and '%s' on only %,d: loss.type=asymmetric, or larger loss.positiveWeights for rare labels, may find more of these",
                    train.classes().get(most),
                    counts[most],
                    kind(train, counts[most]),
                    train.classes().get(least),
                    counts[least]));
        }
        return List.of(String.format(
                Locale.ROOT,
                "class '%s' has %,d training %s and '%s' only %,d, %.1f times fewer: task.logitAdjustment=1 finds more of the rare ones",
                train.classes().get(most),
                counts[most],
                kind(train, counts[most]),
                train.classes().get(least),
                counts[least],
                ratio));
    }

    private static String kind(Dataset data, int count) {
        return (data.clips() ? "clip" : "image") + (count == 1 ? "" : "s");
    }
}
