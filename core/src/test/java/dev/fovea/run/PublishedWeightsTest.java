package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.models.Models;
import dev.fovea.models.WeightsEntry;
import dev.fovea.nn.Layer;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishedWeightsTest {

    private static Preprocess trained(String model, String weights, String... settings) {
        var all = new java.util.ArrayList<>(PublishedWeights.recipe(model, weights, List.of(settings)));
        all.addAll(List.of(settings));
        Recipe recipe = Tasks.ALL.recipes().of(model, all);
        return Inputs.of(recipe, Dataset.empty(List.of("a", "b")));
    }

    @Test
    void aNetworkTrainedFromAnyPublishedWeightsPreparesImagesAsTheyDo() {
        for (WeightsEntry entry : WeightsEntry.all()) {
            if (Models.network(entry.model()) == Layer.class) {
                assertThat(trained(entry.model(), entry.tag())).as(entry.name()).isEqualTo(entry.preprocess());
            }
        }
    }

    @Test
    void aDetectorSeesTheWholeImage() {
        assertThat(PublishedWeights.recipe("ssd300_vgg16", "coco", List.of()))
                .contains("input.mean=[0.48235, 0.45882, 0.40784]", "input.resize=stretch", "input.crop=1.0");
        assertThat(PublishedWeights.recipe("retinanet_resnet50_fpn", "coco", List.of()))
                .contains("input.resize=fit", "input.crop=1.0")
                .noneMatch(line -> line.startsWith("input.size"));
        assertThat(PublishedWeights.recipe("fovea-det backbone=resnet18", "imagenet", List.of()))
                .as("a classifier's are cut, of those the normalisation alone")
                .containsExactly(
                        "input.normalize=given", "input.mean=[0.485, 0.456, 0.406]", "input.std=[0.229, 0.224, 0.225]");
    }

    @Test
    void settingsOfTheRecipeHold() {
        Preprocess shown = trained(
                "googlenet", "imagenet", "input.normalize=unit", "input.resize=stretch", "input.size=96", "batch=4");
        assertThat(shown.mean()).containsOnly(0.0);
        assertThat(shown.crop()).isEqualTo(1);
        assertThat(shown.width()).isEqualTo(96);
        assertThat(trained("googlenet", "imagenet", "input.channels=1").mean()).containsExactly(0.5);
        assertThat(PublishedWeights.recipe("resnet18", "some/file.pth", List.of()))
                .isEmpty();
    }

    @Test
    void refusesMeansThatWouldNotBeUsed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.recipes().of("resnet18", List.of("input.mean=[0.5]")))
                .withMessageContaining("input.mean and input.std are for input.normalize=given, got input.normalize=");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.recipes().of("resnet18", List.of("input.normalize=given")))
                .withMessageContaining("needs 1 or 3 values of input.mean and as many of input.std");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.recipes().of("resnet18", List.of("input.resize=stretch", "input.crop=0.5")))
                .withMessageContaining("input.crop is for input.resize=crop");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.recipes().of("resnet18", List.of("input.channels=4")))
                .withMessageContaining("1 (grey) or 3 (colour; transparency is left out)");
    }
}
