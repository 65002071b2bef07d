package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.Adversaries;
import dev.fovea.models.Denoising;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Sampler;
import dev.fovea.models.TokenTransformer;
import dev.fovea.models.Vae;
import dev.fovea.nn.Layer;
import dev.fovea.report.Grid;
import dev.fovea.train.Diffusing;
import dev.fovea.train.Pictures;
import dev.fovea.train.Recipe;
import dev.fovea.train.Task;
import dev.fovea.train.TokenWriting;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes new pictures: a variational autoencoder, a generator from an adversarial pair, a diffusion network, or a
 * writer of tokens.
 *
 * <pre>{@code
 * var generator = Generator.load(Path.of("runs/digits-1"));
 * List<Image> sevens = generator.generate(new Generator.Request(16).withLabel("7"));
 * }</pre>
 */
public final class Generator {

    /** Pictures made at once. */
    private static final int AT_ONCE = 100;

    private static final int MOST = 10_000_000;

    /** How a diffusion network goes a step; see {@link Sampler.Method}. */
    public enum Sampling {
        DDIM,
        DDPM,
        HEUN
    }

    /**
     * How the next token is chosen.
     *
     * @param temperature above 1 for more surprise, below for less; 0 takes the likeliest
     * @param topK of how many likeliest tokens, or 0 for all
     * @param topP of the likeliest tokens that together are as probable as this, 1 for all
     */
    public record Choice(double temperature, int topK, double topP) {
        private TokenTransformer.Choice forWriter() {
            return new TokenTransformer.Choice(temperature, topK, topP);
        }
    }

