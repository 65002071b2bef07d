package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Filter;
import dev.fovea.io.Safetensors;
import dev.fovea.models.Models;
import dev.fovea.nn.Module;
import dev.fovea.task.Tasks;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import dev.fovea.train.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs whose head learns before the rest, and whose layers learn at different rates. */
class FineTunedRunTest {

    private static final String MODEL =
            "conv 4 3, batchnorm, relu, conv 4 3, batchnorm, relu, maxpool 4, flatten, dense classes";

    @TempDir
    private Path folder;

    private static Splits shapes() {
        return new Splits(
                new Shapes(1, 40, 16),
                new Shapes(2, 20, 16),
                Dataset.empty(new Shapes(1, 40, 16).classes()),
                List.of());
    }

    private static Recipe recipe(int epochs, Transfer transfer) {
        return Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe(MODEL),
                        List.of(
                                "input.size=16",
                                "epochs=" + epochs,
                                "batch=20",
                                "precision=fp32",
                                "optimizer={type: sgd, lr: 0.1, momentum: 0}",
                                "schedule.type=constant",
                                "selection.keep=last"))
                .withTransfer(transfer);
    }

    private Path trained(Recipe recipe) {
        return Tasks.ALL.train(recipe, shapes(), RunSettings.in(folder, "run")).folder();
    }

    private static Map<String, Tensor> weights(Path run) {
        return Safetensors.read(run.resolve("model/model.safetensors")).tensors();
    }

    /** The tensors of a new network of the recipe's seed. */
    private static Map<String, Tensor> initial() {
        Module net = Models.create(MODEL, 3, 16, 16, 10);
        net.state().initialize(Random.of(new Seed(0).derive(0)));
        return net.state().tensors();
    }

    /** How far a weight is from where it began. */
    private static double moved(Map<String, Tensor> after, String name) {
        return after.get(name).sub(initial().get(name)).abs().sum().item();
    }

    /** The network after each epoch. */
    private List<Map<String, Tensor>> byEpoch(Recipe recipe) {
        var all = new ArrayList<Map<String, Tensor>>();
        Tasks.ALL.train(recipe, shapes(), RunSettings.in(folder, "seen").withListeners(List.of(new Listener() {
            @Override
            public void onCheckpoint(Path file) {
                var net = new HashMap<String, Tensor>();
                Safetensors.read(file).tensors().forEach((name, tensor) -> net.put(name.replace("net/", ""), tensor));
                all.add(net);
            }
        })));
        return all;
    }

    @Test
    void theHeadLearnsAloneThenBlockByBlockTheRestAndNormsKeepTheirStatistics() {
        List<Map<String, Tensor>> epochs = byEpoch(recipe(4, new Transfer(1, 1, 1, 1, true)));
        String head = "8.weight";
        String last = "3.weight";
        String first = "0.weight";
        assertThat(moved(epochs.get(0), head)).isPositive();
        assertThat(moved(epochs.get(0), last)).isZero();
        assertThat(moved(epochs.get(1), last)).isPositive();
        assertThat(moved(epochs.get(1), first)).isZero();
        assertThat(moved(epochs.get(2), first)).isPositive();
        assertThat(moved(epochs.get(3), "1.weight"))
                .as("the scale of a norm learns")
                .isPositive();
        assertThat(moved(epochs.get(3), "1.running_mean")).isZero();
        assertThat(moved(epochs.get(3), "4.running_var")).isZero();
    }

    @Test
    void normsThatAreNotHeldFollowTheirBatches() {
        assertThat(moved(weights(trained(recipe(1, Transfer.OFF))), "1.running_mean"))
                .isPositive();
    }

    @Test
    void eachBlockLearnsAtAShareOfTheRateOfTheNext() {
        Recipe oneStep = recipe(1, Transfer.OFF).withBatch(40);
        Map<String, Tensor> alike = weights(trained(oneStep));
        Map<String, Tensor> decayed = weights(trained(oneStep.withTransfer(new Transfer(0, 0, 1, 0.5, false))));
        assertThat(moved(decayed, "8.weight") / moved(alike, "8.weight")).isCloseTo(1, within(1e-3));
        assertThat(moved(decayed, "3.weight") / moved(alike, "3.weight")).isCloseTo(0.5, within(1e-3));
        assertThat(moved(decayed, "4.bias") / moved(alike, "4.bias")).isCloseTo(0.5, within(1e-3));
        assertThat(moved(decayed, "0.weight") / moved(alike, "0.weight")).isCloseTo(0.25, within(1e-3));
    }

    @Test
    void aResumedRunEqualsOneThatWasNotStopped() throws IOException {
        Recipe recipe = recipe(4, new Transfer(1, 1, 0.1, 0.8, true));
        Path straight = trained(recipe);
        var asked = new AtomicInteger();
        RunSettings settings = RunSettings.in(folder, "run");
        Path stopped = Tasks.ALL
                .train(recipe, shapes(), settings.withStop(() -> asked.incrementAndGet() >= 3))
                .folder();
        assertThat(Tasks.ALL.resume(stopped, shapes(), settings).end()).isEqualTo(Listener.End.FINISHED);
        assertThat(Files.readAllBytes(stopped.resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(straight.resolve("model/model.safetensors")));
    }

    @Test
    void imagesArePreparedAsThePublishedWeightsOfTheNetworkExpect() throws IOException {
        String file = Files.createFile(folder.resolve("weights.safetensors")).toString();
        Recipe tuned = Tasks.ALL.fineTune("mobilenet_v2 padding=tensorflow", file, List.of("epochs=3"));
        assertThat(tuned.epochs()).isEqualTo(3);
        assertThat(tuned.transfer()).isEqualTo(Recipe.fineTune().transfer());
        Preprocess shown = Inputs.of(tuned, new Shapes(1, 4, 16));
        assertThat(shown.mean()).containsExactly(0.5, 0.5, 0.5);
        assertThat(shown.resize()).isEqualTo(ResizePolicy.CROP);
        assertThat(shown.crop()).isEqualTo(0.875);
        assertThat(shown.filter()).isEqualTo(Filter.BICUBIC);
        Preprocess usual = Inputs.of(Tasks.ALL.fineTune("resnet9", file, List.of()), shapes().train());
        assertThat(usual.mean()).as("nothing is published").containsExactly(0.485, 0.456, 0.406);
    }

    @Test
    void imagesArePreparedAsForTheRunThatWeightsAreFrom() {
        Path run = trained(recipe(1, Transfer.OFF));
        Recipe tuned = Tasks.ALL.fineTune(MODEL, run.toString(), List.of());
        assertThat(tuned.input()).isEqualTo(recipe(1, Transfer.OFF).input());
        Recipe ofPackage = Tasks.ALL.fineTune(MODEL, run.resolve("model").toString(), List.of());
        assertThat(ofPackage.input().normalize()).isEqualTo(Recipe.Normalize.DATA);
    }

    @ParameterizedTest
    @CsvSource({"multi-label, binary-cross-entropy", "regression, mse"})
    void otherTasksOfTheSameNetworksAreFineTunedByTheirOwnLoss(String task, String loss) throws IOException {
        String file = Files.createFile(folder.resolve("weights.safetensors")).toString();
        Recipe tuned = Tasks.ALL.fineTune("resnet9", file, List.of("task.type=" + task));
        assertThat(tuned.task().word()).isEqualTo(task);
        assertThat(tuned.loss().word()).isEqualTo(loss);
        assertThat(tuned.transfer()).isEqualTo(Recipe.fineTune().transfer());
    }

    @Test
    void refusesWhatCannotBeFineTuned() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.fineTune("cats.yaml", "weights.safetensors", List.of()))
                .withMessage("fine-tuning is a recipe of its own, got cats.yaml. Name the model instead");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.fineTune("vae", "weights.safetensors", List.of()))
                .withMessageStartingWith(
                        "fine-tuning gives a network a new head for the classes or numbers of the data, 'vae' is for");
        Recipe gan = Tasks.ALL.recipes().with(Tasks.ALL.recipe("dcgan width=8"), List.of("input.size=16", "epochs=1"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trained(gan.withTransfer(new Transfer(1, 0, 1, 1, false))))
                .withMessage(
                        "transfer: is for networks that learn as one, those for task adversarial learn in parts. Leave it out");
    }
}
