package dev.fovea.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Runs;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeSearchTest {

    private static final Space SPACE = Space.parse(List.of("optimizer.lr=0.0001..0.1", "batch=10|20"));

    @TempDir
    private Path folder;

    private final List<String> said = new ArrayList<>();

    private static Splits shapes() {
        var train = new Shapes(1, 40, 16);
        return new Splits(train, new Shapes(2, 20, 16), Dataset.empty(train.classes()), List.of());
    }

    private static Recipe recipe(String... settings) {
        Recipe base = Tasks.ALL
                .recipes()
                .of(
                        "conv 4 3, relu, maxpool 4, flatten, dense classes",
                        List.of("input.size=16", "epochs=3", "precision=fp32"));
        return Tasks.ALL.recipes().with(base, List.of(settings));
    }

    private static RecipeSearch.Asked asked(int trials, boolean retrain) {
        return new RecipeSearch.Asked(
                recipe(), SPACE, "shapes", RecipeSearch.Method.HALVING, trials, Duration.ZERO, 0, retrain);
    }

    private RecipeSearch.Found run(RecipeSearch.Asked asked, Path where, BooleanSupplier stop) {
        return RecipeSearch.run(asked, shapes(), RunSettings.in(folder, "trial"), where, said::add, stop);
    }

    @Test
    void findsWritesAndRetrainsTheBestRecipe() throws IOException {
        RecipeSearch.Found found = run(asked(6, true), folder, () -> false);
        assertThat(found.finished()).isTrue();
        assertThat(found.trials()).isEqualTo(6);
        assertThat(found.metric()).isEqualTo("accuracy");
        TrialTable table = TrialTable.read(folder);
        assertThat(found.value())
                .isEqualTo(table.trials().stream()
                        .filter(trial -> trial.rungs() == 2)
                        .mapToDouble(Trial::last)
                        .max()
                        .orElseThrow());

        Recipe best = Tasks.ALL.recipes().read(folder.resolve(RecipeSearch.BEST), List.of());
        assertThat(best.epochs()).isEqualTo(3);
        assertThat(best.batch()).isEqualTo(Integer.parseInt(found.values().get("batch")));
        assertThat(best.optimizer().lr())
                .isEqualTo(Double.parseDouble(found.values().get("optimizer.lr")));

        Path run = found.run().orElseThrow();
        assertThat(Tasks.ALL.recipes().read(run.resolve("recipe.yaml"), List.of()))
                .isEqualTo(best.withSeed(1));
        assertThat(Runs.of(run).state()).isEqualTo("finished");
        assertThat(found.validation()).containsKey("accuracy");
        assertThat(Tasks.ALL
                        .load(run, "cpu")
                        .evaluate(shapes().validation())
                        .metrics()
                        .get("accuracy"))
                .isEqualTo(found.validation().get("accuracy"));
        assertThat(Files.readString(folder.resolve(RecipeSearch.PAGE)))
                .contains("optimizer.lr", "batch", "after 1 epoch", "after 3 epochs", "data:image/png;base64,");
        assertThat(folder.resolve("trials.png")).exists();
    }

    @Test
    void aPromotedTrialGoesOnFromItsCheckpointAsARunThatWasNeverStopped() throws IOException {
        RecipeSearch.Found found = run(asked(3, false), folder, () -> false);
        Path trial = found.run().orElseThrow();
        assertThat(Files.readString(trial.resolve("log.txt"))).contains("resumed at epoch 2, batch 0");

        Recipe best = Tasks.ALL.recipes().read(folder.resolve(RecipeSearch.BEST), List.of());
        Path whole =
                Tasks.ALL.train(best, shapes(), RunSettings.in(folder, "whole")).folder();
        assertThat(Files.readAllBytes(trial.resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.resolve("model/model.safetensors")));
    }

    @Test
    void trialsThatStartFromWeightsGoOnToo() throws IOException {
        Path weights = Tasks.ALL
                .train(recipe(), shapes(), RunSettings.in(folder, "weights"))
                .folder();
        RecipeSearch.Found found = RecipeSearch.run(
                asked(3, false),
                shapes(),
                RunSettings.in(folder, "trial").withWeights(List.of(weights)),
                folder.resolve("tuned"),
                said::add,
                () -> false);
        assertThat(TrialTable.read(folder.resolve("tuned")).trials())
                .noneMatch(Trial::hasFailed)
                .anyMatch(trial -> trial.rungs() == 2);
        assertThat(Files.readString(found.run().orElseThrow().resolve("run.json")))
                .contains(weights.getFileName().toString());
    }

    @Test
    void aSearchThatIsStoppedInTheMiddleOfTrialsFindsTheSame() {
        RecipeSearch.Found whole = run(asked(5, false), folder.resolve("whole"), () -> false);
        Path other = folder.resolve("stopped");
        RecipeSearch.Found found = null;
        int parts = 0;
        while ((found == null || !found.finished()) && parts < 60) {
            var steps = new AtomicInteger();
            found = run(asked(5, false), other, () -> steps.incrementAndGet() > 9);
            parts++;
        }
        assertThat(parts).isGreaterThan(3);
        assertThat(found.values()).isEqualTo(whole.values());
        assertThat(found.value()).isEqualTo(whole.value());
        assertThat(scores(other)).isEqualTo(scores(folder.resolve("whole")));
    }

    @Test
    void aLongerSearchPromotesTrialsOfTheShorterOneFromTheirCheckpoints() throws IOException {
        run(asked(6, false), folder, () -> false);
        RecipeSearch.Found longer = run(asked(14, false), folder, () -> false);
        List<Trial> promoted = TrialTable.read(folder).trials().stream()
                .filter(trial -> trial.number() <= 6 && trial.rungs() > 1)
                .toList();
        assertThat(longer.trials()).isEqualTo(14);
        for (Trial trial : promoted) {
            Path run = folder.resolve("trials/" + RunTrainings.name(trial) + "-1");
            assertThat(Files.readString(run.resolve("log.txt"))).doesNotContain("begins anew");
        }
        assertThat(promoted).hasSizeGreaterThan(2);
    }

    private static List<List<Double>> scores(Path search) {
        return TrialTable.read(search).trials().stream().map(Trial::scores).toList();
    }

    @Test
    void anotherSearchInTheSameFolderIsRefused() {
        run(asked(1, false), folder, () -> false);
        var other = new RecipeSearch.Asked(
                recipe(), SPACE, "mnist", RecipeSearch.Method.HALVING, 1, Duration.ZERO, 0, false);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(other, folder, () -> false))
                .withMessage(
                        folder
                                + ": holds a search with data shapes, not mnist. Go on with the same one, or name another folder");
        RunSettings others = RunSettings.in(folder, "trial").withWeights(List.of(folder.resolve("w.safetensors")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecipeSearch.run(asked(1, false), shapes(), others, folder, said::add, () -> false))
                .withMessageContaining("holds a search with weights none, not " + folder.resolve("w.safetensors"));
        RecipeSearch.Found more = run(asked(2, false), folder, () -> false);
        assertThat(more.trials()).isEqualTo(2);
    }

    @Test
    void aValueThatCannotBeTrainedIsRefusedBeforeAnythingIsWritten() {
        var impossible = new RecipeSearch.Asked(
                recipe(),
                Space.parse(List.of("optimizer.lr=-0.1..0.1")),
                "shapes",
                RecipeSearch.Method.HALVING,
                3,
                Duration.ZERO,
                0,
                true);
        Path fresh = folder.resolve("fresh");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(impossible, fresh, () -> false))
                .withMessageContaining("optimizer.lr");
        assertThat(fresh).doesNotExist();
    }

    @Test
    void withoutValidationTrialsCannotBeCompared() {
        var train = new Shapes(1, 40, 16);
        Splits none = Splits.trainOnly(train, List.of());
        var asked = new RecipeSearch.Asked(
                recipe("selection.validation=0"),
                SPACE,
                "shapes",
                RecipeSearch.Method.HALVING,
                3,
                Duration.ZERO,
                0,
                true);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        RecipeSearch.run(asked, none, RunSettings.in(folder, "x"), folder, said::add, () -> false))
                .withMessageContaining("no images are held out");
    }

    @Test
    void trialsThatDivergeAreListedAndTheOthersGoOn() {
        var wild = new RecipeSearch.Asked(
                recipe("optimizer.type=sgd"),
                Space.parse(List.of("optimizer.lr=0.01..1e30")),
                "shapes",
                RecipeSearch.Method.RANDOM,
                4,
                Duration.ZERO,
                2,
                false);
        RecipeSearch.Found found = run(wild, folder, () -> false);
        Map<Boolean, Long> failed = TrialTable.read(folder).trials().stream()
                .collect(java.util.stream.Collectors.partitioningBy(
                        Trial::hasFailed, java.util.stream.Collectors.counting()));
        assertThat(failed.get(true)).isPositive();
        assertThat(failed.get(false)).isPositive();
        assertThat(found.best()).isPresent();
        assertThat(said).anyMatch(text -> text.contains("failed: ") && text.contains("diverged"));
    }
}
