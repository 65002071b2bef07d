package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.engine.Device;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.io.Safetensors;
import dev.fovea.models.Models;
import dev.fovea.train.Contesting;
import dev.fovea.train.Pixels;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RunFolder;
import dev.fovea.train.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {

    private static final String FLOW = "diffusion-unet width=16";

    @TempDir
    private Path folder;

    private static Splits shapes() {
        Dataset none = Dataset.empty(new Shapes(1, 1, 16).classes());
        return new Splits(new Shapes(1, 64, 16), new Shapes(2, 16, 16), none, List.of());
    }

    private static Recipe recipe(String model, String... settings) {
        var all = new java.util.ArrayList<>(List.of("input.size=16", "input.channels=3", "epochs=2", "batch=16"));
        all.addAll(List.of(settings));
        return RecipeFile.with(Recipe.of(model), all);
    }

    private TrainingRun.Result run(Recipe recipe, String name) {
        return TrainingRun.start(recipe, shapes(), RunSettings.in(folder, name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                FLOW,
                "dit patch=4 width=16 depth=2 heads=2",
                "dcgan width=8",
                "dcgan width=8 spectral=1",
                "tutorial-gan"
            })
    void trainsWithPicturesOfEveryEpochAndMakesTheSameFromTheSameSeed(String model) {
        var run = run(recipe(model), "run");
        assertThat(run.folder().resolve("report.html")).isNotEmptyFile();
        assertThat(run.folder().resolve("samples/epoch-001.png")).isNotEmptyFile();
        assertThat(run.folder().resolve("samples/epochs.gif")).isNotEmptyFile();
        var generator = Generator.load(run.folder());
        var request = new Generator.Request(3).withSeed(4);
        List<Image> made = generator.generate(request);
        assertThat(made)
                .hasSize(3)
                .allSatisfy(image -> assertThat(image.width()).isEqualTo(16));
        assertThat(generator.generate(request).get(2).pixels())
                .isEqualTo(made.get(2).pixels());
        assertThat(generator.generate(request.withSeed(5)).get(2).pixels())
                .isNotEqualTo(made.get(2).pixels());
        assertThat(generator.interpolate(request, 4)).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"logistic", "hinge", "wasserstein", "least_squares"})
    void everyContestTrainsWithPenaltiesAndAugmentation(String contest) {
        var run = run(
                recipe(
                        "dcgan width=8",
                        "task.contest=" + contest,
                        "task.gradientPenalty=1",
                        "task.realPenalty=0.1",
                        "task.penaltyEvery=1",
                        "task.augment=true"),
                contest);
        assertThat(run.train()).containsKeys("discriminatorLoss", "discriminatorAccuracy", "spread");
        assertThat(run.train().get("discriminatorGradient")).isPositive();
        assertThat(run.train().get("generatorGradient")).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {FLOW, "dcgan width=8 spectral=1"})
    void aStoppedRunGoesOnBitIdentical(String model) throws IOException {
        Recipe recipe = recipe(model);
        var whole = run(recipe, "whole");
        var steps = new AtomicInteger();
        var part = TrainingRun.start(
                recipe, shapes(), RunSettings.in(folder, "part").withStop(() -> steps.incrementAndGet() == 2));
        TrainingRun.resume(part.folder(), shapes(), RunSettings.in(folder, "part"), 0);
        assertThat(Files.readAllBytes(part.folder().resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.folder().resolve("model/model.safetensors")));
    }

    @Test
    void inpaintingLeavesTheRestOfThePictureAlone() {
        var generator = Generator.load(run(recipe(FLOW), "inpaint").folder());
        Image image = shapes().train().image(0);
        byte[] mask = new byte[256];
        Arrays.fill(mask, 0, 128, (byte) 255);
        Image made = generator
                .inpaint(image, new Image(16, 16, 1, mask), new Generator.Request(2))
                .get(1);
        byte[] before = Arrays.copyOfRange(image.pixels(), 128 * 3, 256 * 3);
        assertThat(Arrays.copyOfRange(made.pixels(), 128 * 3, 256 * 3)).isEqualTo(before);
        assertThat(Arrays.copyOf(made.pixels(), 128 * 3)).isNotEqualTo(Arrays.copyOf(image.pixels(), 128 * 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.inpaint(image, new Image(8, 8, 1, new byte[64]), new Generator.Request(1)))
                .withMessage("inpaint: the mask has 8x8 pixels, the picture 16x16");
        assertThat(generator.vary(image, 0.5, new Generator.Request(2))).hasSize(2);
    }

    @Test
    void pixelsAreWrittenWithoutATokenizer() throws IOException {
        var run = run(
                recipe("pixel-transformer levels=4 width=16 depth=2 heads=2", "input.channels=1", "input.size=8"),
                "pixels");
        assertThat(run.validation().get("bitsPerDimension")).isBetween(0.1, 2.1);
        var generator = Generator.load(run.folder());
        Image picture = generator.generate(new Generator.Request(1)).get(0);
        Image other = generator
                .complete(picture, 0.5, new Generator.Request(1).withSeed(3))
                .get(0);
        assertThat(Arrays.copyOf(other.pixels(), 32)).isEqualTo(Arrays.copyOf(picture.pixels(), 32));
        assertThat(Arrays.stream(new int[] {0, 85, 170, 255}).boxed().toList()).contains(picture.pixels()[5] & 0xFF);
    }

    @Test
    void tokensAreLearnedFromATrainedTokenizerAndCompletePictures() throws IOException {
        var tokenizer = run(recipe("vq-vae base=8 codes=16 code=4"), "tokenizer");
        String model = "token-transformer base=8 codes=16 code=4 width=16 depth=2 heads=2";
        Recipe recipe = recipe(model, "task.tokenizer=" + tokenizer.folder(), "schedule.warmup=0");
        var run = run(recipe, "tokens");
        assertThat(run.validation()).containsKeys("loss", "accuracy", "tokenBitsPerDimension");
        assertThat(run.folder().resolve("attention.png")).isNotEmptyFile();
        var generator = Generator.load(run.folder());
        assertThat(generator.generate(new Generator.Request(2))).hasSize(2);
        Image image = shapes().train().image(0);
        Image made = generator.complete(image, 0.5, new Generator.Request(1)).get(0);
        assertThat(Arrays.copyOf(made.pixels(), 16 * 8 * 3)).isEqualTo(Arrays.copyOf(image.pixels(), 16 * 8 * 3));
        var steps = new AtomicInteger();
        var part = TrainingRun.start(
                recipe, shapes(), RunSettings.in(folder, "part").withStop(() -> steps.incrementAndGet() == 2));
        TrainingRun.resume(part.folder(), shapes(), RunSettings.in(folder, "part"), 0);
        assertThat(Files.readAllBytes(part.folder().resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(run.folder().resolve("model/model.safetensors")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(recipe(model), "none"))
                .withMessageContaining("task.tokenizer: name a run of vq-vae");
    }

    @Test
    void picturesAreJudgedByAClassifiersFeatures() {
        var classifier = TrainingRun.start(
                RecipeFile.with(
                        Recipe.of("conv 8 3, relu, maxpool 2, flatten, dense classes"),
                        List.of("input.size=16", "epochs=1", "batch=16")),
                shapes(),
                RunSettings.in(folder, "judge"));
        var generator = Generator.load(run(recipe("dcgan width=8"), "judged").folder());
        var score = GenerationScore.of(
                generator, new Generator.Request(30), Classifier.load(classifier.folder()), shapes().validation());
        assertThat(score.samples()).isEqualTo(30);
        assertThat(score.metrics()).containsKeys("fid", "kid", "precision", "recall", "coverage", "readAsAsked");
        assertThat(score.metrics().get("fid")).isPositive();
        assertThat(score.metrics().get("coverage")).isBetween(0.0, 1.0);
        var student = RecipeFile.with(
                Recipe.of("conv 8 3, relu, maxpool 2, flatten, dense classes"), List.of("input.size=16", "epochs=1"));
        var taught = GenerationScore.of(
                generator,
                new Generator.Request(30),
                Classifier.load(classifier.folder()),
                shapes().validation(),
                student);
        assertThat(taught.metrics().get("fid")).isEqualTo(score.metrics().get("fid"));
        assertThat(taught.metrics().get("accuracyScore")).isBetween(0.0, 1.0);
        var untold = Generator.load(run(recipe("vae code=4 width=8"), "untold").folder());
        assertThat(GenerationScore.of(
                                untold,
                                new Generator.Request(30),
                                Classifier.load(classifier.folder()),
                                shapes().validation())
                        .metrics())
                .as("what was asked for of a model that knows no classes")
                .doesNotContainKey("readAsAsked");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GenerationScore.of(
                        untold,
                        new Generator.Request(30),
                        Classifier.load(classifier.folder()),
                        shapes().validation(),
                        student))
                .withMessageContaining("was never told the classes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GenerationScore.of(
                        Generator.load(run(recipe("dcgan width=8"), "told").folder()),
                        new Generator.Request(30),
                        Classifier.load(classifier.folder()),
                        shapes().validation(),
                        Recipe.of("dcgan")))
                .withMessage("student: 'dcgan' is for adversarial, expected a model or recipe for classification");
    }

    @Test
    void inceptionWithWeightsOfAFileJudgesWithoutClasses() {
        Path file = folder.resolve("inception.safetensors");
        try (var scope = new Scope()) {
            var tensors = new LinkedHashMap<>(
                    Models.create("inception-v3", 3, 299, 299, 1000).state().tensors());
            tensors.put("AuxLogits.fc.weight", Tensor.zeros(2, 2));
            Safetensors.write(file, tensors, Map.of());
        }
        var generator = Generator.load(run(recipe("dcgan width=8"), "seen").folder());
        var judge = Classifier.inception(file, "cpu");
        var score = GenerationScore.of(
                generator,
                new Generator.Request(6),
                judge,
                Subset.first(shapes(), 6).train());
        assertThat(score.features()).isEqualTo("inception-v3");
        assertThat(score.metrics()).containsOnlyKeys("fid", "kid", "precision", "recall");
        assertThat(score.metrics().get("fid")).isPositive();
        Path another = folder.resolve("another.safetensors");
        try (var scope = new Scope()) {
            Safetensors.write(another, Map.of("fc.weight", Tensor.zeros(2, 2)), Map.of());
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classifier.inception(another, "cpu"))
                .withMessageStartingWith(another + ": weights do not fit");
    }

    @Test
    void aJudgeOfWhatMakesNoPicturesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingRun.start(
                        recipe("conv-autoencoder code=4 width=8"),
                        shapes(),
                        RunSettings.in(folder, "none").withJudges(List.of(folder))))
                .withMessageContaining("for reconstruction, makes no pictures to judge");
        assertThat(folder.resolve("none-1")).doesNotExist();
    }

    @Test
    void aJudgeFollowsTheEpochs() throws IOException {
        var judge = TrainingRun.start(
                RecipeFile.with(
                        Recipe.of("conv 8 3, relu, maxpool 2, flatten, dense classes"),
                        List.of("input.size=16", "epochs=1", "batch=16")),
                shapes(),
                RunSettings.in(folder, "judge"));
        var judged = TrainingRun.start(
                recipe("dcgan width=8"),
                shapes(),
                RunSettings.in(folder, "judged").withJudges(List.of(judge.folder())));
        List<String> rows = Files.readAllLines(judged.folder().resolve("generated.csv"));
        assertThat(rows).hasSize(3);
        assertThat(rows.get(0)).startsWith("epoch,fid,kid");
        assertThat(judged.folder().resolve("generated-fid.png")).isNotEmptyFile();
        assertThat(judged.folder().resolve("log.txt")).content().contains("classes covered");
        var alone = run(recipe("dcgan width=8"), "alone");
        assertThat(Files.readAllBytes(judged.folder().resolve("model/model.safetensors")))
                .as("a judge only watches")
                .isEqualTo(Files.readAllBytes(alone.folder().resolve("model/model.safetensors")));
        TrainingRun.resume(
                judged.folder(), shapes(), RunSettings.in(folder, "judged").withJudges(List.of(judge.folder())), 3);
        List<String> more = Files.readAllLines(judged.folder().resolve("generated.csv"));
        assertThat(more).as("epochs before the run went on are kept").startsWith(rows.toArray(String[]::new));
        assertThat(more).hasSize(4);
        Path trend = judged.folder().resolve("generated.csv");
        Files.writeString(trend, more.get(0) + "\n" + more.get(1).replaceFirst(",", ",much"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GenerationTrend.recorded(new RunFolder(judged.folder())))
                .withMessageContaining("generated.csv: not as it was written")
                .withMessageContaining("Delete it");
    }

    @Test
    void theReportSaysWhatWasNoticedOnceForEachKind() {
        var objective = new Contesting(
                new Task.Adversarial(Task.Contest.LOGISTIC, 0, 1, 1, false),
                4,
                new Pixels(Preprocess.of(16, 16, 3), Device.of("cpu")));
        var history = new History(List.of(
                Map.of("epoch", 1.0, "train_discriminatorAccuracy", 0.999),
                Map.of("epoch", 2.0, "train_discriminatorAccuracy", 0.998),
                Map.of("epoch", 3.0, "train_discriminatorAccuracy", 0.8, "train_spread", 0.1)));
        assertThat(GeneratorLearner.remarks(objective, history))
                .satisfiesExactly(
                        wins -> assertThat(wins)
                                .startsWith("Last in epoch 2: the discriminator wins (it is right 99.8 %"),
                        alike -> assertThat(alike).startsWith("Last in epoch 3: the generator collapses"));
    }

    @Test
    void saysWhatItCannotDo() {
        var generator = Generator.load(run(recipe("dcgan width=8"), "cannot").folder());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.generate(new Generator.Request(1).withLabel("zebra")))
                .withMessageContaining("zebra");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Generator.Request(0))
                .withMessage("generate: the number of pictures must be 1 to 10000000, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.vary(shapes().train().image(0), 0.5, new Generator.Request(1)))
                .withMessage("vary: needs a diffusion network, this model is for adversarial");
    }

    @Test
    void aWinningDiscriminatorAndACollapseAreSaid() {
        var contest = new Contesting(
                new Task.Adversarial(Task.Contest.LOGISTIC, 0, 0, 1, false),
                10,
                new Pixels(dev.fovea.data.Preprocess.of(16, 16, 3), Device.CPU));
        assertThat(contest.remarks(Map.of("discriminatorAccuracy", 0.7, "spread", 0.9)))
                .isEmpty();
        assertThat(contest.remarks(Map.of("discriminatorAccuracy", 0.999, "spread", 0.1)))
                .satisfiesExactly(
                        text -> assertThat(text).contains("discriminator wins", "task.realPenalty=1"),
                        text -> assertThat(text).contains("collapses", "10 %"));
    }
}
