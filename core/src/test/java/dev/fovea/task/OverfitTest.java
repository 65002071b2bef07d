package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dropout;
import dev.fovea.run.RateSearch;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Subset;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few batches that a working network must be able to overfit. */
class OverfitTest {

    @TempDir
    private Path folder;

    private static final Recipe HARD = Tasks.ALL
            .recipes()
            .with(
                    Tasks.ALL.recipe(
                            "conv 16 3, relu, maxpool 2, flatten, dropout 0.9, dense 64, relu, dropout 0.9, dense classes"),
                    List.of(
                            "input.size=16",
                            "epochs=5",
                            "batch=10",
                            "precision=fp32",
                            "optimizer.type=adamw",
                            "optimizer.lr=0.003",
                            "optimizer.weightDecay=10",
                            "augment=[{type: rotate, degrees: 90}]",
                            "augmentBatch=[mixup]",
                            "update.l2=1",
                            "update.ema=0.999",
                            "selection.patience=1"));

    @Test
    void areLearnedWhateverTheRecipeDoesAgainstIt() {
        var train = new Shapes(1, 100, 16);
        Splits all = new Splits(train, new Shapes(2, 20, 16), Dataset.empty(train.classes()), List.of());
        Splits few = Subset.first(all, 20);
        Recipe recipe = Subset.overfit(HARD, 2);
        var run = Tasks.ALL.train(recipe, few, RunSettings.in(folder, "heart").withOverfit(true));
        assertThat(run.epochs()).isEqualTo(5);
        assertThat(run.train().get("accuracy")).isEqualTo(1.0);
        assertThat(run.validation().get("accuracy")).isEqualTo(1.0);
    }

    @Test
    void theRecipeIsFreeOfAllThatHoldsANetworkBack() {
        Recipe recipe = Subset.overfit(HARD, 2);
        assertThat(recipe.augment()).isEmpty();
        assertThat(recipe.augmentBatch()).isEmpty();
        assertThat(RecipeFile.values(recipe))
                .containsEntry("optimizer.weightDecay", "0.0")
                .containsEntry("optimizer.lr", "0.003")
                .containsEntry("schedule.type", "constant")
                .containsEntry("update.l2", "0.0")
                .containsEntry("update.ema", "0.0")
                .containsEntry("selection.patience", "0")
                .containsEntry("selection.keep", "last")
                .containsEntry("input.repeats", "30");
    }

    @Test
    void dropoutCanBeSwitchedOffWhileTraining() {
        try (var scope = new Scope()) {
            var dropout = new Dropout(Dropout.Unit.ELEMENT, 0.9);
            dropout.state().dropout(false);
            assertThat(dropout.forward(Tensor.ones(100)).toFloats()).containsOnly(1);
            dropout.state().dropout(true);
            assertThat(dropout.forward(Tensor.ones(100)).toFloats()).contains(0);
        }
    }

    @Test
    void aRateSearchBeginsAtTheWeightsItIsGiven() throws IOException {
        Splits data = Splits.trainOnly(new Shapes(1, 40, 16), List.of());
        var recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe("conv 4 3, relu, flatten, dense classes"),
                        List.of("input.size=16", "batch=40", "epochs=40", "precision=fp32", "selection.validation=0"));
        var run = Tasks.ALL.train(recipe, data, RunSettings.in(folder, "run"));
        double learned = run.train().get("loss");
        var said = new ArrayList<String>();
        var settings = RunSettings.in(folder, "rates").withListeners(List.of(new Listener() {
            @Override
            public void onRemark(String text) {
                said.add(text);
            }
        }));
        double first = firstLoss(Tasks.ALL.findRate(recipe, data, settings));
        double begun = firstLoss(Tasks.ALL.findRate(recipe, data, settings.withWeights(List.of(run.folder()))));
        assertThat(begun).isCloseTo(learned, within(0.1)).isLessThan(first / 2);
        assertThat(said)
                .containsExactly(
                        "weights: 4 of 4 tensors are those of " + run.folder().resolve("model/model.safetensors"));
    }

    private static double firstLoss(RateSearch.Found found) throws IOException {
        return Double.parseDouble(Files.readAllLines(found.csv()).get(1).split(",")[1]);
    }

    @Test
    void aRateSearchLeavesNoFolderIfItsWeightsDoNotFit() {
        var train = new Shapes(1, 40, 16);
        Splits data = Splits.trainOnly(train, List.of());
        Recipe recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe("conv 2 3, relu, flatten, dense classes"),
                        List.of("input.size=16", "batch=8", "epochs=1", "precision=fp32"));
        var settings = RunSettings.in(folder, "rates").withWeights(List.of(folder.resolve("none")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.findRate(recipe, data, settings))
                .withMessageContaining("no weights are there");
        assertThat(folder).isEmptyDirectory();
    }
}
