package dev.fovea.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Training speed of Fovea and its peers, one beside the other.
 *
 * <p>Each measurement is a process of its own. In every round each contender runs once, so that a machine that slows
 * down meets all of them; what counts is the median of the rounds.
 */
public final class SideBySide {

    private static final Duration LIMIT = Duration.ofMinutes(15);

    private final Options options;
    private final Path root;
    private final int threads = Runtime.getRuntime().availableProcessors();
    private boolean failed;

    private SideBySide(Options options) {
        this.options = options;
        this.root = options.root();
    }

    /** Prints the tables; ends with code 1 if a contender failed, 2 if the options are not understood. */
    public static void main(String[] args) throws IOException {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println("bench/run: " + e.getMessage() + "\n\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        if (options.help()) {
            System.out.println(Options.USAGE);
            return;
        }
        System.exit(new SideBySide(options).run() ? 0 : 1);
    }

    private boolean run() throws IOException {
        var conditions = new Results.Conditions(commit(), LocalDate.now().toString(), machine(), threads);
        String version = options.contenders().stream().anyMatch(Contender::isFovea) ? foveaVersion() : "";
        var section = new StringBuilder("%s, %d threads; commit %s, %s; medians, rounds: %d.\n"
                .formatted(conditions.machine(), threads, conditions.commit(), conditions.date(), options.rounds()));
        System.out.println(section);
        for (Configuration configuration : options.configurations()) {
            List<Series> all = measure(configuration, version);
            String table = Table.of(configuration, all);
            System.out.println(table);
            section.append('\n').append(table);
            new Results(options.csv()).append(conditions, configuration, all);
        }
        if (options.update() && failed) {
            System.err.println("docs/benchmarks.md is left as it is, because a contender failed");
        } else if (options.update()) {
            Path document = root.resolve("docs/benchmarks.md");
            Files.writeString(document, Table.replaceSection(Files.readString(document), section.toString()));
        }
        return !failed;
    }

    /** All rounds of a configuration; a contender that fails once is left out from there on. */
    private List<Series> measure(Configuration configuration, String foveaVersion) {
        Map<Contender, List<Measurement>> measured = new LinkedHashMap<>();
        var out = new ArrayList<Contender>();
        for (Contender contender : options.contenders()) {
            if (contender.models().contains(configuration.model())) {
                measured.put(contender, new ArrayList<>());
            }
        }
        for (int round = 1; round <= options.rounds(); round++) {
            for (var entry : measured.entrySet()) {
                Contender contender = entry.getKey();
                if (out.contains(contender)) {
                    continue;
                }
                String what = "%s, round %d of %d: %s"
                        .formatted(configuration.name(), round, options.rounds(), contender.name());
                try {
                    Measurement measurement = once(contender, configuration);
                    entry.getValue().add(measurement);
                    System.err.printf(Locale.ROOT, "%s: %.1f images/s%n", what, measurement.imagesPerSecond());
                } catch (RuntimeException e) {
                    System.err.println(what + ": " + e.getMessage());
                    failed = true;
                    out.add(contender);
                    entry.getValue().clear();
                }
            }
        }
        return measured.entrySet().stream()
                .map(e -> series(e.getKey(), e.getValue(), foveaVersion))
                .toList();
    }

    private Measurement once(Contender contender, Configuration configuration) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath =
                contender.isFovea() || contender.isPython() ? "" : new Peers(root).classPath(contender.engine());
        // Fovea's launcher sets its own; the peers' OpenMP pools get one thread per core, as their guides advise.
        Map<String, String> environment = new HashMap<>();
        if (!contender.isFovea()) {
            environment.put("OMP_NUM_THREADS", Integer.toString(threads));
        }
        return Measurement.parse(
                Command.run(contender.command(configuration, root, java, classPath), root, environment, LIMIT));
    }

    private static Series series(Contender contender, List<Measurement> measured, String foveaVersion) {
        var last = measured.isEmpty() ? new Measurement(1, "", "") : measured.get(measured.size() - 1);
        return new Series(
                contender,
                contender.isFovea() ? foveaVersion : last.version(),
                last.precision().isEmpty() ? contender.precision() : last.precision(),
                measured.stream().map(Measurement::imagesPerSecond).toList());
    }

    /** Also builds it, outside the clock. */
    private String foveaVersion() {
        List<String> command = List.of(root.resolve("fovea").toString(), "--version");
        try {
            return Command.run(command, root, Map.of(), Duration.ofMinutes(30))
                    .strip()
                    .replaceFirst("^fovea ", "");
        } catch (RuntimeException e) {
            System.err.println("./fovea --version: " + e.getMessage());
            return "";
        }
    }

    private String commit() {
        return Command.run(
                        List.of("git", "describe", "--always", "--dirty", "--exclude=*"),
                        root,
                        Map.of(),
                        Duration.ofSeconds(30))
                .strip();
    }

    private static String machine() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        String name = Files.exists(info)
                ? Files.readString(info)
                        .lines()
                        .filter(l -> l.startsWith("model name"))
                        .map(l -> l.substring(l.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("")
                : "";
        return name.isEmpty() ? System.getProperty("os.name") + " " + System.getProperty("os.arch") : name;
    }
}
