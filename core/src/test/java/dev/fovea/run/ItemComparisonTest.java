package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ItemComparisonTest {

    @TempDir
    private Path folder;

    /** One folder a class, images from place {@code from} on. */
    private Path images(String name, int from, int to) throws IOException {
        var shapes = new Shapes(1, 40, 16);
        for (int i = from; i < to; i++) {
            String label = shapes.classes().get(shapes.label(i));
            Path place = Files.createDirectories(folder.resolve(name).resolve(label));
            Image.write(place.resolve(i + ".png"), shapes.image(i));
        }
        return folder.resolve(name);
    }

    private Path trained(String name, Path data, String model, String... changes) {
        Recipe recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe(model),
                        Stream.concat(
                                        Stream.of("input.size=16", "epochs=1", "batch=20", "precision=fp32"),
                                        Stream.of(changes))
                                .toList());
        DataRequest request = DataRequest.of(data.toString());
        return Tasks.ALL
                .train(
                        recipe,
                        request.open(recipe),
                        RunSettings.in(folder.resolve("runs"), name).withData(request))
                .folder();
    }

    private static final String NET = "conv 4 3, relu, maxpool 4, flatten, dense classes";

    private ItemComparison compared(List<Path> runs) {
        return ItemComparison.of(Tasks.ALL, runs, UnaryOperator.identity(), 1000, (done, of) -> {});
    }

    @Test
    void asksEveryModelAboutTheValidationImagesThatNoneWasTrainedOn() throws IOException {
        Path data = images("shapes", 0, 40);
        Path a = trained("a", data, NET, "selection.validation=0.5");
        Path b = trained("b", data, NET, "selection.validation=0.5", "optimizer.lr=0.03", "epochs=4");
        ItemComparison compared = compared(List.of(a, b));
        assertThat(compared.metric()).isEqualTo("accuracy");
        assertThat(compared.decides()).isTrue();
        assertThat(compared.items()).hasSize(20);
        assertThat(compared.remarks()).isEmpty();
        for (int run = 0; run < 2; run++) {
            int own = run;
            double accuracy = compared.items().stream()
                    .mapToDouble(item -> item.scores().get(own).value())
                    .average()
                    .orElseThrow();
            Map<String, Double> said = RunFacts.read(List.of(a, b).get(run))
                    .orElseThrow()
                    .outcome()
                    .metrics();
            assertThat(accuracy).isCloseTo(said.get("accuracy"), org.assertj.core.api.Assertions.within(1e-9));
        }
        ItemComparison.Item first = compared.items().get(0);
        assertThat(first.name()).contains("/" + first.target() + "/");
        assertThat(compared.image(0).pixels())
                .isEqualTo(Image.read(Path.of(first.name())).pixels());
        assertThat(compared.shown(0, 0)).as("a class has no place").isEmpty();
    }

    @Test
    void takesOnlyImagesThatAllRunsValidatedOn() throws IOException {
        Path data = images("shapes", 0, 40);
        Path a = trained("a", data, NET, "selection.validation=0.5");
        Path b = trained("b", data, NET, "selection.validation=0.5", "seed=9");
        int shared = compared(List.of(a, b)).items().size();
        assertThat(shared).isBetween(1, 19);
    }

    @Test
    void refusesRunsWithoutACommonImageAndOfOtherTasks() throws IOException {
        Path a = trained("a", images("first", 0, 20), NET, "selection.validation=0.5");
        Path b = trained("b", images("second", 20, 40), NET, "selection.validation=0.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compared(List.of(a, b)))
                .withMessageEndingWith(
                        "have no validation image in common. Train them on the same data, or with the same validation data");
        Path coder = trained("c", folder.resolve("first"), "conv-autoencoder", "selection.validation=0.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compared(List.of(a, coder)))
                .withMessageContaining("are of different tasks (accuracy and psnr image by image)");
        ItemComparison itself = compared(List.of(coder, coder));
        assertThat(itself.decides()).isFalse();
        assertThat(itself.chance()).isEmpty();
        assertThat(itself.items().get(0).target()).as("no label is asked for").isEmpty();
        assertThat(itself.items())
                .allSatisfy(item -> assertThat(item.scores().get(0).value())
                        .isEqualTo(item.scores().get(1).value())
                        .isPositive());
        assertThat(itself.shown(0, 0).orElseThrow().getWidth()).isEqualTo(16);
    }

    @Test
    void saysWhenTheDataIsNoLongerThatOfTheTraining() throws IOException {
        Path data = images("shapes", 0, 30);
        Path a = trained("a", data, NET, "selection.validation=0.5");
        images("shapes", 30, 40);
        assertThat(compared(List.of(a, a)).remarks())
                .containsExactly(
                        "a-1: its data has changed since it was trained, so that images may count to other parts now");
    }

    @Test
    void saysHowProbableADifferenceIsByChance() {
        // 2 (1 + 10 + 45) / 1024, as binomtest(2, 10) of scipy gives it
        assertThat(ItemComparison.chance(2, 8)).isCloseTo(0.109375, org.assertj.core.api.Assertions.within(1e-12));
        assertThat(ItemComparison.chance(0, 10)).isCloseTo(2 / 1024.0, org.assertj.core.api.Assertions.within(1e-12));
        assertThat(ItemComparison.chance(5, 5)).isEqualTo(1);
        assertThat(ItemComparison.chance(0, 0)).isEqualTo(1);
    }

    @Test
    void canBeStoppedAndSaysHowFarItIs() throws IOException {
        Path a = trained("a", images("shapes", 0, 40), NET, "selection.validation=0.5");
        var seen = new ArrayList<Integer>();
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        ItemComparison.of(Tasks.ALL, List.of(a, a), UnaryOperator.identity(), 1000, (done, of) -> {
                            seen.add(done);
                            assertThat(of).isEqualTo(40);
                            if (done > 0) {
                                throw new IllegalStateException("enough");
                            }
                        }));
        assertThat(seen).containsExactly(0, 20);
    }

    @Test
    void measuresWhatAModelCostsOnce() throws IOException {
        Path a = trained("a", images("shapes", 0, 40), NET, "selection.validation=0.5");
        assertThat(RunCosts.unmeasured(a)).isTrue();
        assertThat(RunCosts.of(Runs.of(a))).containsKeys("seconds", "parameters", "packageBytes");
        RunCosts.measure(Tasks.ALL, a);
        assertThat(RunCosts.unmeasured(a)).isFalse();
        Map<String, Double> costs = RunCosts.of(Runs.of(a));
        // 3x3 on 3 channels to 4, in 14x14 places, and of 3x3x4 to 10 classes
        assertThat(costs).containsEntry("parameters", 3 * 9 * 4 + 4 + 36 * 10 + 10.0);
        assertThat(costs).containsEntry("multiplyAdds", 3 * 9 * 4 * 14 * 14 + 36 * 10.0);
        assertThat(costs.get("latencyMillis")).isPositive();
    }

    @Test
    void aSharedReportRunsNoScriptAndEscapesWhatPeopleWrote() throws IOException {
        Path data = images("shapes", 0, 40);
        Path a = trained("a", data, NET, "selection.validation=0.5");
        Path b = trained("b", data, NET, "selection.validation=0.5", "seed=9");
        new RunNotes("<script>alert(1)</script>", List.of("<img src=x>")).write(a);
        String both = SharedReport.of(List.of(a, b));
        assertThat(both)
                .startsWith("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\"")
                .contains("&lt;script&gt;alert(1)", "&lt;img src=x&gt;", "data:image/png;base64,", "seed")
                .doesNotContain("<script", "http://", "https://", "<img src=x");
        assertThat(SharedReport.of(a)).contains("default-src 'none'", "Recipe").doesNotContain("<script");
        Files.delete(b.resolve("report.html"));
        assertThat(SharedReport.of(b)).contains("b-1", "the report of its training is missing");
    }
}
