package dev.fovea.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line's entry: {@code fovea COMMAND ...}. */
@Command(
        name = "fovea",
        description = "Deep learning for images on the JVM: train, evaluate, explain and use image models.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            DoctorCommand.class,
            ModelsCommand.class,
            DataCommand.class,
            WeightsCommand.class,
            TrainCommand.class,
            AutoCommand.class,
            DistillCommand.class,
            SearchCommand.class,
            RunsCommand.class,
            EvaluateCommand.class,
            PredictCommand.class,
            ExplainCommand.class,
            IndexCommand.class,
            FindCommand.class,
            ReconstructCommand.class,
            RestoreCommand.class,
            AnomalyCommand.class,
            CompressCommand.class,
            DecompressCommand.class,
            GenerateCommand.class,
            ExportCommand.class,
            ServeCommand.class,
            StudioCommand.class,
            BenchCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  fovea demo",
            "  fovea train resnet18 --data flowers --epochs 20",
            "  fovea predict runs/flowers-1 rose.jpg"
        })
public final class Main implements Runnable {

    private static final Map<String, List<String>> GROUPS = groups();

    private static Map<String, List<String>> groups() {
        var groups = new LinkedHashMap<String, List<String>>();
        groups.put("Start", List.of("demo", "studio", "doctor", "help"));
        groups.put("Data and models", List.of("data", "models", "weights"));
        groups.put("Train and compare", List.of("train", "auto", "search", "distill", "evaluate", "runs"));
        groups.put("Classifiers", List.of("predict", "explain"));
        groups.put("Image search", List.of("index", "find"));
        groups.put(
                "Other networks", List.of("reconstruct", "restore", "compress", "decompress", "generate", "anomaly"));
        groups.put("Deployment", List.of("export", "serve"));
        groups.put("Speed", List.of("bench"));
        return groups;
    }

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs one command and ends the process with its exit code: 0 done, 1 failed, 2 wrong usage or data. */
    public static void main(String[] args) {
        // Numbers in files and results are for machines too: the same digits in every country, also from libraries.
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        System.exit(run(args));
    }

    /** The commands by what they are for; those of no group come last. */
    private static String grouped(CommandLine.Help help) {
        var left = new LinkedHashSet<>(help.subcommands().keySet());
        var groups = new LinkedHashMap<>(GROUPS);
        groups.values().forEach(left::removeAll);
        groups.put("Other", List.copyOf(left));
        var text = new StringBuilder();
        groups.forEach((title, names) -> {
            if (!names.isEmpty()) {
                text.append(String.format(Locale.ROOT, "%n%s:%n", title));
            }
            names.stream().filter(help.subcommands()::containsKey).forEach(name -> {
                String[] description = help.subcommands()
                        .get(name)
                        .commandSpec()
                        .usageMessage()
                        .description();
                text.append(String.format(Locale.ROOT, "  %-12s %s%n", name, String.join(" ", description)));
            });
        });
        return text.toString();
    }

    /** Runs one command and returns its exit code. */
    static int run(String... args) {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        boolean json = Arrays.asList(args).contains("--json");
        boolean verbose = Arrays.asList(args).contains("--verbose");
        var failure = new Failure(json, verbose, out, err);
        try {
            var commands = new CommandLine(new Main());
            commands.getHelpSectionMap()
                    .put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST, Main::grouped);
            return commands.setOut(out)
                    .setErr(err)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setParameterExceptionHandler(failure)
                    .setExecutionExceptionHandler(failure)
                    .execute(args);
        } catch (Exception | Error e) { // an Error passes by the handlers
            return failure.handle(e);
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new CommandLine.ParameterException(spec.commandLine(), "no command given");
    }
}
