package dev.fovea.task.generate;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.DiffusionNet;
import dev.fovea.models.GeneratorAndDiscriminator;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Sampler;
import dev.fovea.models.TokenTransformer;
import dev.fovea.models.Vae;
import dev.fovea.nn.Module;
import dev.fovea.report.Grid;
import dev.fovea.run.Classes;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TrainingRun;
import dev.fovea.train.ImageTensors;
import dev.fovea.train.Recipe;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Generates images: a variational autoencoder, the generator of a GAN, a diffusion network, or a token transformer.
 *
 * <pre>{@code
 * var generator = Generator.load(Path.of("runs/digits-1"));
 * List<Image> sevens = generator.generate(new Generator.Request(16).withLabel("7"));
 * }</pre>
 */
public final class Generator {

    /** Images generated at once. */
    private static final int AT_ONCE = 100;

    private static final int MOST = 10_000_000;

    private static final List<Class<? extends Module>> NETWORKS =
            List.of(Vae.class, GeneratorAndDiscriminator.class, TokenTransformer.class, DiffusionNet.class);

    private static final Steps UNWATCHED = (done, of, images) -> {};

    /** The sampler of a diffusion network; see {@link Sampler.Method}. */
    public enum Sampling {
        DDIM,
        DDPM,
        HEUN
    }

    /**
     * How the next token is sampled.
     *
     * @param temperature of the softmax; 0 takes the most probable token
     * @param topK samples among so many most probable tokens, or 0 for all
     * @param topP samples among the most probable tokens that together reach this probability, 1 for all
     */
    public record Choice(double temperature, int topK, double topP) {
        private TokenTransformer.Choice forTransformer() {
            return new TokenTransformer.Choice(temperature, topK, topP);
        }
    }

    /**
     * A request for images.
     *
     * @param count images, 1 to 10 million
     * @param label class of all of them, or empty for all classes in turn
     * @param seed of the noise; the same gives the same images
     * @param steps from noise to image, for a diffusion network
     * @param method the method of such a step
     * @param guidance guidance scale, see {@link Sampler}
     * @param choice how a token is sampled, for a token transformer
     */
    public record Request(
            int count, String label, long seed, int steps, Sampling method, double guidance, Choice choice) {
        public Request {
            if (count < 1 || count > MOST) {
                throw new IllegalArgumentException(
                        "generate: the number of images must be 1 to %s, got %s".formatted(MOST, count));
            }
        }

        /** A number of images, of all classes in turn, seed 0; a diffusion network takes 30 steps. */
        public Request(int count) {
            this(count, "", 0, 30, Sampling.HEUN, 1, new Choice(1, 0, 1));
        }

        public Request withLabel(String value) {
            return new Request(count, value, seed, steps, method, guidance, choice);
        }

        public Request withSeed(long value) {
            return new Request(count, label, value, steps, method, guidance, choice);
        }

        public Request withSampling(int newSteps, Sampling newMethod, double newGuidance) {
            return new Request(count, label, seed, newSteps, newMethod, newGuidance, choice);
        }

        public Request withChoice(Choice value) {
            return new Request(count, label, seed, steps, method, guidance, value);
        }
    }

    /** An image and its requested class, empty where the model is not class-conditional. */
    public record Generated(Image image, String label) {}

    private final SavedNet network;

    public Generator(SavedNet network) {
        this.network = network;
    }

    /**
     * Trains a registered network on the training part of {@code data}.
     *
     * @param recipe everything that decides the result; its model is replaced by {@code model}
     */
    public static Generator train(String model, Splits data, Recipe recipe) {
        GeneratorType<?> type = GeneratorType.ALL.stream()
                .filter(one -> one.settings().isInstance(recipe.task()))
                .findFirst()
                .orElseGet(() -> GeneratorType.ofModel(model));
        return new Generator(TrainingRun.inTemporaryFolder(type, recipe.withModel(model), data)
                .net());
    }

