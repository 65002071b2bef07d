package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.run.DataRequest;
import dev.fovea.train.RecipeFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {

    private static TrainingPlan plan(String... settings) {
        return new TrainingPlan(DataRequest.of("my flowers"), "cifar-cnn", "", false, List.of(settings));
    }

    @Test
    void isACommandLineForAShell() {
        assertThat(plan("epochs=3", "optimizer.lr=0.01", "augment=[flip]").command())
                .isEqualTo("fovea train cifar-cnn --data 'my flowers' --epochs 3 --lr 0.01 --set 'augment=[flip]'");
    }

    @Test
    void theCommandLineNamesTheCorrections() {
        DataRequest corrected = DataRequest.of("flowers").withCorrections(Path.of("flowers.corrections.csv"));
        assertThat(new TrainingPlan(corrected, "cifar-cnn", "", false, List.of()).command())
                .isEqualTo("fovea train cifar-cnn --data flowers --corrections flowers.corrections.csv");
    }

    @Test
    void marksWhatDiffersFromTheUsual() {
        assertThat(plan("epochs=3").fields()).contains(new TrainingPlan.Field("epochs", "3", "10"));
    }

    @Test
    void findsTheSettingsOfAChangedRecipe() {
        String text = RecipeFile.print(plan().recipe())
                .replace("epochs: 10", "epochs: 4")
                .replace("augment: []", "augment: [flip]");
        TrainingPlan changed = plan().withRecipe(text);
        assertThat(changed.settings()).hasSize(2).contains("epochs=4");
        assertThat(changed.recipe()).isEqualTo(Tasks.ALL.recipes().parse(text, List.of(), "x"));
    }

    @Test
    void findsTheSettingsOfAnotherOptimizer() {
        TrainingPlan asked = plan("optimizer={type: sgd, lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 5.0e-4}");
        TrainingPlan found = plan().withRecipe(asked.recipe());
        assertThat(found.recipe()).isEqualTo(asked.recipe());
        assertThat(found.settings()).contains("optimizer.type=sgd").doesNotContain("epochs=10");
    }

    @Test
    void staysWithATaskThatIsNotTheNetworksOwn() {
        TrainingPlan asked = plan("task.type=self-supervised", "epochs=2");
        TrainingPlan found = plan().withRecipe(asked.recipe());
        assertThat(found.recipe()).isEqualTo(asked.recipe());
        assertThat(found.command()).contains("--task self-supervised");
    }

    @Test
    void namesAKeyThatIsWrong() {
        assertThatThrownBy(() -> plan("epochs=0").recipe()).hasMessageContaining("got epochs=0");
        assertThatThrownBy(() -> plan("optimiser.lr=1").recipe()).hasMessageContaining("optimizer");
    }
}
