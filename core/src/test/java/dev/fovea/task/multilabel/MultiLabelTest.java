package dev.fovea.task.multilabel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.WrittenReport;
import dev.fovea.data.BatchTransform;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.ShapeScenes;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import dev.fovea.models.ModelPackage;
import dev.fovea.nn.Loss;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Subset;
import dev.fovea.run.TrainingRun;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MultiLabelTest {

    private static final String NET = "conv 8 3, relu, maxpool 2, conv 16 3, relu, flatten, dense classes";

    private static final TargetKind LABELS = new TargetKind.SeveralLabels(false);

    @TempDir
    private Path folder;

    private static Splits scenes(int train, int validation) {
        Dataset none = Dataset.empty(new ShapeScenes(1, 1, 16, LABELS).classes());
        return new Splits(
                new ShapeScenes(1, train, 16, LABELS), new ShapeScenes(2, validation, 16, LABELS), none, List.of());
    }

    private static Recipe recipe(String... settings) {
        var all = new ArrayList<>(
                List.of("task.type=multi-label", "input.size=16", "epochs=2", "batch=16", "precision=fp32", "seed=3"));
        all.addAll(List.of(settings));
        return Tasks.ALL.recipes().of(NET, all);
    }

    private static Recipe recipe(double lr) {
        return recipe("optimizer.lr=" + lr);
    }

    @Test
    void aClassifierOfTheRegistryIsTrainedForItWhereTheRecipeSaysSo() {
        Recipe recipe = Tasks.ALL.recipes().of("cifar-cnn", List.of("task.type=multi-label"));
        assertThat(recipe.loss()).isEqualTo(new Loss.BinaryCrossEntropy());
        assertThat(Tasks.ALL.of(recipe)).isEqualTo(MultiLabelType.TYPE);
        assertThat(Tasks.ALL.ofModel("cifar-cnn").word()).isEqualTo("classification");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe("loss.type=cross-entropy"))
                .withMessageContaining(
                        "loss.type must be one of binary-cross-entropy, asymmetric for task multi-label");
    }

    @Test
    void overfitsEightImages() {
        for (String loss : List.of("binary-cross-entropy", "asymmetric")) {
            Splits eight = Subset.first(scenes(8, 1), 8);
            Recipe recipe = Subset.overfit(recipe("loss.type=" + loss, "optimizer.lr=0.003", "batch=8"), 1);
            var run =
                    Tasks.ALL.train(recipe, eight, RunSettings.in(folder, loss).withOverfit(true));
            assertThat(run.validation())
                    .as(loss)
                    .containsEntry("map", 1.0)
                    .containsEntry("exactMatch", 1.0)
                    .containsEntry("microF1", 1.0);
            assertThat(run.validation().get("loss")).as(loss).isLessThan(0.05);
        }
    }

    @Test
    void thePackageCarriesTheBestThresholdsAndPredictUsesThem() {
        Splits data = scenes(64, 40);
        var run = Tasks.ALL.train(recipe(0.003), data, RunSettings.in(folder, "run"));
        var classifier = MultiLabelClassifier.load(run.folder());
        ModelPackage.Config config = classifier.config();
        assertThat(config.thresholds()).containsOnlyKeys(classifier.labels());
        assertThat(config.thresholds().values())
                .anySatisfy(value -> assertThat(value).isNotEqualTo(0.5));
        MultiLabelEvaluation again = classifier.evaluate(data.validation());
        assertThat(again.result().values().get("loss"))
                .isCloseTo(run.validation().get("loss"), within(1e-5));
        assertThat(again.result().values())
                .containsEntry("microF1", run.validation().get("microF1"));
        int given = 0;
        for (int i = 0; i < data.validation().size(); i++) {
            Image image = data.validation().image(i);
            MultiLabelPrediction answer = classifier.with(10, "fp32").predict(image);
            given += answer.labels().size();
            assertThat(answer.top()).hasSize(10);
            for (MultiLabelPrediction.Scored one : answer.top()) {
                int label = classifier.labels().indexOf(one.label());
                assertThat(one.threshold()).isEqualTo(config.thresholds().get(one.label()));
                assertThat(answer.labels().contains(one)).isEqualTo(one.probability() >= one.threshold());
                assertThat(again.given(i, label)).isEqualTo(answer.labels().contains(one));
            }
        }
        assertThat(given).isPositive();
        classifier.save(folder.resolve("saved"));
        assertThat(MultiLabelClassifier.load(folder.resolve("saved"))
                        .probabilities(data.validation().image(0)))
                .containsExactly(classifier.probabilities(data.validation().image(0)), within(1e-6f));
    }

    @Test
    void theReportShowsLabelsCurvesAndTheMostWrongImages() {
        var run = Tasks.ALL.train(recipe(0.003), scenes(48, 24), RunSettings.in(folder, "run"));
        assertThat(WrittenReport.of(
                        run.folder(), "precision-recall", "validation", "mistakes", "train-batch", "curves-map"))
                .contains("Per label", "average precision", "crescent", "mAP");
    }

    @Test
    void aSeedDecidesAllAndWeightsOfAClassifierAreAStart() {
        Splits data = scenes(32, 8);
        var first = Tasks.ALL.train(recipe(0.01), data, RunSettings.in(folder, "a"));
        var second = Tasks.ALL.train(recipe(0.01), data, RunSettings.in(folder, "b"));
        assertThat(second.train()).isEqualTo(first.train());
        assertThat(second.validation()).isEqualTo(first.validation());
        Path classifier = classifierOfShapes();
        var begun = Tasks.ALL.train(
                recipe("epochs=1", "optimizer.lr=1e-9"),
                data,
                RunSettings.in(folder, "c").withWeights(List.of(classifier)));
        assertThat(MultiLabelClassifier.load(begun.folder())
                        .outputs()
                        .network()
                        .net()
                        .state()
                        .tensors()
                        .keySet())
                .isEqualTo(ModelPackage.read(classifier).net().state().tensors().keySet());
    }

    private Path classifierOfShapes() {
        Splits shapes = Splits.trainOnly(new dev.fovea.data.Shapes(1, 20, 16), List.of());
        TrainingRun.Result run = Tasks.ALL.train(
                Tasks.ALL
                        .recipes()
                        .of(NET, List.of("input.size=16", "epochs=1", "precision=fp32", "selection.validation=0")),
                shapes,
                RunSettings.in(folder, "shapes"));
        return run.folder().resolve("model");
    }

    @Test
    void mixedImagesKeepSharesOfTheLabelsOfBoth() {
        Recipe recipe = recipe(0.003).withAugmentBatch(new BatchTransform.MixUp(0.2, 1));
        var run = Tasks.ALL.train(recipe, scenes(32, 8), RunSettings.in(folder, "mixed"));
        assertThat(run.train().get("loss")).isBetween(0.1, 1.0);
    }

    @Test
    void labelsThatTellNothingApartAreRefused() {
        List<Image> images = Collections.nCopies(4, new Image(4, 4, 3, new byte[48]));
        var always =
                Dataset.of(images, List.of("cat"), Collections.nCopies(4, new Target.Labels(new boolean[] {true})));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> MultiLabelType.TYPE.checked(Splits.trainOnly(always, List.of())))
                .withMessage(
                        "no label tells training images apart: 'cat' is on all or none of them. Each should be missing on some");
        var classes = Dataset.of(images, List.of("a", "b"), new int[] {0, 1, 0, 1});
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> MultiLabelType.TYPE.checked(Splits.trainOnly(classes, List.of())))
                .withMessageContaining("Expected a CSV file of path,labels with labels separated by |");
    }

    @Test
    void aLabelThatTheModelDoesNotKnowIsNamed() {
        var run = Tasks.ALL.train(recipe("epochs=1"), scenes(16, 4), RunSettings.in(folder, "run"));
        var other = Dataset.of(
                List.of(new Image(16, 16, 3, new byte[768])),
                List.of("circle", "cube"),
                List.of(new Target.Labels(new boolean[] {true, true})));
        var classifier = MultiLabelClassifier.load(run.folder());
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> classifier.evaluate(other))
                .withMessageStartingWith("the data has classes that the model does not know: 'cube'");
        var some = Dataset.of(
                List.of(new Image(16, 16, 3, new byte[768])),
                List.of("star", "circle"),
                List.of(new Target.Labels(new boolean[] {true, false})));
        assertThat(classifier.evaluate(some).scored().truth().get(0))
                .as("labels are counted in the order of the model")
                .isEqualTo(starAlone(classifier.labels()));
    }

    private static boolean[] starAlone(List<String> labels) {
        var present = new boolean[labels.size()];
        Arrays.fill(present, false);
        present[labels.indexOf("star")] = true;
        return present;
    }
}