    /**
     * What is wanted.
     *
     * @param count pictures, 1 to 10 million
     * @param label class of all of them, or empty for all classes in turn
     * @param seed of the noise; the same gives the same pictures
     * @param steps from noise to picture, for a diffusion network
     * @param method how such a step is made
     * @param guidance how much more of the class is wanted, see {@link Sampler}
     * @param choice how a token is chosen, for a writer of tokens
     */
    public record Request(
            int count, String label, long seed, int steps, Sampling method, double guidance, Choice choice) {
        public Request {
            if (count < 1 || count > MOST) {
                throw new IllegalArgumentException(
                        "generate: the number of images must be 1 to %s, got %s".formatted(MOST, count));
            }
        }

        /** So many of all classes in turn, seed 0; a diffusion network goes 30 steps. */
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

    /** A picture and the class that was asked for, empty where none can be. */
    public record Made(Image image, String label) {}

    /** Tasks whose networks make pictures. */
    static final List<String> TASKS = List.of("variational", "adversarial", "diffusion", "tokens");

    private final Network network;

    Generator(Network network) {
        this.network = network;
    }

    /**
     * Trains a registered network on the training part of {@code data}.
     *
     * @param recipe everything that decides the result; its model is replaced by {@code model}
     */
    public static Generator train(String model, Splits data, Recipe recipe) {
        var learner = new GeneratorLearner();
        TrainingRun.inTemporaryFolder(recipe.withModel(model), data, learner);
        return learner.generator();
    }

    /** Loads a model package, or the model of a run folder, onto the best device there is. */
    public static Generator load(Path path) {
        return load(path, "auto");
    }

    /**
     * Loads a model package, or the model of a run folder.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or makes no pictures
     */
    public static Generator load(Path path, String device) {
        return new Generator(Network.load(path, device, TASKS));
    }

    /** Writes the model package: {@code config.json} and {@code model.safetensors}. */
    public void save(Path folder) {
        network.model().write(folder);
    }

    /** What the network is and how it was made. */
    public ModelPackage.Config config() {
        return network.model().config();
    }

    /** The classes that may be asked for. */
    public List<String> classes() {
        return config().classes();
    }

    /** Whether a class can be asked for: the network was told the classes, and there is more than one. */
    public boolean toldClasses() {
        return toldClasses(network.net(), classes());
    }

    static boolean toldClasses(Layer net, List<String> classes) {
        boolean told = !(net instanceof Vae) && !(net instanceof Adversaries pair && !pair.conditional());
        return told && classes.size() > 1;
    }

    /** All pictures of a request; for very many, {@link #stream} does not keep them. */
    public List<Image> generate(Request request) {
        var images = new ArrayList<Image>();
        stream(request, made -> images.add(made.image()));
        return images;
    }

    /**
     * Makes pictures a hundred at a time and hands each on.
     *
     * @throws IllegalArgumentException if there is no such class, or this model cannot be asked for one
     */
    public void stream(Request request, Consumer<Made> receiver) {
        int asked = asked(request);
        for (int from = 0; from < request.count(); from += AT_ONCE) {
            int count = Math.min(AT_ONCE, request.count() - from);
            long[] labels = new long[count];
            for (int i = 0; i < count; i++) {
                labels[i] = asked >= 0
                        ? asked
                        : toldClasses() ? (from + i) % classes().size() : 0;
            }
            List<Image> images = batch(
                    request,
                    from,
                    () -> made(request, noise(count), Tensor.of(labels, count).to(network.device())));
            for (int i = 0; i < count; i++) {
                receiver.accept(
                        new Made(images.get(i), toldClasses() ? classes().get((int) labels[i]) : ""));
            }
        }
    }

    /** The class that is asked for, or -1 for all in turn. */
    private int asked(Request request) {
        if (request.label().isEmpty()) {
            return -1;
        }
        int asked = Classes.index(classes(), request.label());
        if (!toldClasses()) {
            throw new IllegalArgumentException(
                    "generate: this model was never told the classes, so it cannot be asked for one");
        }
        return asked;
    }

    /**
     * How well it foretells real pictures: of a writer of tokens {@code loss} in nats a token, {@code accuracy} of its
     * likeliest token, and {@code bitsPerDimension} (of the picture in the writer's levels) or, of a trained tokenizer's
     * tokens, {@code tokenBitsPerDimension}; of a diffusion network the {@code loss} it was trained by.
     *
     * @throws IllegalArgumentException if {@code data} has classes that were not told, or the model gives no likelihood
     */
    public Map<String, Double> evaluate(Dataset data) {
        Dataset matched = toldClasses() ? Classes.matched(data, classes()) : data;
        int told = classes().size();
        Preprocess shown = config().preprocess();
        if (network.net() instanceof TokenTransformer) {
            return network.evaluate(new TokenWriting(told, network.pixels()), matched, 64);
        }
        if (network.recipe().task() instanceof Task.Diffusion task) {
            var shape = new Diffusing.Shown(shown.channels(), shown.height(), shown.width());
            return network.evaluate(new Diffusing(task, told, shape, network.pixels()), matched, 64);
        }
        throw new IllegalArgumentException(
                "evaluate: a model for %s tells no likelihood of images. Evaluate what it generates"
                        .formatted(config().task()));
    }

    /**
     * The lower part of a picture anew; the upper one stays exactly as it is.
     *
     * @param kept share of the picture's height that stays, 0 to below 1, to the next row of pixels; the writer knows of
     *     it what fills whole rows of tokens. What is below is not looked at
     * @param request its class, or, if it names none, the one that what stays is likeliest of
     * @throws IllegalArgumentException if the model is no writer of tokens
     */
    public List<Image> complete(Image image, double kept, Request request) {
        if (!(network.net() instanceof TokenTransformer writer)) {
            throw new IllegalArgumentException(
                    "complete: needs a writer of tokens, this model is for " + config().task());
        }
        if (!(kept >= 0 && kept < 1)) {
            throw new IllegalArgumentException("complete: the share that stays must be 0 to below 1, got " + kept);
        }
        var completion = new Completion(writer, network.input(List.of(image)), kept);
        int asked = asked(request);
        return inTurn(
                request,
                (from, count) -> completion.made(count, asked, request.choice().forWriter()));
    }

    /**
     * Pictures on the way between two noises, both ends included; where classes can be asked for and the request names
     * none, one such way for each class, the same noises for all.
     *
     * @param count of a way, at least 2
     */
    public List<Image> interpolate(Request request, int count) {
        if (network.net() instanceof TokenTransformer) {
            throw new IllegalArgumentException("interpolate: a writer of tokens has no noise to walk through");
        }
        if (count < 2) {
            throw new IllegalArgumentException("interpolate: at least 2 images, got " + count);
        }
        int asked = asked(request);
        var images = new ArrayList<Image>();
        for (int label = 0; label < (asked < 0 && toldClasses() ? classes().size() : 1); label++) {
            int of = Math.max(asked, label);
            images.addAll(batch(request, 0, () -> {
                Tensor labels = Tensor.full(of, count).to(DType.INT64).to(network.device());
                return made(request, between(noise(1), noise(1), count), labels);
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
     * New pictures of what a mask hides; what it leaves alone stays exactly as it is, in the network's size.
     *
     * @param mask of the picture's size, white where something is to be made
     * @throws IllegalArgumentException if the model is no diffusion network, or the sizes differ
     */
    public List<Image> inpaint(Image image, Image mask, Request request) {
        return editing("inpaint", request).inpainted(image, mask);
    }

    /**
     * Pictures like another one.
     *
     * @param strength above 0 (the same picture) to 1 (nothing of it)
     * @throws IllegalArgumentException if the model is no diffusion network
     */
    public List<Image> vary(Image image, double strength, Request request) {
        return editing("vary", request).varied(image, strength);
    }

    private Editing editing(String what, Request request) {
        if (!(network.net() instanceof Denoising)) {
            throw new IllegalArgumentException(
                    "%s: needs a diffusion network, this model is for %s".formatted(what, config().task()));
        }
        int asked = asked(request);
        if (asked < 0 && toldClasses() && !knowsNoClass()) {
            throw new IllegalArgumentException(
                    "%s: this network was trained with task.unconditional=0, so it must be asked for a class. Name one"
                            .formatted(what));
        }
        return new Editing(this, request, asked);
    }

    /** Whether it has learned pictures whose class it was not told. */
    private boolean knowsNoClass() {
        return ((Task.Diffusion) network.recipe().task()).unconditional() > 0;
    }

    /** Some pictures of a request: how many before them, how many. */
    interface Batches {
        Tensor make(int from, int count);
    }

    /** The pictures of a request, a hundred at a time. */
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
            new Seed(request.seed()).derive(from).apply();
            return Pictures.of(maker.get());
        }
    }

    /** Standard normal, as many as this network makes pictures of. */
    Tensor noise(int count) {
        Preprocess shown = config().preprocess();
        Tensor noise = network.net() instanceof Vae vae
                ? Tensor.randn(count, vae.codeSize())
                : network.net() instanceof Adversaries pair
                        ? Tensor.randn(count, pair.noiseSize())
                        : Tensor.randn(count, shown.channels(), shown.height(), shown.width());
        return noise.to(network.device());
    }

    /** Values 0 to 1. */
    private Tensor made(Request request, Tensor noise, Tensor labels) {
        if (network.net() instanceof Vae vae) {
            return vae.decode(noise);
        }
        if (network.net() instanceof Adversaries pair) {
            return pair.generate(noise, labels);
        }
        if (network.net() instanceof TokenTransformer writer) {
            Tensor tokens = writer.write(labels, 0, labels, request.choice().forWriter(), true);
            return writer.tokenizer().ofTokens(tokens);
        }
        return sampler(request)
                .sample((Denoising) network.net(), noise, labels)
                .add(1)
                .mul(0.5);
    }

    Sampler sampler(Request request) {
        if (request.guidance() != 1 && !(toldClasses() && knowsNoClass())) {
            throw new IllegalArgumentException(
                    "guidance: needs a network that was told classes, and not always (task.unconditional above 0). "
                            + "Leave it at 1");
        }
        return new Sampler(
                Diffusing.path((Task.Diffusion) network.recipe().task()),
                Sampler.Method.valueOf(request.method().name()),
                request.steps(),
                request.guidance());
    }

    /** Pictures side by side, so many in a row. */
    public static BufferedImage grid(List<Image> images, int columns) {
        return Grid.draw(images, columns);
    }

    /** Pictures side by side, about as many rows as columns. */
    public static BufferedImage grid(List<Image> images) {
        return Grid.draw(images);
    }

    Network network() {
        return network;
    }
}
