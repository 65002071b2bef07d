package dev.fovea.task.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.metrics.PredictionSets;
import dev.fovea.metrics.Softmax;
import dev.fovea.models.Architecture;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.Provenance;
import dev.fovea.models.TaskConfig;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Weights;
import dev.fovea.run.RunSettings;
import dev.fovea.run.SavedNet;
import dev.fovea.task.Tasks;
import dev.fovea.train.InputSize;
import dev.fovea.train.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What answers are worth: temperature, sets of classes, refusals. */
class TrustTest {

    private static final List<String> CLASSES = List.of("dark", "light", "other");

    @TempDir
    Path folder;

    /** A network whose logits are three pixels of the image, times 10, minus 5. */
    private static ModelPackage pixels() {
        Preprocess shown = Preprocess.of(1, 3, 1);
        var net = Models.create("flatten, dense classes", shown, 3);
        var values = new LinkedHashMap<String, Tensor>();
        for (String name : net.state().tensors().keySet()) {
            values.put(
                    name,
                    name.endsWith("weight")
                            ? Tensor.of(new float[] {10, 0, 0, 0, 10, 0, 0, 0, 10}, 3, 3)
                            : Tensor.of(new float[] {-5, -5, -5}, 3));
        }
        Weights.load(values, net.state());
        return new ModelPackage(
                new ModelPackage.Config(
                        new TaskConfig("classification", Map.of()),
                        Architecture.of("flatten, dense classes"),
                        CLASSES,
                        shown,
                        Loss.crossEntropy(),
                        Provenance.ofWeights("x")),
                net);
    }

    private static Image image(int a, int b, int c) {
        return new Image(3, 1, 1, new byte[] {(byte) a, (byte) b, (byte) c});
    }

    /** Of 90 images three in ten have another label than their lightest pixel says. */
    private static Dataset noisy(long seed) {
        var random = new SplittableRandom(seed);
        var images = new ArrayList<Image>();
        int[] labels = new int[90];
        for (int i = 0; i < labels.length; i++) {
            int[] p = {random.nextInt(120), random.nextInt(120), random.nextInt(120)};
            p[i % 3] = 135 + random.nextInt(120);
            images.add(image(p[0], p[1], p[2]));
            labels[i] = random.nextInt(10) < 3 ? (i + 1) % 3 : i % 3;
        }
        return Dataset.of(images, CLASSES, labels);
    }

    private static Classifier classifier(ModelPackage model) {
        return new Classifier(new SavedNet(model, dev.fovea.engine.Device.CPU));
    }

    private ModelPackage calibrated() {
        Classifier plain = classifier(pixels());
        Dataset held = noisy(1);
        var outOfDistribution = OutOfDistribution.fit(plain.embeddings(noisy(2)), plain.embeddings(held));
        return Calibration.fit(plain.logits(held), Calibration.labels(held), Optional.of(outOfDistribution))
                .into(pixels());
    }

    @Test
    void overconfidentLogitsGetATemperatureThatLowersTheirLoss() {
        Classifier after = classifier(calibrated());
        assertThat(after.temperature()).isGreaterThan(2);
        Evaluation evaluation = after.evaluate(noisy(3));
        assertThat(evaluation.result().loss()).isLessThan(evaluation.plain().loss() - 0.1);
        assertThat(evaluation.result().expectedCalibrationError())
                .isLessThan(evaluation.plain().expectedCalibrationError() - 0.05);
        assertThat(evaluation.result().accuracy()).isEqualTo(evaluation.plain().accuracy());
        assertThat(evaluation.metrics())
                .containsEntry("loss", evaluation.plain().loss())
                .containsEntry("nll", evaluation.result().loss());
        assertThat(evaluation.calibration().get("before"))
                .containsEntry("brier", evaluation.plain().brier());
    }

    @Test
    void probabilitiesOfASavedModelAreThoseOfItsTemperature() {
        ModelPackage model = calibrated();
        model.write(folder);
        Classifier loaded = Classifier.load(folder, "cpu");
        assertThat(loaded.temperature()).isEqualTo(classifier(model).temperature());
        float[] logits = {10 * 200 / 255f - 5, 10 * 90 / 255f - 5, -5};
        assertThat(loaded.probabilities(image(200, 90, 0))[0])
                .isCloseTo(Softmax.of(logits, loaded.temperature())[0], within(1e-5f));
    }

    @Test
    void aModelThatIsWrittenOverWithoutCalibrationKeepsNothingOfTheOldOne() {
        calibrated().write(folder);
        assertThat(folder.resolve(ModelPackage.CALIBRATION)).exists();
        pixels().write(folder);
        assertThat(folder.resolve(ModelPackage.CALIBRATION)).doesNotExist();
        assertThat(Classifier.load(folder, "cpu").temperature()).isEqualTo(1);
    }

    /** On 90 other images a coverage of 0.8 deviates by about 0.06 from draw to draw. */
    @Test
    void setsCoverOtherImagesAsPromisedAndAreInTheAnswer() {
        Classifier model = classifier(calibrated()).with(0.8, false);
        SetCoverage sets = model.sets(noisy(4), 0.8);
        assertThat(sets.coverage()).isBetween(0.65, 0.95);
        assertThat(sets.meanSize()).isBetween(1.0, 2.5);
        assertThat(sets.lowestCoverage()).isLessThanOrEqualTo(sets.coverage());
        assertThat(sets.sizes().stream().mapToInt(SetCoverage.Size::images).sum())
                .isEqualTo(90);
        Prediction sure = model.predict(image(255, 0, 0));
        assertThat(sure.trust().set()).first().isEqualTo("dark");
        assertThat(sure.values()).containsKeys("top", "set").doesNotContainKeys("rejected");
        assertThat(sure.text()).contains("  {dark");
    }

