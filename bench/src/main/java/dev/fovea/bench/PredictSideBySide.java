package dev.fovea.bench;

import dev.fovea.export.OnnxExport;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prediction speed of Fovea beside ONNX Runtime and Deep Java Library, the same networks with random weights in each. A measurement is a
 * process of its own; in every round each contender runs once, and what counts is the median of the rounds.
 */
public final class PredictSideBySide {

    private static final String USAGE = """
            Usage: bench/run predict [--models A,B] [--batches 1,32] [--rounds N] [--seconds S] [--threads N] [--only E,...]
                                     [--csv FILE]

              --models      networks of the registry and of torchvision (default: resnet18,mobilenet_v3_large)
              --batches     images at once (default: 1,32)
              --rounds      of each contender, which alternate (default: 5)
              --seconds     of a measurement, after a quarter as many (default: 5)
              --threads     of each contender (default: all cores)
              --only        of fovea-fp32, fovea-auto, fovea-bf16, onnxruntime, djl-onnx, djl (default: all)
              --csv         where every round is appended (default: docs/results/prediction-speed.csv)""";

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int SIDE = 224;
    private static final List<String> CONTENDERS =
            List.of("fovea-fp32", "fovea-auto", "fovea-bf16", "onnxruntime", "djl-onnx", "djl");

    private final Path root = Path.of(System.getProperty("fovea.root", "")).toAbsolutePath();
    private final Path files = root.resolve("bench/target/networks");
    private final Map<String, String> options = new LinkedHashMap<>(Map.of(
            "--models", "resnet18,mobilenet_v3_large",
            "--batches", "1,32",
            "--rounds", "5",
            "--seconds", "5",
            "--threads", String.valueOf(Runtime.getRuntime().availableProcessors()),
            "--only", String.join(",", CONTENDERS),
            "--csv", root.resolve("docs/results/prediction-speed.csv").toString()));

    private PredictSideBySide(String[] args) {
        for (int i = 0; i < args.length; i += 2) {
            if (!options.containsKey(args[i]) || i + 1 == args.length) {
                throw new IllegalArgumentException("unknown option '%s', or it needs a value".formatted(args[i]));
            }
            options.put(args[i], args[i + 1]);
        }
    }

    /** Prints the tables. */
    public static void main(String[] args) throws IOException {
        try {
            new PredictSideBySide(args).run();
        } catch (IllegalArgumentException e) {
            System.err.println("bench/run predict: " + e.getMessage() + "\n\n" + USAGE);
            System.exit(2);
        }
    }

    private List<String> list(String option) {
        return List.of(options.get(option).split(","));
    }

    private void run() throws IOException {
        prepare();
        for (String model : list("--models")) {
            for (String batch : list("--batches")) {
                var measured = new LinkedHashMap<String, List<Measurement>>();
                list("--only").forEach(contender -> measured.put(contender, new ArrayList<>()));
                for (int round = 1; round <= Integer.parseInt(options.get("--rounds")); round++) {
                    for (var entry : measured.entrySet()) {
                        Measurement one = once(entry.getKey(), model, batch);
                        entry.getValue().add(one);
                        System.err.printf(
                                Locale.ROOT,
                                "%s, batch %s, round %d: %s %.1f images/s %s%n",
                                model,
                                batch,
                                round,
                                entry.getKey(),
                                one.imagesPerSecond(),
                                one.precision());
                        append(entry.getKey(), model, batch, round, one);
                    }
                }
                System.out.println(table(model, batch, measured));
            }
        }
    }

    /** The same networks as files for the others. */
    private void prepare() throws IOException {
        Files.createDirectories(files);
        for (String model : list("--models")) {
            Path onnx = files.resolve(model + ".onnx");
            if (Files.notExists(onnx)) {
                OnnxExport.of(FoveaPredict.net(model, SIDE)).write(onnx);
            }
            if (Files.notExists(files.resolve(model + ".pt")) && list("--only").contains("djl")) {
                Command.run(
                        List.of("python3", "bench/peers/pytorch/trace.py", files.toString(), model),
                        root,
                        Map.of(),
                        LIMIT);
            }
        }
    }

