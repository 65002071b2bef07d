package dev.fovea.task.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.WrittenReport;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.DerivedDataset;
import dev.fovea.data.GeometricTransform;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.engine.Scope;
import dev.fovea.image.Fill;
import dev.fovea.image.Image;
import dev.fovea.io.Safetensors;
import dev.fovea.nn.WeightsMismatchException;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Schedule;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import dev.fovea.train.DivergedException;
import dev.fovea.train.InputSize;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClassifierTest {

    private static final String NET =
            "conv 8 3 pad=same, batchnorm, relu, maxpool 2, conv 16 3, relu, maxpool 2, flatten, dropout 0.2, dense classes";

    @TempDir
    Path folder;

    private static Splits shapes() {
        Dataset none = Dataset.empty(new Shapes(1, 10, 16).classes());
        return new Splits(new Shapes(1, 300, 16), new Shapes(2, 60, 16), none, List.of());
    }

    private static Recipe recipe() {
        return Tasks.ALL
                .recipe(NET)
                .withEpochs(3)
                .withBatch(32)
                .withInput(new Recipe.Input(
                        InputSize.square(16), 3, 1, dev.fovea.data.ResizePolicy.STRETCH, Recipe.Normalize.DATA))
                .withSchedule(new Schedule.Cosine(5, 0))
                .withAugment(
                        GeometricTransform.Flip.horizontal(),
                        new GeometricTransform.Translate(0.1, 0.1, Fill.NEAREST, 0),
                        new GeometricTransform.Rotate(10, Fill.NEAREST, 0))
                .withUpdate(new Recipe.Update(1, 2, 0.9, 1e-6, 1e-6))
                .withSeed(11);
    }

    private RunSettings settings(String name) {
        return RunSettings.in(folder, name);
    }

    private static byte[] weights(Path run) throws IOException {
        return Files.readAllBytes(run.resolve("model/model.safetensors"));
    }

    @Test
    void twoRunsWithOneSeedAreBitIdentical() throws IOException {
        Path a = Tasks.ALL.train(recipe(), shapes(), settings("a")).folder();
        Path b = Tasks.ALL.train(recipe(), shapes(), settings("b")).folder();
        Path c = Tasks.ALL.train(recipe().withSeed(12), shapes(), settings("c")).folder();
        assertThat(weights(a)).isEqualTo(weights(b));
        assertThat(weights(a)).isNotEqualTo(weights(c));
    }

    @Test
    void aStoppedRunGoesOnBitIdentically() throws IOException {
        Path whole = Tasks.ALL.train(recipe(), shapes(), settings("whole")).folder();
        var steps = new AtomicInteger();
        var first = Tasks.ALL.train(recipe(), shapes(), settings("part").withStop(() -> steps.incrementAndGet() == 3));
        assertThat(first.end()).isEqualTo(Listener.End.STOPPED);
        assertThat(Classifier.load(first.folder()).classes()).hasSize(10);
        var again = new AtomicInteger();
        var second =
                Tasks.ALL.resume(first.folder(), shapes(), settings("x").withStop(() -> again.incrementAndGet() == 7));
        assertThat(second.end()).isEqualTo(Listener.End.STOPPED);
        var third = Tasks.ALL.resume(first.folder(), shapes(), settings("x"));
        assertThat(third.end()).isEqualTo(Listener.End.FINISHED);
        assertThat(weights(third.folder())).isEqualTo(weights(whole));
        assertThat(Files.readAllLines(third.folder().resolve("metrics.csv"))).hasSize(4);
    }

    @Test
    void aFinishedRunCanBeGivenMoreEpochs() {
        var run = Tasks.ALL.train(recipe().withEpochs(1), shapes(), settings("more"));
        assertThat(Tasks.ALL
                        .resume(run.folder(), shapes(), settings("more"), List.of("epochs=2"))
                        .epochs())
                .isEqualTo(2);
    }

    @Test
    void aRunLeavesEverythingTheDesignPromises() throws IOException {
        var run = Tasks.ALL.train(recipe(), shapes(), settings("all"));
        for (String file : List.of(
                "recipe.yaml",
                "metrics.csv",
                "log.txt",
                "environment.json",
                "checkpoints/last.safetensors",
                "model/config.json",
                "model/model.safetensors",
                "mistakes.png")) {
            assertThat(run.folder().resolve(file)).exists();
        }
        assertThat(WrittenReport.of(run.folder(), "curves-loss", "confusion", "train-batch"))
                .contains("Confusion matrix", "Per class");
        try (var files = Files.list(run.folder())) {
            assertThat(files.map(f -> f.getFileName().toString())).anyMatch(f -> f.startsWith("events.out.tfevents."));
        }
        assertThat(run.validation()).containsKeys("accuracy", "top5Accuracy", "balancedAccuracy", "macroF1", "loss");
    }

    @Test
    void aLoadedModelPredictsTheSame() {
        var trained = Classifier.train(recipe().model(), shapes(), recipe());
        trained.save(folder.resolve("load"));
        var loaded = Classifier.load(folder.resolve("load"));
        var image = shapes().validation().image(5);
        assertThat(loaded.probabilities(image)).containsExactly(trained.probabilities(image), within(0.02f));
        assertThat(loaded.evaluate(shapes().validation()).result().count()).isEqualTo(60);
        float[][] map = loaded.explain(image, "grad-cam", loaded.predict(image).label());
        assertThat(map.length).as("before the last pooling layer").isEqualTo(6);
    }

    @Test
    void anAnswerThatIsNoNumberIsNoAnswer() {
        var run = Tasks.ALL.train(recipe().withEpochs(1), shapes(), settings("vast"));
        Path file = run.folder().resolve("model/model.safetensors");
        try (var scope = new Scope()) {
            var content = Safetensors.read(file);
            var tensors = new java.util.LinkedHashMap<>(content.tensors());
            tensors.replaceAll((name, weight) -> name.endsWith("weight") ? weight.mul(1e30) : weight);
            Safetensors.write(file, tensors, content.metadata());
        }
        var vast = Classifier.load(run.folder());
        String message = "the network's output is NaN, so the model is broken. Train it again, at a lower rate";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vast.predict(shapes().validation().image(0)))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vast.evaluate(shapes().validation()))
                .withMessage(message);
    }

    @Test
    void whileWeightsAreRandomNobodyPredictsWhateverObjectIsAsked() throws Exception {
        Classifier classifier = Classifier.train(NET, shapes(), recipe().withEpochs(1));
        Classifier copy = classifier.with(3, "fp32");
        Image image = shapes().validation().image(0);
        float[] expected = copy.probabilities(image);
        Image seen = classifier.outputs().prepared(image);
        String label = classifier.classes().get(0);
        var checking = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 5; i++) {
                classifier.sanity(seen, "", label);
            }
        });
        while (!checking.isDone()) {
            assertThat(copy.probabilities(image)).containsExactly(expected, within(1e-6f));
        }
        checking.get();
    }

    @Test
    void writesTheReportOfItsTrainingAnywhereAndALoadedOneSaysWhyNot() throws IOException {
        Classifier trained = Classifier.train(NET, shapes(), recipe().withEpochs(2));
        trained.report(folder.resolve("report"));
        assertThat(folder.resolve("report/report.html"))
                .content()
                .contains("Confusion matrix", "calibration error with temperature");
        assertThat(Files.readAllLines(folder.resolve("report/metrics.csv"))).hasSize(3);
        trained.save(folder.resolve("saved"));
        assertThatIllegalStateException()
                .isThrownBy(() -> Classifier.load(folder.resolve("saved")).report(folder.resolve("again")))
                .withMessageStartingWith("report: this classifier was loaded");
        assertThat(folder.resolve("again")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(Recipe.Normalize.class)
    void everyNormalizationTrainsAndLoadsBack(Recipe.Normalize normalize) {
        List<Double> given = normalize == Recipe.Normalize.GIVEN ? List.of(0.5) : List.of();
        var recipe = recipe().withEpochs(1)
                .withInput(new Recipe.Input(
                        InputSize.square(16),
                        3,
                        1,
                        1,
                        dev.fovea.data.ResizePolicy.STRETCH,
                        1,
                        dev.fovea.image.Filter.BICUBIC,
                        false,
                        normalize,
                        given,
                        given,
                        dev.fovea.data.FrameSampling.STILL,
                        dev.fovea.train.ProgressiveResizing.NONE,
                        1,
                        1));
        var trained = Classifier.train(recipe.model(), shapes(), recipe);
        trained.save(folder.resolve("normal"));
        var image = shapes().validation().image(3);
        assertThat(trained.probabilities(image))
                .containsExactly(Classifier.load(folder.resolve("normal")).probabilities(image), within(0.02f));
    }

    @Test
    void fineTunesWithCropsAndFlips() {
        var run = Tasks.ALL.train(
                Recipe.fineTune()
                        .withModel(NET)
                        .withEpochs(1)
                        .withInput(new Recipe.Input(
                                InputSize.square(16),
                                3,
                                1,
                                dev.fovea.data.ResizePolicy.CROP,
                                Recipe.Normalize.IMAGENET)),
                shapes(),
                settings("fine"));
        assertThat(Classifier.load(run.folder()).config().preprocess().mean()).containsExactly(0.485, 0.456, 0.406);
        assertThat(run.train().get("loss"))
                .as("near that of ten equal probabilities, ln 10")
                .isBetween(1.5, 3.0);
    }

    @Test
    void learnsTheShapes() {
        var easy = recipe().withEpochs(30)
                .withBatch(8)
                .withUpdate(new Recipe.Update(0, 1, 0, 0, 0))
                .withoutAugmentation()
                .withOptimizer(Optimizer.adam(3e-3))
                .withSelection(new Recipe.Selection(0, 0, Recipe.Keep.LAST));
        var data = new Splits(
                new Shapes(1, 64, 16),
                new Shapes(1, 64, 16),
                Dataset.empty(shapes().train().classes()),
                List.of());
        assertThat(Tasks.ALL.train(easy, data, settings("easy")).validation().get("accuracy"))
                .isGreaterThan(0.8);
    }

    @Test
    void stopsEarlyWhenNothingGetsBetter() {
        var hopeless = recipe().withEpochs(50)
                .withOptimizer(Optimizer.adam(1e-12))
                .withSelection(new Recipe.Selection(0, 2, Recipe.Keep.BEST));
        var run = Tasks.ALL.train(hopeless, shapes(), settings("early"));
        assertThat(run.end()).isEqualTo(Listener.End.EARLY);
        assertThat(run.epochs()).as("the first, and two that were no better").isEqualTo(3);
    }

    @Test
    void saysWhenAndWhereTheLossDivergedAndKeepsTheBatch() {
        var wild = recipe().withOptimizer(new Optimizer.Sgd(1e30, 0, false, 0))
                .withSchedule(Schedule.constant())
                .withUpdate(new Recipe.Update(0, 1, 0, 0, 0));
        assertThatExceptionOfType(DivergedException.class)
                .isThrownBy(() -> Tasks.ALL.train(wild, shapes(), settings("wild")))
                .withMessageMatching(
                        "training diverged: loss=\\S+ at epoch 1, step \\d+, with lr=1\\.000e\\+30\\. Lower "
                                + "optimizer\\.lr, or set update\\.gradientClip to 1\\.0\\. The batch is in .*diverged-batch\\.safetensors");
        try (var scope = new Scope()) {
            assertThat(Safetensors.read(folder.resolve("wild-1/diverged-batch.safetensors"))
                            .tensors()
                            .values())
                    .anySatisfy(pixels -> assertThat(pixels.shape()).containsExactly(32, 16, 16, 3));
        }
    }

    @Test
    void refusesTheCheckpointOfAnotherNetwork() throws IOException {
        var run = Tasks.ALL.train(recipe().withEpochs(1), shapes(), settings("other"));
        Path recipe = run.folder().resolve("recipe.yaml");
        Files.writeString(recipe, Files.readString(recipe).replace("conv 16 3", "conv 12 3"));
        assertThatExceptionOfType(WeightsMismatchException.class)
                .isThrownBy(() -> Tasks.ALL.resume(run.folder(), shapes(), settings("other"), List.of("epochs=2")))
                .withMessageContaining("is [16, 8, 3, 3] in the file, [12, 8, 3, 3] in the net");
    }

    @Test
    void refusesToResumeOnOtherData() {
        var run = Tasks.ALL.train(recipe().withEpochs(1), shapes(), settings("swapped"));
        Dataset none = Dataset.empty(shapes().train().classes());
        var fewer = new Splits(new Shapes(1, 200, 16), new Shapes(2, 60, 16), none, List.of());
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Tasks.ALL.resume(run.folder(), fewer, settings("swapped"), List.of("epochs=2")))
                .withMessageEndingWith("swapped-1: had 300 training images when it began, this data has 200. "
                        + "Go on with the same data");
    }

    @Test
    void refusesDataWithAnUnknownClass() {
        var run = Tasks.ALL.train(recipe().withEpochs(1), shapes(), settings("unknown"));
        Dataset renamed = new Renamed(shapes().validation());
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Classifier.load(run.folder()).evaluate(renamed))
                .withMessageStartingWith(
                        "the data has classes that the model does not know: 'blob'. It knows 'circle',");
    }

    @Test
    void stepsLeaveNoNativeObjectsBehind() {
        var living = new ArrayList<Long>();
        var watch = new Listener() {
            @Override
            public void onEpoch(Epoch epoch) {
                living.add(Pointer.totalCount());
            }
        };
        var many = recipe().withEpochs(20).withSelection(new Recipe.Selection(0, 0, Recipe.Keep.LAST));
        Tasks.ALL.train(many, shapes(), settings("many").withListeners(List.of(watch)));
        assertThat(living.get(19) - living.get(4))
                .as("native objects of 150 steps that nothing freed")
                .isLessThan(50);
    }

    /** The same images with one class by another name. */
    private record Renamed(Dataset data) implements DerivedDataset {
        @Override
        public List<String> classes() {
            return data.classes().stream()
                    .map(c -> c.equals("ring") ? "blob" : c)
                    .toList();
        }
    }
}
