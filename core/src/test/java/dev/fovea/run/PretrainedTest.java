package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.Drawn;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import dev.fovea.models.Models;
import dev.fovea.nn.Module;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainedTest {

    @TempDir
    private Path folder;

    private static Module net(int classes) {
        return Drawn.by(classes, Models.get("mnist-cnn").create(1, 28, 28, classes));
    }

    private Path saved(Map<String, Tensor> tensors) {
        Path file = folder.resolve("weights.safetensors");
        Safetensors.write(file, tensors, Map.of());
        return file;
    }

    @Test
    void saysThatAllWasLoaded() {
        Path file = saved(net(10).state().tensors());
        Module into = net(10);
        int count = into.state().tensors().size();
        assertThat(Pretrained.load(file, into).text())
                .isEqualTo("weights: %d of %d tensors are those of %s", count, count, file);
    }

    @Test
    void namesWhatKeepsItsFirstValuesAndWhatIsNotUsed() {
        var tensors = new LinkedHashMap<>(net(10).state().tensors());
        tensors.put("AuxLogits.fc.weight", Tensor.zeros(3));
        Path file = saved(tensors);
        Module into = net(3);
        Pretrained.Loaded loaded = Pretrained.load(file, into);
        assertThat(loaded.kept()).hasSize(2).allMatch(name -> name.endsWith(".weight") || name.endsWith(".bias"));
        assertThat(loaded.unused()).containsExactly("AuxLogits.fc.weight");
        assertThat(loaded.text())
                .contains("; left at their first values: " + String.join(", ", loaded.kept()))
                .endsWith("; not used: AuxLogits.fc.weight");
    }
}
