package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.ClassAnswers;
import dev.fovea.run.answers.FigureAnswers;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are asked about all images of data, and what is kept of that. */
class SurveyTest {

    @TempDir
    private Path folder;

    private static Path recorded(String name) {
        return Path.of("src/test/resources/packages").resolve(name);
    }

    private static Dataset shapes(Path model, int count) {
        String of = model.endsWith("multilabel") || model.endsWith("regress") ? "shape-scenes" : "shapes";
        Dataset all = Data.open(of, Data.Options.of().withTargets(Tasks.ALL.targetKind(model)))
                .validation();
        return all.subset(IntStream.range(0, count).toArray());
    }

    private static Answers asked(Path model, Dataset data) {
        return new Survey(Tasks.ALL.load(model, "cpu"), model, data, "validation")
                .ask(2, (done, all) -> {}, () -> false)
                .orElseThrow()
                .answers();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify/registry", "multilabel", "detect", "segment", "regress", "embedding", "compress"})
    void theFiguresOfWhatIsKeptAreThoseOfAnEvaluation(String name) {
        Path model = recorded(name);
        Dataset data = shapes(model, 40);
        Map<String, Double> figures = asked(model, data).metrics();
        Map<String, Double> evaluated =
                Tasks.ALL.load(model, "cpu").evaluate(data).metrics();
        assertThat(figures).isNotEmpty();
        figures.forEach((figure, value) -> {
            if (!figure.equals("loss") || !name.startsWith("classify")) { // of the answers, not of the network
                assertThat(value).as(figure).isCloseTo(evaluated.get(figure), within(1e-4));
            }
        });
    }

    @Test
    void aModelThatTellsNothingOfSingleImagesIsRefused() {
        Path model = recorded("generate/gan");
        var survey = new Survey(Tasks.ALL.load(model, "cpu"), model, shapes(recorded("classify/registry"), 2), "x");
        assertThat(Survey.possible(survey.saved())).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> survey.ask(1, (done, all) -> {}, () -> false))
                .withMessage("the answers of a model for adversarial are not kept image by image");
    }

    @Test
    void whatIsMadeOfAnImageIsMeasuredWhateverItsClasses() {
        for (String name : List.of("restore", "anomaly", "autoencode")) {
            Path model = recorded(name);
            Dataset data = shapes(recorded("classify/registry"), 6);
            Dataset others =
                    Dataset.of(IntStream.range(0, 6).mapToObj(data::image).toList(), List.of("cat", "dog"), new int[] {
                        0, 1, 0, 1, 0, 1
                    });
            var first = (FigureAnswers) asked(model, data);
            assertThat(first.images()).hasSize(6);
            assertThat(first.figure().values()).doesNotContain(Double.NaN);
            assertThat(((FigureAnswers) asked(model, others)).figures())
                    .as("%s: one image is degraded alike wherever it stands", name)
                    .isEqualTo(first.figures());
        }
    }

    @Test
    void dataOfAnotherKindIsRefused() {
        Path model = recorded("detect");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> asked(model, shapes(recorded("classify/registry"), 2)))
                .withMessageContaining("has no boxes");
    }

    @Test
    void itTellsHowFarItIsAndCanBeStopped() {
        Path model = recorded("classify/registry");
        var seen = new ArrayList<Integer>();
        var survey = new Survey(Tasks.ALL.load(model, "cpu"), model, shapes(model, 100), "validation");
        assertThat(survey.ask(1, (done, all) -> seen.add(done), () -> true)).isEmpty();
        assertThat(seen).containsExactly(32);
    }

    private Path trained(Splits data) {
        Recipe recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe("conv 4 3, relu, maxpool 4, flatten, dense classes"),
                        List.of("input.size=16", "epochs=1", "batch=50", "precision=fp32"));
        return Tasks.ALL
                .train(recipe, data, RunSettings.in(folder, "run").withData(DataRequest.of("there")))
                .folder();
    }

    @Test
    void answersAreKeptInTheRunUntilModelOrDataChange() throws IOException {
        Splits data = Data.open(folderOfShapes().toString(), Data.Options.of());
        Path run = trained(data);
        Splits parts = RunData.of(
                        Tasks.ALL,
                        run,
                        asked -> asked.moved(name -> folder.resolve("data").toString()))
                .data();
        assertThat(parts.validation().size()).isEqualTo(6); // a tenth of 60, split off as by the run
        var survey = new Survey(Tasks.ALL.load(run, "cpu"), run, parts.validation(), "validation");
        assertThat(survey.kept()).isEmpty();
        Answers answers =
                survey.ask(1, (done, all) -> {}, () -> false).orElseThrow().answers();
        assertThat(survey.kept().orElseThrow().answers().metrics()).isEqualTo(answers.metrics());
        assertThat(((ClassAnswers) answers).result().accuracy())
                .isCloseTo(RunFacts.read(run).orElseThrow().outcome().metrics().get("accuracy"), within(1e-9));
        var other = new Survey(survey.saved(), run, parts.train(), "validation");
        assertThat(other.kept()).isEmpty();
    }

    /** 60 images in folders of two classes. */
    private Path folderOfShapes() throws IOException {
        Dataset all = shapes(recorded("classify/registry"), 400);
        int[] count = new int[2];
        for (int i = 0; i < all.size(); i++) {
            int label = all.label(i);
            if (label < 2 && count[label]++ < 30) {
                Path to =
                        folder.resolve("data").resolve(all.classes().get(label)).resolve(i + ".png");
                Files.createDirectories(to.getParent());
                dev.fovea.image.Image.write(to, all.image(i).toBufferedImage());
            }
        }
        return folder.resolve("data");
    }
}
