package dev.fovea.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Scenarios with a server of their own; each prints what it saw and whether its bar was met. */
final class ServeScenarios {

    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final int[] CLIENTS = {1, 8, 64};
    private static final Duration RECOVERY = Duration.ofSeconds(10);
    private static final int ROUNDS = 3;
    private static final double TIMES = 3;
    private static final double LONGEST_RECOVERY = 5;
    private static final double DEADLINE_SECONDS = 1;
    /** More than a queue holds, or none would be refused. */
    private static final int OVERLOADING_CLIENTS = 600;

    private static final int EXCHANGE_SECONDS = 10;
    private static final double MOST_GROWTH = 1.1;

    private final Path root;
    private final Path model;
    private final LoadOptions options;

    ServeScenarios(Path root, Path model, LoadOptions options) {
        this.root = root;
        this.model = model.toAbsolutePath();
        this.options = options;
    }

    private ServerProcess server(String... more) throws IOException {
        var all = new ArrayList<>(List.of("m=" + model));
        all.addAll(List.of(more));
        return ServerProcess.start(root, all);
    }

    private LoadResult load(URI address, Samples samples, LoadPlan plan) throws InterruptedException {
        LoadResult result = LoadGenerator.run(address, samples, plan);
        result.faults().forEach(fault -> System.out.println("  " + fault));
        return result;
    }

