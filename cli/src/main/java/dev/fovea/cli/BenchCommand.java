package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.task.Benchmark;
import dev.fovea.task.Tasks;
import dev.fovea.train.InputSize;
import dev.fovea.train.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea bench}: speed on this machine. */
@Command(
        name = "bench",
        description =
                "Measures speed: training and prediction on synthetic tensors, the input pipeline, reading weights.",
        mixinStandardHelpOptions = true,
        subcommands = {
            BenchCommand.Train.class,
            BenchCommand.Predict.class,
            BenchCommand.Generate.class,
            BenchCommand.Pipeline.class,
            BenchCommand.Weights.class
        },
        footer = {
            "",
            "Examples:",
            "  fovea bench train cifar-cnn --input 3x32x32 --batch 64 --steps 200",
            "  fovea bench predict model.onnx --batch 1",
            "  fovea bench data shapes"
        })
final class BenchCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "bench: say train, predict, generate, data or weights");
    }

    /** Channels, height and width. */
    private static int[] shape(String input) {
        if (!input.matches("\\d{1,4}x\\d{1,5}x\\d{1,5}")) {
            throw new IllegalArgumentException("--input: expected CxHxW as in 3x32x32, got '" + input + "'");
        }
        return Arrays.stream(input.split("x")).mapToInt(Integer::parseInt).toArray();
    }

    /** What the two synthetic measurements share. */
    private static final class Synthetic {

        @Parameters(
                index = "0",
                paramLabel = "MODEL",
                description =
                        "A registered name or layers as text; of predictions also a run folder, a model package or an .onnx file.")
        private String model;

        @Option(
                names = "--input",
                paramLabel = "CxHxW",
                description = "Shape of one image (default: that of the images the model was published for).")
        private String input = "";

        @Option(names = "--batch", defaultValue = "64", description = "Images per step (default: ${DEFAULT-VALUE}).")
        private int batch;

        @Option(names = "--steps", defaultValue = "100", description = "Measured steps (default: ${DEFAULT-VALUE}).")
        private int steps;

        @Option(names = "--classes", defaultValue = "10", description = "Outputs (default: ${DEFAULT-VALUE}).")
        private int classes;

        @Option(names = "--precision", defaultValue = "auto", description = "auto, fp32 or bf16.")
        private String precision;

        @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
        private String device;

        @Mixin
        private Output output;

        private int measure(boolean training) {
            if (batch < 1 || steps < 1 || classes < 1) {
                throw new IllegalArgumentException("--batch, --steps and --classes must be at least 1, got %s, %s, %s"
                        .formatted(batch, steps, classes));
            }
            Benchmark.Result result = training || !Files.exists(Path.of(model)) ? named(training) : saved();
            var json = new LinkedHashMap<String, Object>();
            json.put("model", model);
            json.put("batch", batch);
            json.put("steps", steps);
            json.put("precision", result.precision());
            json.put("imagesPerSecond", result.imagesPerSecond());
            json.put("msPerStep", result.msPerStep());
            boolean counted = !Double.isNaN(result.gflops());
            if (counted) {
                json.put("gflops", result.gflops());
            }
            output.print(
                    json,
                    String.format(
                            Locale.ROOT,
                            "%s %s batch %d: " + (result.imagesPerSecond() < 10 ? "%.2f" : "%,.0f")
                                    + " images/s, %.2f ms a step" + (counted ? ", %.1f GFLOP/s%n" : "%n"),
                            model,
                            result.precision(),
                            batch,
                            result.imagesPerSecond(),
                            result.msPerStep(),
                            result.gflops()));
            return 0;
        }

        private Benchmark.Result named(boolean training) {
            int[] shape = input.isEmpty() ? Benchmark.shape(model) : shape(input);
            return training
                    ? Benchmark.train(model, shape[0], shape[1], shape[2], classes, batch, steps, precision, device)
                    : Benchmark.predict(model, shape[0], shape[1], shape[2], classes, batch, steps, precision, device);
        }

        private Benchmark.Result saved() {
            return Benchmark.predict(
                    Path.of(model),
                    input.isEmpty() ? Optional.empty() : Optional.of(shape(input)),
                    batch,
                    steps,
                    precision,
                    device);
        }
    }

    @Command(name = "train", description = "Training steps on synthetic tensors.")
    static final class Train implements Callable<Integer> {

        @Mixin
        private Synthetic synthetic;

        @Override
        public Integer call() {
            return synthetic.measure(true);
        }
    }

    @Command(name = "predict", description = "Predictions on synthetic tensors.")
    static final class Predict implements Callable<Integer> {

        @Mixin
        private Synthetic synthetic;

        @Override
        public Integer call() {
            return synthetic.measure(false);
        }
    }

    @Command(name = "generate", description = "Token generation with and without its cache.")
    static final class Generate implements Callable<Integer> {

        @Parameters(index = "0", paramLabel = "MODEL", description = "A registered token transformer.")
        private String model;

        @Option(names = "--input", required = true, paramLabel = "CxHxW", description = "Shape of one image.")
        private String input;

        @Option(names = "--batch", defaultValue = "16", description = "Images at once (default: ${DEFAULT-VALUE}).")
        private int batch;

        @Mixin
        private Output output;

        @Override
        public Integer call() {
            int[] shape = shape(input);
            if (batch < 1) {
                throw new IllegalArgumentException("--batch must be at least 1, got " + batch);
            }
            Benchmark.Generation result = Benchmark.generate(model, shape[0], shape[1], shape[2], batch);
            var json = new LinkedHashMap<String, Object>();
            json.put("tokensPerImage", result.tokens());
            json.put("secondsCached", result.cached());
            json.put("secondsPlain", result.plain());
            json.put("ratio", result.plain() / result.cached());
            output.print(
                    json,
                    String.format(
                            Locale.ROOT,
                            "%d images of %d tokens: %.2f s with the cache, %.2f s without, %.1f times%n",
                            batch,
                            result.tokens(),
                            result.cached(),
                            result.plain(),
                            result.plain() / result.cached()));
            return 0;
        }
    }

    @Command(name = "data", description = "The input pipeline alone, after one epoch that fills its cache.")
    static final class Pipeline implements Callable<Integer> {

        @Parameters(index = "0", paramLabel = "DATA", description = "Labelled images.")
        private String data;

        @Option(
                names = "--size",
                defaultValue = "32",
                description = "HEIGHTxWIDTH in pixels, or one side (default: ${DEFAULT-VALUE}).")
        private String size;

        @Option(names = "--channels", defaultValue = "3", description = "1 or 3.")
        private int channels;

        @Option(names = "--batch", defaultValue = "64", description = "Images per batch (default: ${DEFAULT-VALUE}).")
        private int batch;

        @Option(names = "--epochs", defaultValue = "3", description = "Measured epochs (default: ${DEFAULT-VALUE}).")
        private int epochs;

        @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A recipe field, such as augment=[flip].")
        private List<String> settings = new ArrayList<>();

        @Mixin
        private Output output;

        @Override
        public Integer call() {
            Recipe recipe =
                    Tasks.ALL.recipes().with(Tasks.ALL.recipe("cifar-cnn").withBatch(batch), settings);
            var splits = Data.open(data, Data.Options.of());
            double speed = Benchmark.data(splits.train(), recipe, InputSize.of(size), channels, epochs);
            output.print(
                    Map.of("imagesPerSecond", speed, "images", splits.train().size()),
                    String.format(
                            Locale.ROOT,
                            "%,d images: %,.0f images/s%n",
                            splits.train().size(),
                            speed));
            return 0;
        }
    }

    @Command(name = "weights", description = "Making tensors of a file of weights, beside reading its bytes.")
    static final class Weights implements Callable<Integer> {

        @Parameters(index = "0", paramLabel = "FILE", description = "A safetensors or PyTorch file.")
        private Path file;

        @Option(names = "--times", defaultValue = "9", description = "Measured times (default: ${DEFAULT-VALUE}).")
        private int times;

        @Mixin
        private Output output;

        @Override
        public Integer call() {
            if (times < 1) {
                throw new IllegalArgumentException("--times: expected a number from 1, got " + times);
            }
            Benchmark.Loading loading = Benchmark.weights(file, times);
            double ratio = loading.loadMillis() / loading.readMillis();
            output.print(
                    Map.of(
                            "bytes",
                            loading.bytes(),
                            "readMillis",
                            loading.readMillis(),
                            "loadMillis",
                            loading.loadMillis(),
                            "ratio",
                            ratio),
                    String.format(
                            Locale.ROOT,
                            "%,d bytes: %.1f ms as bytes, %.1f ms as tensors, %.2f times as long%n",
                            loading.bytes(),
                            loading.readMillis(),
                            loading.loadMillis(),
                            ratio));
            return 0;
        }
    }
}
