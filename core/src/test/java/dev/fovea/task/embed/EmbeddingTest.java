package dev.fovea.task.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.WrittenReport;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.io.Safetensors;
import dev.fovea.models.Models;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Subset;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddingTest {

    private static final String NET = "embedding(cifar-cnn) pool=2";

    @TempDir
    private Path folder;

    /** People are patterns of 4 x 4 grey fields; their images differ in brightness and noise. */
    private static Dataset people(int from, int count, int each) {
        var images = new ArrayList<Image>();
        int[] labels = new int[count * each];
        for (int p = 0; p < count; p++) {
            var face = new Random(1000 + from + p);
            int[] fields =
                    IntStream.range(0, 16).map(i -> 30 + face.nextInt(150)).toArray();
            for (int k = 0; k < each; k++) {
                var noise = new Random(77L * (from + p) + k);
                int light = noise.nextInt(40) - 20;
                var pixels = new byte[24 * 24];
                for (int i = 0; i < pixels.length; i++) {
                    int field = i / 24 / 6 * 4 + i % 24 / 6;
                    pixels[i] = (byte) Math.max(0, Math.min(255, fields[field] + light + noise.nextInt(30)));
                }
                labels[images.size()] = p;
                images.add(new Image(24, 24, 1, pixels));
            }
        }
        List<String> names =
                IntStream.range(0, count).mapToObj(p -> "p" + (from + p)).toList();
        return Dataset.of(images, names, labels);
    }

    private static Splits data(Dataset all) {
        return Splits.trainOnly(all, List.of());
    }

    private static Recipe recipe(String... settings) {
        var all = new ArrayList<>(List.of(
                "input.size=24",
                "input.channels=1",
                "epochs=5",
                "batch=16",
                "precision=fp32",
                "seed=3",
                "task.dimensions=16"));
        all.addAll(List.of(settings));
        return Tasks.ALL.recipes().of(NET, all);
    }

    @ParameterizedTest
    @EnumSource
    void tellsPeopleApartWhomItNeverSaw(Embedding.Loss loss) {
        var run = Tasks.ALL.train(
                recipe("task.loss=" + loss.name().toLowerCase(Locale.ROOT)),
                data(people(0, 20, 6)),
                RunSettings.in(folder, "run"));
        assertThat(run.validation().get("rank1")).isGreaterThan(0.8);
        assertThat(run.validation().get("eer")).isLessThan(0.25);
        assertThat(run.history().get(0)).containsKey("validation_auroc");

        var embedder = Embedder.load(run.folder());
        Dataset others = people(500, 6, 6);
        EmbeddingEvaluation evaluation = embedder.evaluate(others);
        assertThat(evaluation.metrics().get("rank1")).isGreaterThan(0.8);
        float[] embedding = embedder.embed(others.image(0));
        assertThat(embedding).hasSize(16);
        assertThat(Embedder.similarity(embedding, embedding)).isCloseTo(1, within(1e-5));
        assertThat(evaluation.embeddings().get(0)).containsExactly(embedding, within(1e-4f));
        Verdict verdict = embedder.verify(others.image(0), others.image(1));
        assertThat(verdict.threshold()).isEqualTo(embedder.threshold().orElseThrow());
        assertThat(verdict.same()).isEqualTo(verdict.similarity() >= verdict.threshold());
        assertThat(embedder.withThreshold(-1)
                        .verify(others.image(0), others.image(30))
                        .same())
                .isTrue();
        assertThat(embedder.predict(others.image(0)).values().toString()).startsWith("{embedding=[");
    }

    @Test
    void theIdentitiesHeldOutAreNotTrainedOn() {
        Splits split = EmbeddingType.TYPE.heldOut(
                EmbeddingType.TYPE.checked(data(people(0, 20, 3))), recipe("selection.validation=0.25"));
        assertThat(split.validation().classes())
                .hasSize(5)
                .doesNotContainAnyElementsOf(split.train().classes());
        assertThat(split.train().classes()).hasSize(15);
        assertThat(split.train().size()).isEqualTo(45);
        assertThat(split.validation().size()).isEqualTo(15);
        Splits again = EmbeddingType.TYPE.heldOut(
                EmbeddingType.TYPE.checked(data(people(0, 20, 3))), recipe("selection.validation=0.25"));
        assertThat(again.validation().classes()).isEqualTo(split.validation().classes());
    }

    @Test
    void heldOutImagesAreIdentifiedAmongThoseOfTheTraining() {
        var run = Tasks.ALL.train(
                recipe("task.heldOut=images", "selection.validation=0.5"),
                data(people(0, 8, 6)),
                RunSettings.in(folder, "run"));
        assertThat(run.validation().get("rank1")).isGreaterThan(0.8);
        assertThat(WrittenReport.of(
                        run.folder(), "roc", "similarities", "cmc", "nearest", "hardest-same", "hardest-different"))
                .contains("24 training images of 8 identities, 24 validation images of 8 of them");
    }

    @Test
    void centresServeTrainingAloneAndItGoesOnWithThem() {
        Splits data = data(people(0, 8, 4));
        var settings = RunSettings.in(folder, "run");
        Recipe short_ = recipe("epochs=1", "selection.keep=best", "schedule.type=constant");
        var first = Tasks.ALL.train(short_, data, settings);
        Path weights = first.folder().resolve("model/model.safetensors");
        assertThat(Safetensors.header(weights).entries().keySet()).noneMatch(name -> name.contains("centres"));
        Path last = first.folder().resolve("checkpoints/last.safetensors");
        assertThat(Safetensors.header(last).entries().keySet()).contains("net/centres.weight");
        var more = Tasks.ALL.resume(first.folder(), data, settings, List.of("epochs=2"));
        var whole = Tasks.ALL.train(
                recipe("epochs=2", "selection.keep=best", "schedule.type=constant"),
                data,
                RunSettings.in(folder, "whole"));
        assertThat(more.history().get(1).get("train_loss"))
                .isEqualTo(whole.history().get(1).get("train_loss"));
    }

    @Test
    void theReportShowsWhatIsConfused() {
        var run = Tasks.ALL.train(
                recipe("epochs=2", "task.loss=triplet"), data(people(0, 12, 5)), RunSettings.in(folder, "run"));
        assertThat(WrittenReport.of(
                        run.folder(), "roc", "similarities", "cmc", "nearest", "hardest-same", "hardest-different"))
                .contains("ROC", "Similarities", "Identification", "Nearest images", "Hard triplets")
                .contains("Most similar of two identities", "Least similar of one identity", "First training batch")
                .contains("TAR at FAR 0.01")
                .doesNotContain("is not in this report");
    }

    @Test
    void anIdentityOfOneImageIsSaidAndCannotBeVerified() {
        Dataset all = people(0, 6, 4);
        Dataset some = all.subset(IntStream.range(0, 21).toArray()); // the sixth has one
        var run = Tasks.ALL.train(recipe("epochs=1"), data(some), RunSettings.in(folder, "run"));
        var embedder = Embedder.load(run.folder());
        EmbeddingEvaluation evaluation = embedder.evaluate(some);
        assertThat(evaluation.identification().counted()).isEqualTo(20);
        assertThat(evaluation.pairs().verification().same()).hasSize(5 * 6);
        assertThat(evaluation.remarks(some))
                .singleElement()
                .asString()
                .startsWith("'p5' has one image: others can be mistaken for it");
    }

    @Test
    void withAGalleryOfAFewImagesTheOthersAreProbes() {
        Dataset all = people(0, 6, 4);
        var run = Tasks.ALL.train(recipe("epochs=1"), data(all), RunSettings.in(folder, "run"));
        var embedder = Embedder.load(run.folder());
        EmbeddingEvaluation evaluation = embedder.evaluate(all, 3);
        assertThat(evaluation.galleryImages()).isEqualTo(18);
        assertThat(evaluation.identification().ranks()).hasSize(6);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> embedder.evaluate(all, 4))
                .withMessage(
                        "a gallery of 4 images of each identity leaves none to be identified: the most that an identity has is 4");
    }

    @Test
    void fewIdentitiesCannotBeHeldOut() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Tasks.ALL.train(recipe(), data(people(0, 3, 4)), RunSettings.in(folder, "run")))
                .withMessageStartingWith("3 identities have two images or more, too few to hold some out");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Tasks.ALL.train(
                        recipe("task.loss=triplet", "selection.validation=0"),
                        data(people(0, 5, 1)),
                        RunSettings.in(folder, "run")))
                .withMessageStartingWith("no class has two images");
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe("task.loss=triplet", "task.imagesPerIdentity=1"))
                .withMessageContaining("task.imagesPerIdentity must be 2 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe("task.margin=2"))
                .withMessageContaining("task.margin must be 0 to 1.57 for task.loss=arcface");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create("embedding(cifar-cnn", 3, 32, 32, 8))
                .withMessageContaining("the bracket after embedding is not closed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create("embedding(cifar-cnn), dense 3", 3, 32, 32, 8))
                .withMessageContaining("expected a network in brackets and then options");
    }

    @Test
    void aLossBringsItsOwnMargin() {
        assertThat(((Embedding) recipe("task.loss=cosface").task()).margin()).isEqualTo(0.35);
        assertThat(((Embedding) recipe("task.loss=triplet").task()).imagesPerIdentity())
                .isEqualTo(4);
    }

    @Test
    void aModelWithoutPairsToChooseByHasNoThreshold() {
        var embedder = Embedder.train(NET, data(people(0, 4, 3)), recipe("epochs=1", "selection.validation=0"));
        assertThat(embedder.threshold()).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> embedder.verify(
                        people(0, 1, 1).image(0), people(0, 1, 1).image(0)))
                .withMessageContaining("has no threshold");
        embedder.save(folder.resolve("saved"));
        assertThat(Embedder.load(folder.resolve("saved")).embed(people(0, 1, 1).image(0)))
                .containsExactly(embedder.embed(people(0, 1, 1).image(0)), within(1e-6f));
    }

    @Test
    void overfitsEightImages() {
        Dataset eight = people(0, 2, 4);
        Splits same = Subset.first(new Splits(eight, eight, Dataset.empty(eight.classes()), List.of()), 8);
        Recipe overfit = Subset.overfit(recipe("batch=8"), 1);
        var run = Tasks.ALL.train(overfit, same, RunSettings.in(folder, "over").withOverfit(true));
        assertThat(run.validation().get("eer")).isZero();
    }
}
