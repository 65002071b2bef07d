package dev.fovea.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

    @TempDir
    private Path folder;

    @Test
    void appendsARowForEachRoundUnderOneHeader() throws IOException {
        Path file = folder.resolve("results/speed.csv");
        var conditions = new Results.Conditions("abc1234", "2026-01-31", "Some, processor", 2);
        var series = new Series(Contender.ALL.get(1), "0.1", "bf16", List.of(100.0, 200.26));
        new Results(file).append(conditions, Configuration.ALL.get(0), List.of(series));
        new Results(file).append(conditions, Configuration.ALL.get(0), List.of(series));
        String row = "abc1234,2026-01-31,\"Some, processor\",fovea,0.1,cifar-cnn,64,bf16,2,";
        assertThat(file)
                .content()
                .isEqualTo(String.join(",", Results.HEADER) + "\n" + (row + "1,100.0\n" + row + "2,200.3\n").repeat(2));
    }
}
