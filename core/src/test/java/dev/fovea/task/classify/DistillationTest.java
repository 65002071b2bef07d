package dev.fovea.task.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.Stripes;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.LabelNoise;
import dev.fovea.data.Relabelled;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Splits;
import dev.fovea.engine.DType;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.run.Classes;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import dev.fovea.train.InputSize;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DistillationTest {

    private static final String NET =
            "conv 12 3 pad=same, relu, maxpool 2, conv 24 3, relu, maxpool 2, flatten, dense classes";

    @TempDir
    Path folder;

    private static Distillation by(Distillation.Method method) {
        return new Distillation("teacher", "", method, 3, 0.5, 0);
    }

    private static Tensor wave(int k, double scale, long... shape) {
        return Golden.wave(k, scale, shape).to(DType.FLOAT32);
    }

    @ParameterizedTest
    @EnumSource
    void theLossIsThatOfThePaper(Distillation.Method method) {
        double expected = Golden.read("learning.json")
                .get("distillation")
                .get(method.word())
                .asDouble();
        double loss = new DistillationLoss(by(method))
                .of(wave(0, 3, 6, 5), wave(2, 2, 6, 5))
                .item();
        assertThat(loss).isCloseTo(expected, within(1e-5 * expected));
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostOnAStudentThatAnswersAsItsTeacher(Distillation.Method method) {
        Tensor same = wave(0, 3, 6, 5);
        assertThat(new DistillationLoss(by(method)).of(same, same).item()).isCloseTo(0, within(1e-4));
    }

    @Test
    void featuresOfTwoLengthsAreComparedByTheirSimilarities() {
        double expected =
                Golden.read("learning.json").get("distillation").get("features").asDouble();
        assertThat(DistillationLoss.ofFeatures(wave(1, 0.5, 4, 3), wave(2, 0.5, 4, 7))
                        .item())
                .isCloseTo(expected, within(1e-5));
    }

    private static Splits stripes(Dataset train) {
        Dataset none = Dataset.empty(train.classes());
        return new Splits(train, new Stripes(2, 120), none, List.of());
    }

    private static Recipe recipe(int epochs) {
        return Tasks.ALL
                .recipe(NET)
                .withEpochs(epochs)
                .withBatch(32)
                .withInput(new Recipe.Input(InputSize.square(16), 3, 1, ResizePolicy.STRETCH, Recipe.Normalize.DATA));
    }

    private static Recipe taught(Recipe recipe, Distillation distill) {
        return recipe.withTask(Classification.PLAIN.withDistillation(distill));
    }

    private Path teacher() {
        return Tasks.ALL
                .train(recipe(3), stripes(new Stripes(1, 600)), RunSettings.in(folder, "teacher"))
                .folder();
    }

    @Test
    void aStudentAnswersAsItsTeacherDoesEvenWhereLabelsSayOtherwise() {
        Path teacher = teacher();
        Dataset images = new Stripes(3, 600);
        Dataset wrong = new Relabelled(images, LabelNoise.flipped(images, 1, new Seed(7)));
        var student = Classifier.train(
                NET,
                stripes(wrong),
                taught(recipe(4), new Distillation(teacher.toString(), "", Distillation.Method.SOFT, 2, 1, 0.1)));
        Dataset test = new Stripes(5, 300);
        double ofTeacher = Classifier.load(teacher).evaluate(test).result().accuracy();
        double ofStudent = student.evaluate(test).result().accuracy();
        assertThat(ofTeacher).isGreaterThan(0.9);
        assertThat(ofStudent).as("all labels are wrong").isGreaterThan(0.85);
    }

    @Test
    void aTeacherMayHaveItsClassesInAnotherOrder() {
        var images = new Stripes(1, 600);
        var turned = new ArrayList<>(images.classes());
        Collections.reverse(turned);
        Dataset reversed = Classes.counted(images, turned);
        Dataset held = Classes.counted(new Stripes(2, 120), turned);
        Path teacher = Tasks.ALL
                .train(
                        recipe(3),
                        new Splits(reversed, held, Dataset.empty(turned), List.of()),
                        RunSettings.in(folder, "teacher"))
                .folder();
        var student = Classifier.train(
                NET,
                stripes(new Stripes(3, 600)),
                taught(recipe(4), new Distillation(teacher.toString(), "", Distillation.Method.SOFT, 2, 1, 0)));
        assertThat(student.evaluate(new Stripes(5, 300)).result().accuracy())
                .as("guessing is a sixth")
                .isGreaterThan(0.8);
    }

    @Test
    void teacherAndStudentMustKnowTheSameClasses() {
        var few = new Stripes(1, 60);
        Path teacher = Tasks.ALL
                .train(recipe(1), stripes(few), RunSettings.in(folder, "teacher"))
                .folder();
        var more = new ArrayList<>(few.classes());
        more.add("180");
        Recipe student = taught(recipe(1), Distillation.from(teacher.toString()));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Classifier.train(NET, stripes(Classes.counted(few, more)), student))
                .withMessageContaining("knows 6 classes")
                .withMessageContaining("the data has 7")
                .withMessageEndingWith("Both must know the same classes");
    }

    @Test
    void teacherAndStudentMustSeeTheSameChannels() {
        Path teacher = Tasks.ALL
                .train(recipe(1), stripes(new Stripes(1, 60)), RunSettings.in(folder, "teacher"))
                .folder();
        Recipe grey = recipe(1).withInput(recipe(1).input().withChannels(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classifier.train(
                        NET, stripes(new Stripes(1, 60)), taught(grey, Distillation.from(teacher.toString()))))
                .withMessageContaining("takes images of 3 channels and 1 frames, the student takes 1 and 1");
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distillation("runs/a", "", Distillation.Method.SOFT, 0, 0.5, 0))
                .withMessage("task.distill.temperature must be above 0, got task.distill.temperature=0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distillation("runs/a", "", Distillation.Method.SOFT, 1, 0, 0))
                .withMessage("task.distill.weight must be above 0 and at most 1, got task.distill.weight=0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distillation("", "imagenet", Distillation.Method.SOFT, 1, 0.5, 0))
                .withMessageContaining("task.distill.teacher, which is not given");
    }

    @Test
    void recipesSayHowTheStudentLearns() {
        Recipe recipe = Tasks.ALL
                .recipes()
                .of("cifar-cnn", List.of("task.distill.teacher='runs/it''s 1'", "task.distill.method=correlation"));
        var distill = ((Classification) recipe.task()).distill();
        assertThat(distill.teacher()).isEqualTo("runs/it's 1");
        assertThat(distill.method()).isEqualTo(Distillation.Method.CORRELATION);
        assertThat(distill.on()).isTrue();
        assertThat(((Classification) Tasks.ALL.recipe("cifar-cnn").task()).distill())
                .isEqualTo(Distillation.NONE);
    }
}
