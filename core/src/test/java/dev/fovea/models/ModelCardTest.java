package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTest {

    private static final Path MODEL = Path.of("src", "test", "resources", "packages", "classify", "registry");

    @TempDir
    Path folder;

    private String card() throws IOException {
        return Files.readString(folder.resolve("README.md"));
    }

    @Test
    void saysWhatTheModelIsAndWasMeasuredBy() throws IOException {
        ModelPackage.read(MODEL).write(folder);
        assertThat(card())
                .startsWith("# run-1\n\nA model for classification: `row-gru hidden=12 read=columns`")
                .contains(
                        "- Trained on 200 images, fingerprint `4f86777d968450a6`\n",
                        "- 10 classes: circle, square,",
                        "- weights of epoch 2, the best by validation accuracy (0.0750)\n",
                        "| accuracy | 0.07500 |\n",
                        "\n## Intended use\n\n_To be filled in");
    }

    @Test
    void keepsWhatItsMakerWrote() throws IOException {
        ModelPackage model = ModelPackage.read(MODEL);
        model.write(folder);
        Files.writeString(folder.resolve("README.md"), "# Shapes\n\n## Intended use\n\nFor toys.\n");
        model.withMetrics(java.util.Map.of("accuracy", 0.5)).write(folder);
        assertThat(card())
                .contains("| accuracy | 0.5000 |\n")
                .endsWith("## Intended use\n\nFor toys.\n")
                .doesNotContain("To be filled in");
    }
}
