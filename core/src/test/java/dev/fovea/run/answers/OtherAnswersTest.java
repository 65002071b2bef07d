package dev.fovea.run.answers;

import static dev.fovea.run.answers.ClassAnswersTest.images;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Box;
import dev.fovea.io.FormatException;
import dev.fovea.metrics.MultiLabelResult;
import dev.fovea.metrics.detect.DetectionError;
import dev.fovea.metrics.detect.Detections;
import dev.fovea.metrics.detect.GroundTruth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherAnswersTest {

    @TempDir
    Path folder;

    private static final LabelAnswers LABELS = new LabelAnswers(
            List.of("sea", "sun"),
            images(3),
            new MultiLabelResult.Scored(
                    List.of(new float[] {0.9f, 0.2f}, new float[] {0.6f, 0.7f}, new float[] {0.1f, 0.4f}),
                    List.of(new boolean[] {true, false}, new boolean[] {false, true}, new boolean[] {true, true})),
            List.of(0.5, 0.3));

    /** Image 0: a cell found, a cell called a plate, a cell missed, nothing taken for a plate; image 1: a plate badly placed. */
    private static final ObjectAnswers OBJECTS = new ObjectAnswers(
            List.of("cell", "plate"),
            images(2),
            List.of(
                    GroundTruth.of(
                            List.of(new Box(0, 0, 10, 10), new Box(20, 0, 30, 10), new Box(40, 0, 60, 20)),
                            List.of(0, 0, 0)),
                    GroundTruth.of(List.of(new Box(0, 0, 10, 10)), List.of(1))),
            List.of(
                    Detections.of(
                            List.of(new Box(0, 0, 10, 10), new Box(20, 0, 30, 10), new Box(80, 80, 90, 90)),
                            List.of(0, 1, 1),
                            List.of(0.9, 0.8, 0.3)),
                    Detections.of(List.of(new Box(0, 0, 10, 4)), List.of(1), List.of(0.6))),
            List.of(0.2, 0.2));

    private static final PixelAnswers PIXELS = new PixelAnswers(
            List.of("road", "sky"),
            images(2),
            List.of(
                    List.of(
                            new PixelAnswers.Count(0, 0, 60),
                            new PixelAnswers.Count(0, 1, 20),
                            new PixelAnswers.Count(1, 1, 20)),
                    List.of(new PixelAnswers.Count(0, 0, 100))));

    @Test
    void labelsAreCountedAtTheirThresholds() {
        assertThat(LABELS.result().perLabel().get(0).precision()).isEqualTo(0.5);
        assertThat(LABELS.result().perLabel().get(0).recall()).isEqualTo(0.5);
        assertThat(LABELS.result().exactMatch()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(LABELS.at(0.8).result().perLabel().get(0).precision()).isEqualTo(1);
        assertThat(LABELS.cell(0, true, false)).containsExactly(2);
        assertThat(LABELS.worst()).containsExactly(2, 1); // -ln 0.1 - ln 0.4, -ln 0.4 - ln 0.7
        assertThat(LABELS.cases().values()).containsExactly(1.0, 0.5, 0.5);
    }

    @Test
    void probabilitiesOfLabelsAreComparedWithHowOftenTheyAreThere() {
        var reliability = LABELS.reliability();
        // said 0.9 1, 0.2 0, 0.6 0, 0.7 1, 0.1 1, 0.4 1, each in a bin of its own
        assertThat(reliability.expectedCalibrationError())
                .isCloseTo((0.1 + 0.2 + 0.6 + 0.3 + 0.9 + 0.6) / 6, within(1e-6));
        assertThat(reliability.bins().stream().mapToLong(bin -> bin.count()).sum())
                .isEqualTo(6);
    }

    @Test
    void everyErrorOfADetectorHasAKind() {
        ObjectAnswers.Figures figures = OBJECTS.figures();
        assertThat(figures.errors())
                .containsEntry(DetectionError.CLASSIFICATION, 1L)
                .containsEntry(DetectionError.BACKGROUND, 1L)
                .containsEntry(DetectionError.LOCALIZATION, 1L)
                .containsEntry(DetectionError.MISSED, 1L);
        ObjectAnswers.PerClass cell = figures.perClass().get(0);
        assertThat(cell.precision()).isEqualTo(1);
        assertThat(cell.recall()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(figures.overall().precision()).isEqualTo(0.25);
        assertThat(OBJECTS.withError(DetectionError.LOCALIZATION)).containsExactly(1);
    }

    @Test
    void aHigherConfidenceTakesAnswersAway() {
        ObjectAnswers higher = OBJECTS.at(0.5);
        assertThat(higher.answered(0).size()).isEqualTo(2);
        assertThat(higher.figures().errors()).doesNotContainKey(DetectionError.BACKGROUND);
        assertThat(OBJECTS.at(0.95).figures().errors()).containsEntry(DetectionError.MISSED, 4L);
        assertThat(OBJECTS.at(0.95).figures().overall().precision()).isZero();
        assertThat(higher.curves().perClass().get(0).points().points()).hasSize(1);
    }

    @Test
    void casesOfADetectorAreTheTrueObjectsWithTheirSize() {
        Answers.Cases cases = OBJECTS.cases();
        assertThat(cases.images()).containsExactly(0, 0, 0, 1);
        assertThat(cases.values()).containsExactly(1.0, 0.0, 0.0, 0.0);
        assertThat(cases.columns()).contains(new Column.Numbers("object size", List.of(10.0, 10.0, 20.0, 10.0)));
    }

    @Test
    void pixelsAreCountedOfAllImagesAndOfEach() {
        assertThat(PIXELS.result().perClass().get(0).iou()).isCloseTo(160 / 180.0, within(1e-12));
        assertThat(PIXELS.result(0).perClass().get(1).iou()).isCloseTo(0.5, within(1e-12));
        assertThat(PIXELS.worst()).containsExactly(0, 1);
        assertThat(PIXELS.cell(0, 1)).containsExactly(0);
        assertThat(PIXELS.cases().values().get(0)).isCloseTo((60 / 80.0 + 20 / 40.0) / 2, within(1e-12));
    }

    @Test
    void slicesAreByWhatIsKnownOfImagesAndByMore() {
        List<Slice> slices = PIXELS.slices(List.of(new Column.Words("weather", List.of("fog", "sun"))));
        assertThat(slices).extracting(Slice::column).contains("weather", "brightness", "pixels");
        assertThat(slices).extracting(Slice::column).doesNotContain("bytes"); // all have the same
    }

    @Test
    void answersComeBackFromAFileAsTheyWere() {
        Path file = folder.resolve("a.safetensors");
        AnswersFile.write(file, LABELS);
        LabelAnswers labels = (LabelAnswers) AnswersFile.read(file);
        assertThat(labels.metrics()).isEqualTo(LABELS.metrics());
        assertThat(labels.thresholds()).isEqualTo(LABELS.thresholds());
        AnswersFile.write(file, OBJECTS);
        assertThat(AnswersFile.read(file)).isEqualTo(OBJECTS);
        AnswersFile.write(file, PIXELS);
        assertThat(AnswersFile.read(file)).isEqualTo(PIXELS);
        var classes = new ClassAnswers(List.of("a", "b"), images(1), new int[] {1}, new float[] {0.3f, 0.7f});
        AnswersFile.write(file, classes);
        assertThat(((ClassAnswers) AnswersFile.read(file)).probability(0, 1)).isEqualTo(0.7f);
        assertThat(AnswersFile.read(file).images()).isEqualTo(images(1));
    }

    @Test
    void aDamagedFileIsNoAnswers() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Files.writeString(file, "nothing of the kind");
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> AnswersFile.read(file));
    }
}
