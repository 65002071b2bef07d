package dev.fovea.task;

import dev.fovea.data.Batch;
import dev.fovea.data.Box;
import dev.fovea.data.Dataset;
import dev.fovea.data.Loader;
import dev.fovea.data.Mask;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.data.Targets;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Size;
import dev.fovea.io.Escaped;
import dev.fovea.io.WeightFile;
import dev.fovea.models.Architecture;
import dev.fovea.models.ModelEntry;
import dev.fovea.models.Models;
import dev.fovea.models.SegmentationNet;
import dev.fovea.models.TokenTransformer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.nn.Summary;
import dev.fovea.run.Inputs;
import dev.fovea.run.RunClock;
import dev.fovea.run.RunContext;
import dev.fovea.run.RunFacts;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TaskType;
import dev.fovea.task.generate.GeneratorType;
import dev.fovea.train.InputSize;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import dev.fovea.train.Speed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Speed of training, prediction and the input pipeline on this machine. */
public final class Benchmark {

    /**
     * What a speed run measured.
     *
     * @param gflops billions of floating-point operations a second, two per multiply-add, the backward pass counted as
     * two forward ones; NaN of a model in a file whose operations are not known here
     * @param precision fp32 or bf16, as it was run, or file, where that of the model's file decides
     * @param loss of the last step, or NaN
     */
    public record Result(double imagesPerSecond, double msPerStep, double gflops, String precision, double loss) {}

    /** On each synthetic image that a detector is trained with. */
    private static final int OBJECTS = 8;

    private Benchmark() {}