    /** Loads a model package, or the model of a run folder, onto the best device there is. */
    public static Generator load(Path path) {
        return load(path, "auto");
    }

    /**
     * Loads a model package, or the model of a run folder.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or generates no images
     */
    public static Generator load(Path path, String device) {
        SavedNet network = SavedNet.load(path, device);
        if (!generates(network.config())) {
            throw new IllegalArgumentException("%s: a model for %s, expected a generator"
                    .formatted(SavedNet.folder(path), network.config().task().type()));
        }
        return new Generator(network);
    }

    /** Whether a model generates images; its weights are not needed to tell. */
    public static boolean generates(ModelPackage.Config config) {
        Class<?> network = config.architecture().network();
        return NETWORKS.stream().anyMatch(one -> one.isAssignableFrom(network));
    }

    /** Writes the model package: {@code config.json} and {@code model.safetensors}. */
    public void save(Path folder) {
        network.model().write(folder);
    }

    /** The architecture and the provenance. */
    public ModelPackage.Config config() {
        return network.model().config();
    }

    /** The classes that can be requested. */
    public List<String> classes() {
        return config().classes();
    }

    /** Whether the network is class-conditional, with more than one class. */
    public boolean classConditional() {
        return classConditional(network.net(), classes());
    }

    static boolean classConditional(Module net, List<String> classes) {
        boolean conditional =
                !(net instanceof Vae) && !(net instanceof GeneratorAndDiscriminator pair && !pair.classConditional());
        return conditional && classes.size() > 1;
    }

    /** All images of a request; for very many, {@link #stream} does not keep them. */
    public List<Image> generate(Request request) {
        var images = new ArrayList<Image>();
        stream(request, made -> images.add(made.image()));
        return images;
    }

    /**
     * Generates images a hundred at a time and hands each on.
     *
     * @throws IllegalArgumentException if there is no such class, or this model is not class-conditional
     */
    public void stream(Request request, Consumer<Generated> receiver) {
        stream(request, UNWATCHED, receiver);
    }

    /** Is told of the steps of a diffusion network. */
    public interface Steps {

        /**
         * After a step.
         *
         * @param done of the images that are generated now
         * @param of how many there are
         * @param images as they would be if it ended here, made when asked for
         */
        void step(int done, int of, Supplier<List<Image>> images);
    }

    /**
     * The same while somebody watches the steps; networks of other kinds have none.
     *
     * @param watch may end it by an exception
     */
    public void stream(Request request, Steps watch, Consumer<Generated> receiver) {
        int asked = asked(request);
        for (int from = 0; from < request.count(); from += AT_ONCE) {
            int count = Math.min(AT_ONCE, request.count() - from);
            long[] labels = new long[count];
            for (int i = 0; i < count; i++) {
                labels[i] = asked >= 0
                        ? asked
                        : classConditional() ? (from + i) % classes().size() : 0;
            }
            List<Image> images = batch(
                    request,
                    from,
                    () -> made(request, noise(count), Tensor.of(labels, count).to(network.device()), watch));
            for (int i = 0; i < count; i++) {
                receiver.accept(new Generated(
                        images.get(i), classConditional() ? classes().get((int) labels[i]) : ""));
            }
        }
    }

    /** The requested class, or -1 for all in turn. */
    private int asked(Request request) {
        if (request.label().isEmpty()) {
            return -1;
        }
        int asked = Classes.index(classes(), request.label());
        if (!classConditional()) {
            throw new IllegalArgumentException(
                    "generate: this model is not class-conditional, so no class can be chosen");
        }
        return asked;
    }

    /**
     * Likelihood metrics on real images: of a token transformer {@code loss} in nats per token, {@code accuracy} of its
     * most probable token, and {@code bitsPerDimension} (of the image in its levels) or, of a trained tokenizer's
     * tokens, {@code tokenBitsPerDimension}; of a diffusion network its training {@code loss}.
     *
     * @throws IllegalArgumentException if {@code data} has other classes, or the model gives no likelihood
     */
    public Map<String, Double> evaluate(Dataset data) {
        Dataset matched = classConditional() ? Classes.matched(data, classes()) : data;
        return GeneratorType.ofModel(config().architecture().text())
                .evaluate(network, matched)
                .metrics();
    }

