package dev.fovea.task.classify;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Loss;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The loss of a batch by the frequencies of its classes, and without the images whose labels look wrong, as settings say. */
final class WeightedLoss {

    private final Classification settings;
    private final Loss loss;
    private final double[] weights;
    private final double[] offsets;
    private double weighted = 1;
    private double discarded;

    /**
     * @param counts of training images by class
     * @throws IllegalArgumentException if the loss does not tell images apart, and must
     */
    WeightedLoss(Classification settings, Loss loss, int[] counts) {
        this.settings = settings;
        this.loss = loss;
        weights = settings.reweight() == 0 ? new double[0] : weights(counts, settings.reweight());
        offsets = settings.logitAdjustment() == 0 ? new double[0] : offsets(counts, settings.logitAdjustment());
        if (loss.perImage().isEmpty() && (weights.length > 0 || settings.discard() > 0)) {
            throw new IllegalArgumentException("task.%s needs a loss of each image, which %s have%s; got loss.type=%s"
                    .formatted(
                            weights.length > 0 ? "reweight" : "discard",
                            Loss.ofImages().stream()
                                    .filter(one -> one.perImage().isPresent())
                                    .map(Loss::word)
                                    .collect(Collectors.joining(", ")),
                            loss instanceof Loss.CrossEntropy ? " without loss.classWeights" : "",
                            loss.word()));
        }
    }

    /** Images that count alike whatever their class. */
    static WeightedLoss plain(Loss loss) {
        return new WeightedLoss(Classification.PLAIN, loss, new int[0]);
    }

    /** By the effective number of images, their mean over the classes that have any being 1. */
    static double[] weights(int[] counts, double beta) {
        double[] weights = Arrays.stream(counts)
                .mapToDouble(
                        count -> count == 0 ? 0 : beta == 1 ? 1.0 / count : (1 - beta) / (1 - Math.pow(beta, count)))
                .toArray();
        double mean =
                Arrays.stream(weights).filter(weight -> weight > 0).average().orElse(1);
        return Arrays.stream(weights).map(weight -> weight / mean).toArray();
    }

    /** Of a class without images as if it had one. */
    private static double[] offsets(int[] counts, double factor) {
        double all = Arrays.stream(counts).asDoubleStream().sum();
        return Arrays.stream(counts)
                .mapToDouble(count -> factor * Math.log(Math.max(1, count) / all))
                .toArray();
    }

    void begin(int epoch, int epochs) {
        weighted = epoch > epochs * settings.deferred() ? 1 : 0;
        discarded = settings.discard() * Math.min(1, (epoch - 1) / Math.max(1, epochs / 3.0));
    }

    /**
     * The loss of a batch.
     *
     * @param logits [N, K]
     * @param targets classes [N], or shares of classes [N, K]
     */
    Tensor of(Tensor logits, Tensor targets) {
        Tensor seen = offsets.length == 0
                ? logits
                : logits.add(values(offsets, logits).reshape(1, offsets.length));
        boolean reweighted = weights.length > 0 && weighted > 0;
        if (!reweighted && discarded == 0) {
            return loss.of(seen, targets);
        }
        Tensor each = loss.perImage().orElseThrow().apply(seen, targets);
        Tensor weight =
                reweighted ? ofImages(targets, logits) : each.detach().mul(0).add(1);
        if (discarded > 0) {
            weight = weight.mul(kept(each));
        }
        return each.mul(weight).sum().div(weight.sum());
    }

    /** The weight of each image, of a mixed one that of the classes in it. */
    private Tensor ofImages(Tensor targets, Tensor logits) {
        Tensor values = values(weights, logits);
        return targets.dims() == 1
                ? values.indexSelect(0, targets)
                : targets.to(DType.FLOAT32)
                        .mul(values.reshape(1, weights.length))
                        .sum(1);
    }

    /** 1 for the images with small losses, 0 for the others. */
    private Tensor kept(Tensor each) {
        float[] losses = each.detach().toFloats();
        int count = Math.max(1, (int) Math.round(losses.length * (1 - discarded)));
        float[] sorted = losses.clone();
        Arrays.sort(sorted);
        double[] kept = new double[losses.length];
        for (int i = 0; i < losses.length; i++) {
            kept[i] = losses[i] <= sorted[count - 1] ? 1 : 0;
        }
        return values(kept, each);
    }

    private static Tensor values(double[] values, Tensor like) {
        return Tensor.of(values, values.length).to(DType.FLOAT32).to(like.device());
    }
}
