package dev.fovea.train;

import dev.fovea.io.Safetensors;
import dev.fovea.optim.Schedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Where a run stands between two steps: with the tensors of a checkpoint, all that the next step depends on.
 *
 * @param epoch the epoch under way, from 1
 * @param batches batches of it that are done
 * @param step optimizer updates since the beginning
 * @param images images of this epoch seen so far
 * @param sums of loss and metrics over these images
 * @param best the criterion of the best epoch, meaningless while {@code bestEpoch} is 0
 * @param bestEpoch 0 before the first validation
 * @param plateau what reduce-on-plateau remembers
 * @param history one map per finished epoch
 */
public record Progress(
        int epoch,
        int batches,
        long step,
        long images,
        Map<String, Sum> sums,
        double best,
        int bestEpoch,
        Schedule.Watch plateau,
        List<Map<String, Double>> history) {

    /** Of a metric over images; not every step has all of them. */
    public record Sum(double total, long images) {
        private Sum and(Sum other) {
            return new Sum(total + other.total, images + other.images);
        }
    }

    public Progress {
        sums = Collections.unmodifiableMap(new LinkedHashMap<>(sums));
        history = List.copyOf(history);
    }

    /** Before the first step. */
    public static Progress start() {
        return new Progress(1, 0, 0, 0, Map.of(), 0, 0, new Schedule.Watch(1, 0, Double.NaN), List.of());
    }

    /**
     * Of a checkpoint, by its header alone.
     *
     * @throws dev.fovea.io.FormatException if {@code checkpoint} is none, or a damaged one
     */
    public static Progress of(Path checkpoint) {
        return Checkpoint.progress(checkpoint, Safetensors.header(checkpoint).metadata());
    }

    /** After one more batch with these batch means. */
    Progress afterBatch(int count, boolean updated, Map<String, Double> means) {
        var total = new LinkedHashMap<>(sums);
        means.forEach((name, mean) -> total.merge(name, new Sum(mean * count, count), Sum::and));
        return new Progress(
                epoch, batches + 1, step + (updated ? 1 : 0), images + count, total, best, bestEpoch, plateau, history);
    }

    /** After the epoch, with its row of history. */
    Progress afterEpoch(Map<String, Double> row) {
        var rows = new ArrayList<>(history);
        rows.add(row);
        return new Progress(epoch + 1, 0, step, 0, Map.of(), best, bestEpoch, plateau, rows);
    }

    Progress withBest(double value) {
        return new Progress(epoch, batches, step, images, sums, value, epoch, plateau, history);
    }

    Progress withPlateau(Schedule.Watch watch) {
        return new Progress(epoch, batches, step, images, sums, best, bestEpoch, watch, history);
    }

    /** The history's row of the best epoch so far; of no values before there is one. */
    Map<String, Double> bestRow() {
        return bestEpoch == 0 ? Map.of() : history.get(bestEpoch - 1);
    }

    /** The mean loss of the steps after an earlier place of this run; of none where they have none. */
    OptionalDouble lossSince(Progress earlier) {
        Sum now = sums.get("loss");
        Sum before = earlier.epoch == epoch ? earlier.sums.get("loss") : null;
        long some = now == null ? 0 : now.images() - (before == null ? 0 : before.images());
        return some <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((now.total() - (before == null ? 0 : before.total())) / some);
    }

    /** Images of the steps after an earlier place of this run, in this epoch. */
    long imagesSince(Progress earlier) {
        return earlier.epoch == epoch ? images - earlier.images : images;
    }

    /** Means of loss and metrics over this epoch so far. */
    Map<String, Double> means() {
        var means = new LinkedHashMap<String, Double>();
        sums.forEach((name, sum) -> means.put(name, sum.total() / sum.images()));
        return means;
    }
}
