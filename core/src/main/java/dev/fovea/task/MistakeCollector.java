package dev.fovea.task;

import dev.fovea.data.Batch;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Keeps the most confident wrong answers that pass by. */
final class MistakeCollector {

    private static final int MOST = 64;

    private final List<String> classes;
    private final PriorityQueue<Evaluation.Mistake> kept =
            new PriorityQueue<>(Comparator.comparingDouble(Evaluation.Mistake::probability));

    MistakeCollector(List<String> classes) {
        this.classes = classes;
    }

    void add(float[] logits, Batch batch) {
        int k = classes.size();
        for (int i = 0; i < batch.size(); i++) {
            int best = 0;
            double sum = 0;
            for (int c = 1; c < k; c++) {
                best = logits[i * k + c] > logits[i * k + best] ? c : best;
            }
            for (int c = 0; c < k; c++) {
                sum += Math.exp(logits[i * k + c] - logits[i * k + best]);
            }
            int truth = (int) batch.labels()[i];
            if (best != truth) {
                kept.add(new Evaluation.Mistake(batch.indices()[i], classes.get(truth), classes.get(best), 1 / sum));
                if (kept.size() > MOST) {
                    kept.remove();
                }
            }
        }
    }

    List<Evaluation.Mistake> ranked() {
        return kept.stream()
                .sorted(Comparator.comparingDouble(Evaluation.Mistake::probability)
                        .reversed()
                        .thenComparingInt(Evaluation.Mistake::index))
                .toList();
    }
}
