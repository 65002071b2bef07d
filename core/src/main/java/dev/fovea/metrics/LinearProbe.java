package dev.fovea.metrics;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.optim.Optimizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * A linear classifier on fixed features: softmax regression on centred values, all divided by one number so that what
 * varies little stays small; the penalty of its squared weights is chosen by a fifth of the pictures that is held out.
 */
public final class LinearProbe {

    private static final List<Double> PENALTIES = List.of(0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003);
    private static final int STEPS = 200;
    private static final double RATE = 0.05;
    private static final int FOLD = 5;

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
     * Learns from rows of features and their classes.
     *
     * @param classes how many there are
     */
    public static LinearProbe fit(List<float[]> rows, int[] labels, int classes) {
        var learned = new ArrayList<float[]>();
        var held = new ArrayList<float[]>();
        var learnedLabels = new ArrayList<Integer>();
        var heldLabels = new ArrayList<Integer>();
        for (int i = 0; i < rows.size(); i++) {
            boolean out = i % FOLD == FOLD - 1;
            (out ? held : learned).add(rows.get(i));
            (out ? heldLabels : learnedLabels).add(labels[i]);
        }
        double best = -1;
        double chosen = PENALTIES.get(0);
        for (double penalty : PENALTIES) {
            double accuracy = held.isEmpty()
                    ? 0
                    : fit(learned, array(learnedLabels), classes, penalty).accuracy(held, array(heldLabels));
            if (accuracy > best) {
                best = accuracy;
                chosen = penalty;
            }
        }
        return fit(rows, labels, classes, chosen);
    }

    private static LinearProbe fit(List<float[]> rows, int[] labels, int classes, double penalty) {
        Tensor all = Rows.matrix(rows);
        Tensor mean = all.mean(0);
        Tensor centred = all.sub(mean);
        Tensor deviation = centred.mul(centred).mean().sqrt().add(1e-6);
        Tensor x = centred.div(deviation);
        long[] truth = new long[labels.length];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = labels[i];
        }
        Tensor target = Tensor.of(truth, truth.length);
        new Seed(0).apply();
        Tensor weight = Tensor.zeros(classes, all.size(1)).requireGrad(true);
        Tensor bias = Tensor.zeros(classes).requireGrad(true);
        var parameters = new LinkedHashMap<String, Tensor>();
        parameters.put("weight", weight);
        parameters.put("bias", bias);
        var updater = new Optimizer.Adam(RATE, 0.9, 0.999, 1e-8, 0).updater(parameters);
        for (int step = 0; step < STEPS; step++) {
            try (var scope = new Scope()) {
                x.linear(weight, bias)
                        .crossEntropy(target, List.of(), 0)
                        .add(weight.mul(weight).sum().mul(penalty / 2))
                        .backward();
                updater.step(RATE * (1 + Math.cos(Math.PI * step / STEPS)) / 2);
                updater.clearGradients();
            }
        }
        return new LinearProbe(mean, deviation, weight.detach(), bias.detach());
    }

    /** The share of rows whose class is found. */
    public double accuracy(List<float[]> rows, int[] labels) {
        try (var scope = new Scope()) {
            long[] found = Rows.matrix(rows)
                    .sub(mean)
                    .div(deviation)
                    .linear(weight, bias)
                    .argmax(1)
                    .toLongs();
            int hits = 0;
            for (int i = 0; i < found.length; i++) {
                hits += found[i] == labels[i] ? 1 : 0;
            }
            return hits / (double) found.length;
        }
    }

    private static int[] array(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
