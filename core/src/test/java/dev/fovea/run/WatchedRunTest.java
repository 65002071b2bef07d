package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.task.Tasks;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that somebody watches, holds up and stops by their folder. */
class WatchedRunTest {

    private static final String NET = "conv 4 3, relu, maxpool 4, flatten, dense classes";

    @TempDir
    private Path folder;

    private static Recipe recipe(int epochs) {
        return Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe(NET),
                        List.of("input.size=16", "epochs=" + epochs, "batch=10", "precision=fp32"));
    }

    private static Splits data() {
        var train = new Shapes(1, 40, 16);
        return new Splits(train, new Shapes(2, 30, 16), Dataset.empty(train.classes()), List.of());
    }

    private TrainingRun.Result trained(String name, int epochs, Listener... listeners) {
        return Tasks.ALL.train(
                recipe(epochs), data(), RunSettings.in(folder, name).withListeners(List.of(listeners)));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 600 && !condition.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static boolean is(Path run, RunProgress.State state) {
        return RunProgress.read(run).filter(at -> at.state() == state).isPresent();
    }

    @Test
    void saysAtItsEndWhereItStands() {
        var run = trained("a", 2).folder();
        RunProgress progress = RunProgress.read(run).orElseThrow();
        assertThat(progress.state()).isEqualTo(RunProgress.State.FINISHED);
        assertThat(progress.epoch()).isEqualTo(2);
        assertThat(progress.epochs()).isEqualTo(2);
        assertThat(progress.step()).isEqualTo(4);
        assertThat(progress.steps()).isEqualTo(4);
        assertThat(progress.criterion()).isEqualTo("accuracy");
        assertThat(progress.train()).containsKeys("loss", "accuracy");
        assertThat(progress.imagesPerSecond().orElseThrow()).isPositive();
    }

    @Test
    void hasItsFirstStepOnTheCurve() {
        var run = trained("a", 2).folder();
        List<StepCurve.Point> points = StepCurve.read(run);
        assertThat(points).isNotEmpty();
        assertThat(points.get(0).step()).isEqualTo(1);
        assertThat(points.get(0).epochs()).isEqualTo(0.25);
        assertThat(points.get(0).loss()).isPositive();
    }

    @Test
    void keepsTheWorstMistakesOfItsValidation() {
        var seen = new ArrayList<Listener.Epoch>();
        var run = trained("a", 1, new Listener() {
            @Override
            public void onEpoch(Epoch epoch) {
                seen.add(epoch);
            }
        });
        CurrentMistakes now = CurrentMistakes.read(run.folder()).orElseThrow();
        double wrong = 1 - seen.get(0).validation().get("accuracy");
        assertThat(now.epoch()).isEqualTo(1);
        assertThat(now.mistakes()).hasSize((int) Math.round(30 * wrong));
        Dataset validation = data().validation();
        assertThat(now.mistakes())
                .allSatisfy(one -> assertThat(one.truth())
                        .isEqualTo(validation.classes().get(validation.label(one.index())))
                        .isNotEqualTo(one.predicted()));
        assertThat(now.mistakes().get(0).probability())
                .isGreaterThanOrEqualTo(
                        now.mistakes().get(now.mistakes().size() - 1).probability());
    }

    @Test
    void waitsAndGoesOnWithTheSameNumbers() throws InterruptedException {
        var plain = trained("plain", 3);
        var pauses = new ArrayList<Boolean>();
        Path run = folder.resolve("held-1");
        var slow = new Listener() { // so slow that it is still there when it is held up
                    @Override
                    public void onStep(Step step) {
                        try {
                            TimeUnit.MILLISECONDS.sleep(80);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }

                    @Override
                    public void onPause(boolean paused) {
                        pauses.add(paused);
                    }
                };
        long began = System.nanoTime();
        var held = CompletableFuture.supplyAsync(() -> trained("held", 3, slow));
        await(() -> is(run, RunProgress.State.TRAINING));
        RunControl.pause(run);
        await(() -> is(run, RunProgress.State.PAUSED));
        TimeUnit.MILLISECONDS.sleep(600);
        assertThat(held.isDone()).isFalse();
        RunControl.goOn(run);
        TrainingRun.Result result = held.join();
        assertThat(pauses).containsExactly(true, false);
        assertThat(result.history().get(2).get("train_loss"))
                .isEqualTo(plain.history().get(2).get("train_loss"));
        double seconds = (System.nanoTime() - began) / 1e9;
        assertThat(result.seconds()).as("without the pause").isLessThan(seconds - 0.6);
        assertThat(RunFacts.read(run).orElseThrow().outcome().seconds()).isLessThan(seconds - 0.6);
        assertThat(RunProgress.read(run).orElseThrow().seconds()).isLessThan(seconds - 0.6);
        assertThat(result.history().stream()
                        .mapToDouble(row -> row.get("seconds"))
                        .sum())
                .isLessThan(result.seconds());
    }

    @Test
    void stopsByItsFolderAndCanBeResumed() throws InterruptedException {
        Path run = folder.resolve("long-1");
        var stopped = CompletableFuture.supplyAsync(() -> trained("long", 20_000));
        await(() -> is(run, RunProgress.State.TRAINING));
        RunControl.stop(run);
        assertThat(stopped.join().end()).isEqualTo(Listener.End.STOPPED);
        assertThat(RunProgress.read(run).orElseThrow().state()).isEqualTo(RunProgress.State.STOPPED);
        int done = stopped.join().epochs();
        var resumed = Tasks.ALL.resume(run, data(), RunSettings.in(folder, "x"), List.of("epochs=" + (done + 1)));
        assertThat(resumed.end()).as("what was asked of it before is over").isEqualTo(Listener.End.FINISHED);
        assertThat(StepCurve.read(run))
                .extracting(StepCurve.Point::step)
                .as("of steps that are made once")
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(Files.exists(run.resolve(".control"))).isFalse();
    }

    @Test
    void nothingCanBeAskedOfARunThatIsOver() {
        var run = trained("a", 1).folder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunControl.pause(run))
                .withMessage(run + ": is not being trained now. Resume it first");
    }

    @Test
    void opensTheImagesThatARunWasValidatedOn() {
        Recipe recipe = recipe(1);
        var request = DataRequest.of("shapes");
        Splits all = Subset.few(request.open(recipe), 6, 0);
        var run = Tasks.ALL
                .train(recipe, all, RunSettings.in(folder, "a").withData(request.withPerClass(6)))
                .folder();
        Splits again = RunData.of(Tasks.ALL, run, UnaryOperator.identity()).data();
        CurrentMistakes now = CurrentMistakes.read(run).orElseThrow();
        assertThat(now.mistakes())
                .isNotEmpty()
                .allSatisfy(one -> assertThat(again.validation()
                                .classes()
                                .get(again.validation().label(one.index())))
                        .isEqualTo(one.truth()));
    }

    @Test
    void failsWithItsReason() {
        Path run = folder.resolve("a-1");
        try {
            trained("a", 3, new Listener() {
                @Override
                public void onEpoch(Epoch epoch) {
                    throw new IllegalStateException("as it was meant to");
                }
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("as it was meant to");
        }
        assertThat(RunProgress.read(run).orElseThrow().state()).isEqualTo(RunProgress.State.FAILED);
    }
}
