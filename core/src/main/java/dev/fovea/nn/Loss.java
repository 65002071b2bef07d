package dev.fovea.nn;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What training minimises: a scalar, the mean over the batch.
 *
 * <p>Targets are class indices {@code [N]} (int64) or values of the output's own shape. Where a loss compares
 * element by element, class indices are taken as one-hot rows.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Loss.CrossEntropy.class, name = "cross-entropy"),
    @JsonSubTypes.Type(value = Loss.BinaryCrossEntropy.class, name = "binary-cross-entropy"),
    @JsonSubTypes.Type(value = Loss.Focal.class, name = "focal"),
    @JsonSubTypes.Type(value = Loss.Asymmetric.class, name = "asymmetric"),
    @JsonSubTypes.Type(value = Loss.GeneralizedCrossEntropy.class, name = "generalized-cross-entropy"),
    @JsonSubTypes.Type(value = Loss.SymmetricCrossEntropy.class, name = "symmetric-cross-entropy"),
    @JsonSubTypes.Type(value = Loss.Mse.class, name = "mse"),
    @JsonSubTypes.Type(value = Loss.Mae.class, name = "mae"),
    @JsonSubTypes.Type(value = Loss.Huber.class, name = "huber"),
    @JsonSubTypes.Type(value = PixelLoss.Dice.class, name = "dice"),
    @JsonSubTypes.Type(value = PixelLoss.Jaccard.class, name = "jaccard"),
    @JsonSubTypes.Type(value = PixelLoss.Tversky.class, name = "tversky"),
    @JsonSubTypes.Type(value = PixelLoss.Lovasz.class, name = "lovasz"),
    @JsonSubTypes.Type(value = PixelLoss.Boundary.class, name = "boundary"),
    @JsonSubTypes.Type(value = Loss.Sum.class, name = "sum")
})
public sealed interface Loss
        permits Loss.OfImages,
                Loss.CrossEntropy,
                Loss.BinaryCrossEntropy,
                Loss.Asymmetric,
                Loss.Mse,
                Loss.Mae,
                Loss.Huber,
                Loss.Sum,
                PixelLoss {

    /** The class of a pixel that does not count, as libtorch has it. */
    int NO_CLASS = -100;

    /** Its word in recipes. */
    String word();

    /** The loss of {@code output} [N, K, ...] against {@code target}. */
    Tensor of(Tensor output, Tensor target);

    /**
     * The loss of values that are compared as they are, such as images, with a target of the same shape. A loss that takes
     * logits otherwise takes them for probabilities here.
     *
     * @throws IllegalArgumentException if they must be probabilities and are not
     */
    default Tensor ofValues(Tensor output, Tensor target) {
        return of(output, target);
    }

    /** Whether it compares logits with one class each, as those of pixels are. */
    default boolean ofClasses() {
        return this instanceof CrossEntropy
                || this instanceof Focal
                || this instanceof GeneralizedCrossEntropy
                || this instanceof SymmetricCrossEntropy
                || this instanceof PixelLoss
                || this instanceof Sum;
    }

    /**
     * The loss of images whose pixels have classes: that of all pixels that have one, as if each were an image.
     *
     * @param logits [N, K, H, W]
     * @param classes [N, H, W] int64, {@link #NO_CLASS} of pixels that do not count; one at least does
     */
    default Tensor ofPixels(Tensor logits, Tensor classes) {
        Tensor flat = classes.reshape(-1);
        Tensor rows = logits.permute(0, 2, 3, 1).reshape(-1, logits.size(1)); // [N H W, K]
        Tensor known = Tensor.call("aten::nonzero", flat.ge(0)).get(0).reshape(-1);
        return known.size(0) == flat.size(0)
                ? of(rows, flat)
                : of(rows.indexSelect(0, known), flat.indexSelect(0, known));
    }

    /** The loss of each image, [N], of output and target; empty where {@link #of} is no mean of such losses. */
    default Optional<BinaryOperator<Tensor>> perImage() {
        return Optional.empty();
    }

    /** The mean of what it is of each image. */
    sealed interface OfImages extends Loss {

        /** The loss of each image, [N]. */
        Tensor each(Tensor output, Tensor target);

        @Override
        default Tensor of(Tensor output, Tensor target) {
            return each(output, target).mean();
        }

        @Override
        default Optional<BinaryOperator<Tensor>> perImage() {
            return Optional.of(this::each);
        }
    }

    /**
     * Softmax cross-entropy of logits; targets may be probabilities.
     *
     * @param labelSmoothing share of the target spread over all classes, 0 to below 1 (Szegedy et al. 2015)
     * @param classWeights one per class, or none for equal weights
     */
    record CrossEntropy(double labelSmoothing, List<Double> classWeights) implements Loss {
        public CrossEntropy {
            classWeights = List.copyOf(classWeights);
            if (labelSmoothing < 0 || labelSmoothing >= 1) {
                throw new IllegalArgumentException(
                        "loss.labelSmoothing must be 0 to below 1, got loss.labelSmoothing=" + labelSmoothing);
            }
        }

        @Override
        public String word() {
            return "cross-entropy";
        }

        @Override
        public Tensor of(Tensor output, Tensor target) {
            if (classWeights.isEmpty()) {
                return output.crossEntropy(target, List.of(), labelSmoothing);
            }
            if (classWeights.size() != output.size(1)) {
                throw new IllegalArgumentException("loss.classWeights must be one per class, got %s for %s classes"
                        .formatted(classWeights.size(), output.size(1)));
            }
            double[] values =
                    classWeights.stream().mapToDouble(Double::doubleValue).toArray();
            Tensor weights = Tensor.of(values, values.length).to(output.type()).to(output.device());
            return output.crossEntropy(target, List.of(weights), labelSmoothing);
        }

        /** Pixels without a class are left out by libtorch itself, with no copy of the others. */
        @Override
        public Tensor ofPixels(Tensor logits, Tensor classes) {
            return of(logits, classes);
        }

        /** With weights of classes the mean is a weighted one. */
        @Override
        public Optional<BinaryOperator<Tensor>> perImage() {
            return classWeights.isEmpty() ? Optional.of(this::each) : Optional.empty();
        }

        private Tensor each(Tensor output, Tensor target) {
            double spread = labelSmoothing / output.size(1);
            Tensor smoothed = like(output, target).mul(1 - labelSmoothing).add(spread);
            return output.logSoftmax(1).mul(smoothed).sum(1).neg();
        }
    }

    /**
     * Sigmoid cross-entropy of logits, each output its own yes or no.
     *
     * @param labelSmoothing how far targets are drawn towards a half: 0 becomes half of it, 1 as much less; 0 to below 1
     * @param positiveWeights what the yes of each output counts for, above 0; none for 1 each
     */
    record BinaryCrossEntropy(double labelSmoothing, List<Double> positiveWeights) implements Loss {

        public BinaryCrossEntropy {
            positiveWeights = List.copyOf(positiveWeights);
            if (labelSmoothing < 0 || labelSmoothing >= 1) {
                throw new IllegalArgumentException(
                        "loss.labelSmoothing must be 0 to below 1, got loss.labelSmoothing=" + labelSmoothing);
            }
            if (positiveWeights.stream().anyMatch(weight -> !(weight > 0))) {
                throw new IllegalArgumentException("loss.positiveWeights must be above 0, got " + positiveWeights);
            }
        }

        /** Without smoothing or weights. */
        public BinaryCrossEntropy() {
            this(0, List.of());
        }

        /**
         * A probability that is nearer to 0 counts as this: the logarithm of 0 is infinite. As small as in PyTorch, since
         * nothing is learned from what is nearer.
         */
        private static final double LEAST = 1e-12;

        @Override
        public String word() {
            return "binary-cross-entropy";
        }

        @Override
        public Tensor of(Tensor output, Tensor target) {
            Tensor given = like(output, target);
            Tensor wanted =
                    labelSmoothing == 0 ? given : given.mul(1 - labelSmoothing).add(labelSmoothing / 2);
            if (positiveWeights.isEmpty()) {
                return output.binaryCrossEntropy(wanted);
            }
            if (positiveWeights.size() != output.size(1)) {
                throw new IllegalArgumentException("loss.positiveWeights must be one per label, got %s for %s labels"
                        .formatted(positiveWeights.size(), output.size(1)));
            }
            double[] values =
                    positiveWeights.stream().mapToDouble(Double::doubleValue).toArray();
            Tensor weights =
                    Tensor.of(values, 1, values.length).to(output.type()).to(output.device());
            Tensor on = output.neg().softplus().mul(wanted).mul(weights); // -log p
            Tensor off = output.softplus().mul(wanted.neg().add(1)); // -log(1 - p)
            return on.add(off).mean();
        }

        @Override
        public Tensor ofValues(Tensor output, Tensor target) {
            double least = output.detach().min().item();
            double most = output.detach().max().item();
            if (least < 0 || most > 1) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "loss.type=binary-cross-entropy: the network's values must lie between 0 and 1, got %.3g to %.3g. End it with sigmoid, or use loss.type=mse",
                        least,
                        most));
            }
            Tensor wanted = target.to(output.type());
            Tensor on = wanted.mul(output.clamp(LEAST, 1).log());
            Tensor off =
                    wanted.neg().add(1).mul(output.neg().add(1).clamp(LEAST, 1).log());
            return on.add(off).mean().neg();
        }
    }

    /**
     * Cross-entropy with easy samples weighed down by {@code (1 - p)^gamma} (Lin et al. 2017,
     * <a href="https://arxiv.org/abs/1708.02002">1708.02002</a>, softmax form).
     *
     * @param gamma 0 or more; 0 is cross-entropy
     */
    record Focal(double gamma) implements OfImages {
        public Focal {
            if (gamma < 0) {
                throw new IllegalArgumentException("loss.gamma must be 0 or more, got loss.gamma=" + gamma);
            }
        }

        @Override
        public String word() {
            return "focal";
        }

        @Override
        public Tensor each(Tensor output, Tensor target) {
            Tensor logs = output.logSoftmax(1).mul(like(output, target)).sum(1);
            Tensor hardness = logs.exp().neg().add(1).clamp(1e-12, 1).pow(gamma);
            return hardness.mul(logs).neg();
        }
    }

    /**
     * {@code (1 - p^q) / q} of the probability p of the label, which wrong labels pull at less than at a cross-entropy (Zhang and
     * Sabuncu 2018, <a href="https://arxiv.org/abs/1805.07836">1805.07836</a>).
     *
     * @param q above 0 to 1: towards 0 it is cross-entropy, at 1 the mean absolute error
     */
    record GeneralizedCrossEntropy(double q) implements OfImages {
        public GeneralizedCrossEntropy {
            if (!(q > 0 && q <= 1)) {
                throw new IllegalArgumentException("loss.q must be above 0 to 1, got loss.q=" + q);
            }
        }

        @Override
        public String word() {
            return "generalized-cross-entropy";
        }

        @Override
        public Tensor each(Tensor output, Tensor target) {
            Tensor logs = output.logSoftmax(1).mul(like(output, target)).sum(1);
            return logs.mul(q).exp().neg().add(1).mul(1 / q);
        }
    }

    /**
     * Cross-entropy and its reverse, in which what is predicted takes the label's place; the logarithm of a label that is
     * not given counts as -4 (Wang et al. 2019, <a href="https://arxiv.org/abs/1908.06112">1908.06112</a>).
     *
     * @param alpha factor of the cross-entropy, 0 or more
     * @param beta factor of the reverse, 0 or more; one of the two is above 0
     */
    record SymmetricCrossEntropy(double alpha, double beta) implements OfImages {

        private static final double LOG_OF_NOTHING = -4;

        public SymmetricCrossEntropy {
            if (alpha < 0 || beta < 0 || alpha + beta == 0) {
                throw new IllegalArgumentException(
                        "loss.alpha and loss.beta must be 0 or more and not both 0, got loss.alpha=%s, loss.beta=%s"
                                .formatted(alpha, beta));
            }
        }

        @Override
        public String word() {
            return "symmetric-cross-entropy";
        }

        @Override
        public Tensor each(Tensor output, Tensor target) {
            Tensor wanted = like(output, target);
            Tensor logs = output.logSoftmax(1);
            Tensor forward = logs.mul(wanted).sum(1).neg();
            Tensor reverse = logs.exp()
                    .mul(wanted.clamp(Math.exp(LOG_OF_NOTHING), 1).log())
                    .sum(1)
                    .neg();
            return forward.mul(alpha).add(reverse.mul(beta));
        }
    }

    /**
     * Sigmoid cross-entropy in which easy images without a label count less than those with it, as most images have few
     * of many labels: the asymmetric loss of Ridnik et al. 2021
     * (<a href="https://arxiv.org/abs/2009.14119">2009.14119</a>, equation 7). The mean over outputs, not their sum, so
     * that rates do not depend on the number of labels; the focusing factor has no gradient, as in the authors' code.
     *
     * @param gammaPositive focusing where a label is there, 0 or more
     * @param gammaNegative focusing where it is not, 0 or more; the authors use 4
     * @param margin probability below which an absent label costs nothing, 0 to below 1; the authors use 0.05
     */
    record Asymmetric(double gammaPositive, double gammaNegative, double margin) implements Loss {

        private static final double LEAST = 1e-8;

        public Asymmetric {
            if (gammaPositive < 0 || gammaNegative < 0) {
                throw new IllegalArgumentException(
                        "loss.gammaPositive and loss.gammaNegative must be 0 or more, got %s and %s"
                                .formatted(gammaPositive, gammaNegative));
            }
            if (margin < 0 || margin >= 1) {
                throw new IllegalArgumentException("loss.margin must be 0 to below 1, got loss.margin=" + margin);
            }
        }

        @Override
        public String word() {
            return "asymmetric";
        }

        @Override
        public Tensor of(Tensor output, Tensor target) {
            Tensor there = like(output, target);
            Tensor absent = there.neg().add(1);
            Tensor on = output.sigmoid();
            Tensor off = on.neg().add(1 + margin).clamp(0, 1);
            Tensor onFactor = on.detach().neg().add(1).clamp(LEAST, 1).pow(gammaPositive);
            Tensor offFactor = off.detach().neg().add(1).clamp(LEAST, 1).pow(gammaNegative);
            Tensor onLogs = output.neg().softplus().neg(); // log p, exact where p is nearly 0
            Tensor offLogs = off.clamp(LEAST, 1).log();
            return there.mul(onLogs)
                    .mul(onFactor)
                    .add(absent.mul(offLogs).mul(offFactor))
                    .mean()
                    .neg();
        }
    }

    /** Mean squared error. */
    record Mse() implements Loss {
        @Override
        public String word() {
            return "mse";
        }

        @Override
        public Tensor of(Tensor output, Tensor target) {
            return output.mse(like(output, target));
        }
    }

    /** Mean absolute error. */
    record Mae() implements Loss {
        @Override
        public String word() {
            return "mae";
        }

        @Override
        public Tensor of(Tensor output, Tensor target) {
            return output.mae(like(output, target));
        }
    }

    /**
     * Quadratic up to {@code delta}, linear beyond (Huber 1964).
     *
     * @param delta above 0
     */
    record Huber(double delta) implements Loss {
        public Huber {
            if (delta <= 0) {
                throw new IllegalArgumentException("loss.delta must be positive, got loss.delta=" + delta);
            }
        }

        @Override
        public String word() {
            return "huber";
        }

        @Override
        public Tensor of(Tensor output, Tensor target) {
            return output.huber(like(output, target), delta);
        }
    }

    /**
     * Several losses, added.
     *
     * @param losses one at least, none of them a sum
     * @param weights what each counts for, 0 or more; none for 1 each
     */
    record Sum(List<Loss> losses, List<Double> weights) implements Loss {

        public Sum {
            losses = List.copyOf(losses);
            weights = List.copyOf(weights);
            if (losses.isEmpty() || losses.stream().anyMatch(Sum.class::isInstance)) {
                throw new IllegalArgumentException(
                        "loss.losses must be a list of losses, none of them a sum, as [{type: cross-entropy}, {type: dice}]");
            }
            if (!weights.isEmpty() && weights.size() != losses.size()
                    || weights.stream().anyMatch(weight -> !(weight >= 0))) {
                throw new IllegalArgumentException(
                        "loss.weights must be one for each loss, 0 or more, got %s for %s losses"
                                .formatted(weights, losses.size()));
            }
        }

        @Override
        public String word() {
            return "sum";
        }

        @Override
        public Tensor of(Tensor output, Tensor target) {
            return sum(loss -> loss.of(output, target));
        }

        @Override
        public Tensor ofPixels(Tensor logits, Tensor classes) {
            return sum(loss -> loss.ofPixels(logits, classes));
        }

        private Tensor sum(Function<Loss, Tensor> each) {
            return IntStream.range(0, losses.size())
                    .mapToObj(i -> each.apply(losses.get(i)).mul(weights.isEmpty() ? 1 : weights.get(i)))
                    .reduce(Tensor::add)
                    .orElseThrow();
        }
    }

    /** Cross-entropy without smoothing or weights. */
    static Loss crossEntropy() {
        return new CrossEntropy(0, List.of());
    }

    /** One of each kind, with its default settings. */
    static List<Loss> defaults() {
        return List.of(
                crossEntropy(),
                new BinaryCrossEntropy(),
                new Focal(2),
                new Asymmetric(0, 4, 0.05),
                new GeneralizedCrossEntropy(0.7),
                new SymmetricCrossEntropy(0.1, 1),
                new Mse(),
                new Mae(),
                new Huber(1),
                new PixelLoss.Dice(1),
                new PixelLoss.Jaccard(1),
                new PixelLoss.Tversky(0.3, 0.7),
                new PixelLoss.Lovasz(),
                new PixelLoss.Boundary(2),
                new Sum(List.of(crossEntropy()), List.of()));
    }

    /** Those of {@link #defaults} that are of whole images. */
    static List<Loss> ofImages() {
        return defaults().stream()
                .filter(loss -> !(loss instanceof PixelLoss || loss instanceof Sum))
                .toList();
    }

    /** The target in the shape and type of the output. */
    private static Tensor like(Tensor output, Tensor target) {
        if (target.type() == DType.INT64 && target.dims() == output.dims() - 1) {
            Tensor classes = Tensor.arange(output.size(1)).to(output.device()).reshape(1, output.size(1));
            return target.unsqueeze(1).sub(classes).eq(0).to(output.type());
        }
        return target.to(output.type());
    }
}
