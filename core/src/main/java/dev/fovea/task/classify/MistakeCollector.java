package dev.fovea.task.classify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Collects all predictions, and the most confident mistakes. */
final class MistakeCollector {

    private static final int MOST = 64;

    private final List<String> classes;
    private final List<Evaluation.Answer> answers = new ArrayList<>();
    private final PriorityQueue<Evaluation.Mistake> kept =
            new PriorityQueue<>(Comparator.comparingDouble(Evaluation.Mistake::probability));

    MistakeCollector(List<String> classes) {
        this.classes = classes;
    }

    void add(float[] logits, int[] indices, long[] labels) {
        int k = classes.size();
        for (int i = 0; i < labels.length; i++) {
            int best = 0;
            double sum = 0;
            for (int c = 1; c < k; c++) {
                best = logits[i * k + c] > logits[i * k + best] ? c : best;
            }
            for (int c = 0; c < k; c++) {
                sum += Math.exp(logits[i * k + c] - logits[i * k + best]);
            }
            int truth = (int) labels[i];
            answers.add(new Evaluation.Answer(indices[i], classes.get(truth), classes.get(best), 1 / sum));
            if (best != truth) {
                kept.add(new Evaluation.Mistake(indices[i], classes.get(truth), classes.get(best), 1 / sum));
                if (kept.size() > MOST) {
                    kept.remove();
                }
            }
        }
    }

    /** In the order of the data. */
    List<Evaluation.Answer> answers() {
        return answers.stream()
                .sorted(Comparator.comparingInt(Evaluation.Answer::index))
                .toList();
    }

    List<Evaluation.Mistake> ranked() {
        return kept.stream()
                .sorted(Comparator.comparingDouble(Evaluation.Mistake::probability)
                        .reversed()
                        .thenComparingInt(Evaluation.Mistake::index))
                .toList();
    }
}
