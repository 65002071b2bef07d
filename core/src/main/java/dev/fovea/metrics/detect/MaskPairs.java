package dev.fovea.metrics.detect;

import dev.fovea.data.Mask;
import java.util.List;

/** By their masks, 64 pixels at a time. */
final class MaskPairs implements Pairs {

    private final List<Boolean> ignore;
    private final List<Bits> truths;
    private final List<Bits> founds;

    /** @throws IllegalArgumentException if an object has no mask or sizes differ */
    MaskPairs(GroundTruth truth, Detections found) {
        check(truth, found);
        ignore = truth.ignore();
        truths = truth.masks().stream().map(Bits::of).toList();
        founds = found.masks().stream().map(Bits::of).toList();
    }

    private static void check(GroundTruth truth, Detections found) {
        if (truth.masks().size() != truth.size() || found.masks().size() != found.size()) {
            throw new IllegalArgumentException(
                    "masks: each object needs one, got %s masks of %s true and %s of %s found objects"
                            .formatted(
                                    truth.masks().size(),
                                    truth.size(),
                                    found.masks().size(),
                                    found.size()));
        }
        if (truth.size() > 0
                && found.size() > 0
                && !truth.masks().get(0).size().equals(found.masks().get(0).size())) {
            throw new IllegalArgumentException("masks: true and found ones must be of one size, got %s and %s"
                    .formatted(truth.masks().get(0).size(), found.masks().get(0).size()));
        }
    }

    /** Pixels as bits, of which those of the words before {@code from} and from {@code to} on are 0. */
    private record Bits(long[] words, int from, int to, long area) {

        static Bits of(Mask mask) {
            byte[] values = mask.values();
            long[] words = new long[(values.length + 63) / 64];
            for (int i = 0; i < values.length; i++) {
                words[i >> 6] |= values[i] == 0 ? 0 : 1L << (i & 63);
            }
            int from = 0;
            while (from < words.length && words[from] == 0) {
                from++;
            }
            int to = words.length;
            while (to > from && words[to - 1] == 0) {
                to--;
            }
            long area = 0;
            for (int i = from; i < to; i++) {
                area += Long.bitCount(words[i]);
            }
            return new Bits(words, from, to, area);
        }

        long both(Bits other) {
            long both = 0;
            for (int i = Math.max(from, other.from); i < Math.min(to, other.to); i++) {
                both += Long.bitCount(words[i] & other.words[i]);
            }
            return both;
        }
    }

    @Override
    public double overlap(int found, int truth) {
        Bits a = founds.get(found);
        Bits b = truths.get(truth);
        long both = a.both(b);
        return both == 0 ? 0 : both / (double) (ignore.get(truth) ? a.area() : a.area() + b.area() - both);
    }

    @Override
    public double area(int found) {
        return founds.get(found).area();
    }

    @Override
    public boolean ignored(int truth) {
        return ignore.get(truth);
    }
}
