package dev.fovea.task.classify;

import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.metrics.Softmax;
import dev.fovea.run.Classes;
import dev.fovea.run.Evaluated;
import dev.fovea.run.NetOutputs;
import dev.fovea.run.Predictor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Several classifiers of the same classes that answer together, by the mean of their probabilities. It is mostly better than its
 * best member where the members differ, by seed, part of the data or architecture (Lakshminarayanan et al. 2017, <a
 * href="https://arxiv.org/abs/1612.01474">1612.01474</a>), and as slow as all of them.
 */
public final class Ensemble implements Predictor {

    /** Keeps the logarithm of a probability finite. */
    private static final double TINY = 1e-30;

    private final List<Classifier> members;
    private final List<int[]> places; // of each member, where it has each class
    private final int top;

    private Ensemble(List<Classifier> members, List<int[]> places, int top) {
        this.members = members;
        this.places = places;
        this.top = top;
    }

    /**
     * Of these, whose classes may be in different orders.
     *
     * @throws IllegalArgumentException if there is none, one is for clips, or they know different classes
     */
    public static Ensemble of(List<Classifier> members) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("ensemble: expected one classifier or more");
        }
        List<String> classes = members.get(0).classes();
        for (Classifier member : members) {
            if (member.clips()) {
                throw new IllegalArgumentException("ensemble: classifiers of clips do not answer together");
            }
            if (member.classes().size() != classes.size() || !member.classes().containsAll(classes)) {
                throw new IllegalArgumentException("ensemble: all must know the same classes, got %s and %s"
                        .formatted(Classes.shortened(classes), Classes.shortened(member.classes())));
            }
        }
        List<int[]> places = members.stream()
                .map(member ->
                        classes.stream().mapToInt(member.classes()::indexOf).toArray())
                .toList();
        return new Ensemble(List.copyOf(members), places, 5);
    }

    /** Those it was made of. */
    public List<Classifier> members() {
        return members;
    }

    /** Its classes, in the order of the first member. */
    public List<String> classes() {
        return members.get(0).classes();
    }

    @Override
    public Ensemble with(int count, String precision) {
        return new Ensemble(
                members.stream().map(member -> member.with(count, precision)).toList(), places, count);
    }

    @Override
    public Predictor with(double coverage, boolean reject) {
        if (coverage == 0 && !reject) {
            return this;
        }
        throw new IllegalArgumentException(
                "sets of classes and refusals are calibrated for one classifier, several together have none. Ask one alone");
    }

    @Override
    public Prediction predict(Image image) {
        return answer(member -> member.probabilities(image));
    }

    @Override
    public Prediction predict(Path file) {
        return answer(member -> member.probabilities(member.prepared(file)));
    }

    @Override
    public Ensemble withBackend(String word) {
        return new Ensemble(
                members.stream().map(member -> member.withBackend(word)).toList(), places, top);
    }

    @Override
    public void warmUp(int batch) {
        members.forEach(member -> member.warmUp(batch));
    }

    @Override
    public List<Answer> predictPrepared(List<Prepared> images) {
        var sums = new double[images.size()][classes().size()];
        for (int m = 0; m < members.size(); m++) {
            NetOutputs outputs = members.get(m).outputs();
            List<float[]> rows = outputs.ofPrepared(
                    images.stream().map(one -> outputs.prepare(one.seen())).toList());
            for (int i = 0; i < sums.length; i++) {
                add(sums[i], m, rows.get(i));
            }
        }
        return Arrays.stream(sums).<Answer>map(this::answer).toList();
    }

    private Prediction answer(Function<Classifier, float[]> probabilities) {
        var sum = new double[classes().size()];
        for (int m = 0; m < members.size(); m++) {
            add(sum, m, probabilities.apply(members.get(m)));
        }
        return answer(sum);
    }

    private Prediction answer(double[] sum) {
        return Prediction.of(classes(), mean(sum), Math.min(top, sum.length));
    }

    /** Adds up in the order of this ensemble's classes. */
    private void add(double[] sum, int member, float[] probabilities) {
        for (int k = 0; k < sum.length; k++) {
            sum[k] += probabilities[places.get(member)[k]];
        }
    }

    private float[] mean(double[] sum) {
        var mean = new float[sum.length];
        IntStream.range(0, sum.length).forEach(k -> mean[k] = (float) (sum[k] / members.size()));
        return mean;
    }

    /**
     * Metrics on labelled images.
     *
     * @throws dev.fovea.data.DataException if {@code data} has a class that the members do not know
     */
    public Evaluation evaluate(Dataset data) {
        Dataset matched = Classes.matched(data, classes());
        var sums = new double[matched.size()][classes().size()];
        for (int m = 0; m < members.size(); m++) {
            List<float[]> logits = members.get(m).logits(matched);
            double temperature = members.get(m).temperature();
            for (int i = 0; i < sums.length; i++) {
                add(sums[i], m, Softmax.of(logits.get(i), temperature));
            }
        }
        int[] labels = Calibration.labels(matched);
        var gathered = new Evaluation.Gathered(classes());
        for (int i = 0; i < sums.length; i++) {
            gathered.add(logarithms(mean(sums[i])), new int[] {i}, new long[] {labels[i]}, 1);
        }
        return gathered.evaluation();
    }

    /** The same with the tables of the command line. */
    public Evaluated evaluated(Dataset data) {
        return ClassificationType.evaluated(evaluate(data), Map.of(), data);
    }

    /** The softmax of these are the probabilities again. */
    private static float[] logarithms(float[] probabilities) {
        float[] logs = Arrays.copyOf(probabilities, probabilities.length);
        IntStream.range(0, logs.length).forEach(k -> logs[k] = (float) Math.log(Math.max(TINY, logs[k])));
        return logs;
    }
}
