package dev.fovea.task;

import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
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
import dev.fovea.report.Grid;
import dev.fovea.train.Diffusing;
import dev.fovea.train.Pictures;
import dev.fovea.train.Recipe;
import dev.fovea.train.Task;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

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
                        "generate: the number of pictures must be 1 to %d, got %d".formatted(MOST, count));
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

    /** A picture and the class that was asked for. */
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

    /** Whether a class can be asked for. */
    public boolean toldClasses() {
        return !(network.net() instanceof Vae);
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
        int asked = request.label().isEmpty() ? -1 : Classes.index(classes(), request.label());
        if (asked >= 0 && !toldClasses()) {
            throw new IllegalArgumentException("generate: this model was never told the classes; leave --class out");
        }
        for (int from = 0; from < request.count(); from += AT_ONCE) {
            int count = Math.min(AT_ONCE, request.count() - from);
            long[] labels = new long[count];
            for (int i = 0; i < count; i++) {
                labels[i] = asked >= 0 ? asked : (from + i) % classes().size();
            }
            List<Image> images = batch(request, labels, from);
            for (int i = 0; i < count; i++) {
                receiver.accept(new Made(images.get(i), classes().get((int) labels[i])));
            }
        }
    }

    private synchronized List<Image> batch(Request request, long[] labels, int from) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            new Seed(request.seed()).derive(from).apply();
            return Pictures.of(made(request, noise(labels.length), labels(labels)));
        }
    }

    /**
     * The lower part of a picture anew; the upper one stays exactly as it is.
     *
     * @param kept share of the picture's height that stays, 0 to below 1; rounded down to rows of tokens
     * @throws IllegalArgumentException if the model is no writer of tokens
     */
    public synchronized List<Image> complete(Image image, double kept, Request request) {
        if (!(network.net() instanceof TokenTransformer writer)) {
            throw new IllegalArgumentException(
                    "complete: needs a writer of tokens, this model is for " + config().task());
        }
        if (!(kept >= 0 && kept < 1)) {
            throw new IllegalArgumentException("complete: the share that stays must be 0 to below 1, got " + kept);
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor picture = network.input(List.of(image));
            int columns = writer.tokenizer().columns();
            int rows = (int) (kept * writer.tokenizer().length() / columns);
            int height =
                    (int) (picture.size(2) * rows * columns / writer.tokenizer().length());
            long count = request.count();
            Tensor given = writer.tokenizer().tokens(picture).expand(count, -1);
            long[] labels = new long[request.count()];
            Arrays.fill(labels, request.label().isEmpty() ? 0 : Classes.index(classes(), request.label()));
            new Seed(request.seed()).derive(0).apply();
            Tensor tokens = writer.write(
                    given, rows * columns, labels(labels), request.choice().forWriter(), true);
            Tensor made = writer.tokenizer().ofTokens(tokens);
            Tensor lower = made.narrow(2, height, picture.size(2) - height);
            Tensor upper = picture.narrow(2, 0, height).expand(count, -1, -1, -1);
            return Pictures.of(Tensor.cat(List.of(upper, lower), 2));
        }
    }

    /**
     * Pictures on the way between two noises, both ends included.
     *
     * @param count at least 2
     */
    public synchronized List<Image> interpolate(Request request, int count) {
        if (network.net() instanceof TokenTransformer) {
            throw new IllegalArgumentException("interpolate: a writer of tokens has no noise to walk through");
        }
        if (count < 2) {
            throw new IllegalArgumentException("interpolate: at least 2 pictures, got " + count);
        }
        long label = request.label().isEmpty() ? 0 : Classes.index(classes(), request.label());
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            new Seed(request.seed()).derive(0).apply();
            Tensor from = noise(1);
            Tensor to = noise(1);
            var between = new ArrayList<Tensor>();
            for (int i = 0; i < count; i++) {
                // On the sphere: in many dimensions nearly all noise is about as long.
                double angle = Math.PI / 2 * i / (count - 1);
                between.add(from.mul(Math.cos(angle)).add(to.mul(Math.sin(angle))));
            }
            long[] labels = new long[count];
            Arrays.fill(labels, label);
            return Pictures.of(made(request, Tensor.cat(between, 0), labels(labels)));
        }
    }

    /**
     * New pictures of what a mask hides; what it leaves alone stays exactly as it is.
     *
     * @param mask of the picture's size, white where something is to be made
     * @throws IllegalArgumentException if the model is no diffusion network, or the sizes differ
     */
    public synchronized List<Image> inpaint(Image image, Image mask, Request request) {
        Denoising net = diffusion("inpaint");
        if (mask.width() != image.width() || mask.height() != image.height()) {
            throw new IllegalArgumentException("inpaint: the mask has %dx%d pixels, the picture %dx%d"
                    .formatted(mask.width(), mask.height(), image.width(), image.height()));
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Preprocess shown = config().preprocess();
            Tensor known = network.input(List.of(image)).mul(2).sub(1);
            Image scaled = mask.toGray().width() == shown.width() && mask.height() == shown.height()
                    ? mask.toGray()
                    : mask.toGray().resize(shown.width(), shown.height(), dev.fovea.image.Filter.BILINEAR);
            Tensor hidden =
                    Pictures.of(List.of(scaled)).to(network.device()).ge(0.5).to(known.type());
            new Seed(request.seed()).derive(0).apply();
            Tensor made = sampler(request)
                    .sample(
                            net,
                            noise(request.count()),
                            labels(labelled(request)),
                            0,
                            x -> x.mul(hidden).add(known.mul(hidden.neg().add(1))));
            return Pictures.of(made.add(1).mul(0.5));
        }
    }

    /**
     * Pictures like another one.
     *
     * @param strength 0 (the same picture) to 1 (nothing of it)
     * @throws IllegalArgumentException if the model is no diffusion network
     */
    public synchronized List<Image> vary(Image image, double strength, Request request) {
        Denoising net = diffusion("vary");
        if (!(strength > 0 && strength <= 1)) {
            throw new IllegalArgumentException("vary: strength must be above 0 to 1, got " + strength);
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor known = network.input(List.of(image)).mul(2).sub(1);
            new Seed(request.seed()).derive(0).apply();
            var sampler = sampler(request);
            double from = 1 - strength;
            Tensor mixed = known.mul(sampler.path().signal(from))
                    .add(noise(request.count()).mul(sampler.path().noise(from)));
            Tensor made = sampler.sample(net, mixed, labels(labelled(request)), from, x -> x);
            return Pictures.of(made.add(1).mul(0.5));
        }
    }

    /** Pictures side by side, so many in a row. */
    public static BufferedImage grid(List<Image> images, int columns) {
        return Grid.draw(images, columns);
    }

    /** Pictures side by side, about as many rows as columns. */
    public static BufferedImage grid(List<Image> images) {
        return Grid.draw(images);
    }

    private long[] labelled(Request request) {
        long[] labels = new long[request.count()];
        long asked = request.label().isEmpty()
                ? ((Denoising) network.net()).unknown()
                : Classes.index(classes(), request.label());
        Arrays.fill(labels, asked);
        return labels;
    }

    private Denoising diffusion(String what) {
        if (network.net() instanceof Denoising net) {
            return net;
        }
        throw new IllegalArgumentException(
                "%s: needs a diffusion network, this model is for %s".formatted(what, config().task()));
    }

    /** What the network makes pictures of. */
    private Tensor noise(int count) {
        Preprocess shown = config().preprocess();
        Tensor noise = network.net() instanceof Vae vae
                ? Tensor.randn(count, vae.codeSize())
                : network.net() instanceof Adversaries pair
                        ? Tensor.randn(count, pair.noiseSize())
                        : Tensor.randn(count, shown.channels(), shown.height(), shown.width());
        return noise.to(network.device());
    }

    private Tensor labels(long[] labels) {
        return Tensor.of(labels, labels.length).to(network.device());
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

    private Sampler sampler(Request request) {
        var task = (Task.Diffusion) network.recipe().task();
        return new Sampler(
                Diffusing.path(task),
                Sampler.Method.valueOf(request.method().name()),
                request.steps(),
                request.guidance());
    }

    Network network() {
        return network;
    }
}
