package dev.fovea.task.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.Stripes;
import dev.fovea.data.Dataset;
import dev.fovea.data.DerivedDataset;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.run.FeatureExtractor;
import dev.fovea.run.RunSettings;
import dev.fovea.run.SavedNet;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import dev.fovea.train.InputSize;
import dev.fovea.train.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SelfSupervisedTest {

    private static final String NET =
            "conv 12 3 pad=same, relu, maxpool 2, conv 24 3, relu, maxpool 2, flatten, dense classes";

    @TempDir
    Path folder;

    private static Tensor wave(int k, long... shape) {
        return Golden.wave(k, 1, shape).to(DType.FLOAT32);
    }

    @ParameterizedTest
    @EnumSource
    void theLossIsThatOfThePaper(SelfSupervised.Method method) {
        double expected = Golden.read("learning.json")
                .get("views")
                .get(method.name().toLowerCase(Locale.ROOT))
                .asDouble();
        double loss = new TwoViewLoss(new SelfSupervised(method, 4, 0.2))
                .of(wave(0, 5, 4), wave(1, 5, 4))
                .item();
        assertThat(loss).isCloseTo(expected, within(1e-5 * expected));
    }

    private static Splits stripes() {
        var train = new Stripes(1, 360);
        return new Splits(train, new Stripes(2, 120), Dataset.empty(train.classes()), List.of());
    }

    private static Recipe recipe(String... settings) {
        Recipe start = Tasks.ALL.recipe(NET, SelfSupervised.WORD);
        return Tasks.ALL
                .recipes()
                .with(
                        start.withEpochs(4)
                                .withBatch(60)
                                .withInput(start.input().withSize(InputSize.square(16))),
                        List.of(settings));
    }

    @Test
    void theTwoViewsOfAnImageAreFoundAmongThoseOfOthers() throws Exception {
        var run = Tasks.ALL.train(recipe("epochs=12", "optimizer.lr=3e-3"), stripes(), RunSettings.in(folder, "run"));
        double first = run.history().get(0).get("train_loss");
        double last = run.history().get(11).get("train_loss");
        assertThat(first).as("59 others to choose from").isBetween(2.0, 4.5);
        assertThat(last).as("by chance it is log 59, that is 4.08").isLessThan(3.3);
        assertThat(run.validation().get("knnAccuracy"))
                .as("guessing is a sixth")
                .isGreaterThan(0.4);
        assertThat(Files.readString(run.folder().resolve("report.html"))).contains("Most similar images");
        assertThat(Tasks.ALL
                        .load(run.folder(), "cpu")
                        .evaluate(stripes().validation())
                        .metrics()
                        .get("knnAccuracy"))
                .as("a saved model is what was trained")
                .isEqualTo(run.validation().get("knnAccuracy"));
    }

    @Test
    void aClassifierStartsFromItWithAHeadOfItsOwn() {
        var run = Tasks.ALL.train(recipe("epochs=1"), stripes(), RunSettings.in(folder, "run"));
        Recipe classifier = Tasks.ALL
                .recipe(NET)
                .withEpochs(1)
                .withInput(new Recipe.Input(InputSize.square(16), 3, 1, ResizePolicy.STRETCH, Recipe.Normalize.DATA))
                .withFreeze("0.*", "3.*");
        var started = Tasks.ALL.train(
                classifier, stripes(), RunSettings.in(folder, "classes").withWeights(List.of(run.folder())));
        Dataset some = new Stripes(5, 6);
        assertThat(new FeatureExtractor(SavedNet.load(started.folder(), "cpu"))
                        .features(some)
                        .get(0))
                .containsExactly(
                        new FeatureExtractor(SavedNet.load(run.folder(), "cpu"))
                                .features(some)
                                .get(0),
                        within(1e-5f));
        assertThat(Classifier.load(started.folder()).classes()).isEqualTo(new Stripes(1, 1).classes());
    }

    @Test
    void theFiveNearestOthersVoteAndTheNearestDecidesATie() {
        var features = new ArrayList<float[]>();
        int[] labels = new int[12];
        for (int i = 0; i < 12; i++) {
            double angle = (i < 6 ? 0 : Math.PI / 2) + 0.01 * i;
            features.add(new float[] {(float) Math.cos(angle), (float) Math.sin(angle)});
            labels[i] = i < 6 ? 0 : 1;
        }
        assertThat(FeatureQuality.knnAccuracy(features, labels, 2)).isEqualTo(1.0);
        labels[0] = 1;
        assertThat(FeatureQuality.knnAccuracy(features, labels, 2)).isEqualTo(11 / 12.0);
        assertThat(FeatureQuality.knnAccuracy(features.subList(0, 3), new int[] {0, 1, 0}, 2))
                .as("each class has a vote of the first and the last: the nearest is that in the middle")
                .isZero();
    }

    @Test
    void viewsThatCannotBeComparedAreRefused() {
        for (String setting : List.of("input.augmentRepeats=1", "augment=[]", "batch=2")) {
            assertThatIllegalArgumentException()
                    .as(setting)
                    .isThrownBy(() -> Tasks.ALL.train(recipe(setting), stripes(), RunSettings.in(folder, "run")))
                    .withMessageContaining("it needs input.augmentRepeats=2, some augment and a batch of 4 or more");
        }
        assertThat(folder).isEmptyDirectory();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SelfSupervised(SelfSupervised.Method.CONTRASTIVE, 1, 0.2))
                .withMessageContaining("task.dimensions must be 2 to 8192");
    }

    @Test
    void imagesWithoutClassesAreEnough() {
        Dataset plain = new Unlabelled(new Stripes(1, 120));
        var run = Tasks.ALL.train(
                recipe("epochs=1"), Splits.trainOnly(plain, List.of()), RunSettings.in(folder, "plain"));
        assertThat(run.validation()).isEmpty();
        assertThat(IntStream.range(0, run.history().size())
                        .mapToDouble(i -> run.history().get(i).get("train_loss")))
                .allMatch(Double::isFinite);
    }

    /** One class for all. */
    private record Unlabelled(Dataset data) implements DerivedDataset {
        @Override
        public List<String> classes() {
            return List.of("images");
        }

        @Override
        public Target target(int index) {
            return new Target.Label(0);
        }
    }
}
