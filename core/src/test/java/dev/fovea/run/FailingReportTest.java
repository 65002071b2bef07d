package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.WrittenReport;
import dev.fovea.data.Dataset;
import dev.fovea.data.DerivedDataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.models.ModelPackage;
import dev.fovea.report.RunReport;
import dev.fovea.task.Tasks;
import dev.fovea.task.anomaly.AnomalyDetector;
import dev.fovea.task.classify.Classifier;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose report cannot be made. */
class FailingReportTest {

    @TempDir
    private Path folder;

    private static Splits shapes() {
        Dataset none = Dataset.empty(new Shapes(1, 1, 32).classes());
        return new Splits(new Shapes(1, 8, 32), new Shapes(2, 4, 32), none, List.of());
    }

    private static Recipe recipe(String model, String... settings) {
        return Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL
                                .recipes()
                                .with(
                                        Tasks.ALL.recipe(model),
                                        List.of(
                                                "input.size=32",
                                                "input.channels=3",
                                                "input.repeats=1",
                                                "epochs=1",
                                                "batch=8")),
                        List.of(settings));
    }

    /** Puts a folder where the report is to be written. */
    private record InTheWay(Path run) implements Listener {
        @Override
        public void onEpoch(Epoch epoch) {
            try {
                Files.createDirectories(run.resolve("report.html/inside"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dncnn depth=3 width=4",
                "transform-codec width=8 latents=4",
                "dense-autoencoder bottleneck=4",
                "masked-autoencoder width=8 depth=1 heads=1"
            })
    void theModelIsThereAllTheSame(String model) {
        Path run = folder.resolve("run-1");
        var settings = RunSettings.in(folder, "run").withListeners(List.of(new InTheWay(run)));
        assertThatThrownBy(() -> Tasks.ALL.train(recipe(model), shapes(), settings))
                .hasMessageContaining("report.html");
        var saved = ModelPackage.read(run.resolve("model"));
        assertThat(saved.config().metrics()).as("which the report was to show").isNotEmpty();
        assertThat(saved.net().state().notFinite()).isEmpty();
    }

    /** All epochs are done then, as in a run whose program ended while its report was written. */
    @Test
    void aReportThatWasNotMadeIsMadeWhenTheRunGoesOn() throws IOException {
        Path run = folder.resolve("run-1");
        var settings = RunSettings.in(folder, "run").withListeners(List.of(new InTheWay(run)));
        assertThatThrownBy(() -> Tasks.ALL.train(recipe("dncnn depth=3 width=4"), shapes(), settings))
                .hasMessageContaining("report.html");
        Files.delete(run.resolve("report.html/inside"));
        Files.delete(run.resolve("report.html"));
        TrainingRun.Result result = Tasks.ALL.resume(run, shapes(), RunSettings.in(folder, "run"));
        assertThat(result.end()).isEqualTo(Listener.End.FINISHED);
        assertThat(result.epochs()).isEqualTo(1);
        assertThat(run.resolve("report.html")).isRegularFile();
    }

    /** Can be read once, for the threshold, and not again, for the report. */
    private static Splits onceReadable() {
        Splits all = shapes();
        int[] reads = new int[1];
        Dataset inner = all.validation();
        Dataset once = new DerivedDataset() {
            @Override
            public Dataset data() {
                return inner;
            }

            @Override
            public Image image(int index) {
                if (++reads[0] > inner.size()) {
                    throw new ImageException("gone");
                }
                return inner.image(index);
            }
        };
        return new Splits(all.train(), once, all.test(), all.notes());
    }

    @Test
    void soIsAnAnomalyDetectorWhoseReportLacksWhatCouldNotBeDrawn() throws IOException {
        Path backbone = Tasks.ALL
                .train(recipe("conv 4 3, relu, flatten, dense classes"), shapes(), RunSettings.in(folder, "backbone"))
                .folder();
        Recipe recipe = Tasks.ALL.recipes().with(Tasks.ALL.recipe("padim"), List.of("task.backbone=" + backbone));
        Tasks.ALL.train(recipe, onceReadable(), RunSettings.in(folder, "padim"));
        assertThat(AnomalyDetector.load(folder.resolve("padim-1")).threshold()).isPresent();
        assertThat(Files.readString(folder.resolve("padim-1/report.html")))
                .contains("<li>&#39;The highest scores of normal images&#39; is not in this report: gone</li>");
    }

    @Test
    void aNetworkWithoutConvolutionsHasAReportWithItsMistakes() throws IOException {
        Path run = Tasks.ALL
                .train(
                        recipe("flatten, dense 4, relu, dense classes", "batch=2"),
                        shapes(),
                        RunSettings.in(folder, "flat"))
                .folder();
        assertThat(WrittenReport.of(run, "mistakes")).contains("Most confident mistakes", "Per class");
        var classifier = Classifier.load(run);
        assertThat(FeatureExtractor.load(run, "cpu")
                        .features(shapes().validation())
                        .get(0))
                .hasSize(10);
        assertThatThrownBy(() -> classifier.explain(shapes().validation().image(0), "grad-cam", "disc"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSectionThatEndsInAnErrorCostsThatSectionAlone() {
        var sections = new Sections();
        sections.add("One", () -> {
            throw new OutOfMemoryError("Java heap space");
        });
        sections.add("Two", () -> {
            throw new StackOverflowError();
        });
        sections.add("Three", () -> new RunReport.Figure("three", "Three", "", null));
        assertThat(sections.figures()).hasSize(1);
        assertThat(sections.remarks())
                .containsExactly(
                        "'One' is not in this report: Java heap space",
                        "'Two' is not in this report: StackOverflowError");
    }
}
