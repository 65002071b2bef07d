package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.PublicDataset;
import dev.fovea.data.TargetKind;
import dev.fovea.io.Nearest;
import dev.fovea.run.Inspection;
import dev.fovea.run.TargetSummary;
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
        description = "Inspects, audits and cleans a data set, or downloads a public one.",
        mixinStandardHelpOptions = true,
        subcommands = {
            DataCommand.Inspect.class,
            DataAuditCommand.class,
            DataCleanCommand.class,
            DataCommand.Fetch.class
        },
        footer = {
            "",
            "Examples:",
            "  fovea data inspect flowers --sheet flowers.png",
            "  fovea data audit flowers -o audit",
            "  fovea data clean flowers --findings audit/findings.csv -o flowers-clean.csv",
            "  fovea data fetch mnist"
        })
final class DataCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "data: say inspect, audit, clean or fetch");
    }

    @Command(
            name = "inspect",
            description =
                    "Counts per class or label and part, how labels occur together, sizes, unreadable, duplicate, leaked and suspicious images, what may mislead; on request a contact sheet.")
    static final class Inspect implements Callable<Integer> {

        @Parameters(index = "0", paramLabel = "DATA", description = "Folder, archive, CSV or name.")
        private String data;

        @Option(names = "--format", description = "folder, frames, idx, cifar or csv, where it is not recognised.")
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

        @Mixin
        private Output output;

        @Override
        public Integer call() {
            var splits = Data.open(
                    data,
                    Data.Options.of()
                            .withFormat(format)
                            .withNewClasses(true)
                            .withTargets(targets.isEmpty() ? TargetKind.ANY : new TargetKind.Numbers(targets)));
            Inspection found = Inspection.of(splits);
            if (sheet != null) {
                found.writeSheet(splits, sheet);
            }
            var json = new LinkedHashMap<String, Object>();
            json.put("classes", found.classes());
            json.put("kind", found.kind());
            json.put("counts", found.counts());
            if (found.targets().values().stream().anyMatch(TargetSummary::beyondOneClass)) {
                json.put("targets", found.targets());
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
            description = "Downloads a public data set into the cache, checks its sums, continues after a break.")
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