    /**
     * Generates the lower part of an image anew; the upper one stays exactly as it is.
     *
     * @param kept share of the image's height that stays, 0 to below 1, to the next row of pixels; the model uses the
     * whole rows of tokens in it and nothing below
     * @param request its class, or, if it names none, the most likely class of what stays
     * @throws IllegalArgumentException if the model is no token transformer
     */
    public List<Image> complete(Image image, double kept, Request request) {
        if (!(network.net() instanceof TokenTransformer transformer)) {
            throw new IllegalArgumentException("complete: needs a token transformer, this model is for "
                    + config().task().type());
        }
        if (!(kept >= 0 && kept < 1)) {
            throw new IllegalArgumentException("complete: the share that stays must be 0 to below 1, got " + kept);
        }
        var completion = new Completion(transformer, network.input(List.of(image)), kept);
        int asked = asked(request);
        return inTurn(
                request,
                (from, count) -> completion.made(count, asked, request.choice().forTransformer()));
    }

    /**
     * Images interpolated between two noise vectors, both ends included; of a class-conditional model, if the request
     * names no class, one interpolation for each class, with the same noise for all.
     *
     * @param count of one interpolation, at least 2
     */
    public List<Image> interpolate(Request request, int count) {
        if (network.net() instanceof TokenTransformer) {
            throw new IllegalArgumentException("interpolate: a token transformer has no noise to interpolate");
        }
        if (count < 2) {
            throw new IllegalArgumentException("interpolate: at least 2 images, got " + count);
        }
        int asked = asked(request);
        var images = new ArrayList<Image>();
        for (int label = 0; label < (asked < 0 && classConditional() ? classes().size() : 1); label++) {
            int of = Math.max(asked, label);
            images.addAll(batch(request, 0, () -> {
                Tensor labels = Tensor.full(of, count).to(DType.INT64).to(network.device());
                return made(request, between(noise(1), noise(1), count), labels, UNWATCHED);
            }));
        }
        return images;
    }

    /** On the sphere: in many dimensions nearly all noise is about as long. */
    private static Tensor between(Tensor from, Tensor to, int count) {
        var all = new ArrayList<Tensor>();
        for (int i = 0; i < count; i++) {
            double angle = Math.PI / 2 * i / (count - 1);
            all.add(from.mul(Math.cos(angle)).add(to.mul(Math.sin(angle))));
        }
        return Tensor.cat(all, 0);
    }

    /**
     * Inpainting: generates the masked part; the rest stays exactly as it is, in the network's size.
     *
     * @param mask of the image's size, white where something is to be generated
     * @throws IllegalArgumentException if the model is no diffusion network, or the sizes differ
     */
    public List<Image> inpaint(Image image, Image mask, Request request) {
        return inpaint(image, mask, request, UNWATCHED);
    }

    /**
     * The same while somebody watches the steps.
     *
     * @param watch may end it by an exception
     */
    public List<Image> inpaint(Image image, Image mask, Request request, Steps watch) {
        return editing("inpaint", request, watch).inpainted(image, mask);
    }

    /**
     * Variations of an image.
     *
     * @param strength above 0 (the same image) to 1 (nothing of it)
     * @throws IllegalArgumentException if the model is no diffusion network
     */
    public List<Image> vary(Image image, double strength, Request request) {
        return vary(image, strength, request, UNWATCHED);
    }

    /**
     * The same while somebody watches the steps.
     *
     * @param watch may end it by an exception
     */
    public List<Image> vary(Image image, double strength, Request request, Steps watch) {
        return editing("vary", request, watch).varied(image, strength);
    }

