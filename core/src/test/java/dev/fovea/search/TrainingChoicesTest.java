package dev.fovea.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.data.DataException;
import dev.fovea.image.Image;
import dev.fovea.run.DataRequest;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Subset;
import dev.fovea.task.Tasks;
import dev.fovea.task.TrainingPlan;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingChoicesTest {

    private static final DataRequest SHAPES = DataRequest.of("shapes");

    @TempDir
    private Path folder;

    @Test
    void offersTheTasksThatDataCanTeach() {
        TrainingChoices choices = TrainingChoices.of(SHAPES);
        assertThat(choices.tasks())
                .extracting(TrainingChoices.Fitting::task)
                .contains("classification", "detection", "segmentation", "reconstruction", "diffusion")
                .doesNotContain("regression");
        assertThat(choices.tasks().get(0).task()).isEqualTo("classification");
        assertThat(choices.classes()).hasSize(10);
        assertThat(choices.height()).isEqualTo(32);
        assertThat(choices.tasks())
                .allSatisfy(fitting ->
                        assertThat(fitting.models()).as(fitting.task()).isNotEmpty());
    }

    @Test
    void offersWhatNeedsNoLabelsForImagesAlone() {
        for (int i = 0; i < 4; i++) {
            Image.write(folder.resolve(i + ".png"), new Image(40, 30, 3, new byte[3600]).toBufferedImage());
        }
        assertThat(TrainingChoices.of(DataRequest.of(folder.toString())).tasks())
                .extracting(TrainingChoices.Fitting::task)
                .contains("reconstruction", "adversarial", "restoration")
                .doesNotContain("classification", "detection");
    }

    @Test
    void nothingIsToBeToldApartInASingleClass() throws IOException {
        Path good = Files.createDirectories(folder.resolve("good"));
        for (int i = 0; i < 4; i++) {
            Image.write(good.resolve(i + ".png"), new Image(40, 30, 3, new byte[3600]).toBufferedImage());
        }
        TrainingChoices choices = TrainingChoices.of(DataRequest.of(folder.toString()));
        assertThat(choices.tasks())
                .extracting(TrainingChoices.Fitting::task)
                .contains("reconstruction", "adversarial")
                .doesNotContain("classification", "embedding");
    }

    @Test
    void saysWhatIsWrongWithData() {
        assertThatThrownBy(() ->
                        TrainingChoices.of(DataRequest.of(folder.resolve("none").toString())))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none");
    }

    /** What is suggested is no suggestion if it ends in an error. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "classification",
                "self-supervised",
                "embedding",
                "reconstruction",
                "variational",
                "quantization",
                "masking",
                "detection",
                "segmentation",
                "adversarial"
            })
    void suggestsWhatCanBeTrained(String task) {
        TrainingChoices.Suggestion first = TrainingChoices.of(SHAPES).tasks().stream()
                .filter(fitting -> fitting.task().equals(task))
                .findFirst()
                .orElseThrow()
                .models()
                .get(0);
        Recipe recipe = Tasks.ALL.recipes().with(first.plan().recipe(), List.of("batch=8", "epochs=1"));
        var data = Subset.first(SHAPES.open(recipe), 16);
        assertThat(Tasks.ALL.train(recipe, data, RunSettings.in(folder, "run")).epochs())
                .isEqualTo(1);
    }

    @Test
    void estimatesATrainingAndLeavesNothing() {
        TrainingPlan plan =
                TrainingChoices.of(SHAPES).tasks().get(0).models().get(0).plan();
        Recipe recipe = plan.recipe();
        TrainingEstimate estimate = TrainingEstimate.of(
                recipe, Subset.first(SHAPES.open(recipe), 200), RunSettings.in(folder, "run"), 1, () -> false);
        assertThat(estimate.epochSeconds()).isPositive();
        assertThat(estimate.epochs()).isEqualTo(recipe.epochs());
        assertThat(estimate.seconds()).isGreaterThan(estimate.epochs() * estimate.epochSeconds());
        assertThat(folder).isEmptyDirectory();
    }
}
