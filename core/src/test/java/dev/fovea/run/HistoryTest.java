package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.train.Listener.Epoch;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    @TempDir
    private Path folder;

    private static final List<Map<String, Double>> ROWS = List.of(
            Map.of("epoch", 1.0), Map.of("epoch", 2.0, "train_loss", 0.5), Map.of("epoch", 3.0, "train_loss", 0.25));

    @Test
    void aCurveHasEveryEpochAtItsOwnPlace() {
        var history = new History(ROWS);
        assertThat(history.column("train_loss")).containsExactly(Double.NaN, 0.5, 0.25);
        assertThat(history.series("loss")).containsOnlyKeys("train");
        var sections = new Sections();
        history.curve(sections, "f", "Loss", "loss", "loss", "");
        assertThat(sections.figures())
                .singleElement()
                .satisfies(figure -> assertThat(figure.title()).isEqualTo("Loss"));
    }

    @Test
    void metricsAreCalledAsPeopleCallThem() {
        assertThat(List.of(
                                "validation_bestF1",
                                "map50",
                                "mapSmall",
                                "mar100",
                                "weightedF1",
                                "maskMap50",
                                "miou",
                                "brier")
                        .stream()
                        .map(TaskReport::spoken))
                .containsExactly(
                        "validation best F1",
                        "mAP50",
                        "mAP small",
                        "mAR100",
                        "weighted F1",
                        "mask mAP50",
                        "mIoU",
                        "Brier score");
    }

    @Test
    void aSpeedThatIsNoNumberIsNoSpeed() {
        assertThat(History.median(List.of(Double.NaN, 3.0, Double.POSITIVE_INFINITY)))
                .hasValue(3);
        assertThat(History.median(List.of(Double.NaN))).isEmpty();
    }

    private static Epoch epoch(int number, Map<String, Double> train) {
        return new Epoch(number, train, Map.of(), 0.1, 2, 30, false, List.of(), List.of());
    }

    @Test
    void aMetricThatAppearsLaterIsAColumnOfMetricsCsvEmptyBefore() throws IOException {
        var run = RunFolder.create(folder, "run");
        var record = new RunRecord(run);
        var start = new dev.fovea.train.Listener.Start(1, 3, 2, 8, "cpu", "fp32", "accuracy");
        record.onStart(start);
        record.onEpoch(epoch(1, Map.of("d", 1.0)));
        record.onEpoch(epoch(2, Map.of("d", 2.0, "loss", 0.5)));
        record.onEpoch(epoch(3, Map.of("d", 3.0)));
        assertThat(Files.readAllLines(run.metrics()).stream().map(line -> line.split(",", -1)))
                .extracting(cells -> cells.length)
                .containsExactly(6, 6, 6, 6);
        assertThat(Files.readAllLines(run.metrics()))
                .containsExactly(
                        "epoch,train_d,lr,seconds,images_per_second,train_loss",
                        "1,1.00000,0.100000,2.00000,30.0000,",
                        "2,2.00000,0.100000,2.00000,30.0000,0.500000",
                        "3,3.00000,0.100000,2.00000,30.0000,");
    }
}
