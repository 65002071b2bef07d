package dev.fovea.task.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.WrittenReport;
import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.io.CodedImage;
import dev.fovea.io.FormatException;
import dev.fovea.io.FrequencyTable;
import dev.fovea.io.Safetensors;
import dev.fovea.models.TransformCodec;
import dev.fovea.run.RunSettings;
import dev.fovea.run.TrainingRun;
import dev.fovea.task.Tasks;
import dev.fovea.train.ImageTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        var all = new ArrayList<>(List.of("input.size=32", "input.repeats=4", "epochs=3", "batch=8", "precision=fp32"));
        all.addAll(List.of(settings));
        return Tasks.ALL.train(
                Tasks.ALL.recipes().with(Tasks.ALL.recipe("transform-codec width=8 latents=6"), all),
                shapes(),
                RunSettings.in(folder, "codec"));
    }

    @Test
    void imagesOfAnySizeComeBackTheSameEveryTime() {
        var run = run();
        var codec = Codec.load(run.folder());
        Image image = new Shapes(3, 1, 64).image(0).crop(0, 0, 53, 37);
        CodedImage coded = codec.compress(image);
        assertThat(codec.compress(image).toBytes()).isEqualTo(coded.toBytes());
        Image made = codec.decompress(coded);
        assertThat(made.width()).isEqualTo(53);
        assertThat(made.height()).isEqualTo(37);
        assertThat(Codec.load(run.folder()).decompress(coded).pixels()).isEqualTo(made.pixels());
    }

    @Test
    void theFileIsAsLargeAsTheFrequenciesSay() {
        var run = run();
        var codec = Codec.load(run.folder());
        var net = (TransformCodec) codec.network().net();
        Image image = new Shapes(3, 1, 192).image(0);
        double bits = 0;
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor latents = net.latents(ImageTensors.of(List.of(image))).round();
            float[] values = latents.toFloats();
            List<FrequencyTable> tables = net.prior().tables();
            for (int i = 0; i < values.length; i++) {
                bits += tables.get(i / (12 * 12)).bits(Math.round(values[i]));
            }
        }
        CodedImage coded = codec.compress(image);
        int header = coded.toBytes().length - coded.code().length;
        assertThat(header).isEqualTo(28);
        assertThat(8.0 * coded.code().length).isBetween(bits, 1.01 * bits + 32 + 8); // the coder's state, a whole byte
        WrittenReport.of(run.folder(), "rate-distortion");
        assertThat(run.validation()).containsKeys("bitsPerPixel", "psnr", "jpegPsnr", "jpegBitsPerPixel");
    }

    @Test
    void jpegBesideItHasNoMoreBitsUnlessItCannotHaveFewer() {
        var run = run("epochs=1");
        var codec = Codec.load(run.folder());
        Dataset data = new Shapes(2, 4, 192);
        var metrics = codec.evaluate(data);
        double fewest = codec.jpeg(data, 1).get("bitsPerPixel");
        assertThat(metrics.get("jpegBitsPerPixel")).isLessThanOrEqualTo(Math.max(metrics.get("bitsPerPixel"), fewest));
        assertThat(metrics).containsKeys("msSsim", "jpegMsSsim");
    }

    @Test
    void codecsAreDrawnByTheirBitsBesideJpegByItsQuality() {
        Path folder = run("epochs=1").folder();
        var coarse = Codec.load(folder);
        var fine = Codec.load(folder);
        try (var noGrad = new NoGrad()) {
            fine.network().net().state().parameters().get("analysis.6.weight").mul_(20);
        }
        var rates = RateDistortion.of(List.of(fine, coarse), shapes().validation());
        assertThat(rates.rows()).hasSize(2);
        assertThat(rates.rows().get(0).get("bitsPerPixel"))
                .isLessThan(rates.rows().get(1).get("bitsPerPixel"));
        assertThat(rates.jpeg()).hasSize(11).isSortedAccordingTo(Comparator.comparing(row -> row.get("quality")));
        assertThat(rates.jpeg()).isSortedAccordingTo(Comparator.comparing(row -> row.get("bitsPerPixel")));
        assertThat(rates.jpeg().get(0).get("quality")).isEqualTo(5);
        assertThat(rates.has("psnr")).isTrue();
        assertThat(rates.has("msSsim")).as("of images of 64 pixels").isFalse();
        Path chart = this.folder.resolve("rates.png");
        Image.write(chart, rates.chart("psnr", "PSNR (dB)"));
        assertThat(WrittenReport.colours(chart))
                .as("two lines, their words and a grid")
                .isGreaterThan(10);
    }

    @Test
    void theMetricsOfARunAreThoseThatEvaluateFindsOnTheSamePart() throws IOException {
        Dataset none = Dataset.empty(new Shapes(1, 1, 64).classes());
        var data = new Splits(new Shapes(1, 8, 32), new Shapes(2, 30, 32), none, List.of());
        var run = Tasks.ALL.train(
                Tasks.ALL
                        .recipes()
                        .with(
                                Tasks.ALL.recipe("transform-codec width=4 latents=3"),
                                List.of("input.size=32", "input.repeats=1", "epochs=1", "batch=8", "precision=fp32")),
                data,
                RunSettings.in(folder, "all"));
        var codec = Codec.load(run.folder());
        assertThat(codec.evaluate(data.validation())).isEqualTo(run.validation());
        assertThat(codec.config().metrics()).isEqualTo(run.validation());
        assertThat(Files.readString(run.folder().resolve("report.html")))
                .contains(
                        "8 training and 30 validation images<",
                        "on the same 24 images",
                        "JPEG of no more bytes, or the smallest that there is");
    }

    @Test
    void imagesOfOnePixelAndOddSidesComeBack() {
        var codec = Codec.load(run("epochs=1").folder());
        for (int[] sides : new int[][] {{1, 1}, {3, 5}, {17, 2}}) {
            Image image = new Shapes(3, 1, 64).image(0).crop(20, 20, sides[0], sides[1]);
            Image made = codec.decompress(codec.compress(image));
            assertThat(made.width()).isEqualTo(sides[0]);
            assertThat(made.height()).isEqualTo(sides[1]);
        }
    }

    @Test
    void aSizeThatItCannotLearnFromIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("input.size=40"))
                .withMessage(
                        "input.size must be a multiple of 16 for transform-codec width=8 latents=6, got input.size=40");
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
            assertThatExceptionOfType(FormatException.class).isThrownBy(() -> CodedImage.read(file));
        }
    }

    @Test
    void brokenFrequenciesAreRefusedByTheNameOfTheirFile() {
        Path run = run("epochs=1").folder();
        Path file = run.resolve("model/model.safetensors");
        for (long broken : List.of(-1L, 0L)) {
            try (var scope = new Scope()) {
                var tensors = new LinkedHashMap<>(Safetensors.read(file).tensors());
                tensors.computeIfPresent("prior.frequencies", (name, tensor) -> {
                    long[] frequencies = tensor.toLongs();
                    frequencies[0] = broken;
                    return Tensor.of(frequencies, tensor.shape());
                });
                Safetensors.write(file, tensors, Map.of());
            }
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> Codec.load(run))
                    .withMessage(file + ": the weights are damaged: of channel 0, frequencies: each is 1 or more, got "
                            + broken);
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
        CodedImage coded = Codec.load(codec.folder()).compress(new Shapes(3, 1, 64).image(0));
        assertThat(Codec.find(coded, codec.folder().getParent(), "cpu")
                        .decompress(coded)
                        .pixels())
                .isEqualTo(Codec.load(codec.folder()).decompress(coded).pixels());
    }

    @Test
    void afileOfAnotherModelIsRefused() {
        var codec = Codec.load(run("epochs=1").folder());
        CodedImage foreign = Codec.load(run("epochs=1", "seed=7").folder()).compress(new Shapes(3, 1, 64).image(0));
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> codec.decompress(foreign))
                .withMessageContaining("compressed by another model");
        Path runs = folder.resolve("none");
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Codec.find(foreign, runs, "cpu"))
                .withMessageContaining("none: no model and no folder of runs");
    }
}
