package dev.fovea.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import dev.fovea.run.Threads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Commands as a user calls them, in this process or in one of their own.
 *
 * @param folder where they write
 */
record Shell(Path folder) {

    static final String NET = "conv 8 3, relu, maxpool 2, conv 16 3, relu, maxpool 2, flatten, dense classes";

    /** What a command left: its exit code and what it printed. */
    record Ended(int code, String out, String err) {
        JsonNode json() {
            assertThat(out.strip().lines())
                    .as("one JSON object and nothing else on standard output")
                    .hasSize(1);
            return new JsonMapper().readTree(out);
        }
    }

    /** Runs a command in this process and leaves the process as it was: a {@code --threads} is of one command alone. */
    static Ended fovea(String... args) {
        int threads = Threads.used();
        PrintStream out = System.out;
        PrintStream err = System.err;
        var caughtOut = new ByteArrayOutputStream();
        var caughtErr = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(caughtOut, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(caughtErr, true, StandardCharsets.UTF_8));
            int code = Main.run(args);
            return new Ended(
                    code, caughtOut.toString(StandardCharsets.UTF_8), caughtErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
            Threads.use(threads);
        }
    }

    Process start(String... args) throws IOException {
        return start(List.of(), args);
    }

    Process start(List<String> before, String... args) throws IOException {
        var command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // starts sooner
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.fovea.cli.Main"));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out.txt").toFile())
                .redirectError(folder.resolve("err.txt").toFile())
                .start();
    }

    /** The call that trains a small network on the built-in images. */
    String[] training(String name, int epochs) {
        return new String[] {
            "train",
            NET,
            "--data",
            "shapes:validation",
            "--per-class",
            "20",
            "--set",
            "input.size=32",
            "--set",
            "augment=[{type: rotate, degrees: 10}]",
            "--out",
            folder.toString(),
            "--name",
            name,
            "--epochs",
            Integer.toString(epochs),
            "--seed",
            "3",
            "--json"
        };
    }

    /** Trains for one epoch and names the run. */
    String trained(String name, String model, String... settings) {
        var arguments = new ArrayList<>(List.of(
                "train",
                model,
                "--data",
                "shapes:test",
                "--per-class",
                "20",
                "--epochs",
                "1",
                "--batch",
                "100",
                "--out",
                folder.toString(),
                "--name",
                name,
                "--json"));
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        Ended ended = fovea(arguments.toArray(String[]::new));
        assertThat(ended.code()).as(ended.err()).isZero();
        return ended.json().get("run").asString();
    }

    /** An image to ask about. */
    Path shape() {
        Path image = folder.resolve("shape.png");
        Image.write(image, new Shapes(3, 10, 32).image(2).toBufferedImage());
        return image;
    }
}
