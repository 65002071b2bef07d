package dev.fovea.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class TreeParzenTest {

    private static final int SEEDS = 21;
    private static final int MOST = 200;

    private static final Space SPACE =
            Space.parse(List.of("lr=0.0001..1", "depth=1..20", "kind=a|b|c|d|e", "noise=0..1"));

    /** Largest, 0, at lr 0.01, depth 5 and kind c; the noise has no effect. */
    private static double score(Map<String, String> values) {
        double lr = Math.log10(Double.parseDouble(values.get("lr"))) + 2;
        double depth = (Double.parseDouble(values.get("depth")) - 5) / 10;
        double kind = values.get("kind").equals("c") ? 0 : 0.5;
        return -(lr * lr + depth * depth + kind);
    }

    /** Trials until one comes close to the largest value. */
    private static int trials(Sampler sampler, long seed) {
        var random = new SplittableRandom(seed);
        var seen = new ArrayList<Sampler.Seen>();
        while (seen.size() < MOST) {
            Map<String, String> values = SPACE.at(sampler.propose(SPACE.settings(), seen, random));
            double score = score(values);
            seen.add(new Sampler.Seen(SPACE.places(values), score));
            if (score > -0.05) {
                break;
            }
        }
        return seen.size();
    }

    private static double median(ToDoubleFunction<Long> of) {
        double[] all = new double[SEEDS];
        Arrays.setAll(all, seed -> of.applyAsDouble((long) seed));
        Arrays.sort(all);
        return all[SEEDS / 2];
    }

    @Test
    void findsTheBestPlaceInFarFewerTrialsThanRandomSearch() {
        double guided = median(seed -> trials(TreeParzen.USUAL, seed));
        double random = median(seed -> trials(Sampler.random(), seed));
        assertThat(guided).isLessThan(0.6 * random);
    }

    @Test
    void guessesUntilThereAreEnoughTrials() {
        var seen = new ArrayList<Sampler.Seen>();
        for (int i = 0; i < TreeParzen.USUAL.startup() - 1; i++) {
            seen.add(new Sampler.Seen(new double[] {0.5, 0.5, 0.5, 0.5}, i));
        }
        double[] guided = TreeParzen.USUAL.propose(SPACE.settings(), seen, new SplittableRandom(3));
        double[] random = Sampler.random().propose(SPACE.settings(), seen, new SplittableRandom(3));
        assertThat(guided).containsExactly(random);
    }

    @Test
    void proposesPlacesWithinTheRangeAlsoWhereAllGoodOnesLieAtItsEnd() {
        var seen = new ArrayList<Sampler.Seen>();
        for (int i = 0; i < 20; i++) {
            double place = i < 5 ? 1 : i / 20.0 - 0.25;
            seen.add(new Sampler.Seen(new double[] {place, place, place, place}, i < 5 ? 1 : -i));
        }
        var random = new SplittableRandom(5);
        var first = new ArrayList<Double>();
        for (int i = 0; i < 200; i++) {
            double[] places = TreeParzen.USUAL.propose(SPACE.settings(), seen, random);
            for (double place : places) {
                assertThat(place).isBetween(0.0, 1.0);
            }
            first.add(places[0]);
        }
        assertThat(first.stream().filter(place -> place > 0.8).count()).isGreaterThan(150);
    }

    @Test
    void failedTrialsAreAvoided() {
        var seen = new ArrayList<Sampler.Seen>();
        for (int i = 0; i < 20; i++) {
            double place = (i + 0.5) / 20;
            double score = place > 0.5 ? Double.NEGATIVE_INFINITY : 0.1 * (i % 3);
            seen.add(new Sampler.Seen(new double[] {place, 0.5, 0.5, 0.5}, score));
        }
        var random = new SplittableRandom(6);
        int avoided = 0;
        for (int i = 0; i < 100; i++) {
            avoided += TreeParzen.USUAL.propose(SPACE.settings(), seen, random)[0] <= 0.55 ? 1 : 0;
        }
        assertThat(avoided).isGreaterThan(90);
    }
}
