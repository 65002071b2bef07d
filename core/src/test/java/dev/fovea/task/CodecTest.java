package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.io.CodedPicture;
import dev.fovea.io.FormatException;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodecTest {

    @TempDir
    private Path folder;

    private static Splits shapes() {
        Dataset none = Dataset.empty(new Shapes(1, 1, 64).classes());
        return new Splits(new Shapes(1, 16, 64), new Shapes(2, 4, 64), none, List.of());
    }

    private TrainingRun.Result run(String... settings) {
        var all = new ArrayList<>(List.of("input.size=32", "input.each=4", "epochs=3", "batch=8", "precision=fp32"));
        all.addAll(List.of(settings));
        return TrainingRun.start(
                RecipeFile.with(Recipe.of("transform-codec width=8 latents=6"), all),
                shapes(),
                RunSettings.in(folder, "codec"));
    }

    @Test
    void picturesOfAnySizeComeBackTheSameEveryTime() {
        var run = run();
        var codec = Codec.load(run.folder());
        Image image = new Shapes(3, 1, 64).image(0).crop(0, 0, 53, 37);
        CodedPicture coded = codec.compress(image);
        assertThat(codec.compress(image).toBytes()).isEqualTo(coded.toBytes());
        Image made = codec.decompress(coded);
        assertThat(made.width()).isEqualTo(53);
        assertThat(made.height()).isEqualTo(37);
        assertThat(Codec.load(run.folder()).decompress(coded).pixels()).isEqualTo(made.pixels());
    }

    @Test
    void theFileIsAboutAsLargeAsTheDistributionSays() {
        var run = run();
        var codec = Codec.load(run.folder());
        Image image = new Shapes(3, 1, 64).image(0);
        double bits = 8.0 * codec.compress(image).code().length;
        double said = run.history().get(2).get("validation_bitsPerPixel") * 64 * 64;
        assertThat(bits).isCloseTo(said, within(said + 200));
        assertThat(run.folder().resolve("rate-distortion.png")).isNotEmptyFile();
        assertThat(run.validation()).containsKeys("bitsPerPixel", "psnr", "jpegPsnr", "jpegBitsPerPixel");
    }

    @Test
    void everySingleBitFlipOfAFileIsFound() throws IOException {
        var codec = Codec.load(run("epochs=1").folder());
        Path file = folder.resolve("x.fvc");
        codec.compress(new Shapes(3, 1, 64).image(0)).write(file);
        byte[] bytes = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            assertThatExceptionOfType(FormatException.class).isThrownBy(() -> CodedPicture.read(file));
        }
    }

    @Test
    void isFoundAmongOtherAndDamagedModels() throws IOException {
        var codec = run("epochs=1");
        var damaged = run("epochs=1", "seed=5");
        Path config = damaged.folder().resolve("model/config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("\"preprocess\"", "\"process\""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Codec.load(damaged.folder()))
                .withMessageStartingWith(config + ": not readable")
                .withMessageContaining("preprocess");
        CodedPicture coded = Codec.load(codec.folder()).compress(new Shapes(3, 1, 64).image(0));
        assertThat(Codec.find(coded, codec.folder().getParent(), "cpu").config())
                .isNotNull();
    }

    @Test
    void afileOfAnotherModelIsRefused() {
        var codec = Codec.load(run("epochs=1").folder());
        CodedPicture foreign = Codec.load(run("epochs=1", "seed=7").folder()).compress(new Shapes(3, 1, 64).image(0));
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> codec.decompress(foreign))
                .withMessageContaining("compressed by another model");
        Path runs = folder.resolve("none");
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Codec.find(foreign, runs, "cpu"))
                .withMessageContaining("none: no model and no folder of runs");
    }
}
