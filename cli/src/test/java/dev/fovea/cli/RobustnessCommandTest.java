package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.cli.Shell.Ended;
import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate --corrupt}, {@code --tta}, and the sheets of {@code data inspect}. */
class RobustnessCommandTest {

    @TempDir
    private Path folder;

    private Shell shell;

    @BeforeEach
    void start() {
        shell = new Shell(folder);
    }

    /** Forty shapes in a folder for each class. */
    private String data() throws IOException {
        var shapes = new Shapes(5, 40, 16);
        for (int i = 0; i < shapes.size(); i++) {
            Path file = folder.resolve("data")
                    .resolve(shapes.classes().get(shapes.label(i)))
                    .resolve(i + ".png");
            Files.createDirectories(file.getParent());
            Image.write(file, shapes.image(i));
        }
        return folder.resolve("data").toString();
    }

    private static void refused(String sentence, String... call) {
        Ended ended = fovea(call);
        assertThat(ended.err().strip()).isEqualTo("fovea: " + sentence);
        assertThat(ended.code()).isEqualTo(2);
    }

    @Test
    void aClassifierIsEvaluatedOnCorruptedImagesAndWithSeveralViews() throws IOException {
        String run = shell.trained("run", Shell.NET, "input.size=16");
        String data = data();
        Path report = folder.resolve("robustness");
        Ended ended = fovea(
                "evaluate", run, "--data", data, "--corrupt", "contrast", "--report", report.toString(), "--json");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.json().get("kinds").get(0).get("errors")).hasSize(5);
        assertThat(ended.json().get("families").propertyNames()).containsExactly("digital");
        assertThat(Files.readAllLines(report.resolve("corruption.csv"))).hasSize(6);
        assertThat(report.resolve("corruption.html")).exists();

        var metrics = fovea("evaluate", run, "--data", data, "--tta", "flip", "--json")
                .json()
                .get("metrics");
        double plain = fovea("evaluate", run, "--data", data, "--json")
                .json()
                .at("/metrics/accuracy")
                .asDouble();
        assertThat(metrics.get("plainAccuracy").asDouble()).isCloseTo(plain, within(1e-9));
        assertThat(metrics.get("ttaGain").asDouble())
                .isCloseTo(metrics.get("accuracy").asDouble() - plain, within(1e-9));

        refused(
                "tta must be one of none, flip, shifts, got 'flop', did you mean 'flip'?",
                "predict",
                run,
                shell.shape().toString(),
                "--tta",
                "flop");
        refused(
                "--corrupt: is not for --csv. Leave one of them out",
                "evaluate",
                run,
                "--data",
                data,
                "--corrupt",
                "--csv",
                folder.resolve("a.csv").toString());
        refused(
                "--report means nothing without --corrupt",
                "evaluate",
                run,
                "--data",
                data,
                "--report",
                report.toString());
        refused(
                "--tta: is not for --with. Leave one of them out",
                "predict",
                run,
                shell.shape().toString(),
                "--tta",
                "flip",
                "--with",
                run);
        assertThat(fovea("evaluate", run, "--data", data, "--corrupt", "fogg").err())
                .startsWith("fovea: unknown corruption 'fogg', did you mean 'fog'? there are all, noise,");
    }

    @Test
    void sheetsShowAugmentationAndCorruptions() throws IOException {
        String data = data();
        Path sheet = folder.resolve("sheet.png");
        assertThat(fovea("data", "inspect", data, "--sheet", sheet.toString(), "--augment", "[flip, rand-augment]")
                        .code())
                .isZero();
        byte[] augmented = Files.readAllBytes(sheet);
        assertThat(fovea("data", "inspect", data, "--sheet", sheet.toString(), "--corrupt", "fog")
                        .code())
                .isZero();
        assertThat(Files.readAllBytes(sheet)).isNotEqualTo(augmented);
        refused(
                "--augment and --corrupt are drawn on a sheet. Add --sheet OUT.png",
                "data",
                "inspect",
                data,
                "--corrupt");
    }
}
