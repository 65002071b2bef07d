package dev.fovea.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code fovea distill}: {@code fovea train} of a classifier with a teacher. */
@Command(
        name = "distill",
        description = "Trains a classifier that also learns from the answers of another, its teacher.",
        footer = {
            "",
            "All options of `fovea train` are taken too: --data, --epochs, --set, --json and the others.",
            "",
            "Examples:",
            "  fovea distill --teacher runs/flowers-1 --student mobilenet_v3_small --data flowers",
            "  fovea distill --teacher resnet50 --teacher-weights imagenet --student resnet18 --data imagenet-part",
            "  fovea distill --teacher runs/big-1 --student cifar-cnn --data cifar10 --epochs 30 --set task.distill.method=correlation"
        })
final class DistillCommand implements Callable<Integer> {

    @Option(
            names = "--teacher",
            required = true,
            paramLabel = "RUN|MODEL",
            description = "Run or model package of the teacher, or a name from `fovea models` with --teacher-weights.")
    private String teacher;

    @Option(
            names = "--teacher-weights",
            paramLabel = "imagenet|TAG|FILE",
            description = "Published weights of the teacher.")
    private String weights = "";

    @Option(
            names = "--student",
            required = true,
            paramLabel = "MODEL|RECIPE.yaml",
            description = "What is trained: a name from `fovea models`, layers as text, or a recipe file.")
    private String student;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    /** The options of {@code train}, which says what is wrong with them. */
    @Unmatched
    private List<String> others = new ArrayList<>();

    @Override
    public Integer call() {
        var train = new ArrayList<>(List.of("train", student, "--set", setting("teacher", teacher)));
        if (!weights.isEmpty()) {
            train.addAll(List.of("--set", setting("weights", weights)));
        }
        train.addAll(others);
        return Main.run(train.toArray(String[]::new));
    }

    /** With the value as text, whatever characters it has. */
    private static String setting(String key, String value) {
        return "task.distill.%s='%s'".formatted(key, value.replace("'", "''"));
    }
}
