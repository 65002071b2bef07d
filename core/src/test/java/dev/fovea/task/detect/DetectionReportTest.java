package dev.fovea.task.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.metrics.PrecisionRecall;
import dev.fovea.metrics.detect.ConfidenceResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectionReportTest {

    @Test
    void curvesShowWhereTheyTurnThoughMostAnswersAreHardlyRight() {
        var all = new ArrayList<PrecisionRecall.Point>();
        for (int i = 1; i <= 40; i++) {
            all.add(new PrecisionRecall.Point(1 - i / 100.0, 1 - i / 400.0, i / 50.0));
        }
        for (int i = 41; i <= 4000; i++) {
            all.add(new PrecisionRecall.Point(0.5 - i / 8000.0, 36.0 / i, 0.8));
        }
        var curve = new ConfidenceResult.Curve("star", new PrecisionRecall(all), 50);
        List<double[]> points =
                DetectionReport.points(curve, point -> new double[] {point.recall(), point.precision()});
        assertThat(points).hasSizeLessThan(400);
        for (int i = 0; i < 40; i++) {
            assertThat(points.get(i))
                    .containsExactly(all.get(i).recall(), all.get(i).precision());
        }
        assertThat(points.get(points.size() - 1)).containsExactly(0.8, 36.0 / 4000);
    }
}
