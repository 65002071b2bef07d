package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.train.RunFolder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {

    @TempDir
    private Path run;

    @Test
    void remarksAreWhatIsNoProgress() {
        var record = new RunRecord(new RunFolder(run));
        for (int epoch = 1; epoch <= 3; epoch++) {
            record.log(RunLog.epoch(epoch, Map.of("train_loss", 0.5)));
        }
        record.onRemark("epochs are few: the loss still falls");
        record.onPause(true);
        RunLog log = RunLog.read(run);
        assertThat(log.lines()).hasSize(5);
        assertThat(log.remarks().lines())
                .extracting(line -> line.replaceFirst("\\S+ {2}", ""))
                .containsExactly("epochs are few: the loss still falls", "paused");
        assertThat(log.last(2)).isEqualTo(log.remarks().lines());
        assertThat(RunLog.read(run.resolve("none")).lines()).isEmpty();
    }
}
