package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFactsTest {

    /** As it was written before data had corrections. */
    private static final String EARLIER = """
            {"format": 1,
             "asked": {"started": "2026-11-30T14:27:36", "command": "fovea train cifar-cnn --data shapes",
               "data": {"data": "shapes", "validation": "", "format": "", "skipBroken": false, "only": [], "perClass": 0,
                 "extra": "", "imbalance": 0.0, "labelNoise": 0.0, "fold": "", "batches": 0},
               "weights": [], "classifier": [], "overfit": false, "ignoreHead": false},
             "seen": {"classes": ["circle", "square"],
               "train": {"images": 10, "fingerprint": "0917c31311463282"},
               "validation": {"images": 2, "fingerprint": "fbb4a5cf699b69e3"}},
             "outcome": {"end": "finished", "seconds": 9.4, "epochs": 1, "criterion": "accuracy", "best": 0.5, "bestEpoch": 1,
               "metrics": {"accuracy": 0.5}}}
            """;

    @TempDir
    private Path run;

    @Test
    void readsWhatAnEarlierVersionWrote() throws IOException {
        Files.writeString(run.resolve("run.json"), EARLIER);
        assertThat(RunFacts.read(run)).hasValueSatisfying(facts -> {
            assertThat(facts.asked().data()).isEqualTo(DataRequest.of("shapes"));
            assertThat(facts.outcome().end()).isEqualTo("finished");
        });
    }
}
