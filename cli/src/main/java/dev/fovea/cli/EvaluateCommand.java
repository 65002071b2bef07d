package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.task.Classifier;
import dev.fovea.task.Evaluation;
import dev.fovea.task.SavedModel;
import dev.fovea.task.Subset;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea evaluate}: metrics of a model on labelled pictures. */
@Command(
        name = "evaluate",
        description = "Measures a model on pictures: what its task is judged by.",
        footer = {
            "",
            "Examples:",
            "  fovea evaluate runs/flowers-1 --data flowers-test",
            "  fovea evaluate runs/mnist-1 --data mnist:test --json"
        })
final class EvaluateCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "A run folder or a model package.")
    private Path model;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DATA",
            description = "Labelled pictures; of data with parts the test part, if none is named.")
    private String data;

    @Option(
            names = "--format",
            description = "Format of the data, where it is not recognised: folder, idx, cifar, csv.")
    private String format = "";

    @Option(names = "--skip-broken", description = "Leave unreadable pictures out instead of stopping.")
    private boolean skipBroken;

    @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or cuda.")
    private String device;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        var splits = Data.open(data, Data.Options.of().withFormat(format).withSkipBroken(skipBroken));
        splits.notes().forEach(note -> output.say("%s", note));
        Dataset pictures = Subset.only(splits);
        var json = new LinkedHashMap<String, Object>();
        json.put("images", pictures.size());
        Map<String, Double> metrics;
        if (SavedModel.task(model).equals("classification")) {
            Evaluation evaluation = Classifier.load(model, device).evaluate(pictures);
            metrics = evaluation.result().values();
            json.put("metrics", metrics);
            json.put("perClass", evaluation.result().perClass());
            json.put("confusion", evaluation.result().confusion());
        } else {
            metrics = SavedModel.evaluate(model, device, pictures);
            json.put("metrics", metrics);
        }
        var text = new StringBuilder("images                     %,12d%n".formatted(pictures.size()));
        metrics.forEach((name, value) -> text.append(String.format(Locale.ROOT, "%-26s %12.5f%n", name, value)));
        output.print(json, text.toString());
        return 0;
    }
}
