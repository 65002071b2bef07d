package dev.fovea.task.generate;

import static dev.fovea.task.generate.GeneratorRuns.recipe;
import static dev.fovea.task.generate.GeneratorRuns.run;
import static dev.fovea.task.generate.GeneratorRuns.shapes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.WrittenReport;
import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import dev.fovea.run.Comparison;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditingTest {

    private static final String FLOW = "diffusion-unet width=16";

    @TempDir
    private Path folder;

    @Test
    void inpaintingLeavesTheRestOfTheImageAlone() {
        var generator = Generator.load(run(folder, recipe(FLOW), "inpaint").folder());
        Image image = shapes().train().image(0);
        byte[] mask = new byte[256];
        Arrays.fill(mask, 0, 128, (byte) 255);
        Image made = generator
                .inpaint(image, new Image(16, 16, 1, mask), new Generator.Request(2))
                .get(1);
        byte[] before = Arrays.copyOfRange(image.pixels(), 128 * 3, 256 * 3);
        assertThat(Arrays.copyOfRange(made.pixels(), 128 * 3, 256 * 3)).isEqualTo(before);
        assertThat(Arrays.copyOf(made.pixels(), 128 * 3)).isNotEqualTo(Arrays.copyOf(image.pixels(), 128 * 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.inpaint(image, new Image(8, 8, 1, new byte[64]), new Generator.Request(1)))
                .withMessage("inpaint: the mask has 8x8 pixels, the image 16x16");
        assertThat(generator.inpaint(image, new Image(16, 16, 1, mask), request(103)))
                .as("more than are made at once")
                .hasSize(103);
        Image near = generator.vary(image, 0.02, request(1)).get(0);
        Image far = generator.vary(image, 1, request(1)).get(0);
        assertThat(Comparison.mse(near, image)).isLessThan(0.2 * Comparison.mse(far, image));
    }

    private static Generator.Request request(int count) {
        return new Generator.Request(count).withSampling(2, Generator.Sampling.DDIM, 1);
    }

    @Test
    void aNetworkTrainedWithoutClassDropoutNeedsAClass() {
        var generator = Generator.load(run(folder, recipe(FLOW, "task.classDropout=0", "epochs=1"), "conditional")
                .folder());
        Image image = shapes().train().image(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.vary(image, 0.5, request(1)))
                .withMessageContaining("trained with task.classDropout=0", "Name one");
        assertThat(generator.vary(image, 0.5, request(1).withLabel("star"))).hasSize(1);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> generator.generate(new Generator.Request(1).withSampling(2, Generator.Sampling.DDIM, 2)))
                .withMessageContaining(
                        "guidance: needs a class-conditional network that was trained with task.classDropout above 0");
    }

    @Test
    void aMaskIsCutAsTheImageIs() {
        var generator = Generator.load(run(folder, recipe(FLOW, "input.resize=crop", "epochs=1"), "cut")
                .folder());
        Image wide = new Shapes(4, 1, 32).image(0).resize(64, 32, dev.fovea.image.Filter.BILINEAR);
        byte[] mask = new byte[64 * 32];
        for (int y = 0; y < 32; y++) {
            Arrays.fill(mask, y * 64, y * 64 + 12, (byte) 255); // within what the crop leaves out
        }
        Image made =
                generator.inpaint(wide, new Image(64, 32, 1, mask), request(1)).get(0);
        assertThat(made.pixels())
                .isEqualTo(generator.config().preprocess().apply(wide).pixels());
    }

    @Test
    void pixelsAreWrittenWithoutATokenizer() throws IOException {
        var run = run(
                folder,
                recipe("pixel-transformer levels=4 width=16 depth=2 heads=2", "input.channels=1", "input.size=8"),
                "pixels");
        assertThat(run.validation().get("bitsPerDimension")).isBetween(0.1, 2.1);
        var generator = Generator.load(run.folder());
        Image image = generator.generate(new Generator.Request(1)).get(0);
        Image other = generator
                .complete(image, 0.5, new Generator.Request(1).withSeed(3))
                .get(0);
        assertThat(Arrays.copyOf(other.pixels(), 32)).isEqualTo(Arrays.copyOf(image.pixels(), 32));
        assertThat(Arrays.stream(new int[] {0, 85, 170, 255}).boxed().toList()).contains(image.pixels()[5] & 0xFF);
    }

    @Test
    void tokensAreLearnedFromATrainedTokenizerAndCompleteImages() throws IOException {
        var tokenizer = run(folder, recipe("vq-vae base=8 codes=16 code=4"), "tokenizer");
        String model = "token-transformer base=8 codes=16 code=4 width=16 depth=2 heads=2";
        Recipe recipe = recipe(model, "task.tokenizer=" + tokenizer.folder(), "schedule.warmup=0");
        var run = run(folder, recipe, "tokens");
        assertThat(run.validation()).containsKeys("loss", "accuracy", "tokenBitsPerDimension");
        WrittenReport.of(run.folder(), "attention");
        var generator = Generator.load(run.folder());
        assertThat(generator.generate(new Generator.Request(2))).hasSize(2);
        Image image = shapes().train().image(0);
        Image made = generator.complete(image, 0.5, new Generator.Request(1)).get(0);
        assertThat(Arrays.copyOf(made.pixels(), 16 * 8 * 3)).isEqualTo(Arrays.copyOf(image.pixels(), 16 * 8 * 3));
        Image oddHeight =
                generator.complete(image, 0.44, new Generator.Request(1)).get(0);
        assertThat(Arrays.copyOf(oddHeight.pixels(), 16 * 7 * 3))
                .as("7 rows are kept although tokens have 4 each")
                .isEqualTo(Arrays.copyOf(image.pixels(), 16 * 7 * 3));
        byte[] torn = image.pixels().clone();
        Arrays.fill(torn, 16 * 8 * 3, torn.length, (byte) 77);
        assertThat(generator
                        .complete(new Image(16, 16, 3, torn), 0.5, new Generator.Request(1))
                        .get(0)
                        .pixels())
                .as("what is to be written anew is not looked at")
                .isEqualTo(made.pixels());
        assertThat(generator.evaluate(shapes().validation()).get("tokenBitsPerDimension"))
                .isCloseTo(run.validation().get("tokenBitsPerDimension"), within(0.02));
        var steps = new AtomicInteger();
        var part = Tasks.ALL.train(
                recipe, shapes(), RunSettings.in(folder, "part").withStop(() -> steps.incrementAndGet() == 2));
        Tasks.ALL.resume(part.folder(), shapes(), RunSettings.in(folder, "part"));
        assertThat(Files.readAllBytes(part.folder().resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(run.folder().resolve("model/model.safetensors")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(folder, recipe(model), "none"))
                .withMessageContaining("task.tokenizer: name a run of vq-vae");
    }
}
