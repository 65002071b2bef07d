package dev.fovea.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpaceTest {

    private static Recipe recipe(String model, String... settings) {
        return Tasks.ALL.recipes().of(model, List.of(settings));
    }

    @Test
    void theUsualSpaceSurroundsTheRecipe() {
        Space space = Space.usual(recipe("cifar-cnn", "optimizer.type=adamw", "optimizer.lr=0.002"));
        assertThat(space.settings().stream().map(Setting::text))
                .containsExactly(
                        "optimizer.lr=0.0002..0.02",
                        "batch=32|64|128",
                        "optimizer.weightDecay=0.001..0.1",
                        "loss.labelSmoothing=0..0.2",
                        "augment=[]|[flip]|[translate]|[flip,translate]|[flip,trivial-augment]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cifar-cnn", "conv-autoencoder", "dncnn", "recipes/cifar10-fast.yaml"})
    void theUsualSpaceCanBeTrained(String model) {
        String file = model.endsWith(".yaml") ? "../" + model : model;
        Recipe recipe = recipe(file);
        assertThatCode(() -> Space.usual(recipe).check(Tasks.ALL.recipes(), recipe))
                .doesNotThrowAnyException();
    }

    @Test
    void trialsThatAreShortBesideWhatFollowsLeaveTheAugmentationAsItIs() {
        Space all = Space.usual(recipe("cifar-cnn"));
        assertThat(all.settings()).extracting(Setting::key).contains("augment");
        assertThat(all.withoutAugmentation().settings())
                .isEqualTo(all.settings().stream()
                        .filter(setting -> !setting.key().equals("augment"))
                        .toList());
    }

    @Test
    void theRecipesOwnAugmentationIsOneOfTheChoices() {
        Space space = Space.usual(recipe("cifar-cnn", "augment=[{type: flip}, {type: cutout, size: 0.25}]"));
        String own = space.settings().get(space.settings().size() - 1).ends().get(0);
        assertThat(own).contains("cutout").contains("0.25");
        assertThat(Space.shown(own)).isEqualTo("[flip,cutout]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "optimizer.lr=-1..1",
                "batch=0..9",
                "optimizer.rate=1..2",
                "model=cifar-cnn|cifar-dnn",
                "augment=[]|[flop]"
            })
    void whatCannotBeTrainedIsRefusedBeforeAnythingIs(String setting) {
        Space space = Space.parse(List.of(setting));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.check(Tasks.ALL.recipes(), recipe("cifar-cnn")))
                .withMessageContaining(
                        setting.startsWith("model") ? "cifar-dnn" : setting.substring(0, setting.indexOf('=')));
    }

    @Test
    void refusesKeysThatCannotVary() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Space.parse(List.of("batch=1|2", "batch=3|4")))
                .withMessage("a search varies each key once, got [batch, batch]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Space.parse(List.of("epochs=1..20")))
                .withMessageContaining("cannot be varied");
        assertThatIllegalArgumentException().isThrownBy(() -> Space.parse(List.of()));
    }
}
