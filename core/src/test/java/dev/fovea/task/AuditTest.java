package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Dataset;
import dev.fovea.data.Folds;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.run.Finding;
import dev.fovea.train.InputSize;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {

    private static final List<String> CLASSES = List.of("dark", "light");

    @TempDir
    Path folder;

    /** Noise around 60 or 190; of the first {@code wrong} of each class the label is the other. */
    private static Dataset data(int count, int wrong) {
        var random = new SplittableRandom(3);
        var images = new ArrayList<Image>();
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            byte[] pixels = new byte[64];
            for (int p = 0; p < pixels.length; p++) {
                pixels[p] = (byte) ((i % 2 == 0 ? 30 : 160) + random.nextInt(60));
            }
            images.add(new Image(8, 8, 1, pixels));
            labels[i] = i < 2 * wrong ? 1 - i % 2 : i % 2;
        }
        return Dataset.of(images, CLASSES, labels);
    }

    private static Splits splits(Dataset all) {
        return Splits.trainOnly(all, List.of());
    }

    /** Knows the truth, by the light of an image, in nine of ten cases. */
    private static final class Light implements OutOfFold {
        @Override
        public String method() {
            return "light";
        }

        @Override
        public Predictions predict(Dataset data, Folds folds, Consumer<String> say) {
            List<float[]> shares = IntStream.range(0, data.size())
                    .mapToObj(i -> (data.image(i).pixels()[0] & 255) < 128
                            ? new float[] {0.9f, 0.1f}
                            : new float[] {0.2f, 0.8f})
                    .toList();
            return new Predictions(shares, List.of(), List.of("predicted"));
        }
    }

    private static Audit.Settings settings(double flips) {
        return new Audit.Settings(new Light(), 4, 0, flips);
    }

    private static Dataset images(int dark, int light, int different) {
        var images = new ArrayList<Image>();
        int[] labels = new int[dark + light];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i < dark ? 0 : 1;
            images.add(new Image(2, 1, 1, new byte[] {(byte) labels[i], (byte) (i % different)}));
        }
        return Dataset.of(images, CLASSES, labels);
    }

    @Test
    void oneImageBesideALargeClassLeavesLabelsUnchecked() {
        Audit audit = Audit.of(splits(images(30, 1, 50)), settings(0), text -> {});
        assertThat(audit.remarks()).contains("labels cannot be checked, as only one class has more than one image");
        assertThat(audit.of(Finding.Kind.LABEL)).isEmpty();
    }

    @Test
    void copiesAreListedWhereTooFewImagesDifferToCheckLabels() {
        Audit audit = Audit.of(splits(images(8, 8, 2)), settings(0), text -> {});
        assertThat(audit.remarks()).contains("4 different images are too few to check labels in 4 folds");
        assertThat(audit.of(Finding.Kind.DUPLICATE)).hasSize(12);
    }

    @Test
    void theUsualNetworkIsChosenByTheFirstImageThatCanBeRead() throws IOException {
        for (String name : List.of("a/2", "b/1")) {
            Path file = folder.resolve(name + ".png");
            Files.createDirectories(file.getParent());
            Image.write(file, new Image(8, 8, 1, new byte[64]));
        }
        Files.writeString(folder.resolve("a/1.png"), "<!DOCTYPE html>");
        Dataset data = dev.fovea.data.Data.open(folder.toString(), dev.fovea.data.Data.Options.of())
                .train();
        assertThat(OutOfFold.usual(data).model()).isEqualTo("cifar-cnn");
    }

    @Test
    void wrongLabelsAreFoundWithTheLabelTheyShouldHave() {
        Audit audit = Audit.of(splits(data(40, 3)), settings(0), text -> {});
        assertThat(audit.of(Finding.Kind.LABEL))
                .hasSize(6)
                .extracting(Finding::path)
                .containsExactlyInAnyOrder("image #0", "image #1", "image #2", "image #3", "image #4", "image #5");
        Finding first = audit.of(Finding.Kind.LABEL).get(0);
        assertThat(first.given()).isEqualTo("light");
        assertThat(first.proposed()).isEqualTo("dark");
        assertThat(first.score()).isCloseTo(0.8, within(1e-6));
        assertThat(audit.joint().orElseThrow().wrong()).isCloseTo(6 / 40.0, within(1e-6));
        assertThat(audit.joint().orElseThrow().agreement()).isCloseTo(34 / 40.0, within(1e-6));
        assertThat(audit.remarks()).containsExactly("predicted");
        assertThat(audit.check()).isEmpty();
    }

    @Test
    void aCheckChangesLabelsAndCountsThoseThatAreFound() {
        Dataset all = data(200, 0);
        Audit audit = Audit.of(splits(all), settings(0.2), text -> {});
        Audit.Check check = audit.check().orElseThrow();
        assertThat(check.flipped()).isBetween(25, 55);
        assertThat(check.recall()).isEqualTo(1);
        assertThat(check.precision()).isEqualTo(1);
        assertThat(all.counts()).containsExactly(100, 100);
        assertThat(new Audit.Check(10, 8, 16).recall()).isEqualTo(0.8);
        assertThat(new Audit.Check(10, 8, 16).precision()).isEqualTo(0.5);
    }

    @Test
    void ofOneClassAllButLabelsIsLookedAt() {
        Dataset one = data(20, 0)
                .subset(IntStream.range(0, 20).filter(i -> i % 2 == 0).toArray());
        Audit audit = Audit.of(splits(one.and(one.subset(0))), settings(0), text -> {});
        assertThat(audit.remarks()).contains("there is 1 class ('dark'), so that labels cannot be checked");
        assertThat(audit.joint()).isEmpty();
        assertThat(audit.of(Finding.Kind.DUPLICATE)).hasSize(1);
        assertThat(audit.method()).isEqualTo("labels not checked");
    }

    @Test
    void anImageThatIsAloneInItsClassIsNotPredictions() {
        Dataset all = data(40, 0);
        List<String> classes = List.of("dark", "light", "lighter");
        Dataset alone = Dataset.of(
                IntStream.range(0, 40).mapToObj(all::image).toList(),
                classes,
                IntStream.range(0, 40).map(i -> i % 2 == 0 ? 0 : i == 1 ? 1 : 2).toArray());
        OutOfFold wrong = new OutOfFold() {
            @Override
            public String method() {
                return "always dark";
            }

            @Override
            public Predictions predict(Dataset data, Folds folds, Consumer<String> say) {
                return new Predictions(
                        IntStream.range(0, data.size())
                                .mapToObj(i -> data.label(i) == 2 ? new float[] {0, 0, 1} : new float[] {0.9f, 0.1f, 0})
                                .toList(),
                        List.of(),
                        List.of());
            }
        };
        Audit audit = Audit.of(splits(alone), new Audit.Settings(wrong, 4, 0, 0), text -> {});
        assertThat(audit.of(Finding.Kind.LABEL)).isEmpty();
        assertThat(audit.remarks())
                .contains(
                        "of 'light' there is one image, whose label cannot be checked: what is learned on the others does not know it");
    }

    @Test
    void aPoorJudgeIsToldOf() {
        Audit audit = Audit.of(splits(data(40, 8)), settings(0), text -> {});
        assertThat(audit.remarks())
                .anySatisfy(text -> assertThat(text)
                        .startsWith("the classifiers that check the labels give only 60 % of the images their label"));
    }

    @Test
    void aTrainedNetworkFindsWrongLabelsByWhatItLearnedOnOtherImages() {
        var said = new ArrayList<String>();
        var recipe = Tasks.ALL
                .recipe("flatten, dense classes")
                .withEpochs(12)
                .withBatch(8)
                .withInput(new Recipe.Input(InputSize.square(8), 1, 1, ResizePolicy.STRETCH, Recipe.Normalize.DATA));
        Audit audit = Audit.of(
                splits(data(60, 3)), new Audit.Settings(OutOfFold.training(recipe, "cpu"), 3, 0, 0), said::add);
        assertThat(audit.of(Finding.Kind.LABEL))
                .extracting(Finding::path)
                .contains("image #0", "image #1", "image #2", "image #3", "image #4", "image #5")
                .hasSizeLessThan(9);
        assertThat(said)
                .first()
                .isEqualTo("labels: 3 trainings of flatten, dense classes, trained for 12 epochs, one for each fold");
        assertThat(said).anySatisfy(text -> assertThat(text).matches("an epoch takes .* s, all folds about .* s"));
    }

    @Test
    void trainingsOfTheFoldsAreWatchedAndStopped() {
        var recipe = Tasks.ALL
                .recipe("flatten, dense classes")
                .withEpochs(2)
                .withBatch(8)
                .withInput(new Recipe.Input(InputSize.square(8), 1, 1, ResizePolicy.STRETCH, Recipe.Normalize.DATA));
        var far = new ArrayList<Long>();
        var stopped = new AtomicBoolean();
        var training = OutOfFold.training(recipe, "cpu", stopped::get, (done, all) -> {
            assertThat(all).isEqualTo(6);
            far.add(done);
            stopped.set(done == 3);
        });
        var settings = new Audit.Settings(training, 3, 0, 0);
        assertThatIllegalStateException()
                .isThrownBy(() -> Audit.of(splits(data(60, 3)), settings, said -> {
                    if (stopped.get()) {
                        throw new IllegalStateException("stopped");
                    }
                }));
        assertThat(far).containsExactly(1L, 2L, 3L);
    }

    @Test
    void writesAPageAndAList() throws IOException {
        Audit.of(splits(data(40, 3)), settings(0), text -> {}).write(folder.resolve("out"), Map.of("data", "noise"));
        assertThat(Files.readAllLines(folder.resolve("out/findings.csv")))
                .hasSizeGreaterThanOrEqualTo(7)
                .first()
                .isEqualTo("path,part,finding,score,given,proposed,action,other");
        assertThat(folder.resolve("out/label.png")).exists();
        assertThat(Files.readString(folder.resolve("out/audit.html")))
                .contains("Audit of the data", "Labels that are probably wrong", "15.0 %")
                .doesNotContain("<h2>Recipe</h2>", "<h2>Environment");
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Audit.Settings(new Light(), 1, 0, 0))
                .withMessage("folds: expected 2 or more, got 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(20))
                .withMessage("check: expected a share of labels to change, 0 to 0.9, got 20.0");
    }
}
