package dev.fovea.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.run.DataRequest;
import dev.fovea.run.RunFacts;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Runs;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoTrainingTest {

    @TempDir
    private Path folder;

    private final List<String> said = new ArrayList<>();

    private AutoTraining.Found run(String data, double seconds) {
        var request = new DataRequest(data, "", "", false, List.of(), 30, "", 0);
        return AutoTraining.run(
                new AutoTraining.Asked(request, List.of(), Duration.ofMillis((long) (1000 * seconds)), 0),
                RunSettings.in(folder, "run"),
                folder.resolve("auto"),
                said::add,
                () -> false);
    }

    @Test
    void endsInTimeWithAModelAndSaysWhatItDid() throws IOException {
        AutoTraining.Found found = run("shapes", 8);
        assertThat(found.seconds()).isLessThan(120); // on a machine that may be busy with other tests
        assertThat(found.finished()).isTrue();
        assertThat(found.metric()).isEqualTo("accuracy");
        assertThat(Tasks.ALL
                        .load(found.run(), "cpu")
                        .evaluate(Data.named("shapes").validation())
                        .metrics()
                        .get("accuracy"))
                .isCloseTo(found.value(), within(0.01));
        assertThat(said).containsAll(found.story());
        assertThat(found.story().get(0)).startsWith("The data: 300 training images, colour,");
        assertThat(String.join(" ", found.story())).contains("resnet9-small", "s an epoch here", "is trained for");
        assertThat(Files.readString(folder.resolve("auto").resolve(AutoTraining.PAGE)))
                .contains(
                        "Automatic training",
                        "Candidates",
                        "resnet9-small",
                        found.run().toString());
        assertThat(folder.resolve("auto/measured")).isEmptyDirectory();
        assertThat(Runs.of(found.run()).best()).isEqualTo(found.value());
    }

    private static Candidate tiny(String name, double lr) {
        var recipe = Tasks.ALL
                .recipes()
                .of(
                        "conv 4 3, relu, maxpool 4, flatten, dense classes",
                        List.of("input.size=16", "batch=20", "precision=fp32", "optimizer.lr=" + lr));
        return new Candidate(name, recipe, Optional.empty(), 3, 30, "a tiny network");
    }

    /** Dark and bright images, which any network tells apart that learns at all. */
    private Path darkAndBright() throws IOException {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 120; i++) {
            byte[] pixels = new byte[16 * 16 * 3];
            for (int j = 0; j < pixels.length; j++) {
                pixels[j] = (byte) (random.nextInt(120) + (i % 2 == 0 ? 0 : 135));
            }
            Path file = folder.resolve("data")
                    .resolve(i % 2 == 0 ? "dark" : "bright")
                    .resolve(i + ".png");
            Files.createDirectories(file.getParent());
            Image.write(file, new Image(16, 16, 3, pixels).toBufferedImage());
        }
        return folder.resolve("data");
    }

    @Test
    void whatFitsIsComparedAndTheSettingsOfTheBestAreSearched() throws IOException {
        DataRequest request = DataRequest.of(darkAndBright().toString());
        AutoTraining.Found found = AutoTraining.run(
                new AutoTraining.Asked(request, List.of(), Duration.ofSeconds(30), 1),
                RunSettings.in(folder, "run"),
                folder.resolve("auto"),
                said::add,
                () -> false,
                List.of(tiny("slow", 1e-9), tiny("good", 1e-2)));
        String story = String.join("\n", found.story());
        assertThat(story)
                .contains(
                        "slow reaches validation", "good reaches validation", "good is the best of them in equal time.")
                .containsPattern("A search of \\d+ trials of at most \\d+ epochs found optimizer.lr")
                .containsPattern("good is trained for \\d+ epoch");
        assertThat(found.value()).isGreaterThan(0.9);
        assertThat(Runs.in(folder.resolve("auto/compared"))).hasSize(2);
        assertThat(folder.resolve("auto/search/search.html")).exists();
        assertThat(found.run()).isDirectory();
        assertThat(found.seconds()).isLessThan(180);
    }

    @Test
    void aTimeTooShortForAnythingStillGivesAModel() {
        AutoTraining.Found found = run("shapes", 0.5);
        assertThat(found.run().resolve("model/model.safetensors")).exists();
        assertThat(String.join(" ", found.story())).contains("short for all of them");
    }

    @Test
    void whatCannotBeLearnedIsRefusedBeforeAnythingIsWritten() {
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> run("no-such-data", 5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("shapes", 0))
                .withMessage("the time for a training must be above 0, got PT0S");
        assertThat(folder.resolve("auto")).doesNotExist();
    }

    @Test
    void aTrainingThatTheTimeEndsIsReportedAllTheSame() throws IOException {
        Splits data = Data.open(darkAndBright().toString(), Data.Options.of());
        RunSettings settings = RunSettings.in(folder, "run").withMaxTime(Duration.ofSeconds(4));
        Recipe endless = tiny("endless", 1e-2).recipe().withEpochs(100_000);
        Path reported =
                Tasks.ALL.train(endless, data, settings.withReportInTime(true)).folder();
        assertThat(Runs.of(reported).state()).isEqualTo("stopped");
        assertThat(reported.resolve("report.html")).exists();
        assertThat(RunFacts.read(reported).orElseThrow().outcome().metrics()).containsKey("expectedCalibrationError");
        assertThat(new RunFolder(reported).last()).exists();
        Path usual = Tasks.ALL.train(endless, data, settings).folder();
        assertThat(usual.resolve("report.html")).doesNotExist();
    }
}
