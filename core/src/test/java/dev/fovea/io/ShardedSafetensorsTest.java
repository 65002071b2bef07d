package dev.fovea.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.engine.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardedSafetensorsTest {

    @TempDir
    Path folder;

    @BeforeEach
    void shards() {
        Safetensors.write(
                folder.resolve("model-1.safetensors"),
                Map.of("a", Tensor.of(new float[] {1, 2}, 2), "unnamed", Tensor.zeros(1)),
                Map.of());
        Safetensors.write(folder.resolve("model-2.safetensors"), Map.of("b", Tensor.of(new float[] {3}, 1)), Map.of());
    }

    @Test
    void joinsTheShardsInTheOrderOfTheIndex() throws IOException {
        Path index = index("{'metadata':{},'weight_map':{'b':'model-2.safetensors','a':'model-1.safetensors'}}");
        Map<String, Tensor> read = WeightFile.read(index);
        assertThat(read.keySet()).containsExactly("b", "a");
        assertThat(read.get("a").toFloats()).containsExactly(1, 2);
        assertThat(read.get("b").toFloats()).containsExactly(3);
        assertThat(WeightFile.shapes(index)).isEqualTo(Map.of("a", List.of(2L), "b", List.of(1L)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'weight_map':{'a':'model-3.safetensors'}}; the file model-3.safetensors that it names is not beside it",
                "{'weight_map':{'a':'model-2.safetensors'}}; 'a' should be in model-2.safetensors, where it is not",
                "{'weight_map':{'a':'../model-1.safetensors'}}; 'a' lies in '../model-1.safetensors', expected the name of a file in the same folder",
                "{'weight_map':{'a':'/etc/passwd'}}; in the same folder",
                "{'weight_map':{'a':'..'}}; in the same folder",
                "{'weight_map':{'a':'x\\\\\\\\y'}}; in the same folder",
                "{'weight_map':{'a':1}}; in the same folder",
                "{'weight_map':{}}; it has no weight_map",
                "{'weight_map':[]}; it has no weight_map",
                "{'weight_map'; it is not JSON",
            })
    void refusesWhatDoesNotHold(String text, String message) throws IOException {
        Path index = index(text);
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> WeightFile.read(index))
                .withMessageStartingWith(index + ": ")
                .withMessageContaining(message);
    }

    private Path index(String text) throws IOException {
        return Files.writeString(folder.resolve("model.safetensors.index.json"), text.replace('\'', '"'));
    }
}
