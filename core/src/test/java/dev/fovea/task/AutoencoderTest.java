package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AutoencoderTest {

    @TempDir
    private Path folder;

    private static Splits shapes() {
        Dataset none = Dataset.empty(new Shapes(1, 1, 16).classes());
        return new Splits(new Shapes(1, 200, 16), new Shapes(2, 40, 16), none, List.of());
    }

    private static Recipe recipe(String model, String... settings) {
        var all = new java.util.ArrayList<>(List.of("input.size=16", "epochs=2", "batch=32", "schedule.warmup=0"));
        all.addAll(List.of(settings));
        return RecipeFile.with(Recipe.of(model), all);
    }

    private RunSettings settings(String name) {
        return RunSettings.in(folder, name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dense-autoencoder bottleneck=16",
                "tied-autoencoder bottleneck=24",
                "conv-autoencoder code=16 width=8",
                "vae code=6 width=8",
                "vq-vae base=8 codes=16 code=4",
                "flatten, dense 20, relu -> dense 256, sigmoid, reshape 1 16 16"
            })
    void trainsReportsAndComesBackTheSame(String model) {
        var run = TrainingRun.start(recipe(model, "input.channels=1"), shapes(), settings("run"));
        assertThat(run.folder().resolve("report.html")).isNotEmptyFile();
        for (String picture : List.of("curves-loss", "reconstructions", "codes", "walks", "sweeps")) {
            assertThat(run.folder().resolve(picture + ".png")).isNotEmptyFile();
        }
        assertThat(run.validation()).containsKeys("mse", "mae", "psnr", "ssim");
        var loaded = Autoencoder.load(run.folder());
        assertThat(loaded.evaluate(shapes().validation()).get("mse"))
                .isCloseTo(run.validation().get("mse"), within(1e-9));
        Image seen = loaded.seen(shapes().validation().image(0));
        Image again = loaded.decode(List.of(loaded.encode(seen))).get(0);
        assertThat(again.pixels()).isEqualTo(loaded.reconstruct(seen).pixels());
    }

    @Test
    void hiddenPatchesArePaintedAndSeenOnesStay() throws IOException {
        String model = "masked-autoencoder patch=4 width=32 depth=2 heads=2";
        var run = TrainingRun.start(recipe(model, "epochs=6"), shapes(), settings("masked"));
        assertThat(run.history().get(5).get("validation_hiddenMse"))
                .isLessThan(run.history().get(0).get("validation_hiddenMse"));
        assertThat(run.folder().resolve("painted.png")).isNotEmptyFile();
        var coder = Autoencoder.load(run.folder());
        Image seen = coder.seen(shapes().validation().image(0));
        Image made = coder.reconstruct(seen);
        int same = 0;
        for (int p = 0; p < 256; p++) {
            same += seen.pixels()[p] == made.pixels()[p] ? 1 : 0;
        }
        assertThat(same).isBetween(4 * 16, 200); // 4 of 16 patches are seen
        assertThat(coder.encode(seen)).hasSize(32);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> coder.decode(List.of(new float[32])))
                .withMessageContaining("no pictures of codes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"conv-autoencoder code=8 width=8", "masked-autoencoder width=16 depth=1 heads=2"})
    void aClassifierStartsFromATrainedEncoder(String model) {
        var coder = TrainingRun.start(recipe(model), shapes(), settings("coder"));
        var recipe = RecipeFile.with(
                Recipe.of("encoder(" + model + "), dense classes"),
                List.of(
                        "input.size=16",
                        "input.channels=1",
                        "input.normalize=unit",
                        "epochs=1",
                        "batch=32",
                        "optimizer.lr=1.0e-9"));
        var run = TrainingRun.start(recipe, shapes(), settings("tuned").withWeights(List.of(coder.folder())));
        var first = Autoencoder.load(coder.folder()).network().net().state().tensors();
        var tuned = Classifier.load(run.folder()).model().net().state().tensors();
        String name = first.keySet().stream()
                .filter(n -> n.endsWith("weight"))
                .findFirst()
                .orElseThrow();
        assertThat(tuned.get("coding." + name).toFloats())
                .containsExactly(first.get(name).toFloats(), within(1e-5f));
    }

    @Test
    void anEncodersClassifierIsShownWhatTheAutoencoderWas() {
        Dataset data = shapes().train();
        assertThat(Inputs.of(Recipe.of("encoder(conv-autoencoder code=8), dense classes"), data))
                .isEqualTo(Inputs.of(Recipe.of("conv-autoencoder code=8"), data));
    }

    @Test
    void anEncoderOfNoAutoencoderIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingRun.start(
                        RecipeFile.with(Recipe.of("encoder(lenet5), dense classes"), List.of("input.size=16")),
                        shapes(),
                        settings("none")))
                .withMessage("encoder(lenet5): is no autoencoder. `models --task reconstruction` lists those");
        assertThat(folder.resolve("none-1"))
                .as("a run that could not begin leaves nothing")
                .doesNotExist();
    }

    @Test
    void fewPicturesOfAClassAndMoreOfThemAgain() {
        Splits few = Subset.few(shapes(), 3, 1);
        assertThat(few.train().counts()).containsOnly(3);
        assertThat(few.validation().size()).isEqualTo(40);
        Splits more = Subset.withMore(few, new Shapes(3, 20, 16), 0.1, 1);
        assertThat(more.train().size()).isEqualTo(50);
        assertThat(more.train().name(49)).isEqualTo(new Shapes(3, 20, 16).name(19));
        assertThat(more.validation().size()).isEqualTo(40);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "task.noise=0.3",
                "task.saltAndPepper=0.2",
                "task.masked=0.5",
                "task.sparsity=0.1",
                "task.activity=0.1",
                "task.contraction=0.01"
            })
    void everyKindOfRegularisationTrains(String setting) {
        var run = TrainingRun.start(
                recipe("dense-autoencoder bottleneck=16", "input.channels=1", setting), shapes(), settings("kind"));
        assertThat(run.history()).hasSize(2);
        assertThat(run.history().get(1).get("validation_mse"))
                .isLessThan(run.history().get(0).get("validation_mse"));
    }

    @Test
    void sparsityMakesCodesSparse() {
        double plain = meanCode("task.sparsity=0");
        assertThat(meanCode("task.sparsity=0.5")).isLessThan(plain / 2);
    }

    private double meanCode(String setting) {
        var learner = new AutoencoderLearner();
        TrainingRun.start(
                recipe("dense-autoencoder bottleneck=16", "input.channels=1", "epochs=4", setting),
                shapes(),
                settings("sparse"),
                learner);
        double sum = 0;
        for (float[] code : learner.autoencoder().encode(shapes().validation())) {
            for (float value : code) {
                sum += Math.abs(value);
            }
        }
        return sum;
    }

    @Test
    void aStoppedRunGoesOnBitIdentical() throws IOException {
        Recipe recipe = recipe("conv-autoencoder code=8 width=8", "task.noise=0.1", "update.average=0.9");
        var whole = TrainingRun.start(recipe, shapes(), settings("whole"));
        var steps = new AtomicInteger();
        var part = TrainingRun.start(recipe, shapes(), settings("part").withStop(() -> steps.incrementAndGet() == 4));
        assertThat(part.end()).isEqualTo(Listener.End.STOPPED);
        TrainingRun.resume(part.folder(), shapes(), settings("part"), 0);
        assertThat(Files.readAllBytes(part.folder().resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.folder().resolve("model/model.safetensors")));
    }

    @Test
    void walksFromOnePictureToTheOther() {
        var learner = new AutoencoderLearner();
        TrainingRun.start(recipe("conv-autoencoder code=8 width=8"), shapes(), settings("walk"), learner);
        Autoencoder coder = learner.autoencoder();
        Image from = shapes().validation().image(0);
        Image to = shapes().validation().image(1);
        List<Image> walk = coder.walk(from, to, 5);
        assertThat(walk).hasSize(5);
        assertThat(walk.get(0).pixels()).isEqualTo(coder.reconstruct(from).pixels());
        assertThat(walk.get(4).pixels()).isEqualTo(coder.reconstruct(to).pixels());
    }

    @Test
    void anOptionThatAModelDoesNotHaveIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingRun.start(recipe("dense-autoencoder code=3"), shapes(), settings("option")))
                .withMessage("dense-autoencoder: unknown option 'code=3', it takes bottleneck=512");
    }

    @Test
    void aModelOfAnotherTaskIsRefused() {
        var run = TrainingRun.start(recipe("conv-autoencoder code=8 width=8"), shapes(), settings("other"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classifier.load(run.folder()))
                .withMessageContaining("a model for reconstruction, expected one for classification");
        assertThat(SavedModel.task(run.folder())).isEqualTo("reconstruction");
    }

    @Test
    void anAutoencodersTextMustComeOutAsThePicture() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingRun.start(
                        recipe("flatten, dense 20 -> dense 100, reshape 1 10 10"), shapes(), settings("wrong")))
                .withMessage("the decoder makes 1x10x10, the pictures are 3x16x16");
        assertThat(Task.of("reconstruction")).isInstanceOf(Task.Reconstruction.class);
    }
}
