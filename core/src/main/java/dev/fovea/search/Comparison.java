package dev.fovea.search;

import dev.fovea.data.Splits;
import dev.fovea.run.Runs;
import dev.fovea.task.Tasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The choice of one of several candidates: how fast each is here, and what those that fit the time reach in equal time. */
final class Comparison {

    /** The share of the time that the last training is to have at least. */
    static final double LAST = 0.6;

    /** Shares of the time: a measurement of one candidate, and all comparisons. */
    private static final double MEASUREMENT = 0.02;

    private static final double COMPARISON = 0.25; // or more, where the last training leaves more

    private final AutoContext context;
    private final Splits data;
    private final List<Path> runs = new ArrayList<>();

    Comparison(AutoContext context, Splits data) {
        this.context = context;
        this.data = data;
    }

    /** The trainings by which candidates were compared. */
    List<Path> runs() {
        return runs;
    }

    /** How long an epoch of each candidate takes here; candidates that cannot be trained are left out. */
    List<Measured> measured(List<Candidate> candidates) {
        var measured = new ArrayList<Measured>();
        for (Candidate candidate : candidates) {
            if (context.stopped()) {
                break;
            }
            var time = new EpochTime(MEASUREMENT * context.limit());
            try {
                Path run = Tasks.ALL
                        .train(
                                context.seeded(candidate.recipe().withEpochs(1)),
                                data,
                                context.settings(candidate, "measured")
                                        .withListeners(List.of(time))
                                        .withStop(() -> time.getAsBoolean() || context.stopped()))
                        .folder();
                Runs.remove(run);
                measured.add(new Measured(
                        candidate, time.epoch() * (1 + Measured.validationShare(candidate, data)), time.setup()));
            } catch (RuntimeException e) {
                context.tell("%s cannot be trained on this data: %s".formatted(candidate.name(), e.getMessage()));
            }
        }
        if (measured.isEmpty()) {
            throw new IllegalArgumentException(
                    context.stopped()
                            ? "stopped before anything was trained"
                            : "no network can be trained on this data: " + String.join(" ", context.story()));
        }
        measured.forEach(one -> context.tell(one.words(LAST * context.limit())));
        return measured;
    }

    /** The candidate to train: the only one that fits the time, the best of short trainings, or the most accurate by repute. */
    Measured chosen(List<Measured> measured) {
        List<Measured> fitting = measured.stream()
                .filter(one -> one.fits(LAST * context.limit()))
                .toList();
        if (fitting.isEmpty()) {
            Measured fastest = measured.stream()
                    .min(Comparator.comparingDouble(Measured::epochSeconds))
                    .orElseThrow();
            context.tell("The time is short for all of them: %s, the fastest, is trained as long as it lasts."
                    .formatted(fastest.name()));
            return fastest;
        }
        double spare = fitting.stream()
                .mapToDouble(one -> one.spare(context.trainingTime()))
                .min()
                .orElse(0);
        double each = Math.max(COMPARISON * context.limit(), spare) / fitting.size();
        if (fitting.size() == 1 || fitting.stream().anyMatch(one -> one.epochs(each) < one.leastShort())) {
            Measured first = fitting.get(0);
            context.tell(
                    fitting.size() == 1
                            ? "%s is the only one for which the time is enough.".formatted(first.name())
                            : "There is no time to compare them: %s is taken, as %s."
                                    .formatted(first.name(), first.candidate().why()));
            return first;
        }
        return compared(fitting, each);
    }

    private Measured compared(List<Measured> fitting, double each) {
        Measured best = fitting.get(0);
        double bestScore = Double.NEGATIVE_INFINITY;
        for (Measured one : fitting) {
            if (context.stopped()) {
                break;
            }
            int epochs = Math.min(one.epochs(each), one.candidate().mostEpochs());
            try {
                Path run = Tasks.ALL
                        .train(
                                context.seeded(one.candidate().recipe().withEpochs(epochs)),
                                data,
                                context.settings(one.candidate(), "compared")
                                        .withListeners(List.of())
                                        .withStop(context.stop())
                                        .withMaxTime(AutoContext.time(2 * each)))
                        .folder();
                runs.add(run);
                Runs.Row row = Runs.of(run);
                double score = AutoContext.score(row);
                context.tell(String.format(
                        Locale.ROOT,
                        "%s reaches %s in %s (%.0f s).",
                        one.name(),
                        AutoContext.figure(row),
                        Measured.words(row.epochs()),
                        row.seconds()));
                if (score > bestScore) {
                    best = one.of(one.candidate().recipe(), row); // the first steps of a process are slower
                    bestScore = score;
                }
            } catch (RuntimeException e) {
                context.tell("%s failed: %s".formatted(one.name(), e.getMessage()));
            }
        }
        context.tell("%s is the best of them in equal time.".formatted(best.name()));
        return best;
    }
}