    /**
     * Channels, height and width of the images that a network was published for.
     *
     * @throws IllegalArgumentException if it is none of the registry
     */
    public static int[] shape(String model) {
        ModelEntry.Input own = Models.input(model)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'%s': layers as text have no image size of their own. Give one, as in 3x32x32"
                                .formatted(Escaped.line(model))));
        return new int[] {own.channels(), own.height(), own.width()};
    }

    /** Training steps on synthetic tensors of {@code batch} images. */
    public static Result train(
            String model,
            int channels,
            int height,
            int width,
            int classes,
            int batch,
            int steps,
            String precision,
            String device) {
        return run(model, channels, height, width, classes, batch, steps, precision, device, true);
    }

    /** Predictions on synthetic tensors of {@code batch} images. */
    public static Result predict(
            String model,
            int channels,
            int height,
            int width,
            int classes,
            int batch,
            int steps,
            String precision,
            String device) {
        return run(model, channels, height, width, classes, batch, steps, precision, device, false);
    }

    /**
     * Predictions of a saved model, a package, a run or an ONNX file, on synthetic tensors of {@code batch} images.
     *
     * @param shape channels, height and width of the images; none for those that the model is shown
     * @throws IllegalArgumentException if there is no model, or it is damaged
     */
    public static Result predict(
            Path model, Optional<int[]> shape, int batch, int steps, String precision, String device) {
        SavedNet saved = SavedNet.load(model, device);
        Preprocess own = saved.preprocess();
        int[] images = shape.orElse(new int[] {own.channels(), own.height(), own.width()});
        Precision resolved = Precision.of(precision).resolve(saved.device());
        var measured =
                new Speed(saved.device(), resolved, batch, steps).predict(saved.net(), images[0], images[1], images[2]);
        boolean inFile = saved.config().architecture() instanceof Architecture.InFile;
        double macs = inFile
                ? Double.NaN
                : Summary.of(saved.net(), images[0], images[1], images[2]).macs();
        return new Result(
                measured.imagesPerSecond(),
                measured.millisPerStep(),
                2 * macs * measured.imagesPerSecond() / 1e9,
                inFile ? "file" : resolved.toString(),
                measured.loss());
    }

    /**
     * Seconds that token generation takes.
     *
     * @param cached with cached keys and values of earlier tokens
     * @param plain without the cache
     */
    public record Generation(int tokens, double cached, double plain) {}

    /**
     * Generates {@code count} images with an untrained model, with and without the cache.
     *
     * @throws IllegalArgumentException if the model generates no tokens
     */
    public static Generation generate(String model, int channels, int height, int width, int count) {
        if (!(Models.create(model, channels, height, width, 1) instanceof TokenTransformer transformer)) {
            throw new IllegalArgumentException(
                    "'%s' generates no tokens. Models that do are %s".formatted(model, GeneratorType.TOKENS.models()));
        }
        drawn(transformer);
        transformer.state().train(false);
        seconds(transformer, count, true);
        return new Generation(
                transformer.tokenizer().length(),
                seconds(transformer, count, true),
                seconds(transformer, count, false));
    }

    /** The same work every time. */
    private static void drawn(Module net) {
        Random random = Random.of(new Seed(0));
        net.state().initialize(random);
        net.state().random(random);
    }

    private static double seconds(TokenTransformer transformer, int count, boolean cached) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor labels = Tensor.zeros(DType.INT64, count);
            long began = System.nanoTime();
            transformer.generate(labels, 0, labels, TokenTransformer.Choice.plain(), cached);
            return (System.nanoTime() - began) / 1e9;
        }
    }

    /**
     * How long a file of weights takes, each the median of several times with the file in the system's cache.
     *
     * @param bytes of the file
     * @param readMillis to read its bytes into memory that is new each time
     * @param loadMillis to make tensors of it
     */
    public record Loading(long bytes, double readMillis, double loadMillis) {}

    /**
     * Reads a file of weights {@code times} times, by turns as bytes and as tensors, after one time that is not counted.
     *
     * @throws dev.fovea.io.FormatException if it is no file of weights
     */
    public static Loading weights(Path file, int times) {
        double[] read = new double[times];
        double[] load = new double[times];
        long bytes = 0;
        for (int i = -1; i < times; i++) {
            long began = System.nanoTime();
            bytes = bytes(file);
            long between = System.nanoTime();
            try (var scope = new Scope()) {
                WeightFile.read(file);
                if (i >= 0) {
                    read[i] = (between - began) / 1e6;
                    load[i] = (System.nanoTime() - between) / 1e6;
                }
            }
        }
        Arrays.sort(read);
        Arrays.sort(load);
        return new Loading(bytes, read[times / 2], load[times / 2]);
    }

    private static long bytes(Path file) {
        try {
            return Files.readAllBytes(file).length;
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Images a second that the input pipeline of {@code recipe} delivers, after an epoch that fills its cache. */
    public static double data(Dataset data, Recipe recipe, InputSize size, int channels, int epochs) {
        var preprocess = Inputs.plain(recipe, size, channels);
        var options = Loader.Options.training(recipe.batch(), recipe.seed());
        try (var loader = new Loader(data, preprocess, recipe.augmentation(), options)) {
            long began = 0;
            long images = 0;
            for (int epoch = 1; epoch <= epochs + 1; epoch++) {
                if (epoch == 2) {
                    began = System.nanoTime();
                }
                for (Iterator<Batch> batches = loader.epoch(epoch, 0); batches.hasNext(); ) {
                    int count = batches.next().size();
                    images += epoch == 1 ? 0 : count;
                }
            }
            return images / ((System.nanoTime() - began) / 1e9);
        }
    }

    private static Result run(
            String model,
            int channels,
            int height,
            int width,
            int classes,
            int batch,
            int steps,
            String precision,
            String device,
            boolean training) {
        Device where = Device.of(device);
        Precision resolved = Precision.of(precision).resolve(where);
        Module net = Models.create(model, channels, height, width, classes);
        drawn(net);
        long macs = Summary.of(net, channels, height, width).macs();
        net.state().to(where);
        var speed = new Speed(where, resolved, batch, steps);
        var measured = training
                ? train(model, net, speed, channels, height, width, classes)
                : speed.predict(net, channels, height, width);
        double gflops = 2.0 * macs * (training ? 3 : 1) * measured.imagesPerSecond() / 1e9;
        return new Result(
                measured.imagesPerSecond(), measured.millisPerStep(), gflops, resolved.toString(), measured.loss());
    }

    private static Speed.Measured train(
            String model, Module net, Speed speed, int channels, int height, int width, int classes) {
        Recipe recipe = Tasks.ALL.recipe(model);
        TaskType<?> type = Tasks.ALL.of(recipe.task());
        if (recipe.task().labelled()) {
            return speed.train(Layer.of(net), channels, height, width, classes);
        }
        var random = new SplittableRandom(1);
        byte[] bytes = new byte[speed.batch() * height * width * channels];
        random.nextBytes(bytes);
        ByteBuffer pixels = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        Targets targets =
                targets(net, recipe.task().targetKind(), speed.batch(), new Size(height, width), classes, random);
        var batch = new Batch(pixels, speed.batch(), 1, height, width, channels, targets, new int[speed.batch()]);
        List<String> names =
                IntStream.range(0, classes).mapToObj(Integer::toString).toList();
        var context = new RunContext(
                type,
                recipe,
                Splits.trainOnly(Dataset.empty(names), List.of()),
                new RunFolder(Path.of("")),
                Preprocess.of(height, width, channels),
                net,
                speed.device(),
                speed.precision(),
                new RunClock(),
                RunFacts.none());
        return speed.train(net, type.objective(context), batch);
    }

    private static Targets targets(
            Module net, TargetKind kind, int images, Size size, int classes, SplittableRandom random) {
        if (net instanceof SegmentationNet) {
            byte[] pixels = new byte[images * size.height() * size.width()];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (byte) random.nextInt(classes);
            }
            return new Targets.PixelLabels(pixels);
        }
        if (kind instanceof TargetKind.Boxes wanted) {
            return objects(images, size, classes, wanted, random);
        }
        return new Targets.Labels(
                IntStream.range(0, images).mapToLong(i -> i % classes).toArray());
    }

    /** Boxes of a tenth to a half of the sides, anywhere; masks fill them. */
    private static Targets objects(
            int images, Size size, int classes, TargetKind.Boxes wanted, SplittableRandom random) {
        if (wanted.keypoints()) {
            throw new IllegalArgumentException("bench: there are no synthetic keypoints to train with");
        }
        var targets = new ArrayList<Target>();
        for (int i = 0; i < images; i++) {
            List<Box> boxes = IntStream.range(0, OBJECTS)
                    .mapToObj(object -> box(size, random))
                    .toList();
            targets.add(new Target.Objects(
                    boxes,
                    random.ints(OBJECTS, 0, classes).toArray(),
                    wanted.masks()
                            ? boxes.stream().map(box -> filled(size, box)).toList()
                            : List.of(),
                    new boolean[OBJECTS]));
        }
        return Targets.of(targets);
    }

    private static Box box(Size size, SplittableRandom random) {
        int width = random.nextInt(size.width() / 10, size.width() / 2);
        int height = random.nextInt(size.height() / 10, size.height() / 2);
        int left = random.nextInt(size.width() - width);
        int top = random.nextInt(size.height() - height);
        return new Box(left, top, left + width, top + height);
    }

    private static Mask filled(Size size, Box box) {
        byte[] values = new byte[size.height() * size.width()];
        for (int y = (int) box.top(); y < box.bottom(); y++) {
            Arrays.fill(values, y * size.width() + (int) box.left(), y * size.width() + (int) box.right(), (byte) 1);
        }
        return new Mask(size, values);
    }
}
