package dev.fovea.task.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Dataset;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.run.Classes;
import dev.fovea.task.Tasks;
import dev.fovea.train.InputSize;
import dev.fovea.train.Recipe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnsembleTest {

    private static Classifier trained(Dataset train, long seed) {
        Recipe recipe = Tasks.ALL
                .recipe("conv 8 3, relu, maxpool 2, flatten, dense classes")
                .withEpochs(3)
                .withBatch(20)
                .withSeed(seed)
                .withInput(new Recipe.Input(InputSize.square(16), 3, 1, ResizePolicy.STRETCH, Recipe.Normalize.DATA));
        Dataset held = Classes.counted(new Shapes(2, 60, 16), train.classes());
        return Classifier.train(
                recipe.model(), new Splits(train, held, Dataset.empty(train.classes()), List.of()), recipe);
    }

    @Test
    void anAnswerIsTheMeanOfAllProbabilitiesWhateverTheOrderOfTheirClasses() {
        var shapes = new Shapes(1, 200, 16);
        var turned = new ArrayList<>(shapes.classes());
        Collections.reverse(turned);
        Classifier a = trained(shapes, 1);
        Classifier b = trained(Classes.counted(shapes, turned), 2);
        var ensemble = Ensemble.of(List.of(a, b)).with(10, "fp32");
        Image image = new Shapes(5, 1, 16).image(0);
        Prediction answer = ensemble.predict(image);
        float[] ofA = a.probabilities(image);
        float[] ofB = b.probabilities(image);
        assertThat(answer.top())
                .hasSize(10)
                .allSatisfy(one -> assertThat(one.probability())
                        .isCloseTo(
                                (ofA[a.classes().indexOf(one.label())]
                                                + ofB[b.classes().indexOf(one.label())])
                                        / 2,
                                within(1e-6)));
    }

    @Test
    void oneMemberAloneIsItself() {
        Classifier alone = trained(new Shapes(1, 200, 16), 1);
        var test = new Shapes(5, 100, 16);
        var expected = alone.evaluate(test).result();
        var result = Ensemble.of(List.of(alone)).evaluate(test).result();
        assertThat(result.accuracy()).isEqualTo(expected.accuracy());
        assertThat(result.loss()).isCloseTo(expected.loss(), within(1e-5));
    }

    @Test
    void theFiguresAreThoseOfTheAnswers() {
        Classifier a = trained(new Shapes(1, 200, 16), 1);
        Classifier b = trained(new Shapes(7, 200, 16), 2);
        var ensemble = Ensemble.of(List.of(a, b));
        var test = new Shapes(5, 60, 16);
        long right = 0;
        for (int i = 0; i < test.size(); i++) {
            String truth = test.classes().get(test.label(i));
            right += ensemble.predict(test.image(i)).top().get(0).label().equals(truth) ? 1 : 0;
        }
        assertThat(ensemble.evaluate(test).result().accuracy()).isEqualTo(right / 60.0);
    }

    @Test
    void allMustKnowTheSameClasses() {
        var shapes = new Shapes(1, 60, 16);
        var more = new ArrayList<>(shapes.classes());
        more.add("spiral");
        Classifier ten = trained(shapes, 1);
        Classifier eleven = trained(Classes.counted(shapes, more), 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ensemble.of(List.of(ten, eleven)))
                .withMessageStartingWith("ensemble: all must know the same classes, got ");
        assertThatIllegalArgumentException().isThrownBy(() -> Ensemble.of(List.of()));
    }
}
