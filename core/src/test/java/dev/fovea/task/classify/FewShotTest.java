package dev.fovea.task.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Stripes;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Splits;
import dev.fovea.metrics.NeighbourDistances;
import dev.fovea.run.Classes;
import dev.fovea.run.FeatureExtractor;
import dev.fovea.run.RunSettings;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Subset;
import dev.fovea.task.Tasks;
import dev.fovea.train.InputSize;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FewShotTest {

    private static final String NET =
            "conv 12 3 pad=same, relu, maxpool 2, conv 24 3, relu, maxpool 2, flatten, dense classes";

    @TempDir
    Path folder;

    /** A network that knows three of six directions. */
    private Path backbone() {
        var train = new Stripes(1, 600);
        Splits known = Subset.ofClasses(
                new Splits(train, new Stripes(2, 120), Dataset.empty(train.classes()), List.of()),
                List.of("0", "60", "120"));
        Recipe recipe = Tasks.ALL
                .recipe(NET)
                .withEpochs(4)
                .withBatch(32)
                .withInput(new Recipe.Input(InputSize.square(16), 3, 1, ResizePolicy.STRETCH, Recipe.Normalize.DATA));
        return Tasks.ALL
                .train(recipe, known, RunSettings.in(folder, "backbone"))
                .folder();
    }

    private static Recipe prototypes(Path backbone) {
        return Tasks.ALL.recipe("prototypes").withTask(new FewShot(backbone.toString(), ""));
    }

    private static Splits few(int each) {
        return Subset.few(Splits.trainOnly(new Stripes(3, 600), List.of()), each, 1);
    }

    @Test
    void aFewImagesOfClassesThatTheNetworkNeverSawAreEnoughToDoBetterThanChance() {
        Path backbone = backbone();
        var run = Tasks.ALL.train(prototypes(backbone), few(8), RunSettings.in(folder, "few"));
        Classifier classifier = Classifier.load(run.folder());
        assertThat(classifier.classes()).hasSize(6);
        assertThat(classifier.evaluate(new Stripes(5, 300)).result().accuracy())
                .as("guessing is a sixth")
                .isGreaterThan(0.5);
        assertThat(classifier.predict(new Stripes(5, 1).image(0)).top()).hasSize(5);
    }

    @Test
    void anAnswerIsTheClassWhoseMeanFeaturesAreNearest() {
        Path backbone = backbone();
        Splits few = few(3);
        var run = Tasks.ALL.train(prototypes(backbone), few, RunSettings.in(folder, "few"));
        var features = new FeatureExtractor(SavedNet.load(backbone, "cpu"));
        List<float[]> known = features.features(few.train());
        float[] centre = mean(known);
        var prototypes = new ArrayList<double[]>();
        for (int k = 0; k < 6; k++) {
            double[] sum = new double[centre.length];
            for (int i = 0; i < known.size(); i++) {
                float[] unit = NeighbourDistances.unit(minus(known.get(i), centre));
                for (int d = 0; d < sum.length && few.train().label(i) == k; d++) {
                    sum[d] += unit[d];
                }
            }
            double length = Math.sqrt(dot(sum, sum));
            for (int d = 0; d < sum.length; d++) {
                sum[d] /= length;
            }
            prototypes.add(sum);
        }
        Dataset asked = new Stripes(5, 20);
        List<float[]> logits = Classifier.load(run.folder()).logits(asked);
        List<float[]> seen = features.features(asked);
        for (int i = 0; i < asked.size(); i++) {
            float[] unit = NeighbourDistances.unit(minus(seen.get(i), centre));
            double[] row = new double[unit.length];
            for (int d = 0; d < row.length; d++) {
                row[d] = unit[d];
            }
            for (int k = 0; k < 6; k++) {
                assertThat((double) logits.get(i)[k]).isCloseTo(10 * dot(row, prototypes.get(k)), within(1e-3));
            }
        }
    }

    private static float[] mean(List<float[]> rows) {
        float[] mean = new float[rows.get(0).length];
        rows.forEach(row -> {
            for (int d = 0; d < mean.length; d++) {
                mean[d] += row[d] / rows.size();
            }
        });
        return mean;
    }

    private static float[] minus(float[] row, float[] centre) {
        float[] away = new float[row.length];
        for (int d = 0; d < row.length; d++) {
            away[d] = row[d] - centre[d];
        }
        return away;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += a[d] * b[d];
        }
        return sum;
    }

    @Test
    void aClassWithoutAnImageAndAMissingBackboneAreNamed() {
        Dataset some = few(2).train();
        var more = new ArrayList<>(some.classes());
        more.add("180");
        Splits data = Splits.trainOnly(Classes.counted(some, more), List.of());
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Tasks.ALL.train(prototypes(backbone()), data, RunSettings.in(folder, "few")))
                .withMessage("prototypes: no training image of '180'. Each class needs one or more");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Tasks.ALL.train(Tasks.ALL.recipe("prototypes"), few(2), RunSettings.in(folder, "few")))
                .withMessageStartingWith("task.backbone: name a run of a classifier");
        assertThat(folder.resolve("few-1")).doesNotExist();
    }
}
