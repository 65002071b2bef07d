package dev.fovea.task.generate;

import static dev.fovea.task.generate.GeneratorRuns.recipe;
import static dev.fovea.task.generate.GeneratorRuns.run;
import static dev.fovea.task.generate.GeneratorRuns.shapes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.WrittenReport;
import dev.fovea.engine.Scope;
import dev.fovea.image.Image;
import dev.fovea.io.Safetensors;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {

    private static final String FLOW = "diffusion-unet width=16";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                FLOW,
                "dit patch=4 width=16 depth=2 heads=2",
                "dcgan width=8",
                "dcgan width=8 norm=layer",
                "dcgan width=8 norm=spectral",
                "tutorial-gan"
            })
    void trainsWithImagesOfEveryEpochAndMakesTheSameFromTheSameSeed(String model) throws IOException {
        var run = run(folder, recipe(model), "run");
        Path grid = run.folder().resolve("samples/epoch-001.png");
        assertThat(Image.read(grid).width()).as("eight of 7 times 16 pixels").isEqualTo(8 * (112 + 2) + 2);
        assertThat(WrittenReport.colours(grid)).isGreaterThan(10);
        assertThat(frames(run.folder().resolve("samples/epochs.gif")))
                .as("one an epoch")
                .isEqualTo(2);
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
        assertThat(generator.interpolate(request, 4))
                .as("a way for each class that can be asked for")
                .hasSize(generator.classConditional() ? 40 : 4);
        assertThat(WrittenReport.of(run.folder()))
                .contains("Generated", "Real", "Copies of training images", "nearest of all 64 training images");
    }

    private static int frames(Path gif) throws IOException {
        var reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (var in = ImageIO.createImageInputStream(gif.toFile())) {
            reader.setInput(in);
            return reader.getNumImages(true);
        } finally {
            reader.dispose();
        }
    }

    @Test
    void aGradientPenaltyThroughBatchNormsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(folder, recipe("dcgan width=8", "task.gradientPenalty=10"), "mixed"))
                .withMessageContaining("Use \"dcgan norm=layer\"");
        assertThat(folder.resolve("mixed-1")).doesNotExist();
    }

    @Test
    void aGanThatDivergesSaysSoAndLeavesNoModel() {
        assertThatThrownBy(() -> run(folder, recipe("dcgan width=8", "optimizer.lr=1e30"), "nan"))
                .isInstanceOf(dev.fovea.train.DivergedException.class)
                .hasMessageContaining("Lower optimizer.lr");
        assertThat(folder.resolve("nan-1/model")).doesNotExist();
    }

    @Test
    void theModelHasTheAveragedWeights() {
        var run = run(folder, recipe("dcgan width=8", "update.ema=0.9"), "averaged");
        try (var scope = new Scope()) {
            var checkpoint =
                    Safetensors.read(new RunFolder(run.folder()).last()).tensors();
            String name = "generator.start.weight";
            float[] saved = Safetensors.read(run.folder().resolve("model/model.safetensors"))
                    .tensors()
                    .get(name)
                    .toFloats();
            assertThat(saved).isEqualTo(checkpoint.get("average/" + name).toFloats());
            assertThat(saved).isNotEqualTo(checkpoint.get("net/" + name).toFloats());
        }
    }

    @Test
    void anUnconditionalModelHasNoClasses() {
        for (String model : List.of("tutorial-gan", "vae code=4 width=8")) {
            var generator = Generator.load(
                    run(folder, recipe(model, "epochs=1"), "unconditional").folder());
            var labels = new ArrayList<String>();
            generator.stream(new Generator.Request(3), made -> labels.add(made.label()));
            assertThat(labels).containsExactly("", "", "");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> generator.interpolate(new Generator.Request(3).withLabel("star"), 3))
                    .withMessage("generate: this model is not class-conditional, so no class can be chosen");
        }
    }

    @Test
    void manyImagesLeaveNoNativeObjectsBehind() {
        var generator = Generator.load(
                run(folder, recipe("dcgan width=8", "epochs=1"), "many").folder());
        generator.generate(new Generator.Request(200));
        long before = Pointer.totalCount();
        var count = new AtomicInteger();
        generator.stream(new Generator.Request(1_000), made -> count.incrementAndGet());
        assertThat(count).hasValue(1_000);
        assertThat(Pointer.totalCount() - before).as("of ten batches").isLessThan(50);
    }

    @ParameterizedTest
    @ValueSource(strings = {"non-saturating", "hinge", "wgan", "lsgan"})
    void everyGanLossTrainsWithPenaltiesAndAugmentation(String ganLoss) {
        var run = run(
                folder,
                recipe(
                        "dcgan width=8 norm=layer",
                        "task.ganLoss=" + ganLoss,
                        "task.discriminatorSteps=2",
                        "task.gradientPenalty=1",
                        "task.r1Penalty=0.1",
                        "task.penaltyInterval=1",
                        "task.augment=true"),
                ganLoss);
        assertThat(run.train()).containsKeys("discriminatorLoss", "discriminatorAccuracy", "intraClassDiversity");
        assertThat(run.train().get("discriminatorGradient")).isPositive();
        assertThat(run.train().get("generatorGradient")).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {FLOW, "dcgan width=8 norm=spectral"})
    void aStoppedRunGoesOnBitIdentical(String model) throws IOException {
        Recipe recipe = recipe(model);
        var whole = run(folder, recipe, "whole");
        var steps = new AtomicInteger();
        var part = Tasks.ALL.train(
                recipe, shapes(), RunSettings.in(folder, "part").withStop(() -> steps.incrementAndGet() == 2));
        Tasks.ALL.resume(part.folder(), shapes(), RunSettings.in(folder, "part"));
        assertThat(Files.readAllBytes(part.folder().resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.folder().resolve("model/model.safetensors")));
    }

    @Test
    void saysWhatItCannotDo() {
        var generator =
                Generator.load(run(folder, recipe("dcgan width=8"), "cannot").folder());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.generate(new Generator.Request(1).withLabel("zebra")))
                .withMessageContaining("zebra");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Generator.Request(0))
                .withMessage("generate: the number of images must be 1 to 10000000, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.vary(shapes().train().image(0), 0.5, new Generator.Request(1)))
                .withMessage("vary: needs a diffusion network, this model is for adversarial");
    }
}
