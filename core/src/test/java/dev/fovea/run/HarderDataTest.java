package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.LabelNoise;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that is made uneven or mislabelled on purpose. */
class HarderDataTest {

    private static Splits shapes(int images) {
        return Splits.trainOnly(new Shapes(1, images, 16), List.of());
    }

    @Test
    void aLongTailFallsExponentiallyFromTheFirstClassToTheLast() {
        Splits even = shapes(1000);
        int most = IntStream.of(even.train().counts()).max().orElseThrow();
        Dataset tail = Subset.longTailed(even, 100, 3).train();
        int[] expected = IntStream.range(0, 10)
                .map(c -> Math.min(even.train().counts()[c], (int) Math.max(1, most * Math.pow(100, -c / 9.0))))
                .toArray();
        assertThat(tail.counts()).containsExactly(expected);
        assertThat(Subset.longTailed(even, 100, 3).train().name(5)).isEqualTo(tail.name(5));
    }

    @Test
    void fewImagesOfEachClassNeedOneClassEach() {
        var boxes = new Shapes(1, 20, 16, Shapes.Annotation.BOXES);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Subset.few(Splits.trainOnly(boxes, List.of()), 2, 0))
                .withMessageStartingWith("a number of images of each class can be taken of images with one class each");
    }

    @Test
    void whatARunKeepsOfItsDataStaysWhateverIsTakenOfIt() {
        Splits plain = shapes(60);
        Map<String, String> kept = Map.of("corrections.csv", "a list");
        var all = new Splits(plain.train(), plain.train(), plain.test(), List.of(), kept);
        List<String> classes = all.train().classes();
        for (Splits taken : List.of(
                Subset.ofClasses(all, classes.subList(0, 3)),
                Subset.few(all, 2, 0),
                Subset.longTailed(all, 10, 0),
                Subset.withMore(all, new Shapes(2, 20, 16), 0, 0),
                Subset.first(all, 10),
                Classes.matched(all),
                LabelNoise.symmetric(all, 0.1, 1))) {
            assertThat(taken.files()).containsAllEntriesOf(kept);
        }
    }

    @Test
    void symmetricNoiseGivesAShareOfTheImagesAnotherLabelAndListsThem() {
        Splits clean = shapes(500);
        Splits noisy = LabelNoise.symmetric(clean, 0.2, 7);
        int[] wrong = IntStream.range(0, 500)
                .filter(i -> noisy.train().label(i) != clean.train().label(i))
                .toArray();
        assertThat(wrong).hasSize(100);
        List<String> rows = noisy.files().get(LabelNoise.FILE).lines().toList();
        assertThat(rows).hasSize(101).startsWith("name,true,given");
        List<String> classes = clean.train().classes();
        assertThat(rows.get(1))
                .isEqualTo(
                        "%s,%s,%s",
                        clean.train().name(wrong[0]),
                        classes.get(clean.train().label(wrong[0])),
                        classes.get(noisy.train().label(wrong[0])));
        assertThat(IntStream.of(wrong).map(noisy.train()::label).distinct().count())
                .as("any class may be given")
                .isEqualTo(10);
        assertThat(noisy.train().stratum(wrong[0])).isEqualTo(noisy.train().label(wrong[0]));
        assertThat(LabelNoise.symmetric(clean, 0.2, 7).files()).isEqualTo(noisy.files());
        assertThat(LabelNoise.symmetric(clean, 0.2, 8).files()).isNotEqualTo(noisy.files());
        assertThat(noisy.notes())
                .containsExactly(
                        "100 of 500 training images have a wrong label on purpose, listed in flipped-labels.csv");
    }

    @Test
    void aRunKeepsTheListOfWrongLabelsAndWhatWasAskedFor(@TempDir Path folder) throws IOException {
        var request = DataRequest.of("shapes").withFaults(10, 0.1);
        var recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe("conv 4 3, relu, maxpool 4, flatten, dense classes"),
                        List.of("input.size=16", "epochs=1", "batch=100"));
        Splits splits = Subset.few(LabelNoise.symmetric(shapes(200), 0.1, 1), 20, 1);
        Path plain =
                Tasks.ALL.train(recipe, splits, RunSettings.in(folder, "plain")).folder();
        assertThat(plain.resolve(LabelNoise.FILE))
                .as("a part of the data lists nothing")
                .doesNotExist();
        Path run = Tasks.ALL
                .train(
                        recipe,
                        LabelNoise.symmetric(shapes(200), 0.1, 1),
                        RunSettings.in(folder, "noisy").withData(request))
                .folder();
        assertThat(Files.readAllLines(run.resolve(LabelNoise.FILE))).hasSize(21);
        assertThat(RunFacts.read(run).orElseThrow().asked().data()).isEqualTo(request);
        assertThat(request.options()).containsEntry("imbalance", 10.0).containsEntry("labelNoise", 0.1);
        assertThat(DataRequest.of("shapes").options()).isEmpty();
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataRequest.of("shapes").withFaults(0.5, 0))
                .withMessage(
                        "imbalance: the largest class has at least as many images as the smallest, expected 1 or more, got 0.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataRequest.of("shapes").withFaults(0, 1))
                .withMessage("label noise: a share of the training images from 0 to below 1 can be wrong, got 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataRequest.of("shapes").withFaults(10, 0).open(Tasks.ALL.recipe("vae")))
                .withMessage(
                        "imbalance and label noise are about classes, which task variational does not learn. Leave them out");
    }
}
