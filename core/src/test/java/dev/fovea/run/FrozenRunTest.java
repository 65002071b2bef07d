package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import dev.fovea.models.Models;
import dev.fovea.nn.Module;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that train a part of their network. */
class FrozenRunTest {

    private static final String MODEL =
            "conv 4 3, batchnorm, relu, conv 4 3, batchnorm, relu, maxpool 4, flatten, dropout 0.2, dense classes";

    @TempDir
    private Path folder;

    private final List<String> remarks = new ArrayList<>();

    private static Splits shapes() {
        return new Splits(
                new Shapes(1, 40, 16),
                new Shapes(2, 20, 16),
                Dataset.empty(new Shapes(1, 40, 16).classes()),
                List.of());
    }

    private static Recipe recipe(String... freeze) {
        return Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe(MODEL),
                        List.of(
                                "input.size=16",
                                "epochs=2",
                                "batch=20",
                                "precision=fp32",
                                "schedule.type=constant", // keeps the optimizer's state at the end
                                "update.ema=0.5",
                                "update.l2=0.01",
                                "selection.keep=last"))
                .withFreeze(freeze);
    }

    private RunSettings settings() {
        return RunSettings.in(folder, "run").withListeners(List.of(new Listener() {
            @Override
            public void onRemark(String text) {
                remarks.add(text);
            }
        }));
    }

    /** The tensors of a new network of the recipe's seed. */
    private static Map<String, Tensor> initial() {
        Module net = Models.create(MODEL, 3, 16, 16, 10);
        net.state().initialize(Random.of(new Seed(0).derive(0)));
        return net.state().tensors();
    }

    private static Map<String, Tensor> model(Path run) {
        return Safetensors.read(run.resolve("model/model.safetensors")).tensors();
    }

    @Test
    void frozenWeightsAndTheirStatisticsStayToTheBitAndAllOthersChange() {
        Path run = Tasks.ALL.train(recipe("0", "1.*"), shapes(), settings()).folder();
        Map<String, Tensor> before = initial();
        Map<String, Tensor> last = Safetensors.read(new RunFolder(run).last()).tensors();
        for (Map<String, Tensor> after : List.of(model(run), inNet(last))) {
            before.forEach((name, tensor) -> {
                var values = assertThat(after.get(name).toFloats()).as(name);
                if (name.startsWith("0.") || name.startsWith("1.")) {
                    values.containsExactly(tensor.toFloats());
                } else {
                    values.isNotEqualTo(tensor.toFloats());
                }
            });
        }
        assertThat(last.keySet().stream().filter(name -> name.startsWith("optimizer/")))
                .isNotEmpty()
                .noneMatch(name -> name.contains("/0.") || name.contains("/1."));
        assertThat(remarks)
                .contains("freeze: 120 of 646 parameters stay as they are, at their random first values: no weights "
                        + "were loaded");
    }

    /** The part of a checkpoint that is the network, names as in it. */
    private static Map<String, Tensor> inNet(Map<String, Tensor> checkpoint) {
        var net = new java.util.LinkedHashMap<String, Tensor>();
        checkpoint.forEach((name, tensor) -> {
            if (name.startsWith("net/")) {
                net.put(name.substring(4), tensor);
            }
        });
        return net;
    }

    @Test
    void aNormStaysInTrainingWhereItIsNotFrozen() {
        Path run = Tasks.ALL.train(recipe("0"), shapes(), settings()).folder();
        assertThat(model(run).get("1.running_mean").toFloats())
                .isNotEqualTo(initial().get("1.running_mean").toFloats());
    }

    @Test
    void aResumedRunEqualsOneThatWasNotStoppedAndKeepsItsFrozenWeights() throws IOException {
        Path straight = Tasks.ALL.train(recipe("0", "1"), shapes(), settings()).folder();
        var asked = new AtomicInteger();
        Path stopped = Tasks.ALL
                .train(recipe("0", "1"), shapes(), settings().withStop(() -> asked.incrementAndGet() >= 3))
                .folder();
        assertThat(Tasks.ALL.resume(stopped, shapes(), settings()).end()).isEqualTo(Listener.End.FINISHED);
        assertThat(Files.readAllBytes(stopped.resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(straight.resolve("model/model.safetensors")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.resume(stopped, shapes(), settings(), List.of("freeze=['0']")))
                .withMessage(
                        "%s: was begun with freeze=[\"0\",\"1\"], which cannot change on the way, got [\"0\"]. Leave it out, or start a new run",
                        stopped);
    }

    @Test
    void refusesWhatCannotBeFrozenBeforeAnythingIsWritten() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(recipe("10"), shapes(), settings()))
                .withMessage("freeze: no parameter matches '10', did you mean '0'? Parameters are 0.weight, 0.bias, "
                        + "1.weight, 1.bias, 3.weight and 5 more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(recipe("*"), shapes(), settings()))
                .withMessage("freeze: all 10 parameters match, so nothing would be trained. Leave a pattern out");
        Recipe gan = Tasks.ALL.recipes().with(Tasks.ALL.recipe("dcgan width=8"), List.of("input.size=16", "epochs=1"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(gan.withFreeze("discriminator"), shapes(), settings()))
                .withMessage("freeze: leaves nothing of the discriminator to train. Leave a pattern out");
        assertThat(folder.resolve("run-1/recipe.yaml")).doesNotExist();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.recipes().with(recipe(), List.of("freeze=layer1.*")))
                .withMessageContaining("freeze must be a list, such as [conv1, layer1.*], got layer1.*");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe(" "))
                .withMessage("freeze: a pattern must not be empty, got freeze=[ ]");
    }

    @Test
    void theSavedModelAnswersAndTheReportSaysWhatWasFrozen() throws IOException {
        Path run = Tasks.ALL.train(recipe("0", "1"), shapes(), settings()).folder();
        assertThat(Files.readString(run.resolve("report.html")))
                .contains("of them frozen")
                .contains("freeze:");
        assertThat(Files.readString(run.resolve("recipe.yaml"))).contains("freeze:");
        assertThat(Classifier.load(run).predict(new Shapes(3, 1, 16).image(0)).label())
                .isIn(new Shapes(3, 1, 16).classes());
    }
}
