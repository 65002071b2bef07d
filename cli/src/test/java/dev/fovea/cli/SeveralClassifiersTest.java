package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.cli.Shell.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classifiers that learn from one another, are trained on parts of the data, or answer together. */
class SeveralClassifiersTest {

    @TempDir
    private Path folder;

    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(folder);
    }

    private Ended distill(String teacher, String... more) {
        var arguments = new ArrayList<>(List.of(
                "distill",
                "--teacher",
                teacher,
                "--student",
                Shell.NET,
                "--data",
                "shapes:test",
                "--per-class",
                "20",
                "--epochs",
                "1",
                "--set",
                "input.size=32",
                "--out",
                folder.toString(),
                "--name",
                "student",
                "--json"));
        arguments.addAll(List.of(more));
        return fovea(arguments.toArray(String[]::new));
    }

    private Ended train(String name, String... more) {
        var arguments = new ArrayList<>(List.of(shell.training(name, 1)));
        arguments.addAll(List.of(more));
        return fovea(arguments.toArray(String[]::new));
    }

    @Test
    void aStudentLearnsFromItsTeacher() throws Exception {
        String teacher = shell.trained("it's a teacher", Shell.NET, "input.size=32");
        Ended ended = distill(teacher, "--set", "task.distill.method=correlation");
        assertThat(ended.code()).as(ended.err()).isZero();
        Path run = Path.of(ended.json().get("run").asString());
        assertThat(Files.readString(run.resolve("recipe.yaml")))
                .contains("distill:")
                .contains("a teacher-1")
                .contains("method: correlation");
        assertThat(Files.readString(run.resolve("report.html"))).contains("a teacher-1");
        Ended plain = fovea(shell.training("plain", 1));
        assertThat(Files.readString(Path.of(plain.json().get("run").asString()).resolve("report.html")))
                .as("what is off is left out of a report")
                .doesNotContain("distill");
    }

    @Test
    void whatIsWrongWithATeacherIsSaidInASentence() {
        Ended nothing = distill("runs/nothing");
        assertThat(nothing.code()).isEqualTo(2);
        assertThat(nothing.json().get("error").asString()).contains("runs/nothing");
        String teacher = shell.trained("teacher", Shell.NET, "input.size=32");
        Ended unknown = distill(teacher, "--epoch", "3");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.json().get("error").asString()).contains("--epoch");
        Ended other = distill(teacher, "--only", "circle,cross");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.json().get("error").asString()).contains("Both must know the same classes");
        assertThat(folder).isDirectoryNotContaining("glob:**/student*");
    }

    @Test
    void crossValidationTrainsARunForEachFoldAndTheyAnswerTogether() {
        Ended ended = train("cv", "--folds", "2");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.json().get("runs")).hasSize(2);
        var accuracy = ended.json().get("validation").get("accuracy");
        assertThat(accuracy.get("mean").asDouble()).isBetween(0.0, 1.0);
        assertThat(accuracy.get("deviation").asDouble()).isNotNegative();

        String first = ended.json().get("runs").get(0).asString();
        assertThat(ended.err()).contains("fold 1 of 2\n", "fold 1 of 2: " + first, "fold 2 of 2\n");
        assertThat(ended.err()).as("the last epoch is kept, not the best").doesNotContain("  *");
        String second = ended.json().get("runs").get(1).asString();
        Ended together = fovea("evaluate", first, "--with", second, "--data", "shapes", "--json");
        assertThat(together.code()).as(together.err()).isZero();
        assertThat(together.json().get("members").propertyNames()).containsExactly(first, second);
        Ended alone = fovea("evaluate", second, "--data", "shapes", "--json");
        assertThat(together.json().get("members").get(second).asDouble())
                .isCloseTo(alone.json().get("metrics").get("accuracy").asDouble(), within(1e-9));

        Ended answer = fovea("predict", first, shell.shape().toString(), "--with", second, "--json");
        assertThat(answer.json().get("predictions").get(0).get("top")).hasSize(5);
        Ended sets = fovea("predict", first, shell.shape().toString(), "--with", second, "--coverage", "0.9", "--json");
        assertThat(sets.code()).isEqualTo(2);
        assertThat(sets.json().get("error").asString()).contains("Ask one alone");
        Ended mixed = fovea("evaluate", first, "--with", second, "--data", "shapes", "--coverage", "0.9", "--json");
        assertThat(mixed.code()).isEqualTo(2);
        assertThat(mixed.json().get("error").asString()).contains("several together have none");
    }

    @Test
    void foldsThatAreMissingAreTrainedByResuming() throws IOException {
        Ended whole = train("cv", "--folds", "2");
        Path folds = folder.resolve("cv-folds-1");
        FileUtils.deleteDirectory(folds.resolve("fold-2").toFile());
        Ended changed = fovea("train", "--resume", folds.toString(), "--epochs", "3", "--json");
        assertThat(changed.code()).isEqualTo(2);
        assertThat(changed.json().get("error").asString()).contains("go on as they are");
        Ended again = fovea("train", "--resume", folds.toString(), "--json");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.json().get("runs")).hasSize(2);
        assertThat(again.json().get("validation").get("accuracy"))
                .isEqualTo(whole.json().get("validation").get("accuracy"));
    }

    @Test
    void imagesWithoutLabelsAreLabelledByAFirstRun() {
        Ended ended = train("half", "--unlabelled", "shapes:validation", "--confidence", "0.05");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.json().get("run").asString()).endsWith("half-2");
        assertThat(folder.resolve("half-2/pseudo-labels.csv")).exists();
        assertThat(ended.err()).contains("1,000 of 1,000 images without labels are labelled by");

        Path second = folder.resolve("half-2");
        Ended alone = fovea("train", "--resume", second.toString(), "--epochs", "2", "--json");
        assertThat(alone.code()).isEqualTo(2);
        assertThat(alone.json().get("error").asString()).contains("Name them again with --unlabelled");
        Ended once = fovea(
                "train",
                "--resume",
                folder.resolve("half-1").toString(),
                "--unlabelled",
                "shapes:validation",
                "--confidence",
                "0.05",
                "--json");
        assertThat(once.code()).as(once.err()).isZero();
        assertThat(once.json().get("run").asString()).endsWith("half-3");
        assertThat(once.json().get("validation"))
                .as("the second run, begun anew")
                .isEqualTo(ended.json().get("validation"));
    }

    @Test
    void foldsAreTwoOrMoreAndNotForAQuickLook() {
        for (String wrong : new String[] {"1", "0", "1000"}) {
            Ended ended = fovea(
                    "train",
                    Shell.NET,
                    "--data",
                    "shapes:test",
                    "--per-class",
                    "20",
                    "--set",
                    "input.size=32",
                    "--out",
                    folder.toString(),
                    "--folds",
                    wrong,
                    "--json");
            assertThat(ended.code()).as(wrong).isEqualTo(2);
            assertThat(ended.json().get("error").asString()).contains("folds");
        }
        Ended quick = fovea(
                "train",
                Shell.NET,
                "--data",
                "shapes",
                "--folds",
                "3",
                "--fast-dev-run",
                "--out",
                folder.toString(),
                "--json");
        assertThat(quick.code()).isEqualTo(2);
        assertThat(quick.json().get("error").asString()).contains("--fast-dev-run");
        assertThat(folder).isEmptyDirectory();
    }
}
