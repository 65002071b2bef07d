package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFormatTest {

    @TempDir
    private Path folder;

    @Test
    void anOnnxFileNeedsWhatReadsIt() throws Exception {
        Path file = Files.write(folder.resolve("Model.ONNX"), new byte[8]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPackage.readConfig(file))
                .withMessage(
                        file
                                + ": ONNX files are read by dev.fovea:fovea-export, which is not on the class path. Add it to the dependencies");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPackage.read(file))
                .withMessageStartingWith(file + ": ONNX files are read by");
    }

    @Test
    void noOtherFileIsAModel() throws Exception {
        Path file = Files.write(folder.resolve("model.txt"), new byte[8]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPackage.read(file))
                .withMessageStartingWith(file + ": not a model package");
    }
}