    /** At least three times the requests a second of a server that answers one by one. */
    boolean batching() throws IOException, InterruptedException {
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < ROUNDS; round++) {
            double single = rate("batch 1  ", "--max-batch", "1");
            double batches = rate("batches  ");
            ratios.add(batches / single);
            say("%.2f times", batches / single);
        }
        double median = ratios.stream().sorted().toList().get(ROUNDS / 2);
        return bar(
                median >= TIMES,
                "%.2f times the requests a second of batch size 1 (median; at least %.0f)",
                median,
                TIMES);
    }

    private double rate(String name, String... more) throws IOException, InterruptedException {
        try (var server = server(more)) {
            URI address = server.predict("m");
            Samples samples = Samples.drawn(64, options.side()).asked(address);
            load(address, samples, LoadPlan.closed(options.clients(), WARM_UP));
            LoadResult result =
                    load(address, samples, LoadPlan.closed(options.clients(), Duration.ofSeconds(options.seconds())));
            System.out.println(name + result.text());
            return result.rate();
        }
    }

    /** More requests a second than a small server of Deep Java Library, with one, few and many clients; both run, one at a time is asked. */
    boolean beside() throws IOException, InterruptedException {
        boolean faster = true;
        try (var ours = server();
                var theirs = ServerProcess.djl(root)) {
            for (int clients : CLIENTS) {
                var ratios = new ArrayList<Double>();
                for (int round = 0; round < ROUNDS; round++) {
                    double peer = rate("DJL    ", theirs.predict("m"), clients);
                    ratios.add(rate("Fovea  ", ours.predict("m"), clients) / peer);
                }
                double median = ratios.stream().sorted().toList().get(ROUNDS / 2);
                faster &= bar(
                        median > 1,
                        "%d clients: %.2f times the requests a second of DJL's server (median)",
                        clients,
                        median);
            }
        }
        return faster;
    }

    private double rate(String name, URI address, int clients) throws IOException, InterruptedException {
        Samples samples = Samples.drawn(64, options.side()).asked(address);
        load(address, samples, LoadPlan.closed(clients, SHORT));
        LoadResult result = load(address, samples, LoadPlan.closed(clients, Duration.ofSeconds(options.seconds())));
        System.out.println(name + result.text());
        return result.rate();
    }

    /** Who is answered is answered in time, the others are refused at once, and soon after it all are answered again. */
    boolean overload() throws IOException, InterruptedException {
        String timeout = String.format(Locale.ROOT, "%.0fs", DEADLINE_SECONDS);
        try (var server = server("--timeout", timeout, "--max-per-client", "4096")) {
            URI address = server.predict("m");
            Samples samples = Samples.drawn(64, options.side()).asked(address);
            double capacity = load(address, samples, LoadPlan.closed(options.clients(), WARM_UP))
                    .rate();
            say("capacity  %,.0f answers/s", capacity);
            LoadResult high = load(
                    address,
                    samples,
                    LoadPlan.open(OVERLOADING_CLIENTS, TIMES * capacity, Duration.ofSeconds(options.seconds())));
            System.out.println("overload  " + high.text());
            say(
                    "refused   p50 %.2f ms, p99 %.2f ms",
                    high.quantile(Outcome.REFUSED, 0.5), high.quantile(Outcome.REFUSED, 0.99));
            LoadResult after = load(address, samples, LoadPlan.open(OVERLOADING_CLIENTS, capacity / 2, RECOVERY));
            System.out.println("after     " + after.text());
            double last = after.last(Outcome.REFUSED);
            boolean recovered = Double.isNaN(last) || last < LONGEST_RECOVERY;
            double p99 = high.quantile(Outcome.ANSWERED, 0.99);
            return bar(
                    p99 < 1000 * DEADLINE_SECONDS && recovered && high.count(Outcome.FAILED) == 0,
                    "p99 %.0f ms of a deadline of %.0f ms; the last refusal %.1f s after it",
                    p99,
                    1000 * DEADLINE_SECONDS,
                    Double.isNaN(last) ? 0 : last);
        }
    }

    /** No wrong answer, no good request dropped, and memory that stays. */
    boolean soak() throws IOException, InterruptedException {
        Path repository = Files.createTempDirectory("repository");
        copy(model, repository.resolve("m/1"));
        var timer = Executors.newSingleThreadScheduledExecutor();
        try (var server = ServerProcess.start(root, List.of("--repository", repository.toString()))) {
            URI address = server.predict("m");
            Samples samples = Samples.drawn(64, options.side()).asked(address);
            int[] version = {1};
            timer.scheduleAtFixedRate(
                    () -> exchange(repository, ++version[0]), EXCHANGE_SECONDS, EXCHANGE_SECONDS, TimeUnit.SECONDS);
            load(address, samples, plan(options.requests() / 4));
            long before = server.megabytes();
            say("after a quarter  %,d MB", before);
            LoadResult result = load(address, samples, plan(options.requests() - options.requests() / 4));
            long after = server.megabytes();
            System.out.println("soak      " + result.text());
            say("at the end       %,d MB, %d versions", after, version[0]);
            boolean right = result.count(Outcome.WRONG) == 0
                    && result.count(Outcome.FAILED) == 0
                    && result.count(Outcome.REFUSED) == 0
                    && result.count(Outcome.EXPIRED) == 0
                    && result.count(Outcome.ACCEPTED) == 0;
            return bar(
                    right && after <= MOST_GROWTH * before,
                    "%s; memory %+d MB of %d MB",
                    right ? "no wrong answer, no good request dropped" : "wrong answers or dropped requests",
                    after - before,
                    before);
        } finally {
            timer.shutdownNow();
            delete(repository);
        }
    }

    private LoadPlan plan(long requests) {
        return new LoadPlan(
                options.clients(), options.rate(), requests, Duration.ofDays(1), options.bad(), options.hangUp());
    }

    /** A new version; of the old ones two stay. */
    private void exchange(Path repository, int version) {
        try {
            copy(model, repository.resolve("m/" + version));
            delete(repository.resolve("m/" + (version - 2)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path model, Path to) throws IOException {
        Path from = Files.isDirectory(model.resolve("model")) ? model.resolve("model") : model;
        Files.createDirectories(to);
        for (String file : List.of("model.safetensors", "config.json")) {
            Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path own, IOException failure) throws IOException {
                Files.delete(own);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static boolean bar(boolean met, String text, Object... values) {
        say((met ? "met: " : "MISSED: ") + text, values);
        return met;
    }

    private static void say(String text, Object... values) {
        System.out.println(String.format(Locale.ROOT, text, values));
    }
}