    @Test
    void countsOfSetsAreThoseByHand() {
        var sets = SetCoverage.of(
                List.of(List.of(0), List.of(0, 1), List.of(1), List.of(2, 1)), new int[] {0, 1, 0, 2}, 4);
        assertThat(sets)
                .isEqualTo(new SetCoverage(
                        0.75, 1.5, 0.5, List.of(new SetCoverage.Size(1, 2, 0.5), new SetCoverage.Size(2, 2, 1))));
    }

    @Test
    void imagesUnlikeThoseOfTheTrainingGetNoAnswer() {
        Classifier model = classifier(calibrated()).with(0, true);
        Prediction known = model.predict(noisy(2).image(0));
        assertThat(known.trust().distance()).isCloseTo(0, within(1e-3)); // squares in float32
        assertThat(known.trust().rejected()).isFalse();
        Prediction unlike = model.predict(image(255, 255, 255));
        assertThat(unlike.trust().rejected()).isTrue();
        assertThat(unlike.values()).containsEntry("rejected", true).containsKeys("distance", "threshold");
        assertThat(unlike.text()).startsWith("not sure: unlike the training images (distance ");
    }

    @Test
    void rejectionIsMeasuredOnImagesOfAnyClass() {
        var others = new ArrayList<Image>();
        for (int i = 0; i < 20; i++) {
            others.add(image(200 + i, 201 + i, 202 + i));
        }
        Rejection rejection =
                classifier(calibrated()).rejection(noisy(5), Dataset.of(others, List.of("?"), new int[20]));
        assertThat(rejection.auroc()).isGreaterThan(0.95);
        assertThat(rejection.rejectedOthers()).isGreaterThan(0.9);
        assertThat(rejection.rejectedKnown()).isLessThan(0.25);
        assertThat(rejection.fprAt95()).isLessThan(0.1);
    }

    @Test
    void aModelWithoutCalibrationSaysWhatToDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier(pixels()).with(0.9, false))
                .withMessage(
                        "coverage: this model has no held-out scores that sets of classes could be made by. Train it with a validation part, or go on with its run to its end");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier(pixels()).with(0, true))
                .withMessageStartingWith("this model has kept nothing of its training images");
    }

    @Test
    void tooFewHeldOutImagesForACoverageAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier(calibrated()).with(0.99, false))
                .withMessage(
                        "coverage: sets for 0.99 need 99 held-out images or more, there were 90. Ask for at most 0.989, or train with a larger validation part");
    }

    @Test
    void aTemperatureThatCannotBeIsRefused() throws Exception {
        calibrated().write(folder);
        Path config = folder.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replaceFirst("\"temperature\" : [0-9.]+", "\"temperature\" : 0"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classifier.load(folder, "cpu"))
                .withMessage("config.json: the temperature must be positive, got 0.0. The model is broken");
    }

    @Test
    void embeddingsThatAreNotThoseOfTheNetworkAreRefused() {
        ModelPackage model = calibrated();
        var flat =
                model.withCalibration(model.config().calibration(), Map.of("embeddings", Tensor.of(new float[6], 6)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier(flat))
                .withMessage(
                        "calibration.safetensors: 'embeddings' must be rows of numbers, got the shape [6]. The model is broken");
        var narrow = model.withCalibration(
                model.config().calibration(), Map.of("embeddings", Tensor.of(new float[6], 3, 2)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier(narrow).with(0, true).predict(image(1, 2, 3)))
                .withMessage(
                        "calibration.safetensors: 'embeddings' has rows of 2 numbers, the network gives 3. The model is broken");
    }

    /** A temperature of its own image would know the answer. */
    @Test
    void figuresOfARunUseTheTemperatureOfTheOtherHalf() {
        Classifier plain = classifier(pixels());
        List<float[]> logits = plain.logits(noisy(1));
        int[] labels = Calibration.labels(noisy(1));
        double[] apart = Calibration.apart(logits, labels);
        assertThat(apart[0]).isNotEqualTo(apart[1]);
        labels[0] = (labels[0] + 1) % 3; // of the first half, so that only the second one's temperature moves
        double[] moved = Calibration.apart(logits, labels);
        assertThat(moved[0]).isEqualTo(apart[0]);
        assertThat(moved[1]).isNotEqualTo(apart[1]);
    }

    @Test
    void aRunLeavesACalibratedModel() {
        var data = noisy(6);
        var splits = data.split(0.6, 0.4, 0);
        Recipe recipe = Tasks.ALL
                .recipe("flatten, dense classes")
                .withEpochs(1)
                .withBatch(16)
                .withInput(new Recipe.Input(InputSize.square(2), 1, 1, ResizePolicy.STRETCH, Recipe.Normalize.DATA));
        var run = Tasks.ALL.train(recipe, splits, RunSettings.in(folder, "run"));
        var model = ModelPackage.read(run.folder().resolve("model"));
        assertThat(model.config().calibration())
                .containsKeys("temperature", "unlike")
                .containsEntry("images", 36.0);
        assertThat(model.held()).containsOnlyKeys("scores", "embeddings");
        assertThat(model.held().get("scores").toFloats()).hasSize(36).isSorted();
        assertThat(model.held().get("embeddings").shape()).containsExactly(54, 3);
        assertThat(PredictionSets.of(model.held().get("scores").toFloats(), 0.9).highest())
                .isBetween(0.0, 1.0);
    }
}
