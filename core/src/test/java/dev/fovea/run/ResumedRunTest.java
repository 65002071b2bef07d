package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.DerivedDataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.io.FormatException;
import dev.fovea.io.Safetensors;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that go on, and those that are refused to. */
class ResumedRunTest {

    @TempDir
    private Path folder;

    private static Splits shapes() {
        return splits(new Shapes(1, 40, 16), new Shapes(2, 20, 16));
    }

    private static Splits splits(Dataset train, Dataset validation) {
        return new Splits(train, validation, Dataset.empty(train.classes()), List.of());
    }

    private static Recipe recipe(String... settings) {
        return Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL
                                .recipes()
                                .with(
                                        Tasks.ALL.recipe("conv 4 3, relu, maxpool 4, flatten, dense classes"),
                                        List.of("input.size=16", "epochs=2", "batch=20", "precision=fp32")),
                        List.of(settings));
    }

    private RunSettings settings() {
        return RunSettings.in(folder, "run");
    }

    private Path trained(String... settings) {
        return Tasks.ALL.train(recipe(settings), shapes(), settings()).folder();
    }

    /** Stopped after so many updates; there are two an epoch. */
    private Path stopped(int updates, String... settings) {
        return Tasks.ALL
                .train(recipe(settings), shapes(), settings().withStop(after(updates)))
                .folder();
    }

    private static java.util.function.BooleanSupplier after(int updates) {
        var asked = new AtomicInteger();
        return () -> asked.incrementAndGet() >= updates;
    }

    /** Every file with its content. */
    private static Map<String, String> files(Path run) throws IOException {
        var files = new TreeMap<String, String>();
        try (var all = Files.walk(run)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(run.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)) + "");
            }
        }
        return files;
    }

    private static byte[] weights(Path run) throws IOException {
        return Files.readAllBytes(run.resolve("model/model.safetensors"));
    }

    @ParameterizedTest
    @CsvSource({
        "batch=10,batch=20,10",
        "seed=5,seed=0,5",
        "input.channels=1,input.channels=0,1",
        "update.accumulate=2,update.accumulate=1,2",
        "update.ema=0.9,update.ema=0.0,0.9",
        "selection.validation=0.2,selection.validation=0.1,0.2",
        "selection.sampling=square-root,selection.sampling=instance-balanced,square-root",
        "optimizer.type=sgd,optimizer.type=adam,sgd",
        "'model=conv 8 3, flatten, dense classes','model=conv 4 3, relu, maxpool 4, flatten, dense classes','conv 8 3, flatten, dense classes'"
    })
    void refusesToChangeWhatIsFixedFromTheFirstStep(String change, String before, String got) throws IOException {
        Path run = stopped(3);
        Map<String, String> then = files(run);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.resume(run, shapes(), settings(), List.of(change)))
                .withMessage(
                        "%s: was begun with %s, which cannot change on the way, got %s. Leave it out, or start a new run",
                        run, before, got);
        assertThat(files(run)).isEqualTo(then);
    }

    @Test
    void aCopyGoesOnElsewhereAndTheRunStaysAsItIs() throws IOException {
        Path straight = trained();
        Path run = stopped(1);
        Map<String, String> then = files(run);
        Path elsewhere = folder.resolve("elsewhere");
        var result = Tasks.ALL.resumeCopy(run, shapes(), RunSettings.in(elsewhere, ""), List.of());
        assertThat(result.folder()).isEqualTo(elsewhere.resolve("run-1"));
        assertThat(files(run)).isEqualTo(then);
        assertThat(weights(result.folder())).isEqualTo(weights(straight));
    }

    @Test
    void aCopyMayLieInsideTheRunAndBeMadeThroughALink() throws IOException {
        Path run = stopped(1);
        Path link = Files.createSymbolicLink(folder.resolve("link"), run);
        Map<String, String> then = files(run);
        var result = Tasks.ALL.resumeCopy(link, shapes(), RunSettings.in(run, ""), List.of());
        assertThat(result.folder()).isEqualTo(run.resolve("run-1"));
        assertThat(result.end()).isEqualTo(Listener.End.FINISHED);
        assertThat(result.folder().resolve("run-1")).doesNotExist();
        var now = files(run);
        now.keySet().removeIf(name -> name.startsWith("run-1/"));
        assertThat(now).isEqualTo(then);
    }

    @Test
    void nothingIsCopiedForARequestThatIsRefused() {
        Path run = trained();
        Path elsewhere = folder.resolve("elsewhere");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Tasks.ALL.resumeCopy(run, shapes(), RunSettings.in(elsewhere, ""), List.of("epochs=1")))
                .withMessageContaining("has trained 2 epochs already, got epochs=1");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Tasks.ALL.resumeCopy(
                        run,
                        splits(new Shapes(3, 40, 16), new Shapes(2, 20, 16)),
                        RunSettings.in(elsewhere, ""),
                        List.of("epochs=3")));
        assertThat(elsewhere)
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(path).isEmptyDirectory());
    }

    @Test
    void aModelSaysWhatItWasTrainedOn() {
        var request = new DataRequest("flowers", "", "folder", false, List.of(), 4, "", 0);
        Path run = Tasks.ALL
                .train(recipe(), shapes(), settings().withData(request))
                .folder();
        var source = Classifier.load(run).config().provenance().data();
        RunFacts.Seen seen = RunFacts.read(run).orElseThrow().seen();
        assertThat(source.name()).isEqualTo("flowers");
        assertThat(source.options()).containsOnly(entry("format", "folder"), entry("perClass", 4));
        assertThat(source.train().images()).isEqualTo(40);
        assertThat(source.train().fingerprint())
                .matches("[0-9a-f]{16}")
                .isNotEqualTo(source.validation().fingerprint());
        assertThat(List.of(source.train(), source.validation())).isEqualTo(List.of(seen.train(), seen.validation()));
    }

    @Test
    void takesUpWhatCanChangeAndSaysSo() throws IOException {
        Path run = stopped(3, "schedule.type=constant");
        var said = new ArrayList<String>();
        var ear = new Listener() {
            @Override
            public void onRemark(String text) {
                said.add(text);
            }
        };
        var result = Tasks.ALL.resume(
                run,
                shapes(),
                settings().withListeners(List.of(ear)),
                List.of("optimizer.lr=0.25", "epochs=3", "precision=fp32", "augment=[rotate]"));
        assertThat(result.history()).hasSize(3);
        assertThat(result.history().get(2)).containsEntry("lr", 0.25);
        assertThat(said)
                .contains("optimizer.lr is 0.25 from here on, was 0.001", "epochs is 3 from here on, was 2")
                .noneMatch(text -> text.contains("precision"));
        assertThat(Tasks.ALL
                        .recipes()
                        .read(run.resolve("recipe.yaml"), List.of())
                        .optimizer()
                        .lr())
                .isEqualTo(0.25);
        assertThat(run.resolve("log.txt")).content().contains("optimizer.lr is 0.25 from here on");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0, -3})
    void refusesFewerEpochsThanAreDone(int epochs) throws IOException {
        Path run = trained();
        Map<String, String> then = files(run);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.resume(run, shapes(), settings(), List.of("epochs=" + epochs)))
                .withMessageContaining(
                        epochs > 0
                                ? run + ": has trained 2 epochs already, got epochs=1"
                                : "epochs must be positive, got epochs=" + epochs);
        assertThat(files(run)).isEqualTo(then);
    }

    /** The same images under other names. */
    private record Renamed(Dataset data, List<String> classes) implements DerivedDataset {}

    @Test
    void refusesOtherDataOfTheSameSizeAndLeavesEveryFileAsItWas() throws IOException {
        Path run = stopped(3);
        Map<String, String> then = files(run);
        List<String> others = IntStream.range(0, 10).mapToObj(i -> "thing" + i).toList();
        var renamed = splits(new Renamed(shapes().train(), others), new Renamed(shapes().validation(), others));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Tasks.ALL.resume(run, renamed, settings()))
                .withMessageStartingWith(run + ": was trained on the classes 'circle', ")
                .withMessageContaining("this data has 'thing0', ")
                .withMessageEndingWith("Go on with the same data");
        var others2 = splits(new Shapes(5, 40, 16), new Shapes(2, 20, 16));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Tasks.ALL.resume(run, others2, settings()))
                .withMessageContaining("the training images are not those that it began with");
        var otherValidation = splits(new Shapes(1, 40, 16), new Shapes(3, 20, 16));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Tasks.ALL.resume(run, otherValidation, settings()))
                .withMessageContaining("the validation images are not those that it began with");
        assertThat(files(run)).isEqualTo(then);
    }

    @Test
    void refusesASecondTrainingOfARunThatIsUnderWay() throws IOException {
        Path run = folder.resolve("run-1");
        var refused = new ArrayList<String>();
        var second = new Listener() {
            @Override
            public void onEpoch(Epoch epoch) {
                try {
                    Tasks.ALL.resume(run, shapes(), settings());
                } catch (IllegalArgumentException e) {
                    refused.add(e.getMessage());
                }
            }
        };
        Tasks.ALL.train(recipe("epochs=1"), shapes(), settings().withListeners(List.of(second)));
        assertThat(refused)
                .containsExactly(run + ": another process is training this run. Wait for it to end, or stop it first");
        assertThat(Tasks.ALL
                        .resume(run, shapes(), settings(), List.of("epochs=2"))
                        .epochs())
                .isEqualTo(2);
    }

    @Test
    void aRunThatIsStoppedLeavesTheModelOfItsBestEpoch() throws IOException {
        Path run = stopped(3);
        assertThat(Safetensors.read(run.resolve("model/model.safetensors"))
                        .tensors()
                        .get("0.weight")
                        .toFloats())
                .isEqualTo(Safetensors.read(run.resolve("checkpoints/best.safetensors"))
                        .tensors()
                        .get("0.weight")
                        .toFloats());
    }

    @Test
    void soDoesOneThatIsStoppedInItsFirstEpoch() {
        var result = Tasks.ALL.train(recipe(), shapes(), settings().withStop(() -> true));
        assertThat(result.epochs()).isZero();
        assertThat(Classifier.load(result.folder()).classes()).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"selection.keep=best", "selection.keep=last"})
    void theModelIsThereAfterEveryEpochForThoseWhoWatch(String keep) {
        var seen = new ArrayList<Float>();
        var watch = new Listener() {
            @Override
            public void onEpoch(Epoch epoch) {
                Path run = folder.resolve("run-1");
                seen.add(
                        Classifier.load(run).probabilities(shapes().validation().image(0))[0]);
            }
        };
        Tasks.ALL.train(recipe(keep, "epochs=3"), shapes(), settings().withListeners(List.of(watch)));
        assertThat(seen).hasSize(3);
        if (keep.endsWith("last")) {
            assertThat(seen).doesNotHaveDuplicates();
        }
    }

    @Test
    void aFinishedRunKeepsNoMoreThanMoreEpochsNeed() throws IOException {
        Path run = trained();
        assertThat(run.resolve("checkpoints/best.safetensors")).doesNotExist();
        assertThat(Safetensors.read(new RunFolder(run).last()).tensors().keySet())
                .contains("net/0.weight")
                .allMatch(name -> name.startsWith("net/"));
        assertThat(Tasks.ALL
                        .resume(run, shapes(), settings(), List.of("epochs=3"))
                        .history())
                .hasSize(3);
    }

    @Test
    void aFinishedRunAtAConstantRateGoesOnAsIfItHadBeenLongFromTheStart() throws IOException {
        Path whole = trained("schedule.type=constant", "epochs=4");
        Path part = trained("schedule.type=constant", "epochs=2");
        Tasks.ALL.resume(part, shapes(), settings(), List.of("epochs=4"));
        assertThat(weights(part)).isEqualTo(weights(whole));
    }

    @Test
    void theBestEpochOfAFinishedRunStaysTheBestIfMoreEpochsAreWorse() throws IOException {
        Path run = trained("epochs=1");
        byte[] then = weights(run);
        var result = Tasks.ALL.resume(
                run, shapes(), settings(), List.of("epochs=2", "optimizer.lr=1000", "schedule.type=constant"));
        assertThat(result.selected().epoch()).isEqualTo(1);
        assertThat(weights(run)).isEqualTo(then);
    }

    @Test
    void weightsThatDoNotFitLeaveNoRun() {
        Path other = Tasks.ALL
                .train(
                        Tasks.ALL
                                .recipes()
                                .with(recipe(), List.of("model=conv 3 3, flatten, dense classes", "epochs=1")),
                        shapes(),
                        RunSettings.in(folder, "other"))
                .folder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(recipe(), shapes(), settings().withWeights(List.of(other))))
                .withMessageContaining("weights do not fit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(
                        recipe(), shapes(), settings().withWeights(List.of(folder.resolve("none.safetensors")))))
                .withMessage(
                        "%s: no weights are there. Expected a safetensors or PyTorch file, or the folder of a run or of a model",
                        folder.resolve("none.safetensors"));
        assertThat(folder.resolve("run-1")).doesNotExist();
    }

    @Test
    void aRunKilledBeforeItsFirstCheckpointBeginsAnewFromTheWeightsItBeganWith() throws IOException {
        Path first = trained();
        var settings = RunSettings.in(folder, "tuned").withWeights(List.of(first));
        Path tuned = Tasks.ALL.train(recipe(), shapes(), settings).folder();
        byte[] then = weights(tuned);
        Files.delete(new RunFolder(tuned).last());
        Tasks.ALL.resume(tuned, shapes(), RunSettings.in(folder, "tuned"));
        assertThat(weights(tuned)).isEqualTo(then);
        assertThat(tuned.resolve("log.txt")).content().contains("begins anew", "weights: 4 of 4 tensors are those of");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.resume(tuned, shapes(), settings))
                .withMessageContaining("goes on with the weights it has");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"epoch\":2|\"epoch\":7|it stands at epoch 7 with 1 epochs behind it",
                "\"epoch\":2|\"epoch\":-2|it stands at epoch -2",
                "\"sums\":{|\"sums\":{\"q\":null,|its sums are of no images",
                "\"plateau\":{|\"plateau\":null,\"other\":{|its progress has gaps",
                "\"bestEpoch\":1|\"bestEpoch\":9|epoch 9 the best",
                "\"epoch\":1.0|\"epoch\":null|its progress has gaps",
                "{\"epoch\":2|[{\"epoch\":2|the progress of the run cannot be read"
            })
    void aDamagedCheckpointIsOneSentence(String then, String now, String fault) throws IOException {
        Path run = stopped(3);
        Path last = new RunFolder(run).last();
        var content = Safetensors.read(last);
        var metadata = new TreeMap<>(content.metadata());
        metadata.computeIfPresent("progress", (key, text) -> {
            assertThat(text).contains(then);
            return text.replace(then, now);
        });
        Safetensors.write(last, content.tensors(), metadata);
        Map<String, String> before = files(run);
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Tasks.ALL.resume(run, shapes(), settings()))
                .withMessageStartingWith(last + ": a damaged checkpoint, ")
                .withMessageContaining(fault)
                .matches(e -> e.getMessage().lines().count() == 1);
        assertThat(files(run)).isEqualTo(before);
    }
}
