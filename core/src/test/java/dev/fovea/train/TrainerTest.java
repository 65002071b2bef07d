package dev.fovea.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.data.Augmentation;
import dev.fovea.data.Batch;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Module;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Schedule;
import dev.fovea.task.Tasks;
import dev.fovea.train.Listener.End;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {

    private static final int SIZE = 8;

    @TempDir
    Path parent;

    private RunFolder folder;
    private Layer net;
    private final List<Listener.Step> steps = new ArrayList<>();
    private final List<Listener.Epoch> epochs = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    private final Listener watch = new Listener() {
        @Override
        public void onStep(Step step) {
            steps.add(step);
        }

        @Override
        public void onEpoch(Epoch epoch) {
            epochs.add(epoch);
        }

        @Override
        public void onRemark(String text) {
            remarks.add(text);
        }
    };

    /** Learns shapes; what its validations say is written beforehand, one for each epoch. */
    private class Scripted implements Objective {

        private final List<Map<String, Double>> script;
        private final List<Tensor> seen = new ArrayList<>();
        private final Pixels pixels = new Pixels(Preprocess.of(SIZE, SIZE, 3), Device.CPU);

        @SafeVarargs
        Scripted(Map<String, Double>... script) {
            this.script = List.of(script);
        }

        @Override
        public Outcome step(Module net, Batch batch) {
            return new Outcome(
                    Layer.of(net).forward(pixels.images(batch)).crossEntropy(pixels.labels(batch), List.of(), 0),
                    Map.of());
        }

        @Override
        public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
            seen.add(weight());
            return script.get(seen.size() - 1);
        }

        @Override
        public String criterion() {
            return "accuracy";
        }

        @Override
        public boolean largerIsBetter() {
            return true;
        }
    }

    @BeforeEach
    void aSmallNetwork() {
        folder = RunFolder.create(parent, "run");
        net = Drawn.by(3, LayerText.build("flatten, dense 10", 3, SIZE, SIZE, 10));
    }

    /** A copy of the weights that the network has now. */
    private Tensor weight() {
        return net.state().parameters().values().iterator().next().detach().copy();
    }

    private static Recipe recipe(int epochs) {
        return Tasks.ALL
                .recipe("flatten, dense classes")
                .withEpochs(epochs)
                .withBatch(8)
                .withOptimizer(new Optimizer.Sgd(0.05, 0, false, 0))
                .withSchedule(Schedule.constant())
                .withPrecision("fp32");
    }

    private static Recipe patient(int epochs, int patience) {
        return recipe(epochs).withSelection(new Recipe.Selection(0, patience, Recipe.Keep.BEST));
    }

    private static Loader loader(int images, Loader.Options options) {
        return new Loader(new Shapes(1, images, SIZE), Preprocess.of(SIZE, SIZE, 3), Augmentation.NONE, options);
    }

    private Trainer trained(Recipe recipe, Objective objective, int images) {
        var trainer = new Trainer(recipe, net, objective, Device.CPU, folder, List.of(watch));
        run(trainer, recipe, images);
        return trainer;
    }

    private static End run(Trainer trainer, Recipe recipe, int images) {
        try (var train = loader(images, Loader.Options.training(recipe.batch(), 1));
                var validation = loader(4, Loader.Options.sequential(4))) {
            return trainer.run(train, validation, () -> false);
        }
    }

    private static Map<String, Double> validated(double accuracy, double loss) {
        return Map.of("accuracy", accuracy, "loss", loss);
    }

    private void assertKept(Scripted objective, int epoch) {
        assertThat(weight().toFloats())
                .as("weights of epoch " + epoch)
                .containsExactly(objective.seen.get(epoch - 1).toFloats());
    }

    @Test
    void ofEquallyAccurateEpochsTheOneWithTheLowestLossIsKept() {
        var objective = new Scripted(validated(0.9, 3), validated(0.9, 1), validated(0.9, 2), validated(0.5, 0.1));
        trained(recipe(4), objective, 16);
        assertKept(objective, 2);
        assertThat(epochs).extracting(Listener.Epoch::best).containsExactly(true, true, false, false);
    }

    @Test
    void ofEpochsThatAreEqualInAllTheLastIsKept() {
        var objective = new Scripted(validated(0.9, 1), validated(0.9, 1), validated(0.8, 1));
        trained(recipe(3), objective, 16);
        assertKept(objective, 2);
    }

    @Test
    void anEpochWhoseCriterionIsNoNumberIsNeverTheBest() {
        var objective = new Scripted(validated(Double.NaN, 1), validated(0.2, 1), validated(Double.NaN, 0));
        trained(recipe(3), objective, 16);
        assertKept(objective, 2);
        assertThat(epochs).extracting(Listener.Epoch::best).containsExactly(false, true, false);
    }

    @Test
    void saysWhichEpochIsKeptAndByWhat() {
        Trainer best = trained(recipe(3), new Scripted(validated(0.9, 3), validated(0.9, 2), validated(0.5, 1)), 16);
        assertThat(best.selected().words())
                .isEqualTo(
                        "epoch 2, the best by validation accuracy (0.9000), of 2 equal ones the one with the lowest loss");
        assertThat(trained(recipe(1), new Scripted(validated(Double.NaN, 3)), 16)
                        .selected()
                        .words())
                .isEqualTo("epoch 1, the last (validation accuracy was never a number to choose by)");
        assertThat(trained(recipe(1), new Scripted(Map.of()), 16).selected().words())
                .isEqualTo("epoch 1, the last (there was no validation to choose by)");
    }

    @Test
    void patienceWaitsWhileTheLossOfEqualEpochsFallsAndEndsOnceNothingMoves() {
        var objective = new Scripted(
                validated(0.9, 3),
                validated(0.9, 2),
                validated(0.9, 1),
                validated(0.9, 0.9999),
                validated(0.9, 0.9998),
                validated(0.9, 0.1));
        trained(patient(6, 2), objective, 16);
        assertThat(epochs).hasSize(5);
        assertKept(objective, 5);
    }

    @Test
    void patienceEndsARunWhoseCriterionIsNeverANumber() {
        trained(patient(4, 2), new Scripted(Map.of("accuracy", Double.NaN), Map.of("accuracy", Double.NaN)), 16);
        assertThat(epochs).hasSize(2);
    }

    @Test
    void theMeanOverTheLastEpochsIsEvaluatedAndKept() {
        Map<String, Double> same = validated(1, 1);
        var plain = new Scripted(same, same, same, same);
        trained(last(4, 0, 0), plain, 16);
        aSmallNetwork();
        var averaged = new Scripted(same, same, same, same);
        trained(last(4, 0, 0.5), averaged, 16);
        assertThat(averaged.seen.get(1).toFloats())
                .containsExactly(plain.seen.get(1).toFloats());
        assertThat(averaged.seen.get(2).toFloats())
                .containsExactly(plain.seen.get(2).toFloats(), within(1e-6f));
        float[] mean = plain.seen.get(2).add(plain.seen.get(3)).mul(0.5).toFloats();
        assertThat(averaged.seen.get(3).toFloats()).containsExactly(mean, within(1e-6f));
        assertThat(weight().toFloats()).containsExactly(mean, within(1e-6f));
    }

    @Test
    void lookAheadChangesWhatIsLearnedAndARunGoesOnWithIt() {
        Map<String, Double> same = validated(1, 1);
        trained(last(3, 0, 0), new Scripted(same, same, same), 16);
        float[] plain = weight().toFloats();
        aSmallNetwork();
        trained(last(3, 2, 0), new Scripted(same, same, same), 16);
        float[] straight = weight().toFloats();
        assertThat(straight).isNotEqualTo(plain);
        aSmallNetwork();
        folder = RunFolder.create(parent, "again");
        Recipe recipe = last(3, 2, 0);
        var first = new Trainer(recipe, net, new Scripted(same), Device.CPU, folder, List.of());
        try (var train = loader(16, Loader.Options.training(recipe.batch(), 1));
                var validation = loader(4, Loader.Options.sequential(4))) {
            assertThat(first.run(train, validation, () -> true)).isEqualTo(End.STOPPED);
        }
        var second = new Trainer(recipe, net, new Scripted(same, same, same), Device.CPU, folder, List.of());
        second.resume();
        run(second, recipe, 16);
        assertThat(weight().toFloats()).containsExactly(straight);
    }

    private static Recipe last(int epochs, int lookAhead, double swa) {
        return recipe(epochs)
                .withUpdate(new Recipe.Update(0, 1, 0, 0, 0, lookAhead, swa))
                .withSelection(new Recipe.Selection(0, 0, Recipe.Keep.LAST));
    }

    @Test
    void anAccumulatedUpdateIsOneStepOfAllItsImages() {
        Recipe three = recipe(1).withUpdate(new Recipe.Update(0, 3, 0, 0, 0));
        trained(three, new Scripted(validated(1, 1)), 60); // 8 batches: 3, 3 and 2 of them
        assertThat(steps).extracting(Listener.Step::stepInEpoch).containsExactly(1, 2, 3);
        assertThat(steps).extracting(Listener.Step::images).containsExactly(24, 24, 12);
    }

    @Test
    void accumulatedBatchesLearnWhatOneBatchOfAllTheirImagesDoes() {
        Recipe parts = recipe(2).withUpdate(new Recipe.Update(0, 3, 0, 0, 0));
        trained(parts, new Scripted(validated(1, 1), validated(1, 1)), 60);
        float[] accumulated = weight().toFloats();
        aSmallNetwork();
        trained(recipe(2).withBatch(24), new Scripted(validated(1, 1), validated(1, 1)), 60);
        assertThat(weight().toFloats()).containsExactly(accumulated, within(1e-5f));
    }

    @Test
    void aLastBatchOfOneImageJoinsTheOneBeforeAndThisIsSaidOnce() {
        var trainer = new Trainer(
                recipe(2), net, new Scripted(validated(1, 1), validated(1, 1)), Device.CPU, folder, List.of(watch));
        var joining = Loader.Options.training(8, 1).withJoinLast(true);
        try (var train = loader(17, joining);
                var validation = loader(4, Loader.Options.sequential(4))) {
            trainer.run(train, validation, () -> false);
        }
        assertThat(steps).extracting(Listener.Step::images).containsExactly(8, 9, 8, 9);
        assertThat(remarks)
                .containsExactly(
                        "one image would be left for the last batch of an epoch, too few for batch norm: it joins the batch before, which has 9");
    }

    @Test
    void aWeightThatIsNoNumberEndsTheRunBeforeItIsSaved() {
        var poisoned = new Scripted(validated(1, 1)) {
            @Override
            public Outcome step(Module net, Batch batch) {
                Outcome outcome = super.step(net, batch);
                // finite itself, its gradient is not: the root of 0
                Tensor bias = net.state().parameters().get("1.bias");
                return new Outcome(
                        outcome.loss().add(bias.sub(bias.detach()).sum().pow(2).sqrt()), Map.of());
            }
        };
        assertThatExceptionOfType(DivergedException.class)
                .isThrownBy(() -> trained(recipe(1), poisoned, 8))
                .withMessage(
                        "training diverged: '1.bias' has values that are not finite after epoch 1, with lr=0.05000. Lower optimizer.lr, or set update.gradientClip to 1.0");
        assertThat(folder.last()).doesNotExist();
        assertThat(folder.best()).doesNotExist();
    }

    @Test
    void patienceWithoutValidationIsRefused() {
        var trainer =
                new Trainer(patient(3, 2), net, new Scripted(validated(1, 1)), Device.CPU, folder, List.of(watch));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> {
                    try (var train = loader(16, Loader.Options.training(8, 1));
                            var validation = loader(0, Loader.Options.sequential(4))) {
                        trainer.run(train, validation, () -> false);
                    }
                })
                .withMessage(
                        "selection.patience waits for a better validation, and no images are held out for one; got selection.patience=2. Set selection.validation to a share such as 0.1, or selection.patience to 0");
    }
}
