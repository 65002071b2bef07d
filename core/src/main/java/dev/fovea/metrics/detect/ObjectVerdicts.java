package dev.fovea.metrics.detect;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What is right and what is wrong of what a detector says of one image, object by object, as {@link TideMetrics} tells it: an IoU of 0.5
 * is right.
 *
 * @param found of each found object
 * @param missed positions of the true objects that were not found, not even by one of the wrong class or place
 */
public record ObjectVerdicts(List<Verdict> found, List<Integer> missed) {

    /**
     * Of one found object.
     *
     * @param counts whether it is right or wrong; it is neither where it stands for an object to be ignored
     * @param error none if it is right
     * @param truth the position of the true object that it is, or -1
     */
    public record Verdict(boolean counts, Optional<DetectionError> error, int truth) {

        public boolean right() {
            return counts && error.isEmpty();
        }
    }

    public ObjectVerdicts {
        found = List.copyOf(found);
        missed = List.copyOf(missed);
    }

    /** @param classes how many there are */
    public static ObjectVerdicts of(GroundTruth truth, Detections found, int classes) {
        var image = new TideImage(truth, found, Region.BOX.pairs(truth, found), classes);
        List<Verdict> verdicts = IntStream.range(0, found.size())
                .mapToObj(d -> image.verdict(d)
                        .map(judged -> new Verdict(
                                true,
                                judged instanceof Judged.Wrong wrong ? Optional.of(wrong.error()) : Optional.empty(),
                                judged instanceof Judged.Right ? image.match(d) : -1))
                        .orElse(new Verdict(false, Optional.empty(), -1)))
                .toList();
        return new ObjectVerdicts(verdicts, IntStream.of(image.missed()).boxed().toList());
    }
}
