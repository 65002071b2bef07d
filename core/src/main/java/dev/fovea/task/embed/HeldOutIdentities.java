package dev.fovea.task.embed;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.data.Splits;
import dev.fovea.engine.Seed;
import dev.fovea.run.Classes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/** Splits data so that the identities which are validated on have no image in training. */
final class HeldOutIdentities {

    /** Key of the random numbers, beside those of other splits. */
    private static final long SPLIT = 31;

    /** On each side, as fewer make no pair of two identities. */
    private static final int LEAST = 2;

    private HeldOutIdentities() {}

    /**
     * With a validation part of some identities that have two images or more; one of a single image stays in training.
     *
     * @param share of these identities
     * @throws DataException if there are too few
     */
    static Splits of(Splits data, double share, long seed) {
        Dataset all = data.train();
        int[] counts = all.counts();
        int[] several =
                IntStream.range(0, counts.length).filter(k -> counts[k] > 1).toArray();
        if (several.length < 2 * LEAST) {
            throw new DataException(
                    "%s %s two images or more, too few to hold some out for validation: at least %s are needed. Hold out images of all with task.heldOut=images, or none with selection.validation=0"
                            .formatted(
                                    several.length,
                                    several.length == 1 ? "identity has" : "identities have",
                                    2 * LEAST));
        }
        long wanted = Math.round(share * several.length);
        int held = (int) Math.max(LEAST, Math.min(wanted, several.length - LEAST));
        int[] order =
                Order.shuffled(several.length, new Seed(seed).derive(SPLIT).random());
        Set<Integer> chosen = new HashSet<>();
        Arrays.stream(order, 0, held).forEach(i -> chosen.add(several[i]));
        return new Splits(part(all, chosen, false), part(all, chosen, true), data.test(), data.notes(), data.files());
    }

    private static Dataset part(Dataset all, Set<Integer> chosen, boolean held) {
        return Classes.present(all.subset(IntStream.range(0, all.size())
                .filter(i -> chosen.contains(all.label(i)) == held)
                .toArray()));
    }
}
