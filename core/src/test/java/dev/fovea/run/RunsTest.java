package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.task.Tasks;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsTest {

    @TempDir
    private Path folder;

    private TrainingRun.Result trained(String name, RunSettings settings, String... changes) {
        Recipe recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL
                                .recipes()
                                .with(
                                        Tasks.ALL.recipe("conv 4 3, relu, maxpool 4, flatten, dense classes"),
                                        List.of("input.size=16", "epochs=2", "batch=20", "precision=fp32")),
                        List.of(changes));
        var train = new Shapes(1, 40, 16);
        var data = new Splits(train, new Shapes(2, 20, 16), Dataset.empty(train.classes()), List.of());
        return Tasks.ALL.train(recipe, data, settings);
    }

    private TrainingRun.Result trained(String name, String... changes) {
        return trained(
                name,
                RunSettings.in(folder, name)
                        .withData(DataRequest.of("shapes"))
                        .withCommand("fovea train net --data shapes"),
                changes);
    }

    @Test
    void listsWhatEachRunWasAndCameTo() throws IOException {
        long start = System.nanoTime();
        var a = trained("a", "seed=7");
        double elapsed = (System.nanoTime() - start) / 1e9;
        trained("b", RunSettings.in(folder, "b").withStop(() -> true));
        Files.createDirectories(folder.resolve("no-run"));
        List<Runs.Row> rows = Runs.in(folder);
        assertThat(rows).extracting(Runs.Row::name).containsExactlyInAnyOrder("a-1", "b-1");
        Runs.Row row =
                rows.stream().filter(r -> r.name().equals("a-1")).findFirst().orElseThrow();
        assertThat(row.model()).startsWith("conv 4 3");
        assertThat(row.data()).isEqualTo("shapes");
        assertThat(row.metric()).isEqualTo("accuracy");
        double best = a.history().stream()
                .mapToDouble(r -> r.get("validation_accuracy"))
                .max()
                .orElseThrow();
        assertThat(row.best()).isCloseTo(best, org.assertj.core.api.Assertions.within(1e-5));
        assertThat(row.epochs()).isEqualTo(2);
        double seconds = a.history().stream().mapToDouble(r -> r.get("seconds")).sum();
        assertThat(row.seconds()).as("more than its epochs have").isBetween(seconds, elapsed);
        assertThat(row.seed()).isEqualTo(7);
        assertThat(rows).extracting(Runs.Row::state).containsExactlyInAnyOrder("finished", "stopped");
        assertThat(RunFacts.read(a.folder()).orElseThrow().asked().command())
                .isEqualTo("fovea train net --data shapes");
    }

    @Test
    void dataIsTheSameByItsWholePathAndByItsNameBesideTheRuns() throws IOException {
        Path runs = folder.resolve("space/runs");
        Path photos = folder.toRealPath().resolve("space/photos");
        Path a = trained("a", RunSettings.in(runs, "a").withData(DataRequest.of(photos.toString())))
                .folder();
        Path b = trained("b", RunSettings.in(runs, "b").withData(DataRequest.of("photos")))
                .folder();
        assertThat(Runs.of(a.toRealPath()).data()).isEqualTo("photos");
        assertThat(Runs.compare(List.of(a.toRealPath(), b)).differences()).isEmpty();
        Path other = folder.toRealPath().resolve("photos");
        Path c = trained("c", RunSettings.in(runs, "c").withData(DataRequest.of(other.toString())))
                .folder();
        assertThat(Runs.of(c.toRealPath()).data())
                .as("what lies elsewhere keeps its path")
                .isEqualTo(other.toString());
    }

    /** The list beside the data is the same file for both; each run has kept what stood in it then. */
    @Test
    void runsWhoseCorrectionsDifferSayInWhichImages() {
        Path a = trained("a").folder();
        Path b = trained("b").folder();
        Path c = trained("c").folder();
        Finding both = Corrections.removal("shapes/1.png", "train", "circle");
        Findings.write(a.resolve(Corrections.COPY), List.of(both));
        Findings.write(
                b.resolve(Corrections.COPY),
                List.of(both, Corrections.relabelling("shapes/7.png", "train", "circle", "star")));
        assertThat(Runs.compare(List.of(a, b)).differences())
                .containsExactly(Map.entry("data.relabelled", List.of("", "1, not in all runs: shapes/7.png as star")));
        Findings.write(
                b.resolve(Corrections.COPY),
                IntStream.range(1, 6)
                        .mapToObj(i -> Corrections.removal("shapes/" + i + ".png", "train", "circle"))
                        .toList());
        assertThat(Runs.compare(List.of(a, b)).differences())
                .containsExactly(Map.entry(
                        "data.leftOut",
                        List.of("1", "5, not in all runs: shapes/2.png, shapes/3.png, shapes/4.png and 1 more")));
        assertThat(Runs.compare(List.of(a, c)).differences())
                .containsExactly(Map.entry("data.leftOut", List.of("1, not in all runs: shapes/1.png", "")));
    }

    @Test
    void comparesCurvesAndRecipesAndDrawsThem() throws IOException {
        Path a = trained("a").folder();
        Path b = trained("b", "optimizer.lr=0.01", "epochs=1").folder();
        Runs.Compared compared = Runs.compare(List.of(a, b));
        assertThat(compared.differences())
                .containsEntry("optimizer.lr", List.of("0.001", "0.01"))
                .containsEntry("epochs", List.of("2", "1"))
                .hasSize(2);
        assertThat(compared.curves().get("validation_accuracy").get("a-1")).hasSize(2);
        assertThat(compared.curves().get("validation_accuracy").get("b-1")).hasSize(1);
        List<Path> charts = Runs.draw(compared, folder.resolve("charts"));
        assertThat(charts).contains(folder.resolve("charts/validation-accuracy.png"));
        assertThat(ImageIO.read(charts.get(0).toFile()).getWidth()).isGreaterThan(600);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Runs.compare(List.of(a, folder)))
                .withMessageContaining("not a run folder");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Runs.compare(List.of(a)))
                .withMessage("compare: expected two runs or more, got 1");
    }

    @Test
    void chartsOfForeignRunsStayInTheirFolder() throws IOException {
        var runs = new ArrayList<Path>();
        for (String name : List.of("a", "b")) {
            runs.add(trained(name, "epochs=1").folder());
            Files.writeString(
                    runs.get(runs.size() - 1).resolve("metrics.csv"), "epoch,train_../../x,train_loss\n1,2,3\n");
        }
        assertThat(Runs.compare(runs).curves()).containsOnlyKeys("train_loss");
    }

    @Test
    void aRunThatFailsOrIsUnderWayIsListedWithTheMetricItIsChosenBy() {
        var states = new ArrayList<String>();
        var failing = new Listener() {
            @Override
            public void onEpoch(Epoch epoch) {
                Runs.Row row = Runs.in(folder).get(0);
                states.add(row.state() + " " + row.metric());
                if (epoch.epoch() == 2) {
                    throw new IllegalStateException("no more");
                }
            }
        };
        // One class is rare, so that it is not the accuracy.
        Dataset train = new Shapes(1, 40, 16);
        Dataset skewed = train.subset(
                IntStream.range(0, 40).filter(i -> train.label(i) > 0 || i < 10).toArray());
        assertThatIllegalStateException()
                .isThrownBy(() -> Tasks.ALL.train(
                        Tasks.ALL
                                .recipes()
                                .with(
                                        Tasks.ALL.recipe("conv 4 3, relu, maxpool 4, flatten, dense classes"),
                                        List.of("input.size=16", "epochs=2", "batch=20")),
                        new Splits(skewed, new Shapes(2, 20, 16), Dataset.empty(train.classes()), List.of()),
                        RunSettings.in(folder, "c").withListeners(List.of(failing))));
        Runs.Row row = Runs.in(folder).get(0);
        states.add(row.state() + " " + row.metric());
        assertThat(states)
                .containsExactly("running balancedAccuracy", "running balancedAccuracy", "failed balancedAccuracy");
    }

    @Test
    void removesRunsAndNothingElse() throws IOException {
        Path run = folder.resolve("a-1");
        var refused = new ArrayList<String>();
        var remover = new Listener() {
            @Override
            public void onEpoch(Epoch epoch) {
                assertThat(Runs.in(folder)).extracting(Runs.Row::state).containsExactly("running");
                try {
                    Runs.remove(run);
                } catch (IllegalArgumentException e) {
                    refused.add(e.getMessage());
                }
            }
        };
        trained("a", RunSettings.in(folder, "a").withListeners(List.of(remover)), "epochs=1");
        assertThat(refused).containsExactly(run + ": is being trained. Stop it first");
        Path other = Files.createDirectories(folder.resolve("photos"));
        Files.writeString(other.resolve("a.txt"), "mine");
        assertThatIllegalArgumentException().isThrownBy(() -> Runs.remove(other));
        assertThat(other.resolve("a.txt")).exists();
        Runs.remove(run);
        assertThat(run).doesNotExist();
    }

    @Test
    void aDamagedRunIsListedAllTheSame() throws IOException {
        Path run = trained("a", "epochs=1").folder();
        Files.writeString(run.resolve("run.json"), "{\"format\":");
        Files.writeString(run.resolve("recipe.yaml"), "model: [");
        Files.writeString(run.resolve("metrics.csv"), "epoch,validation_accuracy\n1,\n\n");
        Runs.Row row = Runs.in(folder).get(0);
        assertThat(row.model()).isEqualTo("(unreadable recipe)");
        assertThat(row.best()).isNaN();
    }
}
