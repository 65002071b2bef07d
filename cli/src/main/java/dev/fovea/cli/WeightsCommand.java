package dev.fovea.cli;

import dev.fovea.run.PublishedWeights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code fovea weights}: published weights. */
@Command(
        name = "weights",
        description = "Lists published weights, or downloads them.",
        mixinStandardHelpOptions = true,
        subcommands = {WeightsCommand.Listing.class, WeightsCommand.Fetch.class},
        footer = {"", "Examples:", "  fovea weights list resnet", "  fovea weights fetch resnet50.imagenet1k_v2"})
final class WeightsCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "weights: say list or fetch");
    }

    @Command(
            name = "list",
            description =
                    "Published weights of the networks in the registry: size, accuracy as published, input, licence.",
            footer = {"", "Examples:", "  fovea weights list", "  fovea weights list resnet"})
    static final class Listing implements Callable<Integer> {

        @Parameters(index = "0", arity = "0..1", paramLabel = "PATTERN", description = "Part of a name.")
        private String pattern = "";

        @Mixin
        private Output output;

        @Override
        public Integer call() {
            List<PublishedWeights.Row> rows = PublishedWeights.rows(pattern);
            if (rows.isEmpty()) {
                throw new IllegalArgumentException("no published weights have '%s' in their name".formatted(pattern));
            }
            var json = new LinkedHashMap<String, Object>();
            json.put("weights", rows);
            String table = Table.of(
                    List.of("NAME", "MB", "ACCURACY", "RESIZED TO", "CROP", "FILTER", "LICENCE", "IN THE CACHE"),
                    rows.stream().map(Listing::cells).toList());
            output.print(json, pattern.isEmpty() ? table : table + addresses(rows));
            return 0;
        }

        /** Where a few were asked for. */
        private static String addresses(List<PublishedWeights.Row> rows) {
            return rows.stream()
                    .map(row -> "%n%s%n  SHA-256 %s...".formatted(row.source(), row.sha256()))
                    .collect(Collectors.joining("", System.lineSeparator(), ""));
        }

        private static List<String> cells(PublishedWeights.Row row) {
            return List.of(
                    row.name(),
                    String.format(Locale.ROOT, "%7.1f", row.megabytes()),
                    String.format(Locale.ROOT, "%.2f %%", 100 * row.accuracy()),
                    Long.toString(row.resize()),
                    row.size() == row.width() ? "" + row.size() : row.size() + "x" + row.width(),
                    row.filter(),
                    row.licence(),
                    row.cached() ? "yes" : "");
        }
    }

    @Command(
            name = "fetch",
            description = "Downloads weights into the cache, checks their sum, continues after a break.",
            footer = {"", "Examples:", "  fovea weights fetch resnet18", "  fovea weights fetch resnet50.imagenet1k_v2"
            })
    static final class Fetch implements Callable<Integer> {

        @Parameters(
                index = "0",
                paramLabel = "NAME",
                description = "A name from `fovea weights list`, or that of a network for its best weights.")
        private String name;

        @Mixin
        private Output output;

        @Override
        public Integer call() {
            PublishedWeights.Row row = PublishedWeights.fetch(name, new Fetching(output));
            output.print(Map.of("name", row.name(), "path", row.file(), "licence", row.licence()), row.file());
            return 0;
        }
    }
}
