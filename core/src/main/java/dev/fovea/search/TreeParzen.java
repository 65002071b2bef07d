package dev.fovea.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The tree-structured Parzen estimator (Bergstra et al. 2011, <a
 * href="https://papers.nips.cc/paper/4443-algorithms-for-hyper-parameter-optimization">section 4</a>): a density of the places
 * of the best trials and one of the others, and of several places drawn from the first the one where it exceeds the second most.
 * Each setting has densities of its own; those of a range are mixtures of normal ones as wide as the gaps between trials, with
 * one as wide as the range; those of a choice are counts.
 *
 * @param startup trials before which it guesses
 * @param share of the trials that are the best ones
 * @param candidates drawn for each proposal
 */
record TreeParzen(int startup, double share, int candidates) implements Sampler {

    /** As the authors' software comes, but for a smaller start: searches here are of some ten trials. */
    static final TreeParzen USUAL = new TreeParzen(8, 0.25, 24);

    @Override
    public double[] propose(List<Setting> settings, List<Seen> seen, SplittableRandom random) {
        if (seen.size() < startup) {
            return Sampler.random().propose(settings, seen, random);
        }
        List<Seen> sorted = seen.stream()
                .sorted(Comparator.comparingDouble(Seen::score).reversed())
                .toList();
        int best = Math.max(2, (int) Math.ceil(share * sorted.size()));
        double[] place = new double[settings.size()];
        for (int i = 0; i < place.length; i++) {
            int at = i;
            double[] places = sorted.stream().mapToDouble(s -> s.places()[at]).toArray();
            place[i] = dimension(
                    settings.get(i),
                    Arrays.copyOf(places, best),
                    Arrays.copyOfRange(places, best, places.length),
                    random);
        }
        return place;
    }

    private double dimension(Setting setting, double[] good, double[] other, SplittableRandom random) {
        Density of = Density.of(setting, good);
        Density against = Density.of(setting, other);
        double best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < candidates; i++) {
            double place = of.draw(random);
            double gain = Math.log(of.at(place)) - Math.log(against.at(place));
            if (gain > most) {
                most = gain;
                best = place;
            }
        }
        return best;
    }

    /** Over the places of one setting. */
    private interface Density {

        double at(double place);

        double draw(SplittableRandom random);

        static Density of(Setting setting, double[] places) {
            return setting instanceof Setting.Choice choice
                    ? Counts.of(choice.values().size(), places)
                    : Mixture.of(places);
        }
    }

    /** Of a choice; every value counts once more, shared out, so that none is ruled out. */
    private record Counts(double[] shares) implements Density {

        static Counts of(int values, double[] places) {
            double[] shares = new double[values];
            Arrays.fill(shares, 1.0 / values / (places.length + 1));
            for (double place : places) {
                shares[index(place, values)] += 1.0 / (places.length + 1);
            }
            return new Counts(shares);
        }

        private static int index(double place, int values) {
            return (int) Math.min(values - 1, place * values);
        }

        @Override
        public double at(double place) {
            return shares[index(place, shares.length)];
        }

        @Override
        public double draw(SplittableRandom random) {
            double left = random.nextDouble();
            int value = 0;
            while (value < shares.length - 1 && left >= shares[value]) {
                left -= shares[value++];
            }
            return (value + 0.5) / shares.length;
        }
    }

    /** Normal densities cut off at 0 and 1, all of the same weight; the first stands in the middle and is as wide as the range. */
    private record Mixture(double[] means, double[] widths) implements Density {

        static Mixture of(double[] places) {
            double[] sorted = places.clone();
            Arrays.sort(sorted);
            double narrowest = 1.0 / Math.min(100, places.length + 2);
            double[] means = new double[sorted.length + 1];
            double[] widths = new double[sorted.length + 1];
            means[0] = 0.5;
            widths[0] = 1;
            for (int i = 0; i < sorted.length; i++) {
                double left = sorted[i] - (i == 0 ? 0 : sorted[i - 1]);
                double right = (i == sorted.length - 1 ? 1 : sorted[i + 1]) - sorted[i];
                means[i + 1] = sorted[i];
                widths[i + 1] = Math.max(narrowest, Math.min(1, Math.max(left, right)));
            }
            return new Mixture(means, widths);
        }

        @Override
        public double at(double place) {
            double sum = 0;
            for (int i = 0; i < means.length; i++) {
                double z = (place - means[i]) / widths[i];
                double inside = normal((1 - means[i]) / widths[i]) - normal(-means[i] / widths[i]);
                sum += Math.exp(-z * z / 2) / (widths[i] * Math.sqrt(2 * Math.PI) * inside);
            }
            return sum / means.length;
        }

        /** The share of a standard normal density below {@code z}, to 1e-4 (Abramowitz and Stegun 26.2.19). */
        private static double normal(double z) {
            if (z < 0) {
                return 1 - normal(-z);
            }
            double sum = 1
                    + z
                            * (0.0498673470
                                    + z
                                            * (0.0211410061
                                                    + z
                                                            * (0.0032776263
                                                                    + z
                                                                            * (0.0000380036
                                                                                    + z
                                                                                            * (0.0000488906
                                                                                                    + z
                                                                                                            * 0.0000053830)))));
            return 1 - Math.pow(sum, -16) / 2;
        }

        @Override
        public double draw(SplittableRandom random) {
            int i = random.nextInt(means.length);
            while (true) {
                double place = means[i] + widths[i] * random.nextGaussian();
                if (place >= 0 && place <= 1) {
                    return place;
                }
            }
        }
    }
}
