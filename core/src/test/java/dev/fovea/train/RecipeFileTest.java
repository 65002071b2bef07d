package dev.fovea.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.data.Augment;
import dev.fovea.models.Models;
import dev.fovea.nn.Loss;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeFileTest {

    @TempDir
    Path folder;

    private Recipe read(String text, String... settings) throws IOException {
        Path file = folder.resolve("cat.yaml");
        Files.writeString(file, text);
        return RecipeFile.read(file, List.of(settings));
    }

    @Test
    void readsWhatItPrints() throws IOException {
        for (Optimizer optimizer : Optimizer.defaults()) {
            for (Schedule schedule : Schedule.defaults()) {
                for (Loss loss : Loss.defaults()) {
                    Recipe recipe = Recipe.of("resnet18")
                            .withOptimizer(optimizer)
                            .withSchedule(schedule)
                            .withLoss(loss)
                            .withAugment(Augment.none().withRotation(20).withHorizontalFlip())
                            .withSeed(7);
                    assertThat(read(RecipeFile.print(recipe))).isEqualTo(recipe);
                }
            }
        }
    }

    @Test
    void keysLeftOutHaveTheirTypesDefaults() throws IOException {
        Recipe recipe = read("model: cifar-cnn\noptimizer: {type: sgd, lr: 0.4}\naugment: {horizontalFlip: true}\n");
        assertThat(recipe.optimizer()).isEqualTo(new Optimizer.Sgd(0.4, 0.9, false, 0));
        assertThat(recipe.augment()).isEqualTo(Augment.none().withHorizontalFlip());
        assertThat(recipe.epochs()).isEqualTo(10);
    }

    @Test
    void settingsWinOverTheFile() throws IOException {
        Recipe recipe = read("model: cifar-cnn\nepochs: 3\n", "optimizer.lr=0.25", "epochs=5", "augment.fill=reflect");
        assertThat(recipe.optimizer().lr()).isEqualTo(0.25);
        assertThat(recipe.epochs()).isEqualTo(5);
        assertThat(recipe.augment().fill()).isEqualTo(Augment.Fill.REFLECT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model: a`optimizer: {type: sgd, lr_rate: 1}|cat.yaml:2: unknown key 'optimizer.lr_rate', did you mean 'optimizer.lr'? sgd takes lr, momentum, nesterov, weightDecay",
                "model: a`epoch: 3|cat.yaml:2: unknown key 'epoch', did you mean 'epochs'? a recipe takes model, task, epochs",
                "model: a`optimizer: {type: adm}|cat.yaml:2: optimizer type must be one of sgd, adam, adamw, rmsprop, got 'adm'",
                "model: a`update: {clip: -1}|update.clip must be 0 (off) or more, got update.clip=-1.0",
                "model: a`epochs: many|'epochs'",
                "model: a`input: 3|cat.yaml:2: 'input' holds keys (size, channels, each, resize, normalize, clip), got 3",
                "model: [|not readable as YAML",
                "epochs: 3|not a recipe: expected keys with values, 'model' among them"
            })
    void saysWhatIsWrongAndWhere(String text, String message) {
        assertThatExceptionOfType(RecipeException.class)
                .isThrownBy(() -> read(text.replace('`', '\n')))
                .withMessageContaining(message);
    }

    static Stream<Path> shipped() throws IOException {
        return Files.list(Path.of("../recipes")).filter(file -> file.toString().endsWith(".yaml"));
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyShippedRecipeNamesAModel(Path file) {
        Recipe recipe = RecipeFile.read(file, List.of());
        assertThat(Models.isText(recipe.model()) || Models.find(recipe.model()).isPresent())
                .isTrue();
    }
}
