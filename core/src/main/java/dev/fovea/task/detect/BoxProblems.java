package dev.fovea.task.detect;

import dev.fovea.data.Box;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.image.ImageException;
import dev.fovea.run.Classes;
import dev.fovea.run.Finding;
import dev.fovea.run.ProgressWatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What may be wrong with annotated boxes: where a detector is sure of something else. A detector that was trained on these very boxes
 * may have memorised wrong ones, and a weak one finds little; the surest come first.
 */
public final class BoxProblems {

    /** How sure of an object the detector must be. */
    private static final double SURE = 0.5;

    /** What it finds at all. */
    private static final double LEAST = 0.02;

    /** Overlap of two boxes of the same object. */
    private static final double SAME = 0.5;

    /** Overlap of boxes that have nothing to do with each other. */
    private static final double APART = 0.3;

    /** Overlap of boxes one of which is drawn badly. */
    private static final double LOOSE = 0.6;

    private final Detector detector;
    private final List<Finding> findings = new ArrayList<>();

    private BoxProblems(Detector detector) {
        this.detector = detector;
    }

    /**
     * Findings of each kind, the surest first. Their {@code other} is the box that they are about, {@code left,top,right,bottom} in pixels.
     *
     * @throws dev.fovea.data.DataException if {@code data} has no boxes, or a class that the detector does not know
     */
    public static List<Finding> of(Detector detector, Splits data, ProgressWatch progress) {
        var problems = new BoxProblems(detector);
        int all = data.train().size() + data.validation().size() + data.test().size();
        int done = 0;
        for (String part : List.of("train", "validation", "test")) {
            Dataset images = data.part(part);
            if (images.size() == 0) {
                continue;
            }
            Dataset matched = Classes.matched(images, detector.classes());
            for (int i = 0; i < images.size(); i++) {
                problems.look(matched, part, i);
                progress.at(++done, all);
            }
        }
        problems.findings.sort(Comparator.comparing(Finding::kind).thenComparing(one -> -one.score()));
        return problems.findings;
    }

    private void look(Dataset images, String part, int index) {
        List<DetectedObject> found;
        try {
            found = detector.found(images.image(index)).stream()
                    .filter(object -> object.score() >= LEAST)
                    .toList();
        } catch (ImageException e) {
            return; // a look at the images lists it
        }
        var truth = (Target.Objects) images.target(index);
        boolean[] supported = new boolean[truth.boxes().size()];
        for (DetectedObject object : found) {
            int best = best(object.box(), truth);
            double iou = best < 0 ? 0 : object.box().iou(truth.boxes().get(best));
            if (best >= 0 && iou >= APART) {
                supported[best] = true;
            }
            if (object.score() < SURE || best >= 0 && truth.ignore()[best] && iou >= APART) {
                continue;
            }
            String given = best < 0 ? "" : images.classes().get(truth.labels()[best]);
            if (iou < APART) {
                add(images, part, index, Finding.Kind.MISSING_BOX, object, "");
            } else if (iou >= SAME && !given.equals(object.label())) {
                add(images, part, index, Finding.Kind.BOX_CLASS, object, given);
            } else if (iou < LOOSE && given.equals(object.label())) {
                add(images, part, index, Finding.Kind.LOOSE_BOX, object, given);
            }
        }
        for (int i = 0; i < supported.length; i++) {
            if (!supported[i] && !truth.ignore()[i]) {
                findings.add(new Finding(
                        images.name(index),
                        part,
                        Finding.Kind.DOUBTFUL_BOX,
                        1 - surest(found, truth.boxes().get(i)),
                        images.classes().get(truth.labels()[i]),
                        "",
                        Finding.Action.KEEP,
                        text(truth.boxes().get(i))));
            }
        }
    }

    private static int best(Box box, Target.Objects truth) {
        int best = -1;
        double most = 0;
        for (int i = 0; i < truth.boxes().size(); i++) {
            double iou = box.iou(truth.boxes().get(i));
            if (iou > most) {
                most = iou;
                best = i;
            }
        }
        return best;
    }

    private static double surest(List<DetectedObject> found, Box box) {
        return found.stream()
                .filter(object -> object.box().iou(box) > 0)
                .mapToDouble(object -> object.score() * object.box().iou(box))
                .max()
                .orElse(0);
    }

    private void add(Dataset images, String part, int index, Finding.Kind kind, DetectedObject object, String given) {
        findings.add(new Finding(
                images.name(index),
                part,
                kind,
                object.score(),
                given,
                object.label(),
                Finding.Action.KEEP,
                text(object.box())));
    }

    private static String text(Box box) {
        return String.format(Locale.ROOT, "%.1f,%.1f,%.1f,%.1f", box.left(), box.top(), box.right(), box.bottom());
    }
}
