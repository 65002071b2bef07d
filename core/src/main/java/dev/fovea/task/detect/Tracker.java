package dev.fovea.task.detect;

import dev.fovea.data.Box;
import dev.fovea.nn.detect.Hungarian;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Follows objects from frame to frame: those that were found are matched with where known ones should be by now, first the sure
 * ones, then, so that an object which is half hidden is not lost, the unsure ones (ByteTrack, Zhang et al. 2021, <a
 * href="https://arxiv.org/abs/2110.06864">2110.06864</a>). Where an object should be is its last place and its speed, as a filter
 * of fixed gain keeps them. Frames are given in their order; not for several threads.
 */
public final class Tracker {

    /** Overlaps that a match needs at least, of sure and of unsure objects. */
    private static final double SURE_OVERLAP = 0.2;

    private static final double UNSURE_OVERLAP = 0.5;

    /** What a match costs that must not be. */
    private static final double FORBIDDEN = 1e3;

    /** Shares of what is off by that go to place and speed. */
    private static final double PLACE = 0.8;

    private static final double SPEED = 0.4;

    private final ToDoubleFunction<String> sure;
    private final int patience;
    private final List<Track> tracks = new ArrayList<>();
    private int last;

    /**
     * With no object known yet.
     *
     * @param sure least score of an object that begins a track, 0 to 1
     * @param patience frames without it after which an object is given up, at least 0
     */
    public Tracker(double sure, int patience) {
        this(label -> sure, patience);
        if (!(sure >= 0 && sure <= 1)) {
            throw new IllegalArgumentException("tracker: sure must be 0 to 1, got sure=" + sure);
        }
    }

    /**
     * The same with a score for each class.
     *
     * @param sure least score of an object of a label that begins a track, 0 to 1
     */
    public Tracker(ToDoubleFunction<String> sure, int patience) {
        if (patience < 0) {
            throw new IllegalArgumentException("tracker: patience must be at least 0, got patience=" + patience);
        }
        this.sure = sure;
        this.patience = patience;
    }

    private boolean isSure(DetectedObject object) {
        return object.score() >= sure.applyAsDouble(object.label());
    }

    /** An object that is known. */
    private static final class Track {

        private final int number;
        private final String label;
        private final double[] place; // middle, width and height
        private final double[] speed = new double[4];
        private int missed;

        Track(int number, DetectedObject object) {
            this.number = number;
            label = object.label();
            place = numbers(object.box());
        }

        private static double[] numbers(Box box) {
            return new double[] {
                (box.left() + box.right()) / 2, (box.top() + box.bottom()) / 2, box.width(), box.height()
            };
        }

        void move() {
            for (int i = 0; i < 4; i++) {
                place[i] += speed[i];
            }
            place[2] = Math.max(1, place[2]);
            place[3] = Math.max(1, place[3]);
        }

        void see(Box box) {
            double[] seen = numbers(box);
            for (int i = 0; i < 4; i++) {
                double off = seen[i] - place[i];
                place[i] += PLACE * off;
                speed[i] += SPEED * off;
            }
            missed = 0;
        }

        Box box() {
            return new Box(
                    place[0] - place[2] / 2, place[1] - place[3] / 2, place[0] + place[2] / 2, place[1] + place[3] / 2);
        }
    }

    /**
     * The objects of the next frame that belong to tracks, in their order.
     *
     * @param found all that could be an object, unsure ones too
     */
    public List<TrackedObject> next(List<DetectedObject> found) {
        tracks.forEach(Track::move);
        int[] numbers = new int[found.size()];
        var open = new ArrayList<>(tracks);
        match(open, found, numbers, true);
        open.removeIf(track -> track.missed > 0); // what nobody has seen of late is not taken for something half hidden
        match(open, found, numbers, false);
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] == 0 && isSure(found.get(i))) {
                tracks.add(new Track(++last, found.get(i)));
                numbers[i] = last;
            }
        }
        var tracked = new ArrayList<TrackedObject>();
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] > 0) {
                tracked.add(new TrackedObject(numbers[i], found.get(i)));
            }
        }
        for (Track track : tracks) {
            track.missed += tracked.stream().anyMatch(one -> one.track() == track.number) ? 0 : 1;
        }
        tracks.removeIf(track -> track.missed > patience);
        return tracked;
    }

    /** Matches open tracks with objects that have none, and takes those that were matched out of {@code open}. */
    private void match(List<Track> open, List<DetectedObject> found, int[] numbers, boolean ofSure) {
        var free = new ArrayList<Integer>();
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] == 0 && isSure(found.get(i)) == ofSure) {
                free.add(i);
            }
        }
        if (open.isEmpty() || free.isEmpty()) {
            return;
        }
        double[][] cost = new double[open.size()][free.size()];
        for (int t = 0; t < open.size(); t++) {
            for (int f = 0; f < free.size(); f++) {
                cost[t][f] = cost(open.get(t), found.get(free.get(f)), ofSure ? SURE_OVERLAP : UNSURE_OVERLAP);
            }
        }
        int[] assigned = Hungarian.assign(cost);
        var matched = new ArrayList<Track>();
        for (int t = 0; t < assigned.length; t++) {
            if (assigned[t] >= 0 && cost[t][assigned[t]] < FORBIDDEN) {
                int index = free.get(assigned[t]);
                open.get(t).see(found.get(index).box());
                numbers[index] = open.get(t).number;
                matched.add(open.get(t));
            }
        }
        open.removeAll(matched);
    }

    private static double cost(Track track, DetectedObject object, double least) {
        double iou = track.box().iou(object.box());
        return track.label.equals(object.label()) && iou >= least ? 1 - iou : FORBIDDEN;
    }
}
