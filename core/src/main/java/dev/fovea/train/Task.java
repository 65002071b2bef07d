package dev.fovea.train;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fovea.data.Augment;
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

/** What a run is to learn, with the settings that only this task has. */
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

    /** Whether it is about the classes of pictures. */
    default boolean labelled() {
        return false;
    }

    /** Words of the losses that can be chosen for it; none where it has a loss of its own. */
    default List<String> losses() {
        return List.of();
    }

    /** {@code base} with the settings a run of this task starts from. */
    Recipe start(Recipe base);

    /** Which of the classes a picture shows. */
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
     * The picture back from its code, or from a damaged copy of it (Vincent et al. 2008).
     *
     * @param noise standard deviation of Gaussian noise added to the input, of 0 to 1
     * @param saltAndPepper share of the input's pixels set to 0 or 1
     * @param masked share of the input's pixels set to 0
     * @param sparsity factor of the mean absolute value of the code in the loss
     * @param activity mean value that each unit of the code, which must be from 0 to 1, is drawn to; 0 for none (Ng 2011)
     * @param activityWeight factor of the distance of the units from it in the loss, the mean over the code
     * @param contraction factor of the squared gradient of the code by the input (Rifai et al. 2011)
     */
    record Reconstruction(
            double noise,
            double saltAndPepper,
            double masked,
            double sparsity,
            double activity,
            double activityWeight,
            double contraction)
            implements Task {
        public Reconstruction {
            check(noise >= 0, "task.noise must be 0 or more, got task.noise=%s", noise);
            check(
                    saltAndPepper >= 0 && saltAndPepper <= 1,
                    "task.saltAndPepper must be 0 to 1, got task.saltAndPepper=%s",
                    saltAndPepper);
            check(masked >= 0 && masked < 1, "task.masked must be 0 to below 1, got task.masked=%s", masked);
            check(sparsity >= 0, "task.sparsity must be 0 or more, got task.sparsity=%s", sparsity);
            check(activity >= 0 && activity < 1, "task.activity must be 0 to below 1, got task.activity=%s", activity);
            check(
                    activityWeight >= 0,
                    "task.activityWeight must be 0 or more, got task.activityWeight=%s",
                    activityWeight);
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
            return pictures(base)
                    .withEpochs(5)
                    .withBatch(256)
                    .withSchedule(new Schedule.Cosine(200, 0))
                    .withLoss(new Loss.Mse());
        }
    }

    /**
     * The picture back from a code drawn from a normal distribution (Kingma and Welling 2013).
     *
     * @param beta weight of the code's distance from the standard normal distribution (Higgins et al. 2017)
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
            return pictures(base).withEpochs(20).withBatch(128).withLoss(new Loss.BinaryCrossEntropy());
        }
    }

    /**
     * The picture back from tokens, each the nearest of a book of codes (van den Oord et al. 2017).
     *
     * @param commitment weight of the distance between a code and its token
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
            return pictures(base).withEpochs(10).withBatch(128).withLoss(new Loss.Mse());
        }
    }

    /**
     * The hidden patches of a picture from those that are seen (He et al. 2021).
     *
     * @param hidden share of the patches
     */
    record Masking(double hidden) implements Task {
        public Masking {
            check(hidden > 0 && hidden < 1, "task.hidden must be above 0 to below 1, got task.hidden=%s", hidden);
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
            return pictures(base)
                    .withEpochs(20)
                    .withBatch(128)
                    .withOptimizer(new Optimizer.AdamW(1e-3, 0.9, 0.95, 1e-8, 0.05))
                    .withSchedule(new Schedule.Cosine(200, 0))
                    .withUpdate(new Update(1, 1, 0, 0, 0))
                    .withLoss(new Loss.Mse());
        }
    }

    /**
     * What sound pictures look like to a classifier, so that odd ones stand out; nothing is trained.
     *
     * @param backbone a run or model of {@link Classification}, on whatever pictures
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

    /** What was done to a picture that is to be restored. */
    enum Damage {
        /** Gaussian noise of a standard deviation of so many of 255. */
        NOISE(0, 255, 25, 25),
        /** JPEG of that quality, 1 to 100. */
        JPEG(1, 100, 10, 40),
        /** That share of the picture painted over in rectangles. */
        HOLES(0, 1, 0.05, 0.2),
        /** A smaller picture, by that whole factor. */
        SCALE(2, 8, 2, 2);

        private final double least;
        private final double most;
        private final double low;
        private final double high;

        /** Possible amounts, and those that a run draws from if it names none. */
        Damage(double least, double most, double low, double high) {
            this.least = least;
            this.most = most;
            this.low = low;
            this.high = high;
        }

        /** Its word in recipes. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException if there can be no such amount of this damage */
        public void check(double amount) {
            Task.check(
                    amount >= least && amount <= most,
                    "an amount of damage must be %s to %s for %s, got %s",
                    plain(least),
                    plain(most),
                    word(),
                    plain(amount));
        }

        private void check(double from, double to) {
            String got = "got task.low=%s, task.high=%s".formatted(plain(from), plain(to));
            Task.check(
                    from >= least && to <= most && from <= to,
                    "task.low and task.high must be %s to %s for task.damage=%s, low not above high, %s",
                    plain(least),
                    plain(most),
                    word(),
                    got);
            Task.check(to > 0, "task.high must be above 0, else nothing is damaged, %s", got);
            Task.check(this != HOLES || to < 1, "task.high must be below 1, else nothing is left, %s", got);
            Task.check(
                    this != SCALE || (from == to && to == Math.rint(to)),
                    "task.low and task.high must be the same whole number for task.damage=scale, %s",
                    got);
        }

        private static String plain(double value) {
            return value == Math.rint(value) && Math.abs(value) < 1e9 ? Long.toString((long) value) : "" + value;
        }
    }

    /**
     * The sound picture from a damaged one.
     *
     * @param damage its kind
     * @param low least amount, in the unit of its kind
     * @param high most; each picture's own amount lies evenly between
     */
    record Restoration(Damage damage, double low, double high) implements Task {
        public Restoration {
            damage.check(low, high);
        }

        /** With the amounts that are usual for this damage. */
        static Restoration of(Damage damage) {
            return new Restoration(damage, damage.low, damage.high);
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
     * Few bits that give nearly the picture back (Ballé et al. 2017).
     *
     * @param quality weight of the squared error, of 255, against the bits per pixel; about 0.001 to 0.1
     */
    record Compression(double quality) implements Task {
        public Compression {
            check(quality > 0, "task.quality must be above 0, got task.quality=%s", quality);
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

    /** How generator and discriminator are scored. */
    enum Contest {
        /** Goodfellow et al. 2014, the generator's non-saturating form. */
        LOGISTIC,
        /** Lim and Ye 2017. */
        HINGE,
        /** Arjovsky et al. 2017; wants a gradient penalty. */
        WASSERSTEIN,
        /** Mao et al. 2017. */
        LEAST_SQUARES
    }

    /**
     * Pictures that a second network cannot tell from real ones (Goodfellow et al. 2014).
     *
     * @param contest how both are scored
     * @param gradientPenalty factor of (gradient norm - 1)² between real and generated (Gulrajani et al. 2017)
     * @param realPenalty factor of half the squared gradient at real pictures, R1 (Mescheder et al. 2018)
     * @param penaltyEvery penalties are taken in one of so many steps, drawn at random, and that many times as strong: a
     *     penalty costs as much as the rest of the step, and seldom is enough (Karras et al. 2020)
     * @param discriminatorSteps of which the generator learns in one; 5 with a Wasserstein critic (Gulrajani et al. 2017)
     * @param augment whether real and generated alike are shifted, cut out and recoloured before they are judged, for
     *     small sets (Zhao et al. 2020)
     */
    record Adversarial(
            Contest contest,
            double gradientPenalty,
            double realPenalty,
            int penaltyEvery,
            int discriminatorSteps,
            boolean augment)
            implements Task {
        public Adversarial {
            check(gradientPenalty >= 0, "task.gradientPenalty must be 0 or more, got %s", gradientPenalty);
            check(realPenalty >= 0, "task.realPenalty must be 0 or more, got %s", realPenalty);
            check(penaltyEvery >= 1, "task.penaltyEvery must be at least 1, got %s", penaltyEvery);
            check(discriminatorSteps >= 1, "task.discriminatorSteps must be at least 1, got %s", discriminatorSteps);
            check(
                    contest != Contest.WASSERSTEIN || gradientPenalty + realPenalty > 0,
                    "task.contest=wasserstein: the critic must not be steep without limit. Set task.gradientPenalty=10 or task.realPenalty");
        }

        @Override
        public String word() {
            return "adversarial";
        }

        @Override
        public Recipe start(Recipe base) {
            return pictures(base)
                    .withEpochs(20)
                    .withBatch(128)
                    .withOptimizer(new Optimizer.Adam(2e-4, 0.5, 0.999, 1e-8, 0))
                    .withSchedule(new Schedule.Constant(0))
                    .withUpdate(new Update(0, 1, 0.999, 0, 0))
                    .withSelection(new Selection(0, 0, Keep.LAST, false));
        }
    }

    /**
     * The next token of a picture from those before it.
     *
     * @param tokenizer a run or model of {@link Quantisation}, whose tokens are learned
     */
    record Tokens(String tokenizer) implements Task {
        @Override
        public String word() {
            return "tokens";
        }

        @Override
        public Recipe start(Recipe base) {
            return pictures(base)
                    .withEpochs(15)
                    .withBatch(64)
                    .withOptimizer(new Optimizer.AdamW(1e-3, 0.9, 0.95, 1e-8, 0.05))
                    .withSchedule(new Schedule.Cosine(200, 0))
                    .withUpdate(new Update(1, 1, 0, 0, 0));
        }
    }

    /** What a diffusion network tells of a noisy picture. */
    enum Target {
        /** The straight way from noise to picture: rectified flow (Liu et al. 2022; Lipman et al. 2022). */
        VELOCITY,
        /** The noise in it: DDPM with the cosine schedule (Ho et al. 2020; Nichol and Dhariwal 2021). */
        NOISE
    }

    /**
     * Pictures out of noise, step by step.
     *
     * @param target what the network is asked for
     * @param unconditional share of the pictures whose class is hidden, for guidance (Ho and Salimans 2022)
     */
    record Diffusion(Target target, double unconditional) implements Task {
        public Diffusion {
            check(
                    unconditional >= 0 && unconditional <= 1,
                    "task.unconditional must be 0 to 1, got task.unconditional=%s",
                    unconditional);
        }

        @Override
        public String word() {
            return "diffusion";
        }

        @Override
        public Recipe start(Recipe base) {
            return pictures(base)
                    .withEpochs(20)
                    .withBatch(128)
                    .withOptimizer(new Optimizer.AdamW(1e-3, 0.9, 0.99, 1e-8, 0))
                    .withSchedule(new Schedule.Cosine(200, 0))
                    .withUpdate(new Update(1, 1, 0.999, 0, 0))
                    .withSelection(new Selection(0.02, 0, Keep.LAST, false));
        }
    }

    /** One of each kind, with its default settings; of {@link Restoration} one for each damage. */
    static List<Task> defaults() {
        return List.of(
                new Classification(),
                new Reconstruction(0, 0, 0, 0, 0, 1, 0),
                new Variational(1),
                new Quantisation(0.25),
                new Masking(0.75),
                new Anomaly(""),
                Restoration.of(Damage.NOISE),
                Restoration.of(Damage.JPEG),
                Restoration.of(Damage.HOLES),
                Restoration.of(Damage.SCALE),
                new Compression(0.01),
                new Adversarial(Contest.LOGISTIC, 0, 1, 4, 1, false),
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

    /** Values from 0 to 1, which is what the network gives back. */
    private static Recipe pictures(Recipe base) {
        return base.withInput(new Input(0, 0, 1, ResizePolicy.STRETCH, Normalize.UNIT));
    }

    /** Parts of the pictures in their own pixels, mirrored at random. */
    private static Recipe patches(Recipe base, int size, int each) {
        return base.withInput(new Input(size, 0, each, ResizePolicy.PATCH, Normalize.UNIT))
                .withAugment(Augment.none().withHorizontalFlip());
    }

    private static void check(boolean condition, String rule, Object... values) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, rule, values));
        }
    }
}
