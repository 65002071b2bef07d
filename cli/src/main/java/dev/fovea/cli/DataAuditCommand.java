package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.Splits;
import dev.fovea.run.Finding;
import dev.fovea.run.Subset;
import dev.fovea.task.Audit;
import dev.fovea.task.OutOfFold;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea data audit}: what may be wrong with labelled images. */
@Command(
        name = "audit",
        description =
                "Finds labels that are probably wrong, copies, leaks between parts, outliers and images that can hardly "
                        + "be seen; writes a page and a list to act on. The data stays as it is.",
        footer = {
            "",
            "Labels are checked by confident learning, of each image by what was learned on others: a small network that is",
            "trained for each fold, another one with --network, or a linear probe on the features of --model.",
            "",
            "Examples:",
            "  fovea data audit flowers -o audit",
            "  fovea data audit flowers --model resnet18 --weights imagenet -o audit",
            "  fovea data audit cifar10:train --network resnet9-small --epochs 10 --check 0.2"
        })
final class DataAuditCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DATA", description = "Folder, archive, CSV or name, of all parts or one.")
    private String data;

    @Option(names = "--format", description = "folder, idx, cifar or csv, where it is not recognised.")
    private String format = "";

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "Run or package, or with --weights a network, by whose features labels are checked; faster than "
                            + "training, and as good as the features.")
    private Path model;

    @Option(
            names = "--network",
            paramLabel = "MODEL|RECIPE.yaml",
            description =
                    "Network or recipe to train for each fold (default: cifar-cnn for small images, else folder-cnn).")
    private String network = "";

    @Option(names = "--epochs", paramLabel = "N", description = "Epochs of each training (default: the recipe's).")
    private int epochs;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Other fields of the recipe.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--folds",
            defaultValue = "5",
            paramLabel = "N",
            description = "Parts of the data, each checked by the others (default: ${DEFAULT-VALUE}).")
    private int folds;

    @Option(names = "--seed", defaultValue = "0", description = "Seed of the folds (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--check",
            paramLabel = "SHARE",
            description = "Change so many labels at random first, and say how many are found: 0.2.")
    private double check;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Option(
            names = {"-o", "--out"},
            defaultValue = "audit",
            paramLabel = "DIR",
            description = "Folder for audit.html, its images and findings.csv (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Mixin
    private ModelChoice choice;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        if (model != null && (!network.isEmpty() || epochs != 0 || !set.isEmpty())) {
            throw new IllegalArgumentException(
                    "--network, --epochs and --set are of trainings, --model is used as it is. Leave one of them out");
        }
        Splits splits = Data.open(
                data, Data.Options.of().withFormat(format).withNewClasses(true).withContent(Data.Content.IMAGES));
        var predictor = model == null
                ? OutOfFold.training(recipe(splits), device)
                : OutOfFold.probe(choice.load(model, device, output).net(), model.toString());
        Audit audit =
                Audit.of(splits, new Audit.Settings(predictor, folds, seed, check), text -> output.say("%s", text));
        var about = new LinkedHashMap<String, String>();
        about.put("data", data);
        about.put("labels by", audit.method());
        about.put("folds", Integer.toString(folds));
        audit.write(out, about);
        print(audit);
        return 0;
    }

    private Recipe recipe(Splits splits) {
        var changes = new ArrayList<>(set);
        if (epochs != 0) {
            changes.add("epochs=" + epochs);
        }
        return network.isEmpty()
                ? Tasks.ALL.recipes().with(OutOfFold.usual(Subset.only(splits)), changes)
                : Tasks.ALL.recipes().of(network, changes);
    }

    private void print(Audit audit) {
        var counts = new LinkedHashMap<String, Integer>();
        var text = new StringBuilder();
        for (Finding.Kind kind : Finding.Kind.values()) {
            int count = audit.of(kind).size();
            counts.put(kind.word(), count);
            if (count > 0) {
                text.append(String.format(Locale.ROOT, "%-16s %,8d  %s%n", kind.word(), count, kind.title()));
            }
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("images", audit.images().data().size());
        json.put("findings", counts);
        json.put("method", audit.method());
        audit.joint().ifPresent(joint -> {
            json.put("wrongLabels", joint.wrong());
            text.append(String.format(
                    Locale.ROOT, "%.1f %% of the labels are estimated to be wrong%n", 100 * joint.wrong()));
        });
        audit.check().ifPresent(found -> {
            json.put(
                    "check",
                    Map.of("flipped", found.flipped(), "recall", found.recall(), "precision", found.precision()));
            text.append(String.format(
                    Locale.ROOT,
                    "of %,d labels that were changed %.1f %% are found; of the %,d suspects %.1f %% were changed%n",
                    found.flipped(),
                    100 * found.recall(),
                    found.suspects(),
                    100 * found.precision()));
        });
        json.put("remarks", audit.remarks());
        audit.remarks().forEach(remark -> text.append(remark).append(System.lineSeparator()));
        json.put("page", out.resolve(Audit.PAGE).toString());
        json.put("list", out.resolve(Audit.LIST).toString());
        text.append(out.resolve(Audit.PAGE)).append(System.lineSeparator()).append(out.resolve(Audit.LIST));
        output.print(json, text.toString());
    }
}
