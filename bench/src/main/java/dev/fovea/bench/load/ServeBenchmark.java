package dev.fovea.bench.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Load on a server, by commands: against one that runs, or whole scenarios with a server of their own. */
public final class ServeBenchmark {

    private ServeBenchmark() {}

    /** Ends with code 1 if a scenario's bar was missed, 2 if the options are not understood. */
    public static void main(String[] args) throws IOException, InterruptedException {
        LoadOptions options;
        try {
            options = LoadOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println("bench/run serve: " + e.getMessage() + "\n\n" + LoadOptions.USAGE);
            System.exit(2);
            return;
        }
        if (options.help()) {
            System.out.println(LoadOptions.USAGE);
            return;
        }
        Path root = Path.of(System.getProperty("fovea.root", "")).toAbsolutePath();
        var scenario = new ServeScenarios(root, Path.of(options.target()), options);
        boolean good = switch (options.scenario()) {
            case "load" -> load(options);
            case "batching" -> scenario.batching();
            case "beside" -> scenario.beside();
            case "overload" -> scenario.overload();
            default -> scenario.soak();
        };
        System.exit(good ? 0 : 1);
    }

    private static boolean load(LoadOptions options) throws IOException, InterruptedException {
        URI address = URI.create(options.target());
        Samples samples = Samples.drawn(64, options.side()).asked(address);
        LoadResult result = LoadGenerator.run(
                address,
                samples,
                new LoadPlan(
                        options.clients(),
                        options.rate(),
                        options.requests(),
                        Duration.ofSeconds(options.seconds()),
                        options.bad(),
                        options.hangUp()));
        System.out.println(result.text());
        result.faults().forEach(System.out::println);
        return result.faults().isEmpty();
    }
}
