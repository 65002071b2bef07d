package dev.fovea.train;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fovea.data.GeometricTransform;
import dev.fovea.data.ResizePolicy;
import dev.fovea.nn.Loss;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Schedule;
import dev.fovea.train.Recipe.Input;
import dev.fovea.train.Recipe.Keep;
import dev.fovea.train.Recipe.Normalize;
import dev.fovea.train.Recipe.Selection;
import dev.fovea.train.Recipe.Update;
import java.util.List;
import java.util.Locale;

/** What a run is trained for, with the settings that only this task has. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Task.Classification.class, name = "classification"),
    @JsonSubTypes.Type(value = Task.Reconstruction.class, name = "reconstruction"),
    @JsonSubTypes.Type(value = Task.Variational.class, name = "variational"),
    @JsonSubTypes.Type(value = Task.Quantisation.class, name = "quantisation"),
    @JsonSubTypes.Type(value = Task.Masking.class, name = "masking"),
    @JsonSubTypes.Type(value = Task.Anomaly.class, name = "anomaly"),
    @JsonSubTypes.Type(value = Task.Restoration.class, name = "restoration"),
    @JsonSubTypes.Type(value = Task.Compression.class, name = "compression"),
    @JsonSubTypes.Type(value = Task.Adversarial.class, name = "adversarial"),
    @JsonSubTypes.Type(value = Task.Tokens.class, name = "tokens"),
    @JsonSubTypes.Type(value = Task.Diffusion.class, name = "diffusion")
})
public sealed interface Task {

    /** Losses that compare images. */
    List<String> VALUES = List.of("mse", "mae", "huber");

    /** Losses that compare images of values from 0 to 1. */
    List<String> PROBABILITIES = List.of("mse", "mae", "huber", "binary-cross-entropy");

    /** Its word in recipes, model packages and the table of models. */
    String word();

    /** Whether it is about the classes of images. */
    default boolean labelled() {
        return false;
    }

    /** Words of the losses that can be chosen for it; none where it has a loss of its own. */
    default List<String> losses() {
        return List.of();
    }

    /** {@code base} with the settings a run of this task starts from. */
    Recipe start(Recipe base);

    /** Which of the classes an image shows. */
    record Classification() implements Task {
        @Override
        public String word() {
            return "classification";
        }

        @Override
        public boolean labelled() {
            return true;
        }

        @Override
        public List<String> losses() {
            return Loss.defaults().stream().map(Loss::word).toList();
        }

        @Override
        public Recipe start(Recipe base) {
            return base;
        }
    }

    /**
     * Reconstructs an image from its code, or from the code of a corrupted copy of it (Vincent et al. 2008).
     *
     * @param noise standard deviation of Gaussian noise added to the input, of 0 to 1
     * @param saltAndPepper share of the input's pixels set to 0 or 1
     * @param masked share of the input's pixels set to 0
     * @param l1Code weight of the mean absolute value of the code in the loss
     * @param targetActivation target of the mean activation of each unit of the code, which must be from 0 to 1; 0 for
     * none (Ng 2011)
     * @param klWeight weight of the Kullback-Leibler divergence from it in the loss, the mean over the code
     * @param contraction factor of the squared gradient of the code by the input (Rifai et al. 2011)
     */
    record Reconstruction(
            double noise,
            double saltAndPepper,
            double masked,
            double l1Code,
            double targetActivation,
            double klWeight,
            double contraction)
            implements Task {
        public Reconstruction {
            check(noise >= 0, "task.noise must be 0 or more, got task.noise=%s", noise);
            check(
                    saltAndPepper >= 0 && saltAndPepper <= 1,
                    "task.saltAndPepper must be 0 to 1, got task.saltAndPepper=%s",
                    saltAndPepper);
            check(masked >= 0 && masked < 1, "task.masked must be 0 to below 1, got task.masked=%s", masked);
            check(l1Code >= 0, "task.l1Code must be 0 or more, got task.l1Code=%s", l1Code);
            check(
                    targetActivation >= 0 && targetActivation < 1,
                    "task.targetActivation must be 0 to below 1, got task.targetActivation=%s",
                    targetActivation);
            check(klWeight >= 0, "task.klWeight must be 0 or more, got task.klWeight=%s", klWeight);
            check(contraction >= 0, "task.contraction must be 0 or more, got task.contraction=%s", contraction);
        }

        @Override
        public String word() {
            return "reconstruction";
        }

        @Override
        public List<String> losses() {
            return PROBABILITIES;
        }

        @Override
        public Recipe start(Recipe base) {
            return images(base)
                    .withEpochs(5)
                    .withBatch(256)
                    .withSchedule(new Schedule.Cosine(200, 0))
                    .withLoss(new Loss.Mse());
        }
    }

    /**
     * A variational autoencoder (Kingma and Welling 2013).
     *
     * @param beta weight of the Kullback-Leibler divergence from the standard normal distribution (Higgins et al. 2017)
     */
    record Variational(double beta) implements Task {
        public Variational {
            check(beta >= 0, "task.beta must be 0 or more, got task.beta=%s", beta);
        }

        @Override
        public String word() {
            return "variational";
        }

        @Override
        public List<String> losses() {
            return PROBABILITIES;
        }

        @Override
        public Recipe start(Recipe base) {
            return images(base).withEpochs(20).withBatch(128).withLoss(new Loss.BinaryCrossEntropy());
        }
    }

    /**
     * Reconstructs an image from tokens of a codebook (van den Oord et al. 2017).
     *
     * @param commitment weight of the distance between the encoder's vectors and their codes
     */
    record Quantisation(double commitment) implements Task {
        public Quantisation {
            check(commitment >= 0, "task.commitment must be 0 or more, got task.commitment=%s", commitment);
        }

        @Override
        public String word() {
            return "quantisation";
        }

        @Override
        public List<String> losses() {
            return PROBABILITIES;
        }

        @Override
        public Recipe start(Recipe base) {
            return images(base).withEpochs(10).withBatch(128).withLoss(new Loss.Mse());
        }
    }

    /**
     * Reconstructs the masked patches of an image from the visible ones (He et al. 2021).
     *
     * @param maskRatio share of the patches
     */
    record Masking(double maskRatio) implements Task {
        public Masking {
            check(
                    maskRatio > 0 && maskRatio < 1,
                    "task.maskRatio must be above 0 to below 1, got task.maskRatio=%s",
                    maskRatio);
        }

        @Override
        public String word() {
            return "masking";
        }

        @Override
        public List<String> losses() {
            return List.of("mse");
        }

        @Override
        public Recipe start(Recipe base) {
            return images(base)
                    .withEpochs(20)
                    .withBatch(128)
                    .withOptimizer(new Optimizer.AdamW(1e-3, 0.9, 0.95, 1e-8, 0.05))
                    .withSchedule(new Schedule.Cosine(200, 0))
                    .withUpdate(new Update(1, 1, 0, 0, 0))
                    .withLoss(new Loss.Mse());
        }
    }

    /**
     * Models the features of normal images in a trained network, so that anomalous ones stand out; nothing is trained.
     *
     * @param backbone a run or model of {@link Classification}, trained on any images
     */
    record Anomaly(String backbone) implements Task {
        @Override
        public String word() {
            return "anomaly";
        }

        @Override
        public Recipe start(Recipe base) {
            return base.withEpochs(1).withSelection(new Selection(0.1, 0, Keep.LAST, false));
        }
    }

    /** What degraded an image that is to be restored. */
    enum DegradationType {
        /** Gaussian noise of a standard deviation of so many of 255. */
        NOISE(0, 255, 25, 25),
        /** JPEG of that quality, 1 to 100. */
        JPEG(1, 100, 10, 40),
        /** That share of the image covered by rectangles. */
        HOLES(0, 1, 0.05, 0.2),
        /** A smaller image, by that whole factor. */
        SCALE(2, 8, 2, 2);

        private final double least;
        private final double most;
        private final double low;
        private final double high;

        /** Possible amounts, and those that a run draws from if it names none. */
        DegradationType(double least, double most, double low, double high) {
            this.least = least;
            this.most = most;
            this.low = low;
            this.high = high;
        }

        /** Its word in recipes. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException if there can be no such amount of this degradation */
        public void check(double amount) {
            Task.check(
                    amount >= least && amount <= most,
                    "an amount of degradation must be %s to %s for %s, got %s",
                    plain(least),
                    plain(most),
                    word(),
                    plain(amount));
        }

        private void check(double from, double to) {
            String got = "got task.low=%s, task.high=%s".formatted(plain(from), plain(to));
            Task.check(
                    from >= least && to <= most && from <= to,
                    "task.low and task.high must be %s to %s for task.degradation=%s, low not above high, %s",
                    plain(least),
                    plain(most),
                    word(),
                    got);
            Task.check(to > 0, "task.high must be above 0, else nothing is degraded, %s", got);
            Task.check(this != HOLES || to < 1, "task.high must be below 1, else nothing is left, %s", got);
            Task.check(
                    this != SCALE || (from == to && to == Math.rint(to)),
                    "task.low and task.high must be the same whole number for task.degradation=scale, %s",
                    got);
        }

        private static String plain(double value) {
            return value == Math.rint(value) && Math.abs(value) < 1e9 ? Long.toString((long) value) : "" + value;
        }
    }

    /**
     * Restores a degraded image.
     *
     * @param degradation its kind
     * @param low least amount, in the unit of its kind
     * @param high most; each image's own amount lies evenly between
     */
    record Restoration(DegradationType degradation, double low, double high) implements Task {
        public Restoration {
            degradation.check(low, high);
        }

        /** With the amounts that are usual for this degradation. */
        static Restoration of(DegradationType degradation) {
            return new Restoration(degradation, degradation.low, degradation.high);
        }

        @Override
        public String word() {
            return "restoration";
        }

        @Override
        public List<String> losses() {
            return VALUES;
        }

        @Override
        public Recipe start(Recipe base) {
            return patches(base, 64, 16).withEpochs(30).withBatch(32).withLoss(new Loss.Mse());
        }
    }

    /**
     * Lossy compression (Ballé et al. 2017).
     *
     * @param lambda weight of the distortion, the squared error of values from 0 to 255, against the rate in bits per
     * pixel; about 0.001 to 0.1
     */
    record Compression(double lambda) implements Task {
        public Compression {
            check(lambda > 0, "task.lambda must be above 0, got task.lambda=%s", lambda);
        }

        @Override
        public String word() {
            return "compression";
        }

        @Override
        public List<String> losses() {
            return List.of("mse");
        }

        @Override
        public Recipe start(Recipe base) {
            return patches(base, 64, 40)
                    .withEpochs(30)
                    .withBatch(8)
                    .withSchedule(new Schedule.Cosine(200, 0))
                    .withUpdate(new Update(1, 1, 0, 0, 0))
                    .withLoss(new Loss.Mse());
        }
    }

    /** The losses of generator and discriminator. */
    enum GanLoss {
        /** Goodfellow et al. 2014, with the non-saturating loss of the generator. */
        NON_SATURATING,
        /** Lim and Ye 2017. */
        HINGE,
        /** Arjovsky et al. 2017; needs a gradient penalty. */
        WGAN,
        /** Mao et al. 2017. */
        LSGAN;

        /** Its word in recipes, {@code non-saturating}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A generator against a discriminator (Goodfellow et al. 2014).
     *
     * @param ganLoss the losses of both
     * @param gradientPenalty factor of (gradient norm - 1)² between real and generated (Gulrajani et al. 2017)
     * @param r1Penalty factor of half the squared gradient at real images, R1 (Mescheder et al. 2018)
     * @param penaltyInterval penalties are taken in one of so many steps, drawn at random, and that many times as
     * strong: a
     *     penalty costs as much as the rest of the step, and seldom is enough (Karras et al. 2020)
     * @param discriminatorSteps steps of the discriminator for each step of the generator; 5 with a Wasserstein critic
     * (Gulrajani et al. 2017)
     * @param augment whether real and generated images are augmented before the discriminator, for small sets (Zhao et
     * al. 2020)
     */
    record Adversarial(
            GanLoss ganLoss,
            double gradientPenalty,
            double r1Penalty,
            int penaltyInterval,
            int discriminatorSteps,
            boolean augment)
            implements Task {
        public Adversarial {
            check(gradientPenalty >= 0, "task.gradientPenalty must be 0 or more, got %s", gradientPenalty);
            check(r1Penalty >= 0, "task.r1Penalty must be 0 or more, got %s", r1Penalty);
            check(penaltyInterval >= 1, "task.penaltyInterval must be at least 1, got %s", penaltyInterval);
            check(discriminatorSteps >= 1, "task.discriminatorSteps must be at least 1, got %s", discriminatorSteps);
            check(
                    ganLoss != GanLoss.WGAN || gradientPenalty + r1Penalty > 0,
                    "task.ganLoss=wgan: the critic must not be steep without limit. Set task.gradientPenalty=10 or task.r1Penalty");
        }

        @Override
        public String word() {
            return "adversarial";
        }

        @Override
        public Recipe start(Recipe base) {
            return images(base)
                    .withEpochs(20)
                    .withBatch(128)
                    .withOptimizer(new Optimizer.Adam(2e-4, 0.5, 0.999, 1e-8, 0))
                    .withSchedule(new Schedule.Constant(0))
                    .withUpdate(new Update(0, 1, 0.999, 0, 0))
                    .withSelection(new Selection(0, 0, Keep.LAST, false));
        }
    }

    /**
     * Predicts the next token of an image from those before it.
     *
     * @param tokenizer a run or model of {@link Quantisation} that encodes images as tokens
     */
    record Tokens(String tokenizer) implements Task {
        @Override
        public String word() {
            return "tokens";
        }

        @Override
        public Recipe start(Recipe base) {
            return images(base)
                    .withEpochs(15)
                    .withBatch(64)
                    .withOptimizer(new Optimizer.AdamW(1e-3, 0.9, 0.95, 1e-8, 0.05))
                    .withSchedule(new Schedule.Cosine(200, 0))
                    .withUpdate(new Update(1, 1, 0, 0, 0));
        }
    }

    /** What a diffusion network predicts from a noisy image. */
    enum Target {
        /**
         * The velocity of the straight path from noise to image: rectified flow (Liu et al. 2022; Lipman et al. 2022).
         */
        VELOCITY,
        /** The noise in it: DDPM with the cosine schedule (Ho et al. 2020; Nichol and Dhariwal 2021). */
        NOISE
    }

    /**
     * Generates images by removing noise step by step.
     *
     * @param target what the network predicts
     * @param classDropout share of the training images whose class is dropped, for classifier-free guidance (Ho and
     * Salimans 2022)
     */
    record Diffusion(Target target, double classDropout) implements Task {
        public Diffusion {
            check(
                    classDropout >= 0 && classDropout <= 1,
                    "task.classDropout must be 0 to 1, got task.classDropout=%s",
                    classDropout);
        }

        @Override
        public String word() {
            return "diffusion";
        }

        @Override
        public Recipe start(Recipe base) {
            return images(base)
                    .withEpochs(20)
                    .withBatch(128)
                    .withOptimizer(new Optimizer.AdamW(1e-3, 0.9, 0.99, 1e-8, 0))
                    .withSchedule(new Schedule.Cosine(200, 0))
                    .withUpdate(new Update(1, 1, 0.999, 0, 0))
                    .withSelection(new Selection(0.02, 0, Keep.LAST, false));
        }
    }

    /** One of each type, with its default settings; of {@link Restoration} one for each degradation. */
    static List<Task> defaults() {
        return List.of(
                new Classification(),
                new Reconstruction(0, 0, 0, 0, 0, 1, 0),
                new Variational(1),
                new Quantisation(0.25),
                new Masking(0.75),
                new Anomaly(""),
                Restoration.of(DegradationType.NOISE),
                Restoration.of(DegradationType.JPEG),
                Restoration.of(DegradationType.HOLES),
                Restoration.of(DegradationType.SCALE),
                new Compression(0.01),
                new Adversarial(GanLoss.NON_SATURATING, 0, 1, 4, 1, false),
                new Tokens(""),
                new Diffusion(Target.VELOCITY, 0.1));
    }

    /** The task of that word, with its default settings. */
    static Task of(String word) {
        return defaults().stream()
                .filter(task -> task.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown task '%s', there are %s"
                        .formatted(
                                word,
                                String.join(
                                        ", ",
                                        defaults().stream()
                                                .map(Task::word)
                                                .distinct()
                                                .toList()))));
    }

    /** Values from 0 to 1, as the network's output has them. */
    private static Recipe images(Recipe base) {
        return base.withInput(new Input(InputSize.OWN, 0, 1, ResizePolicy.STRETCH, Normalize.UNIT));
    }

    /** Parts of the images in their own pixels, mirrored at random. */
    private static Recipe patches(Recipe base, int size, int repeats) {
        return base.withInput(new Input(InputSize.square(size), 0, repeats, ResizePolicy.PATCH, Normalize.UNIT))
                .withAugment(GeometricTransform.Flip.horizontal());
    }

    private static void check(boolean condition, String rule, Object... values) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, rule, values));
        }
    }
}
