package dev.fovea.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The tree-structured Parzen estimator (Bergstra et al. 2011, <a
 * href="https://papers.nips.cc/paper/4443-algorithms-for-hyper-parameter-optimization">section 4</a>). Trials are split into
 * the good ones and the others; l(x) is the density of the places of the good, g(x) that of the others. Of several
 * places drawn from l the one of the largest l(x) / g(x) is proposed, which is where expected improvement is largest.
 *
 * <p>Each setting has densities of its own. On a range they are Parzen estimates: normal densities around the trials, as wide as
 * the gaps between them, and a prior as wide as the range; on a choice they are counts. Places are from 0 to 1 over the range, of
 * a logarithmic one over its logarithm.
 *
 * @param startup random trials before the first proposal
 * @param gamma of n trials, gamma times the root of n are good: as n grows the good ones stay few, and with few the prior keeps its
 *     weight, so that what no good trial had is still tried
 * @param candidates places drawn for each proposal
 */
record TreeParzen(int startup, double gamma, int candidates) implements Sampler {

    /** As the authors' software, but for a smaller start and more good trials: searches here are of some ten trials in all. */
    static final TreeParzen USUAL = new TreeParzen(8, 0.75, 24);

    @Override
    public double[] propose(List<Setting> settings, List<Seen> seen, SplittableRandom random) {
        if (seen.size() < startup) {
            return Sampler.random().propose(settings, seen, random);
        }
        List<Seen> sorted = seen.stream()
                .sorted(Comparator.comparingDouble(Seen::score).reversed())
                .toList();
        int good = Math.max(2, (int) Math.ceil(gamma * Math.sqrt(sorted.size())));
        double[] proposed = new double[settings.size()];
        for (int i = 0; i < proposed.length; i++) {
            int at = i;
            double[] places = sorted.stream().mapToDouble(s -> s.places()[at]).toArray();
            Density l = Density.of(settings.get(i), Arrays.copyOf(places, good));
            Density g = Density.of(settings.get(i), Arrays.copyOfRange(places, good, places.length));
            proposed[i] = largestRatio(l, g, random);
        }
        return proposed;
    }

    private double largestRatio(Density l, Density g, SplittableRandom random) {
        double best = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < candidates; i++) {
            double place = l.draw(random);
            double ratio = Math.log(l.at(place)) - Math.log(g.at(place));
            if (ratio > largest) {
                largest = ratio;
                best = place;
            }
        }
        return best;
    }

    /** Over the places of one setting. */
    private interface Density {

        /** Of the value at a place. */
        double at(double place);

        double draw(SplittableRandom random);

        static Density of(Setting setting, double[] places) {
            return setting instanceof Setting.Choice choice
                    ? Counts.of(choice.values().size(), places)
                    : Parzen.of((Setting.Range) setting, places);
        }
    }

    /** Of a choice; the prior is one count shared out evenly, so that no value is ruled out. */
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

    /**
     * Normal densities cut off at 0 and 1, all of the same weight; the first is the prior. What counts is the share of all places
     * that have the same value: of whole numbers, two places may be apart and be the same trial.
     */
    private record Parzen(Setting.Range range, double[] means, double[] deviations) implements Density {

        /** Of the normal distribution, Abramowitz and Stegun 26.2.19. */
        private static final double[] COEFFICIENTS = {
            0.0498673470, 0.0211410061, 0.0032776263, 0.0000380036, 0.0000488906, 0.0000053830
        };

        static Parzen of(Setting.Range range, double[] places) {
            double[] sorted = places.clone();
            Arrays.sort(sorted);
            double narrowest = 1.0 / Math.min(100, places.length + 2);
            double[] means = new double[sorted.length + 1];
            double[] deviations = new double[sorted.length + 1];
            means[0] = 0.5;
            deviations[0] = 1;
            for (int i = 0; i < sorted.length; i++) {
                double left = sorted[i] - (i == 0 ? 0 : sorted[i - 1]);
                double right = (i == sorted.length - 1 ? 1 : sorted[i + 1]) - sorted[i];
                means[i + 1] = sorted[i];
                deviations[i + 1] = Math.max(narrowest, Math.min(1, Math.max(left, right)));
            }
            return new Parzen(range, means, deviations);
        }

        @Override
        public double at(double place) {
            double from = range.from(place);
            double to = range.to(place);
            double sum = 0;
            for (int i = 0; i < means.length; i++) {
                sum += share(i, from, to) / share(i, 0, 1);
            }
            return sum / means.length;
        }

        private double share(int i, double from, double to) {
            return below((to - means[i]) / deviations[i]) - below((from - means[i]) / deviations[i]);
        }

        /** The standard normal distribution function, to 1e-6. */
        private static double below(double z) {
            if (z < 0) {
                return 1 - below(-z);
            }
            double sum = 0;
            for (int i = COEFFICIENTS.length - 1; i >= 0; i--) {
                sum = (sum + COEFFICIENTS[i]) * z;
            }
            return 1 - Math.pow(1 + sum, -16) / 2;
        }

        @Override
        public double draw(SplittableRandom random) {
            int i = random.nextInt(means.length);
            while (true) {
                double place = means[i] + deviations[i] * random.nextGaussian();
                if (place >= 0 && place <= 1) {
                    return place;
                }
            }
        }
    }
}
