package dev.fovea.metrics.detect;

import dev.fovea.data.Box;
import java.util.ArrayList;
import java.util.List;

/**
 * PASCAL VOC's average precision of found boxes, of 2007 and of 2010 and later, gathered image by image.
 *
 * <p>Everingham et al., <a href="https://doi.org/10.1007/s11263-009-0275-4">The PASCAL Visual Object Classes (VOC)
 * Challenge</a>, section 4.2. As in the devkit a detection stands for the true box of its class that it overlaps most, the
 * first of equals, if by 0.5 or more: it is right the first time that box is found, wrong after, and neither where the box is
 * to be ignored (difficult). The text says more than 0.5, the devkit's code computes at least. All detections count; equal
 * scores keep the order in which they were added.
 *
 * <p>The recalls of 2007 are compared without rounding; programs that compare 3 of 10 with 0.1 times 3 in floating point
 * miss the level 0.3 there.
 */
public final class VocMetrics {

    /** How wide a box is. */
    public enum Edges {
        /** {@code right - left}: the edges of {@link Box}, and the devkit's overlap if xmin and ymin lost 1 on reading. */
        EXCLUSIVE(0),
        /** {@code right - left + 1}: boxes that hold xmin, ymin, xmax and ymax as VOC's files and the devkit have them. */
        INCLUSIVE(1);

        private final double more;

        Edges(double more) {
            this.more = more;
        }

        double overlap(Box a, Box b) {
            double width = Math.min(a.right(), b.right()) - Math.max(a.left(), b.left()) + more;
            double height = Math.min(a.bottom(), b.bottom()) - Math.max(a.top(), b.top()) + more;
            if (width <= 0 || height <= 0) {
                return 0;
            }
            return width * height / (area(a) + area(b) - width * height);
        }

        private double area(Box box) {
            return (box.width() + more) * (box.height() + more);
        }
    }

    private static final double LEAST = 0.5;

    private final List<String> classes;
    private final Edges edges;
    private final List<Ranking.Scores> scores = new ArrayList<>();
    private final long[] support;

    public VocMetrics(List<String> classes, Edges edges) {
        this.classes = List.copyOf(classes);
        this.edges = edges;
        support = new long[classes.size()];
        classes.forEach(name -> scores.add(new Ranking.Scores()));
    }

    /**
     * Takes an image in.
     *
     * @throws IllegalArgumentException if a label is none of the classes
     */
    public void add(GroundTruth truth, Detections found) {
        for (ClassObjects objects : ClassObjects.byClass(truth, found, classes.size(), Integer.MAX_VALUE)) {
            boolean[] taken = new boolean[truth.size()];
            for (int t : objects.truth()) {
                support[objects.label()] += truth.ignore().get(t) ? 0 : 1;
            }
            for (int d : objects.found()) {
                int best = best(truth, objects.truth(), found.boxes().get(d));
                if (best < 0 || !truth.ignore().get(best)) {
                    scores.get(objects.label()).add(found.scores().get(d), best >= 0 && !taken[best]);
                }
                if (best >= 0) {
                    taken[best] = true;
                }
            }
        }
    }

    /** The true box that this one stands for, or -1. */
    private int best(GroundTruth truth, int[] candidates, Box box) {
        int best = -1;
        double most = 0;
        for (int t : candidates) {
            double overlap = edges.overlap(box, truth.boxes().get(t));
            if (overlap >= LEAST && overlap > most) {
                best = t;
                most = overlap;
            }
        }
        return best;
    }

    /** The figures of all images that were taken in. */
    public VocResult result() {
        var perClass = new ArrayList<VocResult.PerClass>();
        for (int label = 0; label < classes.size(); label++) {
            Ranking ranking = scores.get(label).ranking(support[label]);
            perClass.add(
                    new VocResult.PerClass(classes.get(label), ranking.elevenPoint(), ranking.area(), support[label]));
        }
        return new VocResult(
                Means.of(classes.size(), label -> perClass.get(label).elevenPoint()),
                Means.of(classes.size(), label -> perClass.get(label).area()),
                perClass);
    }
}
