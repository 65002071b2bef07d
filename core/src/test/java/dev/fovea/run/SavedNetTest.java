package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Preprocess;
import dev.fovea.models.Architecture;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.Provenance;
import dev.fovea.models.TaskConfig;
import dev.fovea.nn.Loss;
import dev.fovea.task.Tasks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packages whose parts do not belong together. */
class SavedNetTest {

    @TempDir
    private Path folder;

    private void written(String task, Map<String, Object> settings, String network) {
        Preprocess shown = Preprocess.of(8, 8, 1);
        var config = new ModelPackage.Config(
                new TaskConfig(task, settings),
                Architecture.of(network),
                List.of("a", "b"),
                shown,
                Loss.crossEntropy(),
                Provenance.ofWeights(""));
        new ModelPackage(config, Models.create(network, shown, 2)).write(folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "clasification; flatten, dense classes; unknown task 'clasification', did you mean 'classification'?",
                "compression; flatten, dense classes; 'flatten, dense classes' is a network that cannot do compression",
                "masking; flatten, dense classes; 'flatten, dense classes' is a network that cannot do masking",
                "classification; dense-autoencoder bottleneck=2 hidden=4; is a network that cannot do classification",
                "classification; flatten, dense 3; gives 3 values, there are 2 classes. End it with 'dense classes'"
            })
    void aNetworkThatCannotDoItsTaskIsRefused(String task, String network, String message) {
        written(task, Map.of(), network);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.load(folder, "cpu"))
                .withMessageContaining(message);
    }

    @Test
    void aSettingThatTheTaskLacksIsNamed() {
        written("variational", Map.of("betta", 2), "vae code=2 width=4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.load(folder, "cpu").evaluate(new dev.fovea.data.Shapes(1, 4, 8)))
                .withMessageContaining("config.json: unknown key 'task.betta', did you mean 'task.beta'?");
    }
}
