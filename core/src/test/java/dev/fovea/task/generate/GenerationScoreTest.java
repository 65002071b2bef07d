package dev.fovea.task.generate;

import static dev.fovea.task.generate.GeneratorRuns.recipe;
import static dev.fovea.task.generate.GeneratorRuns.run;
import static dev.fovea.task.generate.GeneratorRuns.shapes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.fovea.WrittenReport;
import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.engine.Device;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.io.Safetensors;
import dev.fovea.metrics.FeatureDistance;
import dev.fovea.models.Models;
import dev.fovea.run.FeatureExtractor;
import dev.fovea.run.History;
import dev.fovea.run.NearestImages;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Subset;
import dev.fovea.task.AccuracyScore;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import dev.fovea.train.Pixels;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationScoreTest {

    private static final String FLOW = "diffusion-unet width=16";

    @TempDir
    private Path folder;

    @Test
    void imagesAreEvaluatedByAClassifiersFeatures() {
        var classifier = Tasks.ALL.train(
                Tasks.ALL
                        .recipes()
                        .with(
                                Tasks.ALL.recipe("conv 8 3, relu, maxpool 2, flatten, dense classes"),
                                List.of("input.size=16", "epochs=1", "batch=16")),
                shapes(),
                RunSettings.in(folder, "classifier"));
        var features = FeatureExtractor.load(classifier.folder(), "cpu");
        var generator =
                Generator.load(run(folder, recipe("dcgan width=8"), "generator").folder());
        var score = GenerationScore.of(generator, new Generator.Request(30), features, shapes().validation());
        assertThat(score.samples()).isEqualTo(30);
        assertThat(score.metrics())
                .containsKeys(
                        "frechetDistance", "kernelDistance", "precision", "recall", "coverage", "classConsistency")
                .doesNotContainKeys("fid", "kid");
        realImagesScoreAsThemselves(classifier.folder(), features);
        assertThat(score.metrics().get("frechetDistance"))
                .as("farther than other real images")
                .isGreaterThan(FeatureDistance.frechet(
                        features.features(shapes().train()), features.features(shapes().validation())));
        var student = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe("conv 8 3, relu, maxpool 2, flatten, dense classes"),
                        List.of("input.size=16", "epochs=1"));
        double accuracyScore = AccuracyScore.of(
                generator, new Generator.Request(30), features.classes(), shapes().validation(), student);
        var made = GenerationScore.sample(generator, new Generator.Request(30), features.classes());
        var taught = Classifier.train(
                student.model(),
                Splits.trainOnly(Dataset.of(made.images(), features.classes(), made.asked()), List.of()),
                student);
        assertThat(accuracyScore)
                .as("of a classifier that saw generated images alone, on real ones")
                .isEqualTo(taught.evaluate(shapes().validation()).result().accuracy());
        var unconditional = Generator.load(
                run(folder, recipe("vae code=4 width=8"), "unconditional").folder());
        assertThat(GenerationScore.of(unconditional, new Generator.Request(30), features, shapes().validation())
                        .metrics())
                .as("what was asked for of a model that knows no classes")
                .doesNotContainKey("classConsistency");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AccuracyScore.of(
                        unconditional, new Generator.Request(30), features.classes(), shapes().validation(), student))
                .withMessageContaining("a class-conditional generator");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AccuracyScore.of(
                        Generator.load(run(folder, recipe("dcgan width=8"), "conditional")
                                .folder()),
                        new Generator.Request(30),
                        features.classes(),
                        shapes().validation(),
                        Tasks.ALL.recipe("dcgan")))
                .withMessage("the recipe is for adversarial, expected one for classification");
    }

    private void realImagesScoreAsThemselves(Path run, FeatureExtractor features) {
        Dataset real = shapes().train();
        var images = IntStream.range(0, 64).mapToObj(real::image).toList();
        int[] labels = IntStream.range(0, 64).map(real::label).toArray();
        var classified = Classifier.load(run).evaluate(real).result();
        var score = GenerationScore.of(images, labels, features, features.features(real));
        assertThat(score.metrics().get("frechetDistance")).isCloseTo(0, within(1e-3));
        assertThat(score.metrics()).containsEntry("precision", 1.0).containsEntry("recall", 1.0);
        assertThat(score.metrics().get("classConsistency")).isCloseTo(classified.accuracy(), within(1e-9));
    }

    @Test
    @Tag("slow")
    void inceptionWithWeightsOfAFileEvaluatesWithoutClasses() {
        Path file = folder.resolve("inception.safetensors");
        try (var scope = new Scope()) {
            var tensors = Models.create("inception_v3", 3, 299, 299, 1000)
                    .state()
                    .tensors(); // the auxiliary head's among them
            Safetensors.write(file, tensors, Map.of());
        }
        var generator =
                Generator.load(run(folder, recipe("dcgan width=8"), "seen").folder());
        var classifier = FeatureExtractor.inception(file, "cpu");
        var score = GenerationScore.of(
                generator,
                new Generator.Request(6),
                classifier,
                Subset.first(shapes(), 6).train());
        assertThat(score.features()).isEqualTo("inception_v3");
        assertThat(score.metrics()).containsOnlyKeys("fid", "kid", "precision", "recall");
        assertThat(score.metrics().get("fid"))
                .isCloseTo(
                        FeatureDistance.frechet(
                                classifier.features(Dataset.of(
                                        generator.generate(new Generator.Request(6)),
                                        List.of("generated"),
                                        new int[6])),
                                classifier.features(Subset.first(shapes(), 6).train())),
                        withinPercentage(0.1));
    }

    @Test
    void featuresOfNoClassifierAreRefused() {
        run(folder, recipe("dcgan width=8"), "seen");
        Path another = folder.resolve("another.safetensors");
        try (var scope = new Scope()) {
            Safetensors.write(another, Map.of("fc.weight", Tensor.zeros(2, 2)), Map.of());
        }
        Path notAClassifier = folder.resolve("seen-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FeatureExtractor.load(notAClassifier, "cpu"))
                .withMessage("%s: a model for adversarial, expected a classifier", notAClassifier.resolve("model"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FeatureExtractor.inception(another, "cpu"))
                .withMessageStartingWith(another + ": weights do not fit");
    }

    @Test
    void aClassifierForAModelThatGeneratesNoImagesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(
                        recipe("conv-autoencoder code=4 width=8"),
                        shapes(),
                        RunSettings.in(folder, "none").withClassifier(List.of(folder))))
                .withMessageContaining("for reconstruction, generates no images to evaluate");
        assertThat(folder.resolve("none-1")).doesNotExist();
    }

    @Test
    void aClassifierEvaluatesEveryEpoch() throws IOException {
        var classifier = Tasks.ALL.train(
                Tasks.ALL
                        .recipes()
                        .with(
                                Tasks.ALL.recipe("conv 8 3, relu, maxpool 2, flatten, dense classes"),
                                List.of("input.size=16", "epochs=1", "batch=16")),
                shapes(),
                RunSettings.in(folder, "classifier"));
        var generator = Tasks.ALL.train(
                recipe("dcgan width=8"),
                shapes(),
                RunSettings.in(folder, "generator").withClassifier(List.of(classifier.folder())));
        List<String> rows = Files.readAllLines(generator.folder().resolve("generated.csv"));
        assertThat(rows).hasSize(3);
        assertThat(rows.get(0)).startsWith("epoch,network,samples,reference,missing,frechetDistance,kernelDistance");
        assertThat(rows.get(1)).contains("conv 8 3, relu", ",2000,64,");
        WrittenReport.of(generator.folder(), "generated-frechet");
        assertThat(generator.folder().resolve("log.txt")).content().contains("classes covered");
        var alone = run(folder, recipe("dcgan width=8"), "alone");
        assertThat(Files.readAllBytes(generator.folder().resolve("model/model.safetensors")))
                .as("a classifier only watches")
                .isEqualTo(Files.readAllBytes(alone.folder().resolve("model/model.safetensors")));
        Tasks.ALL.resume(generator.folder(), shapes(), RunSettings.in(folder, "generator"), List.of("epochs=3"));
        List<String> more = Files.readAllLines(generator.folder().resolve("generated.csv"));
        assertThat(more).as("epochs before the run went on are kept").startsWith(rows.toArray(String[]::new));
        assertThat(more).hasSize(4);
        var another = Tasks.ALL.train(
                Tasks.ALL
                        .recipes()
                        .with(
                                Tasks.ALL.recipe("conv 4 3, relu, maxpool 2, flatten, dense classes"),
                                List.of("input.size=16", "epochs=1", "batch=16")),
                shapes(),
                RunSettings.in(folder, "another"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.resume(
                        generator.folder(),
                        shapes(),
                        RunSettings.in(folder, "generator").withClassifier(List.of(another.folder())),
                        List.of("epochs=4")))
                .withMessageContaining("earlier epochs of this run were evaluated with conv 8 3");
        Path trend = generator.folder().resolve("generated.csv");
        Files.writeString(trend, more.get(0) + "\n" + more.get(1).replaceFirst(",2000,", ",much,"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GenerationTrend.recorded(new RunFolder(generator.folder())))
                .withMessageContaining("generated.csv: not as it was written")
                .withMessageContaining("Delete it");
    }

    @Test
    void theReportSaysWhatWasNoticedOnceForEachKind() {
        var objective = new AdversarialObjective(
                new Adversarial(GanLoss.NON_SATURATING, 0, 1, 1, 1, false),
                4,
                new Pixels(Preprocess.of(16, 16, 3), Device.of("cpu")));
        var history = new History(List.of(
                Map.of("epoch", 1.0, "train_discriminatorAccuracy", 0.999),
                Map.of("epoch", 2.0, "train_discriminatorAccuracy", 0.998),
                Map.of("epoch", 3.0, "train_discriminatorAccuracy", 0.8, "train_intraClassDiversity", 0.1)));
        assertThat(GeneratorReport.remarks(objective, history))
                .satisfiesExactly(
                        wins -> assertThat(wins)
                                .startsWith("Last in epoch 2: the discriminator wins (its accuracy is 99.8 %"),
                        alike -> assertThat(alike).startsWith("Last in epoch 3: the generator collapses"));
    }

    @Test
    void theNearestTrainingImageOfACopyIsItself() {
        Splits data = shapes();
        Image copied = Preprocess.of(16, 16, 3).apply(data.train().image(41));
        byte[] changed = copied.pixels().clone();
        changed[0] ^= 16;
        var almost = new Image(16, 16, 3, changed);
        var nearest = new NearestImages(data.train(), Preprocess.of(16, 16, 3)).of(List.of(almost, copied));
        assertThat(nearest.get(0).index()).isEqualTo(41);
        assertThat(nearest.get(0).image().pixels()).isEqualTo(copied.pixels());
        assertThat(nearest.get(0).error())
                .as("one of 768 values, by 16 of 255")
                .isCloseTo(Math.pow(16 / 255.0, 2) / 768, within(1e-8));
        assertThat(nearest.get(1).error()).isZero();
    }

    @Test
    void imagesSpreadOverAllAreOfAllClassesEvenIfTheseComeInTurn() {
        int[] spread = Order.spread(10_000, 3000);
        assertThat(spread).isSorted().doesNotHaveDuplicates().hasSize(3000);
        int[] each = new int[10];
        Arrays.stream(spread).forEach(i -> each[i % 10]++);
        assertThat(Arrays.stream(each)).allSatisfy(count -> assertThat(count).isBetween(200, 400));
        assertThat(Order.spread(5, 10)).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aWinningDiscriminatorAndACollapseAreSaid() {
        var objective = new AdversarialObjective(
                new Adversarial(GanLoss.NON_SATURATING, 0, 0, 1, 1, false),
                10,
                new Pixels(dev.fovea.data.Preprocess.of(16, 16, 3), Device.CPU));
        assertThat(objective.remarks(Map.of("discriminatorAccuracy", 0.7, "intraClassDiversity", 0.9)))
                .isEmpty();
        assertThat(objective.remarks(Map.of("discriminatorAccuracy", 0.999, "intraClassDiversity", 0.1)))
                .satisfiesExactly(
                        text -> assertThat(text).contains("discriminator wins", "task.r1Penalty=1"),
                        text -> assertThat(text).contains("collapses", "10 %"));
    }
}
