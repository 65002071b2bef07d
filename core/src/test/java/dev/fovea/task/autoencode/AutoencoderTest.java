package dev.fovea.task.autoencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.WrittenReport;
import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.run.Inputs;
import dev.fovea.run.RunSettings;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Subset;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        return Tasks.ALL.recipes().with(Tasks.ALL.recipe(model), all);
    }

    private RunSettings settings(String name) {
        return RunSettings.in(folder, name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dense-autoencoder bottleneck=16",
                "dense-autoencoder hidden=0 bottleneck=24 tied=1",
                "dense-autoencoder bottleneck=16 tied=1 batchNorm=1 activation=sigmoid",
                "conv-autoencoder code=16 width=8",
                "conv-autoencoder code=16 width=8 batchNorm=0 activation=sigmoid",
                "vae code=6 width=8",
                "vq-vae base=8 codes=16 code=4",
                "flatten, dense 20, relu -> dense 256, sigmoid, reshape 1 16 16"
            })
    void trainsReportsAndComesBackTheSame(String model) {
        var run = Tasks.ALL.train(recipe(model, "input.channels=1"), shapes(), settings("run"));
        String report = WrittenReport.of(run.folder(), "curves-loss", "reconstructions", "codes", "interpolations");
        if (!Files.exists(run.folder().resolve("sweeps.png"))) {
            assertThat(report).contains("No single dimension of the code changes the decoded image visibly");
        }
        assertThat(run.validation()).containsKeys("mse", "mae", "psnr", "ssim");
        assertThat(run.history().get(1).get("train_loss"))
                .isLessThan(run.history().get(0).get("train_loss"));
        assertThat(run.history().get(1).get("validation_mse"))
                .isLessThan(run.history().get(0).get("validation_mse"));
        var loaded = Autoencoder.load(run.folder());
        assertThat(loaded.evaluate(shapes().validation()).get("mse"))
                .isCloseTo(run.validation().get("mse"), within(1e-9));
        Image seen = loaded.seen(shapes().validation().image(0));
        Image again = loaded.decode(List.of(loaded.encode(seen))).get(0);
        assertThat(again.pixels()).isEqualTo(loaded.reconstruct(seen).pixels());
    }

    @Test
    void maskedPatchesAreReconstructedAndVisibleOnesStay() throws IOException {
        String model = "masked-autoencoder patch=4 width=32 depth=2 heads=2";
        var run = Tasks.ALL.train(recipe(model, "epochs=6"), shapes(), settings("masked"));
        assertThat(run.history().get(5).get("validation_maskedMse"))
                .isLessThan(run.history().get(0).get("validation_maskedMse"));
        WrittenReport.of(run.folder(), "reconstructed");
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
                .withMessageContaining("has no decoder");
    }

    @Test
    void aMaskedAutoencoderMasksAsMuchAsInTraining() {
        String model = "masked-autoencoder patch=4 width=32 depth=1 heads=2";
        var run = Tasks.ALL.train(recipe(model, "epochs=1", "task.maskRatio=0.25"), shapes(), settings("quarter"));
        var coder = Autoencoder.load(run.folder());
        Image seen = coder.seen(shapes().validation().image(0));
        Image made = coder.reconstruct(seen);
        int changed = 0;
        for (int patch = 0; patch < 16; patch++) {
            boolean same = true;
            for (int p = 0; p < 16; p++) {
                int at = (patch / 4 * 4 + p / 4) * 16 + patch % 4 * 4 + p % 4;
                same &= seen.pixels()[at] == made.pixels()[at];
            }
            changed += same ? 0 : 1;
        }
        assertThat(changed).isEqualTo(4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(recipe(model, "task.maskRatio=0.01"), shapes(), settings("none")))
                .withMessageContaining("task.maskRatio=0.01 masks none of the 16 patches");
    }

    @ParameterizedTest
    @ValueSource(strings = {"conv-autoencoder code=8 width=8", "masked-autoencoder width=16 depth=1 heads=2"})
    void aClassifierStartsFromATrainedEncoder(String model) {
        var coder = Tasks.ALL.train(recipe(model), shapes(), settings("coder"));
        var recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe("encoder(" + model + "), dense classes"),
                        List.of(
                                "input.size=16",
                                "input.channels=1",
                                "input.normalize=unit",
                                "epochs=1",
                                "batch=32",
                                "optimizer.lr=1.0e-9"));
        var run = Tasks.ALL.train(recipe, shapes(), settings("tuned").withWeights(List.of(coder.folder())));
        var first = Autoencoder.load(coder.folder()).network().net().state().tensors();
        var tuned = SavedNet.load(run.folder(), "cpu").net().state().tensors();
        String name = first.keySet().stream()
                .filter(n -> n.endsWith("weight"))
                .findFirst()
                .orElseThrow();
        assertThat(tuned.get("autoencoder." + name).toFloats())
                .containsExactly(first.get(name).toFloats(), within(1e-5f));
    }

    @Test
    void anEncodersClassifierIsShownWhatTheAutoencoderWas() {
        Dataset data = shapes().train();
        assertThat(Inputs.of(Tasks.ALL.recipe("encoder(conv-autoencoder code=8), dense classes"), data))
                .isEqualTo(Inputs.of(Tasks.ALL.recipe("conv-autoencoder code=8"), data));
    }

    @Test
    void anEncoderOfNoAutoencoderIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(
                        Tasks.ALL
                                .recipes()
                                .with(Tasks.ALL.recipe("encoder(lenet5), dense classes"), List.of("input.size=16")),
                        shapes(),
                        settings("none")))
                .withMessage("encoder(lenet5): is no autoencoder. Expected one such as conv-autoencoder");
        assertThat(folder.resolve("none-1"))
                .as("a run that could not begin leaves nothing")
                .doesNotExist();
    }

    @Test
    void fewImagesOfAClassAndMoreOfThemAgain() {
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
                "task.l1Code=0.1",
                "task.targetActivation=0.1",
                "task.contraction=0.01"
            })
    void everyKindOfRegularisationTrains(String setting) {
        var run = Tasks.ALL.train(
                recipe("dense-autoencoder bottleneck=16 activation=sigmoid", "input.channels=1", setting),
                shapes(),
                settings("kind"));
        assertThat(run.history()).hasSize(2);
        assertThat(run.history().get(1).get("validation_mse"))
                .isLessThan(run.history().get(0).get("validation_mse"));
    }

    @Test
    void sparsityMakesCodesSparse() {
        double plain = meanCode("task.l1Code=0");
        assertThat(meanCode("task.l1Code=0.5")).isLessThan(plain / 2);
    }

    private double meanCode(String setting) {
        var run = Tasks.ALL.train(
                recipe("dense-autoencoder bottleneck=16", "input.channels=1", "epochs=4", setting),
                shapes(),
                settings("sparse"));
        double sum = 0;
        for (float[] code : Autoencoder.load(run.folder()).encode(shapes().validation())) {
            for (float value : code) {
                sum += Math.abs(value);
            }
        }
        return sum;
    }

    @Test
    void anActivityIsForCodesThatSigmoidsMake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(
                        recipe("dense-autoencoder", "task.targetActivation=0.1"), shapes(), settings("relu")))
                .withMessage(
                        "task.targetActivation: the code's numbers must lie between 0 and 1, those of 'dense-autoencoder' do not. Set the option activation=sigmoid, or end the encoder with sigmoid");
    }

    /** The metrics of a variational run, and those of its saved model. */
    private List<Map<String, Double>> variational(String beta) {
        var run = Tasks.ALL.train(
                recipe("vae code=6 width=8", "task.beta=" + beta, "precision=fp32", "epochs=4"),
                shapes(),
                settings("vae"));
        return List.of(run.history().get(3), Autoencoder.load(run.folder()).evaluate(shapes().validation()));
    }

    @Test
    void aSavedModelIsEvaluatedByItsOwnRecipe() {
        List<Map<String, Double>> found = variational("4");
        assertThat(found.get(1).get("loss")).isCloseTo(found.get(0).get("validation_loss"), within(1e-3));
        assertThat(found.get(1).get("loss"))
                .isCloseTo(found.get(1).get("reconstruction") + 4 * found.get(1).get("kl"), within(1e-6));
        assertThat(found.get(1).get("kl"))
                .as("what a larger beta makes dearer")
                .isLessThan(0.7 * variational("0.1").get(1).get("kl"));
    }

    @Test
    void aStoppedRunGoesOnBitIdentical() throws IOException {
        Recipe recipe = recipe("conv-autoencoder code=8 width=8", "task.noise=0.1", "update.ema=0.9");
        var whole = Tasks.ALL.train(recipe, shapes(), settings("whole"));
        var steps = new AtomicInteger();
        var part = Tasks.ALL.train(recipe, shapes(), settings("part").withStop(() -> steps.incrementAndGet() == 4));
        assertThat(part.end()).isEqualTo(Listener.End.STOPPED);
        Tasks.ALL.resume(part.folder(), shapes(), settings("part"));
        assertThat(Files.readAllBytes(part.folder().resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.folder().resolve("model/model.safetensors")));
    }

    @Test
    void interpolatesBetweenTwoImages() {
        var run = Tasks.ALL.train(recipe("conv-autoencoder code=8 width=8"), shapes(), settings("walk"));
        Autoencoder coder = Autoencoder.load(run.folder());
        Image from = shapes().validation().image(0);
        Image to = shapes().validation().image(1);
        List<Image> walk = coder.interpolate(from, to, 5);
        assertThat(walk).hasSize(5);
        assertThat(walk.get(0).pixels()).isEqualTo(coder.reconstruct(from).pixels());
        assertThat(walk.get(4).pixels()).isEqualTo(coder.reconstruct(to).pixels());
        float own = coder.encode(from)[3];
        List<Image> sweep = coder.sweep(from, 3, own, own + 5, 4);
        assertThat(sweep).hasSize(4);
        assertThat(sweep.get(0).pixels()).isEqualTo(coder.reconstruct(from).pixels());
        float[] last = coder.encode(from);
        last[3] = own + 5;
        assertThat(sweep.get(3).pixels())
                .isEqualTo(coder.decode(List.of(last)).get(0).pixels());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> coder.sweep(from, 8, 0, 1, 4))
                .withMessage("sweep: the code has the dimensions 0 to 7, got dimension=8");
    }

    @ParameterizedTest
    @CsvSource({"conv-autoencoder code=8 width=8, 8, 9", "vq-vae base=8 codes=16 code=2, 32, 64"})
    void codesOfAnotherLengthAreRefused(String model, int length, int wrong) {
        var run = Tasks.ALL.train(recipe(model, "epochs=1"), shapes(), settings("length"));
        Autoencoder coder = Autoencoder.load(run.folder());
        assertThat(coder.decode(List.of(new float[length], new float[length]))).hasSize(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> coder.decode(List.of(new float[length], new float[wrong])))
                .withMessage("decode: a code of '%s' has %d numbers, got one with %d", model, length, wrong);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> coder.decode(List.of()))
                .withMessage("decode: expected at least one code, got none");
    }

    @Test
    void moreClassesThanColoursAreSaidToBeLeftOut() {
        List<String> names = IntStream.range(0, 12).mapToObj(i -> "class" + i).toList();
        var images = Collections.nCopies(24, new Image(2, 2, 1, new byte[4]));
        int[] labels = IntStream.range(0, 24).map(i -> i % 12).toArray();
        var random = new Random(1);
        List<float[]> codes = IntStream.range(0, 24)
                .mapToObj(i -> new float[] {random.nextFloat(), random.nextFloat()})
                .toList();
        assertThat(new CodeScatter(Dataset.of(images, names, labels), codes)
                        .figure("Codes")
                        .caption())
                .endsWith("Of 12 classes the first 10 are drawn: " + String.join(", ", names.subList(0, 10)) + ".");
        Dataset few = Dataset.of(images, names, new int[24]);
        assertThat(new CodeScatter(few, Collections.nCopies(24, new float[3]))
                        .figure("Codes")
                        .caption())
                .as("codes all alike are drawn too")
                .endsWith("trained without labels.");
    }

    @Test
    void anOptionThatAModelDoesNotHaveIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(recipe("dense-autoencoder code=3"), shapes(), settings("option")))
                .withMessage(
                        "dense-autoencoder: unknown option 'code', it takes bottleneck=512, hidden=512, activation=relu, tied=false, batchNorm=false");
    }

    @Test
    void aModelOfAnotherTaskIsRefused() {
        var run = Tasks.ALL.train(recipe("conv-autoencoder code=8 width=8"), shapes(), settings("other"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classifier.load(run.folder()))
                .withMessageContaining("a model for reconstruction, expected one for classification");
        assertThat(Tasks.ALL.type(run.folder()).word()).isEqualTo("reconstruction");
    }

    @Test
    void anAutoencodersTextMustComeOutAsTheImage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(
                        recipe("flatten, dense 20 -> dense 100, reshape 1 10 10"), shapes(), settings("wrong")))
                .withMessage("the decoder makes 1x10x10, the images are 3x16x16");
    }
}
