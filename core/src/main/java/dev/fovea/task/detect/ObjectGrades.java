package dev.fovea.task.detect;

import dev.fovea.data.Target;
import dev.fovea.run.ItemScorer;
import dev.fovea.run.Predictor;
import java.util.List;

/**
 * How good the objects are that are found in one image: F1 of the boxes, where a found one is right if it overlaps a true one of
 * its class, which no surer one has taken, by at least half (intersection over union).
 *
 * @param classes of the detector
 */
record ObjectGrades(List<String> classes) {

    private static final double LEAST = 0.5;

    ItemScorer scorer(Detector detector) {
        return ItemScorer.of(detector, classes, "f1", true, (answer, target) -> grade(answer, (Target.Objects) target));
    }

    private ItemScorer.Grade grade(Predictor.Answer answer, Target.Objects truth) {
        boolean[] taken = new boolean[truth.boxes().size()];
        int right = 0;
        int wrong = 0;
        for (DetectedObject found : ((DetectedObjects) answer).objects()) {
            int match = match(found, truth, taken);
            if (match < 0) {
                wrong++;
            } else {
                taken[match] = true;
                right += truth.ignore()[match] ? 0 : 1;
            }
        }
        int wanted = 0;
        for (boolean ignored : truth.ignore()) {
            wanted += ignored ? 0 : 1;
        }
        int all = right + wrong + wanted;
        double f1 = all == 0 ? 1 : 2.0 * right / all;
        return new ItemScorer.Grade(f1, f1 == 1);
    }

    /** The free true object that overlaps most; those that do not count are taken only where there is no other, and by any number. */
    private int match(DetectedObject found, Target.Objects truth, boolean[] taken) {
        int label = classes.indexOf(found.label());
        int best = -1;
        double most = 0;
        for (int i = 0; i < taken.length; i++) {
            boolean ignored = truth.ignore()[i];
            if (truth.labels()[i] != label || taken[i] && !ignored) {
                continue;
            }
            double overlap = found.box().iou(truth.boxes().get(i));
            boolean better = best < 0 || ignored == truth.ignore()[best] ? overlap > most : !ignored;
            if (overlap >= LEAST && better) {
                best = i;
                most = overlap;
            }
        }
        return best;
    }
}
