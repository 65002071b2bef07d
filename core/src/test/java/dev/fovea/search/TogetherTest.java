package dev.fovea.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Stripes;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.optim.Optimizer;
import dev.fovea.run.RunFacts;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Runs;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import dev.fovea.task.classify.Ensemble;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TogetherTest {

    private static final Dataset HELD = new Stripes(2, 200);

    @TempDir
    private Path folder;

    private static Recipe recipe(long seed) {
        return Tasks.ALL
                .recipes()
                .of(
                        "conv 6 3, relu, maxpool 4, flatten, dense classes",
                        List.of("input.size=16", "batch=8", "precision=fp32", "epochs=12"))
                .withOptimizer(Optimizer.adam(5e-3))
                .withSeed(seed);
    }

    private Path run(long seed) {
        var train = new Stripes(10 + seed, 24); // few and different ones, so that each learns something else
        return Tasks.ALL
                .train(
                        recipe(seed),
                        new Splits(train, HELD, Dataset.empty(train.classes()), List.of()),
                        RunSettings.in(folder, "run"))
                .folder();
    }

    @Test
    void thoseThatAreKeptReachWhatIsSaidAndMoreThanTheBestAlone() {
        var runs = new ArrayList<Path>();
        for (long seed = 0; seed < 4; seed++) {
            runs.add(run(seed));
        }
        Path best = runs.stream()
                .max(Comparator.comparingDouble(run -> Runs.of(run).best()))
                .orElseThrow();
        Together together = Together.of(best, runs, HELD, "cpu", () -> false).orElseThrow();
        assertThat(together.others()).isNotEmpty().doesNotContain(best).isSubsetOf(runs);
        var members = new ArrayList<>(List.of(Classifier.load(best)));
        together.others().forEach(other -> members.add(Classifier.load(other)));
        assertThat(Ensemble.of(members).evaluate(HELD).result().accuracy())
                .isCloseTo(together.value(), within(1e-6))
                .isGreaterThan(Runs.of(best).best());
    }

    @Test
    void whatARunHeldOutItselfIsWhatIsHeldOutForThem() {
        var all = new Stripes(7, 200);
        var data = new Splits(all, Dataset.empty(all.classes()), Dataset.empty(all.classes()), List.of());
        Path run = Tasks.ALL
                .train(recipe(3).withEpochs(2), data, RunSettings.in(folder, "run"))
                .folder();
        Dataset held = data.heldOut(0.1, 3).validation();
        assertThat(held.size())
                .isEqualTo(RunFacts.read(run).orElseThrow().seen().validation().images());
        assertThat(Classifier.load(run).evaluate(held).result().accuracy())
                .isCloseTo(Runs.of(run).best(), within(1e-6));
    }

    @Test
    void aRunWithoutAModelIsPassedOver() throws IOException {
        Path one = run(1);
        Path stopped = run(2);
        FileUtils.deleteDirectory(stopped.resolve("model").toFile());
        assertThat(Together.of(one, List.of(one, stopped), HELD, "cpu", () -> false))
                .isEmpty();
        assertThat(Together.of(stopped, List.of(one, stopped), HELD, "cpu", () -> false))
                .isEmpty();
    }

    @Test
    void nothingIsAddedOnceTheTimeIsOver() {
        Path one = run(1);
        assertThat(Together.of(one, List.of(one, run(2)), HELD, "cpu", () -> true))
                .isEmpty();
    }

    @Test
    void theSameOnceMoreDoesNotHelp() {
        Path one = run(1);
        Path same = run(1);
        assertThat(Together.of(one, List.of(one, same), HELD, "cpu", () -> false))
                .isEmpty();
    }
}
