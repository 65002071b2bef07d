package dev.fovea.models;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.Escaped;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model is, for people, as {@code README.md} in its package: data, metrics, and blanks for what only its maker knows
 * (Mitchell et al. 2018, <a href="https://arxiv.org/abs/1810.03993">Model Cards for Model Reporting</a>). What was filled in
 * stays when the package is written again.
 */
final class ModelCard {

    /** The file of a package that holds it. */
    static final String FILE = "README.md";

    private static final String BLANKS = """
            ## Intended use

            _To be filled in: what it is for, who is to use it, what it is not for._

            ## Limits

            _To be filled in: images that it was not measured on, groups it may be worse for, what its mistakes cost._
            """;

    private static final Pattern OWN = Pattern.compile("(?ms)^## Intended use$.*");
    private static final long LONGEST = 1 << 20;
    private static final int SHOWN_CLASSES = 50;

    private ModelCard() {}

    /** Writes the card of {@code config} into {@code folder}; what its maker wrote from "Intended use" on is kept. */
    static void write(Path folder, ModelPackage.Config config) {
        Path file = folder.resolve(FILE);
        AtomicFile.write(file, text(config) + kept(file).orElse(BLANKS));
    }

    private static Optional<String> kept(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
                return Optional.empty();
            }
            Matcher own = OWN.matcher(Files.readString(file));
            return own.find() ? Optional.of(own.group()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be read (%s)".formatted(file, Reason.of(e)), e);
        }
    }

    private static String text(ModelPackage.Config config) {
        var text = new StringBuilder("# %s\n\n".formatted(title(config)));
        text.append("A model for %s: `%s`, for images of %sx%s pixels with %s channel%s.\n\n"
                .formatted(
                        line(config.task().type()),
                        line(config.architecture().text()),
                        config.preprocess().height(),
                        config.preprocess().width(),
                        config.preprocess().channels(),
                        config.preprocess().channels() == 1 ? "" : "s"));
        Provenance made = config.provenance();
        text.append("## Data\n\n")
                .append(part("Trained on", made.data().train(), made.data().name()))
                .append(part("Validated on", made.data().validation(), ""))
                .append(classes(config.classes()));
        text.append("\n## Training\n\n")
                .append(made.date().isEmpty() ? "" : "- %s, %s\n".formatted(line(made.date()), line(made.engine())))
                .append(made.command().isEmpty() ? "" : "- `%s`\n".formatted(line(made.command())))
                .append(made.epoch().isEmpty() ? "" : "- weights of %s\n".formatted(line(made.epoch())))
                .append("- the whole recipe stands in `config.json`\n");
        text.append(numbers("Measured on the validation images", config.metrics()));
        text.append(numbers("Thresholds", config.thresholds()));
        return text.append('\n').toString();
    }

    private static String title(ModelPackage.Config config) {
        String run = config.provenance().run();
        return run.isEmpty() ? line(config.architecture().text()) : line(run);
    }

    private static String part(String what, Provenance.Part part, String name) {
        if (part.images() == 0) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "- %s %,d images%s, fingerprint `%s`\n",
                what,
                part.images(),
                name.isEmpty() ? "" : " of `" + line(name) + "`",
                line(part.fingerprint()));
    }

    private static String classes(List<String> classes) {
        if (classes.size() < 2) {
            return "";
        }
        List<String> shown = classes.subList(0, Math.min(SHOWN_CLASSES, classes.size()));
        return "- %s classes: %s%s\n"
                .formatted(
                        classes.size(),
                        String.join(", ", shown.stream().map(ModelCard::line).toList()),
                        shown.size() < classes.size() ? ", ..." : "");
    }

    private static String numbers(String title, Map<String, Double> values) {
        if (values.isEmpty()) {
            return "";
        }
        var table = new StringBuilder("\n## %s\n\n| | |\n|---|---|\n".formatted(title));
        values.forEach((name, value) -> table.append(
                String.format(Locale.ROOT, "| %s | %.4g |\n", line(name).replace("|", "\\|"), value)));
        return table.toString();
    }

    private static String line(String text) {
        return Escaped.line(text);
    }
}
