package dev.fovea.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code bench/run} was asked for.
 *
 * @param root of the repository
 * @param csv where every round is appended
 * @param update whether the tables replace those of {@code docs/benchmarks.md}
 */
record Options(
        Path root,
        int rounds,
        List<Contender> contenders,
        List<Configuration> configurations,
        Path csv,
        boolean update,
        boolean help) {

    static final String USAGE = """
            Usage: bench/run [--rounds N] [--only ENGINE,...] [--config MODEL:BATCH,...] [--steps N] [--csv FILE] [--update]
                   bench/run jmh [JMH OPTIONS]
                   bench/run predict [OPTIONS]
                   bench/run serve SCENARIO [OPTIONS], see bench/run serve --help

              --rounds N    rounds of each contender, which alternate (default: 5)
              --only E,...  of fovea, pytorch, djl, tensorflow, dl4j (default: all)
              --config ...  of cifar-cnn:64, cifar-cnn:256, resnet18-32:64, row-lstm:128 and, at 224 pixels, vgg16:16,
                            resnet50:16, vit_b_16:16, efficientnet_b0:16, mobilenet_v3_large:16; of detectors ssd300_vgg16:4 and
                            fasterrcnn_resnet50_fpn:2 (default: all)
              --steps N     measured steps of a round (default: by configuration); dl4j runs a fifth
              --csv FILE    where every round is appended (default: docs/results/training-speed.csv)
              --update      write the tables into docs/benchmarks.md""";

    static Options parse(String[] args) {
        Path root = Path.of(System.getProperty("fovea.root", "")).toAbsolutePath();
        int rounds = 5;
        int steps = 0;
        List<Contender> contenders = Contender.ALL;
        List<Configuration> configurations = Configuration.ALL;
        Path csv = root.resolve("docs/results/training-speed.csv");
        boolean update = false;
        boolean help = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--rounds" -> rounds = positive(args, i++);
                case "--steps" -> steps = positive(args, i++);
                case "--only" -> contenders = contenders(value(args, i++));
                case "--config" -> configurations = configurations(value(args, i++));
                case "--csv" -> csv = Path.of(value(args, i++)).toAbsolutePath();
                case "--update" -> update = true;
                case "--help", "-h" -> help = true;
                default -> throw new IllegalArgumentException("unknown option '" + args[i] + "'");
            }
        }
        int n = steps;
        List<Configuration> chosen = n == 0
                ? configurations
                : configurations.stream()
                        .map(c -> new Configuration(c.model(), c.batch(), n))
                        .toList();
        return new Options(root, rounds, contenders, chosen, csv, update, help);
    }

    private static List<Contender> contenders(String names) {
        var chosen = new ArrayList<Contender>();
        for (String name : names.split(",")) {
            var found =
                    Contender.ALL.stream().filter(c -> c.engine().equals(name)).toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException("--only: unknown engine '" + name + "'");
            }
            chosen.addAll(found);
        }
        return chosen;
    }

    private static List<Configuration> configurations(String names) {
        var chosen = new ArrayList<Configuration>();
        for (String name : names.split(",")) {
            chosen.add(Configuration.ALL.stream()
                    .filter(c -> c.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("--config: unknown configuration '" + name + "'")));
        }
        return chosen;
    }

    private static int positive(String[] args, int at) {
        String value = value(args, at);
        if (!value.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException(args[at] + " must be a positive whole number, got '" + value + "'");
        }
        return Integer.parseInt(value);
    }

    private static String value(String[] args, int at) {
        if (at + 1 == args.length) {
            throw new IllegalArgumentException(args[at] + " needs a value");
        }
        return args[at + 1];
    }
}
