package dev.fovea.optim;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** The factor of the base learning rate over a run. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Schedule.Constant.class, name = "constant"),
    @JsonSubTypes.Type(value = Schedule.Step.class, name = "step"),
    @JsonSubTypes.Type(value = Schedule.Cosine.class, name = "cosine"),
    @JsonSubTypes.Type(value = Schedule.Linear.class, name = "linear"),
    @JsonSubTypes.Type(value = Schedule.OneCycle.class, name = "one-cycle"),
    @JsonSubTypes.Type(value = Schedule.Plateau.class, name = "plateau")
})
public sealed interface Schedule {

    /**
     * The factor at an update.
     *
     * @param step updates made so far, from 0
     * @param steps of the whole run
     * @param stepsPerEpoch updates of one epoch
     * @return 0 to 1
     */
    double factor(long step, long steps, long stepsPerEpoch);

    /** What reduce-on-plateau makes of a validation; every other schedule leaves the watch as it is. */
    default Watch afterEpoch(Watch watch, double loss) {
        return watch;
    }

    /**
     * What reduce-on-plateau remembers between epochs.
     *
     * @param factor made of the rate so far
     * @param waited epochs since the best loss
     * @param best loss so far, NaN at first
     */
    record Watch(double factor, int waited, double best) {}

    /** Linear rise over {@code warmup} updates, at most half of the run, then always 1. */
    record Constant(int warmup) implements Schedule {
        public Constant {
            checkWarmup(warmup);
        }

        @Override
        public double factor(long step, long steps, long stepsPerEpoch) {
            return rise(step, steps, warmup);
        }
    }

    /**
     * Multiplied by {@code gamma} every {@code epochs} epochs.
     *
     * @param gamma 0 to 1
     */
    record Step(int epochs, double gamma, int warmup) implements Schedule {
        public Step {
            checkWarmup(warmup);
            if (epochs < 1 || gamma <= 0 || gamma > 1) {
                throw new IllegalArgumentException(
                        "schedule step: epochs must be at least 1 and gamma above 0 to 1, got epochs=%s, gamma=%s"
                                .formatted(epochs, gamma));
            }
        }

        @Override
        public double factor(long step, long steps, long stepsPerEpoch) {
            return rise(step, steps, warmup) * Math.pow(gamma, step / stepsPerEpoch / epochs);
        }
    }

    /**
     * Linear rise over {@code warmup} updates, at most half of the run, then half a cosine down to {@code end} (Loshchilov and Hutter 2016).
     *
     * @param end the last factor, 0 to 1
     */
    record Cosine(int warmup, double end) implements Schedule {
        public Cosine {
            checkWarmup(warmup);
            if (end < 0 || end > 1) {
                throw new IllegalArgumentException("schedule cosine: end must be 0 to 1, got end=" + end);
            }
        }

        @Override
        public double factor(long step, long steps, long stepsPerEpoch) {
            long risen = risen(steps, warmup);
            return step < risen
                    ? rise(step, steps, warmup)
                    : fall((step - risen) / (double) Math.max(1, steps - risen), 1, end);
        }
    }

    /**
     * Linear rise over {@code warmup} updates, at most half of the run, then a straight line down to {@code end}.
     *
     * @param end the last factor, 0 to 1
     */
    record Linear(int warmup, double end) implements Schedule {
        public Linear {
            checkWarmup(warmup);
            if (end < 0 || end > 1) {
                throw new IllegalArgumentException("schedule linear: end must be 0 to 1, got end=" + end);
            }
        }

        @Override
        public double factor(long step, long steps, long stepsPerEpoch) {
            long risen = risen(steps, warmup);
            return step < risen
                    ? rise(step, steps, warmup)
                    : 1 - (1 - end) * Math.min(1, (step - risen) / (double) Math.max(1, steps - risen));
        }
    }

    /**
     * From {@code 1 / divide} up to 1 over the first {@code rise} of the run, down to almost nothing over the rest,
     * both along cosines (Smith and Topin 2017).
     *
     * @param rise share of the run, above 0 and below 1
     * @param divide 1 or more
     */
    record OneCycle(double rise, double divide) implements Schedule {
        public OneCycle {
            if (rise <= 0 || rise >= 1 || divide < 1) {
                throw new IllegalArgumentException(
                        "schedule one-cycle: rise must be between 0 and 1 and divide at least 1, got rise=%s, divide=%s"
                                .formatted(rise, divide));
            }
        }

        @Override
        public double factor(long step, long steps, long stepsPerEpoch) {
            double at = step / (double) Math.max(1, steps - 1);
            return at < rise ? fall(at / rise, 1 / divide, 1) : fall((at - rise) / (1 - rise), 1, 1 / divide / 1e4);
        }
    }

    /**
     * Multiplied by {@code gamma} after {@code patience} epochs without a lower loss.
     *
     * @param gamma 0 to 1
     */
    record Plateau(int patience, double gamma) implements Schedule {
        public Plateau {
            if (patience < 1 || gamma <= 0 || gamma >= 1) {
                throw new IllegalArgumentException(
                        "schedule plateau: patience must be at least 1 and gamma between 0 and 1, got patience=%s, gamma=%s"
                                .formatted(patience, gamma));
            }
        }

        @Override
        public double factor(long step, long steps, long stepsPerEpoch) {
            return 1;
        }

        @Override
        public Watch afterEpoch(Watch watch, double loss) {
            if (Double.isNaN(watch.best()) || loss < watch.best()) {
                return new Watch(watch.factor(), 0, loss);
            }
            return watch.waited() + 1 < patience
                    ? new Watch(watch.factor(), watch.waited() + 1, watch.best())
                    : new Watch(watch.factor() * gamma, 0, watch.best());
        }
    }

    /** Always 1. */
    static Schedule constant() {
        return new Constant(0);
    }

    /** One of each kind, with its default settings. */
    static List<Schedule> defaults() {
        return List.of(
                constant(),
                new Step(30, 0.1, 0),
                new Cosine(0, 0),
                new Linear(0, 0),
                new OneCycle(0.3, 25),
                new Plateau(5, 0.1));
    }

    private static double rise(long step, long steps, int warmup) {
        long risen = risen(steps, warmup);
        return step < risen ? (step + 1) / (double) risen : 1;
    }

    /** A run of few updates would otherwise be over before its rate is worth anything. */
    private static long risen(long steps, int warmup) {
        return Math.min(warmup, steps / 2);
    }

    private static double fall(double share, double from, double to) {
        return to + (from - to) * (1 + Math.cos(Math.PI * Math.min(1, share))) / 2;
    }

    private static void checkWarmup(int warmup) {
        if (warmup < 0) {
            throw new IllegalArgumentException("schedule warmup must be 0 or more updates, got warmup=" + warmup);
        }
    }
}
