package dev.fovea.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import dev.fovea.run.Backend;
import dev.fovea.run.Predictor;
import dev.fovea.task.Tasks;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxBackendTest {

    private static final Path PACKAGES = Path.of("../core/src/test/resources/packages");

    private static List<Image> images() {
        return IntStream.range(0, 5).mapToObj(new Shapes(7, 5, 32)::image).toList();
    }

    private static Predictor model(String name) {
        return Tasks.ALL.load(PACKAGES.resolve(name), "cpu").predictor();
    }

    @Test
    void isFoundOnTheClassPath() {
        assertThat(Backend.words()).containsExactly("auto", "libtorch", "onnx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify/layers", "multilabel", "regress", "embedding", "segment"})
    void answersAsLibtorchDoes(String name) {
        Predictor onnx = model(name).withBackend("onnx");
        List<Predictor.Answer> answers = onnx.predictAll(images());
        List<Predictor.Answer> expected = model(name).predictAll(images());
        assertThat(onnx.computing()).contains("onnx in float32");
        for (int i = 0; i < expected.size(); i++) {
            assertThat(answers.get(i).values())
                    .usingRecursiveComparison()
                    .withEqualsForType((a, b) -> Math.abs(a - b) < 1e-3, Double.class)
                    .withEqualsForType((a, b) -> Math.abs(a - b) < 1e-3f, Float.class)
                    .isEqualTo(expected.get(i).values());
        }
    }
}