    private Editing editing(String what, Request request, Steps watch) {
        if (!(network.net() instanceof DiffusionNet)) {
            throw new IllegalArgumentException("%s: needs a diffusion network, this model is for %s"
                    .formatted(what, config().task().type()));
        }
        int asked = asked(request);
        if (asked < 0 && classConditional() && !trainedUnconditionally()) {
            throw new IllegalArgumentException(
                    "%s: this network was trained with task.classDropout=0, so it cannot generate without a class. Name one"
                            .formatted(what));
        }
        return new Editing(this, request, asked, watch);
    }

    /** What it can be asked for. */
    public GeneratorOffer offer() {
        boolean guided = network.net() instanceof DiffusionNet && classConditional() && trainedUnconditionally();
        return GeneratorOffer.of(network.net(), classConditional(), guided);
    }

    /** Whether it was trained without a class for some images, as guidance needs it. */
    private boolean trainedUnconditionally() {
        return network.settings(GeneratorType.DIFFUSION).classDropout() > 0;
    }

    /** Some images of a request: how many before them, how many. */
    interface Batches {
        Tensor make(int from, int count);
    }

    /** The images of a request, a hundred at a time. */
    List<Image> inTurn(Request request, Batches batches) {
        var images = new ArrayList<Image>();
        for (int from = 0; from < request.count(); from += AT_ONCE) {
            int first = from;
            int count = Math.min(AT_ONCE, request.count() - from);
            images.addAll(batch(request, from, () -> batches.make(first, count)));
        }
        return images;
    }

    private synchronized List<Image> batch(Request request, int from, Supplier<Tensor> maker) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            network.net().state().random(Random.of(new Seed(request.seed()).derive(from), network.device()));
            return ImageTensors.of(maker.get());
        }
    }

    /** Standard normal noise for so many images. */
    Tensor noise(int count) {
        Preprocess shown = config().preprocess();
        Random random = network.net().state().random();
        Tensor noise = network.net() instanceof Vae vae
                ? Tensor.randn(random, count, vae.codeSize())
                : network.net() instanceof GeneratorAndDiscriminator pair
                        ? Tensor.randn(random, count, pair.noiseSize())
                        : Tensor.randn(random, count, shown.channels(), shown.height(), shown.width());
        return noise.to(network.device());
    }

    /** Values 0 to 1. */
    private Tensor made(Request request, Tensor noise, Tensor labels, Steps watch) {
        if (network.net() instanceof Vae vae) {
            return vae.decode(noise);
        }
        if (network.net() instanceof GeneratorAndDiscriminator pair) {
            return pair.generate(noise, labels);
        }
        if (network.net() instanceof TokenTransformer transformer) {
            Tensor tokens =
                    transformer.generate(labels, 0, labels, request.choice().forTransformer(), true);
            return transformer.tokenizer().ofTokens(tokens);
        }
        Sampler.Steps told = (done, image) -> watch.step(
                done, request.steps(), () -> ImageTensors.of(image.add(1).mul(0.5)));
        return sampler(request)
                .sample((DiffusionNet) network.net(), noise, labels, 0, x -> x, told)
                .add(1)
                .mul(0.5);
    }

    Sampler sampler(Request request) {
        if (request.guidance() != 1 && !(classConditional() && trainedUnconditionally())) {
            throw new IllegalArgumentException(
                    "guidance: needs a class-conditional network that was trained with task.classDropout above 0. "
                            + "Leave it at 1");
        }
        return new Sampler(
                DiffusionObjective.path(network.settings(GeneratorType.DIFFUSION)),
                Sampler.Method.valueOf(request.method().name()),
                request.steps(),
                request.guidance());
    }

    /** Images side by side, so many in a row. */
    public static BufferedImage grid(List<Image> images, int columns) {
        return Grid.draw(images, columns);
    }

    /** Images side by side, about as many rows as columns. */
    public static BufferedImage grid(List<Image> images) {
        return Grid.draw(images);
    }

    SavedNet network() {
        return network;
    }
}
