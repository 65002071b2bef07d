package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepCurveTest {

    @TempDir
    private Path run;

    private void written(String... points) throws IOException {
        Files.writeString(
                run.resolve("steps.csv"), "step,epochs,loss,lr,images_per_second\n" + String.join("\n", points) + "\n");
    }

    private static List<Long> steps(StepCurve.Part part) {
        return part.points().stream().map(StepCurve.Point::step).toList();
    }

    @Test
    void onlyThePointsBehindAMarkAreGiven() throws IOException {
        written("1,0.1,2.5,0.1,90", "5,0.5,2.0,0.1,95");
        StepCurve.Part first = StepCurve.behind(run, "");
        assertThat(first.anew()).isTrue();
        assertThat(steps(first)).containsExactly(1L, 5L);
        written("1,0.1,2.5,0.1,90", "5,0.5,2.0,0.1,95", "9,0.9,1.8,0.1,94");
        StepCurve.Part next = StepCurve.behind(run, first.mark());
        assertThat(next.anew()).isFalse();
        assertThat(steps(next)).containsExactly(9L);
        assertThat(steps(StepCurve.behind(run, next.mark()))).isEmpty();
        assertThat(StepCurve.behind(run, next.mark()).anew()).isFalse();
    }

    @Test
    void whatARunGaveUpAsItWentOnFromAnEarlierCheckpointIsReplaced() throws IOException {
        written("1,0.1,2.5,0.1,90", "5,0.5,2.0,0.1,95", "9,0.9,1.8,0.1,94");
        String mark = StepCurve.behind(run, "").mark();
        written("1,0.1,2.5,0.1,90", "9,0.9,1.7,0.1,60", "14,1.4,1.5,0.1,61"); // already farther than it was
        StepCurve.Part again = StepCurve.behind(run, mark);
        assertThat(again.anew()).isTrue();
        assertThat(steps(again)).containsExactly(1L, 9L, 14L);
        Files.delete(run.resolve("steps.csv"));
        assertThat(StepCurve.behind(run, again.mark())).isEqualTo(new StepCurve.Part(List.of(), true, ""));
    }
}
