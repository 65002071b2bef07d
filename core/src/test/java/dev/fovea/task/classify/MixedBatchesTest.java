package dev.fovea.task.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.data.Batch;
import dev.fovea.data.BatchTransform;
import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.data.Targets;
import dev.fovea.engine.Device;
import dev.fovea.engine.Scope;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Loss;
import dev.fovea.optim.Optimizer;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import dev.fovea.train.InputSize;
import dev.fovea.train.Pixels;
import dev.fovea.train.Recipe;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixedBatchesTest {

    private static final Pixels PIXELS = new Pixels(Preprocess.of(4, 4, 3), Device.CPU);

    @TempDir
    private Path folder;

    /** Two random images of 4 x 4 with those targets. */
    private static Batch batch(Targets targets) {
        byte[] bytes = new byte[2 * 48];
        new SplittableRandom(3).nextBytes(bytes);
        ByteBuffer pixels = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        return new Batch(pixels, 2, 1, 4, 4, 3, targets, new int[2]);
    }

    private static Layer net() {
        return Drawn.by(3, LayerText.build("flatten, dense 3", 3, 4, 4, 3));
    }

    private static double loss(Loss loss, Targets targets) {
        var objective = new ClassificationObjective(List.of("a", "b", "c"), loss, PIXELS);
        try (var scope = new Scope()) {
            return objective.step(net(), batch(targets)).loss().item();
        }
    }

    private static Targets.SoftLabels shares(float... shares) {
        return new Targets.SoftLabels(shares, 3);
    }

    @Test
    void theLossOfAMixtureIsTheMixtureOfLosses() {
        double mixed = loss(Loss.crossEntropy(), shares(0.7f, 0, 0.3f, 0.3f, 0.7f, 0));
        double own = loss(Loss.crossEntropy(), new Targets.Labels(new long[] {0, 1}));
        double other = loss(Loss.crossEntropy(), new Targets.Labels(new long[] {2, 0}));
        assertThat(mixed).isCloseTo(0.7 * own + 0.3 * other, within(1e-5));
    }

    @Test
    void everyLossTakesShares() {
        for (Loss loss : Loss.ofImages()) {
            double hard = loss(loss, new Targets.Labels(new long[] {2, 1}));
            assertThat(loss(loss, shares(0, 0, 1, 0, 1, 0))).isCloseTo(hard, within(1e-5));
            assertThat(loss(loss, shares(0.5f, 0, 0.5f, 0, 0.5f, 0.5f))).isFinite();
        }
    }

    @Test
    void theAccuracyOfAMixtureIsTheShareOfTheAnswer() {
        var objective = new ClassificationObjective(List.of("a", "b", "c"), Loss.crossEntropy(), PIXELS);
        try (var scope = new Scope()) {
            float[] logits =
                    net().forward(PIXELS.images(batch(new Targets.None()))).toFloats();
            float[] shares = new float[6];
            for (int i = 0; i < 2; i++) {
                int answer = 0;
                for (int k = 1; k < 3; k++) {
                    answer = logits[3 * i + k] > logits[3 * i + answer] ? k : answer;
                }
                shares[3 * i + answer] = i == 0 ? 0.75f : 0.125f;
                shares[3 * i + (answer + 1) % 3] = i == 0 ? 0.25f : 0.875f;
            }
            var outcome = objective.step(net(), batch(shares(shares)));
            assertThat(outcome.metrics().get("accuracy").item()).isCloseTo((0.75 + 0.125) / 2, within(1e-6));
        }
    }

    private Recipe recipe() {
        return Tasks.ALL
                .recipe("conv 16 3 pad=same, batchnorm, relu, maxpool 2, flatten, dense classes")
                .withEpochs(25)
                .withBatch(16)
                .withInput(new Recipe.Input(
                        InputSize.square(16), 3, 1, dev.fovea.data.ResizePolicy.STRETCH, Recipe.Normalize.DATA))
                .withOptimizer(Optimizer.adam(3e-3))
                .withPrecision("fp32")
                .withSelection(new Recipe.Selection(0, 0, Recipe.Keep.LAST));
    }

    /** What is validated on is what is trained on: mixed images alone must teach the images themselves. */
    @Test
    void aClassifierIsTrainedOnMixedImagesAndRepeatsItself() {
        Dataset train = new Shapes(1, 80, 16);
        var data = new Splits(train, train, Dataset.empty(train.classes()), List.of());
        Recipe mixed = recipe().withAugmentBatch(new BatchTransform.MixUp(0.2, 1), new BatchTransform.CutMix(1, 1));
        var run = Tasks.ALL.train(mixed, data, RunSettings.in(folder, "mixed"));
        assertThat(run.validation().get("accuracy")).isGreaterThan(0.9);
        assertThat(run.train().get("accuracy")).isLessThan(run.validation().get("accuracy"));
        var again = Tasks.ALL.train(mixed, data, RunSettings.in(folder, "again"));
        assertThat(again.train()).isEqualTo(run.train());
        assertThat(again.validation()).isEqualTo(run.validation());
    }
}
