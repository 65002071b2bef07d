package dev.fovea.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An engine in one precision, run as a process of its own.
 *
 * @param engine its name in tables, in {@code --only} and under {@code bench/peers}
 * @param precision as asked for; {@code auto} is Fovea's own choice
 * @param mainClass of the peer's program, or its Python script, or empty for Fovea, which is run by its launcher
 * @param models it can train
 * @param share of the configuration's steps that it runs: a slow engine needs fewer for as long a measurement
 */
record Contender(String engine, String precision, String mainClass, List<String> models, double share) {

    static final String FOVEA = "fovea";

    private static final String PYTHON = "bench/peers/pytorch/peer.py";
    private static final String PACKAGE = "dev.fovea.bench.peers.";
    private static final List<String> CNN_AND_LSTM = List.of("cifar-cnn", "row-lstm");
    private static final List<String> CNNS = List.of("cifar-cnn", "resnet18-32");
    private static final List<String> ALL_MODELS = with("cifar-cnn", "resnet18-32", "row-lstm");
    private static final List<String> TORCHVISION = detecting(with("resnet18-32"));

    /** In the order of a round. */
    static final List<Contender> ALL = List.of(
            new Contender(FOVEA, "fp32", "", detecting(ALL_MODELS), 1),
            new Contender(FOVEA, "auto", "", detecting(CNNS), 1),
            new Contender("pytorch", "fp32", PYTHON, TORCHVISION, 1),
            new Contender("pytorch", "fp32-nhwc", PYTHON, TORCHVISION, 1),
            new Contender("djl", "fp32", PACKAGE + "DjlPeer", ALL_MODELS, 1),
            new Contender("tensorflow", "fp32", PACKAGE + "TensorFlowPeer", CNNS, 1),
            new Contender("tensorflow", "bf16", PACKAGE + "TensorFlowPeer", CNNS, 1),
            new Contender("dl4j", "fp32", PACKAGE + "Dl4jPeer", CNN_AND_LSTM, 0.2));

    private static List<String> with(String... small) {
        return Stream.concat(Stream.of(small), Configuration.LARGE.stream()).toList();
    }

    private static List<String> detecting(List<String> models) {
        return Stream.concat(models.stream(), Configuration.DETECTORS.stream()).toList();
    }

    /** Python's PyTorch needs no building: its script runs where {@code python3} has torch and torchvision. */
    boolean isPython() {
        return mainClass.equals(PYTHON);
    }

    boolean isFovea() {
        return engine.equals(FOVEA);
    }

    /** For messages and as the key of results. */
    String name() {
        return engine + " " + precision;
    }

    int steps(Configuration configuration) {
        return Math.max(1, (int) Math.round(configuration.steps() * share));
    }

    /** The command line of one round. */
    List<String> command(Configuration configuration, Path root, String java, String classPath) {
        String batch = Integer.toString(configuration.batch());
        int steps = steps(configuration);
        if (isFovea()) {
            String model = switch (configuration.model()) {
                case "resnet18-32" -> "resnet18";
                case "fasterrcnn_resnet50_fpn" ->
                    "fasterrcnn_resnet50_fpn norm=batch"; // as torchvision from random weights
                default -> configuration.model();
            };
            return List.of(
                    root.resolve("fovea").toString(),
                    "bench",
                    "train",
                    model,
                    "--input",
                    configuration.input(),
                    "--classes",
                    "10",
                    "--batch",
                    batch,
                    "--steps",
                    "" + steps,
                    "--precision",
                    precision,
                    "--device",
                    "cpu",
                    "--json");
        }
        var command = new ArrayList<>(
                isPython()
                        ? List.of("python3", mainClass)
                        : List.of(java, "-Xmx4g", "-XX:+UseParallelGC", "-cp", classPath, mainClass));
        command.addAll(List.of(
                "--model",
                configuration.model(),
                "--batch",
                batch,
                "--steps",
                "" + steps,
                "--warmup",
                "" + configuration.warmup(steps),
                "--precision",
                precision));
        return command;
    }
}
