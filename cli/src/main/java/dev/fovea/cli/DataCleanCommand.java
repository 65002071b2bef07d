package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.run.Cleaning;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea data clean}: a new list of images from data and findings. */
@Command(
        name = "clean",
        description =
                "Writes a list of the images of DATA, without those that findings say to remove, with the labels they "
                        + "say to change. The data stays as it is.",
        footer = {
            "",
            "The column action of the findings says what is done: keep, remove or relabel (to the proposed label).",
            "Images of archives and the like are written as PNG files into a folder beside the list.",
            "",
            "Examples:",
            "  fovea data clean flowers --findings audit/findings.csv -o flowers-clean.csv",
            "  fovea train resnet18 --data flowers-clean.csv"
        })
final class DataCleanCommand implements Callable<Integer> {

    /** Data is seldom so bad. */
    private static final double MUCH = 0.1;

    @Parameters(index = "0", paramLabel = "DATA", description = "The data that was audited.")
    private String data;

    @Option(names = "--format", description = "folder, idx, cifar or csv, where it is not recognised.")
    private String format = "";

    @Option(
            names = "--findings",
            required = true,
            paramLabel = "FINDINGS.csv",
            description = "Findings of an audit with the actions to take.")
    private Path findings;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "LIST.csv",
            description = "File for the new list, which --data takes.")
    private Path out;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        OutputImage.checkNotInput(out, List.of(Path.of(data), findings));
        Cleaning cleaning = Cleaning.of(
                Data.open(
                        data,
                        Data.Options.of()
                                .withFormat(format)
                                .withNewClasses(true)
                                .withContent(Data.Content.IMAGES)),
                findings,
                out);
        double share = cleaning.removed() / (double) (cleaning.kept() + cleaning.removed());
        if (share > MUCH) {
            output.say(
                    "%.0f %% of the images are left out: an audit suspects, and of labels that its classifiers seldom agree with most suspects are their own mistakes. Look at them in its page, and set the action of those that are right to keep",
                    100 * share);
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("output", cleaning.list().toString());
        json.put("images", cleaning.kept());
        json.put("removed", cleaning.removed());
        json.put("relabelled", cleaning.relabelled());
        json.put("copied", cleaning.copied());
        output.print(
                json,
                String.format(
                        Locale.ROOT,
                        "%,d images, %,d removed, %,d relabelled: %s",
                        cleaning.kept(),
                        cleaning.removed(),
                        cleaning.relabelled(),
                        cleaning.list()));
        return 0;
    }
}