    private Measurement once(String contender, String model, String batch) {
        String threads = options.get("--threads");
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp"));
        if (contender.startsWith("fovea-")) {
            command.addAll(List.of(
                    System.getProperty("java.class.path"),
                    FoveaPredict.class.getName(),
                    model,
                    batch,
                    String.valueOf(SIDE),
                    options.get("--seconds"),
                    threads,
                    contender.substring("fovea-".length()),
                    "auto"));
            command.addAll(1, List.of("-XX:+UseParallelGC", "-Xmn192m", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"));
            // As ./fovea sets them.
            return Measurement.parse(Command.run(
                    command,
                    root,
                    Map.of(
                            "OPENBLAS_NUM_THREADS", "1",
                            "MALLOC_ARENA_MAX", "1",
                            "MALLOC_MMAP_THRESHOLD_", "1073741824",
                            "MALLOC_TRIM_THRESHOLD_", "8589934592"),
                    LIMIT));
        }
        boolean torch = contender.equals("djl");
        command.add(new Peers(root).classPath(torch ? "djl" : "onnxruntime") + File.pathSeparator);
        String main = torch ? "DjlPredict" : contender.equals("djl-onnx") ? "DjlOnnxPredict" : "OrtPredict";
        command.add("dev.fovea.bench.peers." + main);
        command.addAll(List.of(
                "--file", files.resolve(model + (torch ? ".pt" : ".onnx")).toString(),
                "--batch", batch,
                "--side", String.valueOf(SIDE),
                "--seconds", options.get("--seconds"),
                "--threads", threads));
        return Measurement.parse(Command.run(command, root, Map.of("OMP_NUM_THREADS", threads), LIMIT));
    }

    private static double median(List<Measurement> all) {
        double[] speeds =
                all.stream().mapToDouble(Measurement::imagesPerSecond).sorted().toArray();
        return speeds.length % 2 == 1
                ? speeds[speeds.length / 2]
                : (speeds[speeds.length / 2 - 1] + speeds[speeds.length / 2]) / 2;
    }

    private String table(String model, String batch, Map<String, List<Measurement>> measured) {
        var text = new StringBuilder(
                "### %s, 224x224, batch %s, %s threads%n%n".formatted(model, batch, options.get("--threads")));
        text.append("| contender | computed | images/s, median | ms a batch | fovea-fp32 is | fovea-auto is |\n");
        text.append("|---|---|--:|--:|--:|--:|\n");
        measured.forEach((contender, all) -> text.append(String.format(
                Locale.ROOT,
                "| %s | %s | %.1f | %.2f | %s | %s |%n",
                contender,
                all.get(all.size() - 1).precision(),
                median(all),
                1000 * Integer.parseInt(batch) / median(all),
                ratio(measured.get("fovea-fp32"), all),
                ratio(measured.get("fovea-auto"), all))));
        return text.toString();
    }

    private static String ratio(List<Measurement> own, List<Measurement> other) {
        return own == null || own == other ? "" : String.format(Locale.ROOT, "%.2fx", median(own) / median(other));
    }

    private void append(String contender, String model, String batch, int round, Measurement one) throws IOException {
        Path csv = Path.of(options.get("--csv"));
        if (Files.notExists(csv)) {
            Files.writeString(
                    csv, "commit,date,machine,contender,version,computed,model,batch,threads,round,imagesPerSecond\n");
        }
        String commit = Command.run(
                        List.of("git", "describe", "--always", "--dirty", "--exclude=*"),
                        root,
                        Map.of(),
                        Duration.ofSeconds(30))
                .strip();
        Files.writeString(
                csv,
                String.format(
                        Locale.ROOT,
                        "%s,%s,%s,%s,%s,\"%s\",%s,%s,%s,%d,%.1f%n",
                        commit,
                        LocalDate.now(),
                        machine(),
                        contender,
                        one.version(),
                        one.precision(),
                        model,
                        batch,
                        options.get("--threads"),
                        round,
                        one.imagesPerSecond()),
                StandardOpenOption.APPEND);
    }

    private static String machine() throws IOException {
        return Arrays.stream(Files.readString(Path.of("/proc/cpuinfo")).split("\n"))
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.name"));
    }
}
