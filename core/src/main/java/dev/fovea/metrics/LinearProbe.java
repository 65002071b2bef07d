package dev.fovea.metrics;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.optim.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A linear classifier on fixed features: softmax regression on centred values, all divided by one number so that what
 * varies little stays small; the penalty of its squared weights is chosen by the loss on a fifth of the rows that is
 * held out, of few rows on each fifth in turn.
 */
public final class LinearProbe {

    private static final List<Double> PENALTIES = List.of(0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003);
    private static final int STEPS = 200;
    private static final double RATE = 0.05;
    private static final int FOLDS = 5;

    /** Up to so many rows a single held-out part is too small to choose a penalty by. */
    private static final int FEW = 1000;

    private final Tensor mean;
    private final Tensor deviation;
    private final Tensor weight;
    private final Tensor bias;

    private LinearProbe(Tensor mean, Tensor deviation, Tensor weight, Tensor bias) {
        this.mean = mean;
        this.deviation = deviation;
        this.weight = weight;
        this.bias = bias;
    }

    /**
     * Fits rows of features and their classes.
     *
     * @param classes how many there are
     */
    public static LinearProbe fit(List<float[]> rows, int[] labels, int classes) {
        if (rows.size() < 2 * FOLDS) {
            return fit(rows, labels, classes, PENALTIES.subList(0, 1)).get(0);
        }
        double[] losses = new double[PENALTIES.size()];
        for (int fold = 0; fold < (rows.size() <= FEW ? FOLDS : 1); fold++) {
            List<Double> heldOut = heldOut(rows, labels, classes, fold);
            Arrays.setAll(losses, i -> losses[i] + heldOut.get(i));
        }
        int chosen = 0;
        for (int i = 1; i < losses.length; i++) {
            chosen = losses[i] < losses[chosen] ? i : chosen;
        }
        return fit(rows, labels, classes, PENALTIES.subList(chosen, chosen + 1)).get(0);
    }

    /** Cross-entropy on one of {@link #FOLDS} folds after fitting the others, with each of the penalties. */
    private static List<Double> heldOut(List<float[]> rows, int[] labels, int classes, int fold) {
        var learned = new ArrayList<float[]>();
        var held = new ArrayList<float[]>();
        var learnedLabels = new ArrayList<Integer>();
        var heldLabels = new ArrayList<Integer>();
        for (int i = 0; i < rows.size(); i++) {
            boolean out = i % FOLDS == fold;
            (out ? held : learned).add(rows.get(i));
            (out ? heldLabels : learnedLabels).add(labels[i]);
        }
        try (var scope = new Scope()) {
            Tensor target = target(array(heldLabels));
            return fit(learned, array(learnedLabels), classes, PENALTIES).stream()
                    .map(probe -> probe.logits(held)
                            .crossEntropy(target, List.of(), 0)
                            .item())
                    .toList();
        }
    }

    /** One for each penalty. */
    private static List<LinearProbe> fit(List<float[]> rows, int[] labels, int classes, List<Double> penalties) {
        // The rows, three times over, and the optimizer's state would else wait for the garbage collector.
        List<Tensor> kept = Scope.onlyThese(() -> fitted(rows, labels, classes, penalties));
        return IntStream.range(0, penalties.size())
                .mapToObj(i -> new LinearProbe(kept.get(0), kept.get(1), kept.get(2 + 2 * i), kept.get(3 + 2 * i)))
                .toList();
    }

    /**
     * Mean and deviation, then weight and bias for each penalty. They are fitted together, as the rows of one matrix:
     * Adam updates each value alone, so that the result is that of fitting one after the other, in a fraction of the
     * time.
     */
    private static List<Tensor> fitted(List<float[]> rows, int[] labels, int classes, List<Double> penalties) {
        int count = penalties.size();
        Tensor all = FeatureMatrix.matrix(rows);
        Tensor mean = all.mean(0);
        Tensor centred = all.sub(mean);
        Tensor deviation = centred.mul(centred).mean().sqrt().add(1e-6);
        Tensor x = centred.div(deviation);
        Tensor target = target(IntStream.of(labels)
                .flatMap(label -> IntStream.generate(() -> label).limit(count))
                .toArray());
        float[] halves = new float[count * classes];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = (float) (penalties.get(i / classes) / 2);
        }
        Tensor penalty = Tensor.of(halves, halves.length, 1);
        Tensor weight = Tensor.zeros(halves.length, all.size(1)).requireGrad(true);
        Tensor bias = Tensor.zeros(halves.length).requireGrad(true);
        var parameters = new LinkedHashMap<String, Tensor>();
        parameters.put("weight", weight);
        parameters.put("bias", bias);
        var updater = new Optimizer.Adam(RATE, 0.9, 0.999, 1e-8, 0).updater(parameters);
        for (int step = 0; step < STEPS; step++) {
            try (var scope = new Scope()) {
                x.linear(weight, bias)
                        .reshape(target.elements(), classes)
                        .crossEntropy(target, List.of(), 0)
                        .mul(count)
                        .add(weight.mul(weight).mul(penalty).sum())
                        .backward();
                updater.step(RATE * (1 + Math.cos(Math.PI * step / STEPS)) / 2);
                updater.clearGradients();
            }
        }
        var kept = new ArrayList<>(List.of(mean, deviation));
        for (int i = 0; i < count; i++) {
            kept.add(weight.detach().narrow(0, (long) i * classes, classes));
            kept.add(bias.detach().narrow(0, (long) i * classes, classes));
        }
        return kept;
    }

    /** The share of rows whose class is found. */
    public double accuracy(List<float[]> rows, int[] labels) {
        try (var scope = new Scope()) {
            long[] found = logits(rows).argmax(1).toLongs();
            int hits = 0;
            for (int i = 0; i < found.length; i++) {
                hits += found[i] == labels[i] ? 1 : 0;
            }
            return hits / (double) found.length;
        }
    }

    /** The probability of every class for each row. */
    public List<float[]> probabilities(List<float[]> rows) {
        try (var scope = new Scope()) {
            Tensor all = logits(rows).softmax(1);
            float[] shares = all.toFloats();
            int classes = Math.toIntExact(all.size(1));
            return IntStream.range(0, rows.size())
                    .mapToObj(i -> Arrays.copyOfRange(shares, i * classes, (i + 1) * classes))
                    .toList();
        }
    }

    private Tensor logits(List<float[]> rows) {
        return FeatureMatrix.matrix(rows).sub(mean).div(deviation).linear(weight, bias);
    }

    private static Tensor target(int[] labels) {
        return Tensor.of(IntStream.of(labels).asLongStream().toArray(), labels.length);
    }

    private static int[] array(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
