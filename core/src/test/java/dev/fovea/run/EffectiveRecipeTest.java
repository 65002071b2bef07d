package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Preprocess;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;

class EffectiveRecipeTest {

    private static String shown(String model, String... settings) {
        Recipe recipe = Tasks.ALL.recipes().with(Tasks.ALL.recipe(model), List.of(settings));
        return new EffectiveRecipe(
                        recipe,
                        Preprocess.of(32, 32, 3),
                        Tasks.ALL.of(recipe.task()).steps())
                .print();
    }

    @Test
    void whatIsOffIsLeftOut() {
        assertThat(shown("cifar-cnn"))
                .contains("lr: 0.001", "size: 32", "channels: 3", "type: cross-entropy", "seed: 0", "validation: 0.1")
                .doesNotContain(
                        "augment",
                        "update",
                        "gradientClip",
                        "frames",
                        "patience",
                        "sampling",
                        "classWeights",
                        "warmup",
                        "repeats");
        assertThat(shown(
                        "cifar-cnn",
                        "augment=[{type: rotate, degrees: 10}]",
                        "selection.sampling=square-root",
                        "update.gradientClip=1"))
                .contains("type: rotate", "degrees: 10", "fill: nearest", "sampling: square-root", "gradientClip: 1")
                .doesNotContain("fillValue", "accumulate", "augmentBatch");
    }

    @Test
    void whatHasNoEffectOnATaskIsLeftOut() {
        assertThat(shown("dcgan")).doesNotContain("loss:").contains("type: adversarial");
        assertThat(shown("transform-codec")).doesNotContain("loss:");
        assertThat(shown("dncnn")).contains("loss:");
        assertThat(shown("padim"))
                .contains("backbone", "validation", "seed")
                .doesNotContain("epochs", "optimizer", "schedule", "batch", "keep");
    }
}
