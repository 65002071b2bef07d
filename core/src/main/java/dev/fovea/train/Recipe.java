package dev.fovea.train;

import dev.fovea.data.Augmentation;
import dev.fovea.data.BatchTransform;
import dev.fovea.data.FrameSampling;
import dev.fovea.data.GeometricTransform;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Sampling;
import dev.fovea.data.TargetKind;
import dev.fovea.data.Transform;
import dev.fovea.image.Filter;
import dev.fovea.io.Records;
import dev.fovea.nn.Loss;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Schedule;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Everything that decides a run's result; the same recipe, data and seed give the same weights.
 *
 * <p>Its printed form is YAML ({@link RecipeFile}), written beside every run; the keys are the component names
 * below.
 *
 * @param model a registry name such as {@code resnet18}, with its options where it has some, or layers as text
 * @param task the task
 * @param epochs passes over the training data, at least 1
 * @param batch images per step, at least 1
 * @param input the input of the network
 * @param optimizer how gradients become updates, with the base learning rate
 * @param schedule the factor of that rate over the run
 * @param loss what is minimised
 * @param augment random changes of each training image, in this order
 * @param augmentBatch random changes of whole batches, which get one of them each
 * @param update how gradients are accumulated and clipped, and weights averaged
 * @param selection what is held out and which epoch is selected
 * @param transfer how a network that starts from trained weights goes on learning
 * @param freeze parameters that do not learn, as patterns over their names or those of modules, see {@link
 *     dev.fovea.nn.State#freeze}
 * @param precision auto, fp32 or bf16
 * @param seed of weights, order, augmentation and dropout
 */
public record Recipe(
        String model,
        Task task,
        int epochs,
        int batch,
        Input input,
        Optimizer optimizer,
        Schedule schedule,
        Loss loss,
        List<Transform> augment,
        List<BatchTransform> augmentBatch,
        Update update,
        Selection selection,
        Transfer transfer,
        List<String> freeze,
        String precision,
        long seed) {

    /** How pixel values from 0 to 255 are normalised. */
    public enum Normalize {
        /** Divided by 255: 0 to 1. */
        UNIT,
        /** Divided by 255, then zero mean and unit variance per channel over the training images. */
        DATA,
        /** Divided by 255, then the channel means and deviations of ImageNet, as published weights expect. */
        IMAGENET,
        /** Divided by 255, then {@code input.mean} and {@code input.std}. */
        GIVEN,
        /** Each image on its own: zero mean and unit variance over all its values (Keras' samplewise options). */
        IMAGE,
        /** Divided by 255, then ZCA-whitened over the training images (Krizhevsky 2009, appendix A). */
        WHITEN
    }

    /**
     * The input of the network.
     *
     * @param size height and width in pixels, or {@link InputSize#OWN}
     * @param channels 1 or 3, or 0 for the model's own
     * @param repeats how often an epoch repeats each training image; more than once makes sense for patches
     * @param augmentRepeats how often a batch holds each of its images, augmented anew each time; an epoch keeps its number of
     *     images, of which fewer are different. Repeated augmentation: Hoffer et al. 2019, <a
     *     href="https://arxiv.org/abs/1901.09335">Augment your batch</a>; 3 in DeiT
     * @param resize how an image of another shape is brought to size
     * @param crop share of the resized image's sides that {@link ResizePolicy#CROP} keeps, above 0 and at most 1
     * @param filter of resizing
     * @param antialias whether shrinking takes all pixels into account
     * @param normalize how bytes become numbers
     * @param mean of {@link Normalize#GIVEN}: of each channel, or one for all; else empty
     * @param std the deviations that belong to {@code mean}
     * @param frames which frames of a clip
     * @param progressiveResizing of training images, from small ones in the first epochs to the full size
     * @param multiScale least side of a batch of training images as a share of the full one, above 0; 1 for one size
     * @param balancedCrops of so many random views of a training image that is taken which shows most of classes with few pixels;
     *     for segmentation, 1 for the first
     */
    public record Input(
            InputSize size,
            int channels,
            int repeats,
            int augmentRepeats,
            ResizePolicy resize,
            double crop,
            Filter filter,
            boolean antialias,
            Normalize normalize,
            List<Double> mean,
            List<Double> std,
            FrameSampling frames,
            ProgressiveResizing progressiveResizing,
            double multiScale,
            int balancedCrops) {

        /** Of one size, each image once in a batch, resized bilinearly with antialiasing; no means given. */
        public Input(
                InputSize size,
                int channels,
                int repeats,
                ResizePolicy resize,
                Normalize normalize,
                FrameSampling frames) {
            this(
                    size,
                    channels,
                    repeats,
                    1,
                    resize,
                    1,
                    Filter.BILINEAR,
                    true,
                    normalize,
                    List.of(),
                    List.of(),
                    frames,
                    ProgressiveResizing.NONE,
                    1,
                    1);
        }

        /** Of clips, as many frames as the network takes, evenly chosen. */
        public Input(InputSize size, int channels, int repeats, ResizePolicy resize, Normalize normalize) {
            this(size, channels, repeats, resize, normalize, FrameSampling.STILL.withLength(0));
        }

        public Input {
            require(
                    channels == 0 || channels == 1 || channels == 3,
                    "input.channels must be 0 (the model's own), 1 (grey) or 3 (colour; transparency is left out), got input.channels=%s",
                    channels);
            require(
                    repeats >= 1 && repeats <= 100_000,
                    "input.repeats must be 1 to 100000, got input.repeats=%s",
                    repeats);
            require(crop > 0 && crop <= 1, "input.crop must be above 0 and at most 1, got input.crop=%s", crop);
            require(
                    crop == 1 || resize == ResizePolicy.CROP,
                    "input.crop is for input.resize=crop, got input.crop=%s with input.resize=%s",
                    crop,
                    resize.name().toLowerCase(Locale.ROOT));
            mean = List.copyOf(mean);
            std = List.copyOf(std);
            if (normalize == Normalize.GIVEN) {
                require(
                        (mean.size() == 1 || mean.size() == 3)
                                && mean.size() == std.size()
                                && std.stream().allMatch(value -> value > 0),
                        "input.normalize=given needs 1 or 3 values of input.mean and as many of input.std, which are above 0, as in [0.5, 0.5, 0.5]; got input.mean=%s, input.std=%s",
                        mean,
                        std);
            } else {
                require(
                        mean.isEmpty() && std.isEmpty(),
                        "input.mean and input.std are for input.normalize=given, got input.normalize=%s",
                        normalize.name().toLowerCase(Locale.ROOT));
            }
            require(
                    multiScale >= 0.1 && multiScale <= 1,
                    "input.multiScale must be 0.1 to 1 (one size), got input.multiScale=%s",
                    multiScale);
            require(
                    balancedCrops >= 1 && balancedCrops <= 64,
                    "input.balancedCrops must be 1 (any) to 64, got input.balancedCrops=%s",
                    balancedCrops);
            require(
                    augmentRepeats >= 1 && augmentRepeats <= 64,
                    "input.augmentRepeats must be 1 to 64, got input.augmentRepeats=%s",
                    augmentRepeats);
        }

        public Input withSize(InputSize value) {
            return Records.with(this, "size", value);
        }

        public Input withChannels(int value) {
            return Records.with(this, "channels", value);
        }

        public Input withRepeats(int value) {
            return Records.with(this, "repeats", value);
        }

        /** By another rule than given means. */
        public Input withNormalize(Normalize value) {
            return Records.with(this, Map.of("normalize", value, "mean", List.of(), "std", List.of()));
        }

        public Input withProgressiveResizing(ProgressiveResizing value) {
            return Records.with(this, "progressiveResizing", value);
        }

        public Input withAugmentRepeats(int value) {
            return Records.with(this, "augmentRepeats", value);
        }
    }

    /**
     * How gradients are accumulated, clipped and penalised, and weights averaged.
     *
     * @param gradientClip largest norm of the whole gradient, or 0 for no limit
     * @param accumulate batches whose gradients make one update, at least 1
     * @param ema decay of the exponential moving average of weights that is evaluated and saved, or 0 for none
     * @param l1 factor of the sum of absolute weights in the loss, biases and norms left out
     * @param l2 factor of the sum of squared weights in the loss, biases and norms left out
     * @param lookAhead updates after which the weights are set back to slower ones that follow them, or 0 for never
     * @param swa last share of the epochs, the mean of whose weights is evaluated and saved, or 0 for none; the statistics of
     *     norms are taken anew for it
     */
    public record Update(
            double gradientClip, int accumulate, double ema, double l1, double l2, int lookAhead, double swa) {

        /** Without look-ahead and the mean over epochs. */
        public Update(double gradientClip, int accumulate, double ema, double l1, double l2) {
            this(gradientClip, accumulate, ema, l1, l2, 0, 0);
        }

        public Update {
            require(
                    gradientClip >= 0,
                    "update.gradientClip must be 0 (off) or more, got update.gradientClip=%s",
                    gradientClip);
            require(accumulate >= 1, "update.accumulate must be at least 1, got update.accumulate=%s", accumulate);
            require(ema >= 0 && ema < 1, "update.ema must be 0 (off) to below 1, got update.ema=%s", ema);
            require(lookAhead >= 0, "update.lookAhead must be 0 (off) or more, got update.lookAhead=%s", lookAhead);
            require(swa >= 0 && swa < 1, "update.swa must be 0 (off) to below 1, got update.swa=%s", swa);
            require(
                    ema == 0 || swa == 0,
                    "update.ema and update.swa are two averages of the same weights, got ema=%s, swa=%s. Set one to 0",
                    ema,
                    swa);
            require(l1 >= 0 && l2 >= 0, "update.l1 and update.l2 must be 0 (off) or more, got l1=%s, l2=%s", l1, l2);
        }
    }

    /** Which weights the saved model carries. */
    public enum Keep {
        BEST,
        LAST
    }

    /**
     * What is held out and which epoch is selected.
     *
     * @param validation share of the training images held out where the data has no validation part, 0 to 0.9
     * @param patience epochs without a better one after which the run ends, or 0 to run them all
     * @param keep whether the saved model has the weights of the best epoch or of the last
     * @param sampling how often images of each class are drawn
     */
    public record Selection(double validation, int patience, Keep keep, Sampling sampling) {

        /** Every training image once an epoch. */
        public Selection(double validation, int patience, Keep keep) {
            this(validation, patience, keep, Sampling.INSTANCE_BALANCED);
        }

        public Selection {
            require(
                    validation >= 0 && validation <= 0.9,
                    "selection.validation must be 0 to 0.9, got selection.validation=%s",
                    validation);
            require(patience >= 0, "selection.patience must be 0 (off) or more, got selection.patience=%s", patience);
        }
    }

    public Recipe {
        require(epochs >= 1, "epochs must be positive, got epochs=%s", epochs);
        require(batch >= 1 && batch <= 65_536, "batch must be 1 to 65536, got batch=%s", batch);
        require(
                precision.equals("auto") || precision.equals("fp32") || precision.equals("bf16"),
                "precision must be auto, fp32 or bf16, got precision=%s",
                precision);
        checkFinite("input", input);
        checkFinite("optimizer", optimizer);
        checkFinite("schedule", schedule);
        checkFinite("loss", loss);
        augment = List.copyOf(augment);
        augmentBatch = List.copyOf(augmentBatch);
        checkFinite("augment", augment);
        checkFinite("augmentBatch", augmentBatch);
        new Augmentation(augment, augmentBatch); // checks their order
        checkFinite("update", update);
        checkFinite("selection", selection);
        checkFinite("transfer", transfer);
        checkFinite("task", task);
        freeze = List.copyOf(freeze);
        require(
                freeze.stream().noneMatch(String::isBlank),
                "freeze: a pattern must not be empty, got freeze=%s",
                freeze);
    }

    /**
     * What the recipes of all tasks start from: ten epochs of Adam on batches of 64, its rate of 0.001 falling to 0 as
     * a
     * cosine, channels normalised over the training images, no augmentation.
     */
    public static Recipe base(String model) {
        return new Recipe(
                model,
                new Task.Unset(),
                10,
                64,
                new Input(InputSize.OWN, 0, 1, ResizePolicy.STRETCH, Normalize.DATA),
                Optimizer.adam(1e-3),
                new Schedule.Cosine(0, 0),
                Loss.crossEntropy(),
                List.of(),
                List.of(),
                new Update(0, 1, 0, 0, 0),
                new Selection(0.1, 0, Keep.BEST),
                Transfer.OFF,
                List.of(),
                "auto",
                0);
    }

    /**
     * For a classifier that starts from published weights, on few photographs or many: AdamW, for some epochs on the head
     * alone, then on all weights at a tenth of the rate, norms in evaluation mode throughout; images normalised as for
     * ImageNet, random crops of at least 35 % of the area and horizontal flips.
     */
    public static Recipe fineTune() {
        return base("resnet18").fineTuned();
    }

    /** This with what {@link #fineTune()} says but the model and the task. */
    public Recipe fineTuned() {
        return withEpochs(10)
                .withBatch(32)
                .withInput(new Input(
                        input.size(), input.channels(), 1, ResizePolicy.CROP, Normalize.IMAGENET, input.frames()))
                .withOptimizer(Optimizer.adamW(1e-3))
                .withSchedule(new Schedule.Cosine(50, 0))
                .withAugment(GeometricTransform.Crop.of(0.35), GeometricTransform.Flip.horizontal())
                .withTransfer(new Transfer(4, 0, 0.1, 1, true));
    }

    /** On images of values from 0 to 1, for networks whose output is such an image. */
    public Recipe withUnitImages() {
        return withInput(new Input(InputSize.OWN, 0, 1, ResizePolicy.STRETCH, Normalize.UNIT));
    }

    /**
     * On patches of images in their own pixels, values from 0 to 1, mirrored at random.
     *
     * @param size side in pixels
     * @param repeats patches of each image in an epoch
     */
    public Recipe withPatches(int size, int repeats) {
        return withInput(new Input(InputSize.square(size), 0, repeats, ResizePolicy.PATCH, Normalize.UNIT))
                .withAugment(GeometricTransform.Flip.horizontal());
    }

    public Recipe withModel(String value) {
        return Records.with(this, "model", value);
    }

    public Recipe withTask(Task value) {
        return Records.with(this, "task", value);
    }

    public Recipe withEpochs(int value) {
        return Records.with(this, "epochs", value);
    }

    public Recipe withBatch(int value) {
        return Records.with(this, "batch", value);
    }

    public Recipe withInput(Input value) {
        return Records.with(this, "input", value);
    }

    public Recipe withOptimizer(Optimizer value) {
        return Records.with(this, "optimizer", value);
    }

    public Recipe withSchedule(Schedule value) {
        return Records.with(this, "schedule", value);
    }

    public Recipe withLoss(Loss value) {
        return Records.with(this, "loss", value);
    }

    public Recipe withAugment(Transform... value) {
        return withAugment(List.of(value), augmentBatch);
    }

    /** Of whole batches. */
    public Recipe withAugmentBatch(BatchTransform... value) {
        return withAugment(augment, List.of(value));
    }

    /** Without random changes of images or batches. */
    public Recipe withoutAugmentation() {
        return withAugment(List.of(), List.of());
    }

    private Recipe withAugment(List<Transform> images, List<BatchTransform> batches) {
        return Records.with(this, Map.of("augment", images, "augmentBatch", batches));
    }

    /** All random changes of training images. */
    public Augmentation augmentation() {
        return new Augmentation(augment, augmentBatch);
    }

    public Recipe withUpdate(Update value) {
        return Records.with(this, "update", value);
    }

    public Recipe withSelection(Selection value) {
        return Records.with(this, "selection", value);
    }

    public Recipe withTransfer(Transfer value) {
        return Records.with(this, "transfer", value);
    }

    /**
     * With weights that do not learn.
     *
     * @param patterns over names of parameters, such as {@code layer1.*}, or names of modules, such as {@code layer1}
     */
    public Recipe withFreeze(String... patterns) {
        return withFreeze(List.of(patterns));
    }

    private Recipe withFreeze(List<String> value) {
        return Records.with(this, "freeze", value);
    }

    public Recipe withPrecision(String value) {
        return Records.with(this, "precision", value);
    }

    public Recipe withSeed(long value) {
        return Records.with(this, "seed", value);
    }

    /** Whether it makes up for classes of few images: by how often they are drawn, or how much they count. */
    public boolean balances() {
        return selection.sampling() != Sampling.INSTANCE_BALANCED || task.balances();
    }

    /**
     * This, if its sections fit each other.
     *
     * @throws IllegalArgumentException if the task does not take the loss, or mixed batches
     */
    public Recipe checked() {
        require(
                augmentBatch.stream().allMatch(task::takes),
                "augmentBatch: mixup and cutmix mix images and their classes; mosaic, mixup and, with task.masks=true, copy-paste join images with objects. One of them is not for task %s. Leave it out",
                task.word());
        require(
                input.progressiveResizing().off() || task.labelled(),
                "input.progressiveResizing: only classifiers learn from images of several sizes, not task %s. Leave it out",
                task.word());
        require(
                input.balancedCrops() == 1 || task.targetKind() instanceof TargetKind.Pixels,
                "input.balancedCrops: are for segmentation, whose classes have pixels, not for task %s. Leave it out",
                task.word());
        require(
                input.multiScale() == 1 || task.targetKind().places(),
                "input.multiScale: only detection and segmentation learn from batches of several sizes, not task %s. Leave it out",
                task.word());
        require(
                input.progressiveResizing().off() || input.normalize() != Normalize.WHITEN,
                "input.progressiveResizing: whitening is for images of one size, got input.normalize=whiten. Leave one of them out",
                task.word());
        List<String> losses = task.losses();
        require(
                !losses.isEmpty() || loss.equals(Loss.crossEntropy()), // what a recipe without a choice says
                "loss.type: task %s has a loss of its own, got loss.type=%s. Leave it out",
                task.word(),
                loss.word());
        require(
                losses.isEmpty() || losses.contains(loss.word()),
                "loss.type must be one of %s for task %s, got loss.type=%s",
                String.join(", ", losses),
                task.word(),
                loss.word());
        return this;
    }

    /** Of every number in it: a recipe file can say 1e999, which is infinite and would pass as "off" or "no limit". */
    private static void checkFinite(String path, Object value) {
        if (value instanceof Double number) {
            require(Double.isFinite(number), "%s must be a finite number, got %s=%s", path, path, number);
        } else if (value instanceof List<?> list) {
            list.forEach(one -> checkFinite(path, one));
        } else if (value instanceof Record section) {
            for (RecordComponent component : section.getClass().getRecordComponents()) {
                String name = path.isEmpty() ? component.getName() : path + "." + component.getName();
                try {
                    checkFinite(name, component.getAccessor().invoke(section));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e); // of a public record: cannot be
                }
            }
        }
    }

    private static void require(boolean condition, String rule, Object... values) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, rule, values));
        }
    }
}
