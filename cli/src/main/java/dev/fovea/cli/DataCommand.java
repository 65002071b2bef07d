package dev.fovea.cli;

import dev.fovea.data.Augmentation;
import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.data.PublicDataset;
import dev.fovea.data.Splits;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import dev.fovea.io.Nearest;
import dev.fovea.run.Inspection;
import dev.fovea.run.Robustness;
import dev.fovea.run.Subset;
import dev.fovea.run.TargetSummary;
import dev.fovea.run.TransformSheet;
import dev.fovea.task.Tasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea data}: looks into data, finds what may be wrong with it, fetches public sets. */
@Command(
        name = "data",
        description = "Inspects, audits, cleans and converts a data set, or downloads a public one.",
        mixinStandardHelpOptions = true,
        subcommands = {
            DataCommand.Inspect.class,
            DataAuditCommand.class,
            DataCleanCommand.class,
            DataConvertCommand.class,
            DataCommand.Fetch.class
        },
        footer = {
            "",
            "Examples:",
            "  fovea data inspect flowers --sheet flowers.png",
            "  fovea data audit flowers -o audit",
            "  fovea data clean flowers --findings audit/findings.csv -o flowers-clean.csv",
            "  fovea data convert cells --to coco -o cells-coco",
            "  fovea data fetch mnist"
        })
final class DataCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "data: say inspect, audit, clean, convert or fetch");
    }

    @Command(
            name = "inspect",
            description =
                    "Counts per class or label and part, how labels occur together, boxes by class and size, sizes, unreadable, duplicate, leaked and suspicious images, what may mislead; on request a contact sheet.",
            footer = {
                "",
                "Examples:",
                "  fovea data inspect flowers",
                "  fovea data inspect flowers --sheet flowers.png",
                "  fovea data inspect faces.csv --targets age,height"
            })
    static final class Inspect implements Callable<Integer> {

        @Parameters(index = "0", paramLabel = "DATA", description = "Folder, archive, CSV or name.")
        private String data;

        @Option(
                names = "--format",
                description =
                        "folder, frames, idx, cifar, csv, voc, coco, yolo, masks or wider, where it is not recognised.")
        private String format = "";

        @Option(
                names = "--sheet",
                paramLabel = "OUT.png",
                description = "Image file for a few images of each class (default: none).")
        private Path sheet;

        @Option(
                names = "--targets",
                split = ",",
                paramLabel = "COLUMN",
                description = "Columns of a CSV with numbers to predict, instead of labels.")
        private List<String> targets = List.of();

        @Option(
                names = "--augment",
                paramLabel = "LIST|RECIPE.yaml",
                description = "On the sheet, what augmentation makes of a few images: a list as in recipes, such "
                        + "as \"[flip, rand-augment]\", or a recipe.")
        private String augment = "";

        @Option(
                names = "--corrupt",
                arity = "0..1",
                fallbackValue = "all",
                split = ",",
                paramLabel = "KINDS",
                description =
                        "On the sheet, the first image under each common corruption at each severity: all, or such "
                                + "as noise,fog.")
        private List<String> corrupt = List.of();

        @Mixin
        private Output output;

        /** @throws IllegalArgumentException if there is no sheet to draw on, or what is to be drawn is not known */
        private void check() {
            if (sheet == null && (!augment.isEmpty() || !corrupt.isEmpty())) {
                throw new IllegalArgumentException("--augment and --corrupt are drawn on a sheet. Add --sheet OUT.png");
            }
            if (!augment.isEmpty() && !corrupt.isEmpty()) {
                throw new IllegalArgumentException("a sheet shows --augment or --corrupt. Leave one of them out");
            }
            Robustness.kinds(corrupt);
            if (!augment.isEmpty()) {
                augmentation();
            }
        }

        private void draw(Splits splits, Inspection found) {
            if (sheet == null) {
                return;
            }
            Dataset images = splits.train().size() > 0 ? splits.train() : Subset.only(splits);
            if (!augment.isEmpty()) {
                Image.write(sheet, TransformSheet.augmented(images, augmentation()));
            } else if (!corrupt.isEmpty()) {
                Image.write(sheet, TransformSheet.corrupted(images, Robustness.kinds(corrupt)));
            } else {
                found.writeSheet(splits, sheet);
            }
        }

        private Augmentation augmentation() {
            boolean file = augment.endsWith(".yaml") || augment.endsWith(".yml");
            return Tasks.ALL
                    .recipes()
                    .of(file ? augment : "cifar-cnn", file ? List.of() : List.of("augment=" + augment))
                    .augmentation();
        }

        @Override
        public Integer call() {
            check();
            var splits = Data.open(
                    data,
                    Data.Options.of()
                            .withFormat(format)
                            .withNewClasses(true)
                            .withTargets(targets.isEmpty() ? TargetKind.ANY : new TargetKind.Numbers(targets)));
            Inspection found = Inspection.of(splits);
            draw(splits, found);
            var json = new LinkedHashMap<String, Object>();
            json.put("classes", found.classes());
            json.put("kind", found.kind());
            json.put("counts", found.counts());
            if (found.targets().values().stream().anyMatch(TargetSummary::beyondOneClass)) {
                json.put("targets", found.targets());
            }
            if (!found.boxes().isEmpty()) {
                json.put("boxes", found.boxes());
            }
            json.put("sizes", found.sizes());
            json.put("unreadable", found.unreadable());
            json.put("duplicates", found.duplicates());
            json.put("leaked", found.leaked());
            json.put("suspicious", found.suspicious());
            var remarks = new ArrayList<>(found.remarks());
            remarks.addAll(splits.notes());
            json.put("remarks", remarks);
            var text = new StringBuilder(found.text());
            splits.notes().forEach(note -> text.append(note).append(System.lineSeparator()));
            if (sheet != null) {
                json.put("sheet", sheet.toString());
                text.append("contact sheet  ").append(sheet);
            }
            output.print(json, text.toString());
            return 0;
        }
    }

    @Command(
            name = "fetch",
            description = "Downloads a public data set into the cache, checks its sums, continues after a break.",
            footer = {"", "Examples:", "  fovea data fetch mnist", "  fovea data fetch cifar10"})
    static final class Fetch implements Callable<Integer> {

        @Parameters(
                index = "0",
                paramLabel = "NAME",
                description = "mnist, fashion-mnist, kmnist, cifar10 or cifar100.")
        private String name;

        @Mixin
        private Output output;

        @Override
        public Integer call() {
            PublicDataset dataset = PublicDataset.find(name)
                    .orElseThrow(() -> new IllegalArgumentException("data fetch: no data set '%s'%s there are %s"
                            .formatted(
                                    name,
                                    Nearest.hint(name, PublicDataset.names(), ","),
                                    String.join(", ", PublicDataset.names()))));
            Path path = dataset.fetch(PublicDataset.cache(), new Fetching(output));
            output.print(Map.of("path", path.toString()), path.toString());
            return 0;
        }
    }
}
