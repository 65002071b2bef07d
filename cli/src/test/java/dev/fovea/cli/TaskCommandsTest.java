package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.cli.Shell.Ended;
import dev.fovea.data.MovingShapes;
import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import dev.fovea.report.Grid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Commands of tasks other than classification. */
class TaskCommandsTest {

    @TempDir
    private Path folder;

    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(folder);
    }

    @Test
    void reconstructsWithAnAutoencoder() throws IOException {
        String run = shell.trained(
                "coder", "conv-autoencoder code=8 width=8", "input.size=32", "input.channels=3", "precision=fp32");
        JsonNode metrics = fovea("evaluate", run, "--data", twice().toString(), "--json")
                .json()
                .get("metrics");
        assertThat(fovea("evaluate", run, "--data", "shapes:test", "--probe").err())
                .contains("shapes:test has one part only");
        JsonNode back = fovea(
                        "reconstruct",
                        run,
                        shell.shape().toString(),
                        "-o",
                        folder.resolve("back").toString(),
                        "--json")
                .json()
                .get("reconstructions")
                .get(0);
        assertThat(back.get("code")).hasSize(8);
        assertThat(metrics.get("mse").asDouble())
                .as("but for what rounding to 256 levels adds")
                .isCloseTo(meanSquare(shell.shape(), Path.of(back.get("output").asString())), within(1e-3));
        interpolatesAndSweeps(run, shell.shape().toString());
    }

    /** Two classes of the one image. */
    private Path twice() throws IOException {
        Path data = folder.resolve("twice");
        for (String name : List.of("a", "b")) {
            Path image = data.resolve(name + "/shape.png");
            Files.createDirectories(image.getParent());
            Image.write(image, new Shapes(3, 10, 32).image(2).toBufferedImage());
        }
        return data;
    }

    private static double meanSquare(Path one, Path other) {
        byte[] a = Image.read(one).pixels();
        byte[] b = Image.read(other).pixels();
        return IntStream.range(0, a.length)
                .mapToDouble(i -> Math.pow(((a[i] & 0xFF) - (b[i] & 0xFF)) / 255.0, 2))
                .average()
                .orElseThrow();
    }

    private void interpolatesAndSweeps(String run, String image) {
        Path other = folder.resolve("other.png");
        Image.write(other, new Shapes(3, 10, 32).image(5).toBufferedImage());
        Path walk = folder.resolve("walk.png");
        assertThat(fovea("reconstruct", run, image, "--interpolate", other.toString(), "-n", "5", "-o", walk.toString())
                        .code())
                .isZero();
        assertThat(Image.read(walk).width()).isEqualTo(5 * (96 + 2) + 2);
        Path sweep = folder.resolve("sweep.png");
        JsonNode swept = fovea(
                        "reconstruct",
                        run,
                        image,
                        "--sweep",
                        "0,3",
                        "--range=-2,2",
                        "-n",
                        "4",
                        "-o",
                        sweep.toString(),
                        "--json")
                .json();
        assertThat(swept.get("images").asInt()).isEqualTo(8);
        assertThat(Image.read(sweep).height()).isEqualTo(2 * (96 + 2) + 2);
        assertThat(fovea("reconstruct", run, image, "--sweep", "8", "-o", sweep.toString())
                        .err())
                .contains("the code has the dimensions 0 to 7, got dimension=8");
        assertThat(fovea("reconstruct", run, image, image, "--sweep", "1", "-o", sweep.toString())
                        .err())
                .contains("--interpolate or --sweep takes one image");
        assertThat(fovea("reconstruct", run, image, "--range=0,1", "-o", sweep.toString())
                        .err())
                .contains("--range means nothing without --sweep");
    }

    @Test
    void reconstructsWithAMaskedAutoencoder() {
        String run = shell.trained(
                "masked", "masked-autoencoder patch=8 width=16 depth=1 heads=2", "input.size=32", "input.channels=3");
        Ended back = fovea(
                "reconstruct",
                run,
                shell.shape().toString(),
                "-o",
                folder.resolve("reconstructed").toString());
        assertThat(back.code()).as(back.err()).isZero();
        assertThat(Image.read(folder.resolve("reconstructed/shape.png")).width())
                .isEqualTo(32);
    }

    @Test
    void probesTheCodesOfAnAutoencoder() throws IOException {
        Path data = folder.resolve("data");
        var shapes = new Shapes(4, 34, 16);
        for (int i = 0; i < 34; i++) {
            String part = i < 24 ? "train" : "test";
            Path image = data.resolve(part + "/" + shapes.label(i) % 2 + "/" + i + ".png");
            Files.createDirectories(image.getParent());
            Image.write(image, shapes.image(i).toBufferedImage());
        }
        String run = shell.trained("coder", "conv-autoencoder code=4 width=4", "input.size=16", "input.channels=3");
        Ended probed = fovea("evaluate", run, "--data", data.toString(), "--probe", "--json");
        assertThat(probed.code()).as(probed.err()).isZero();
        JsonNode rows = probed.json().get("probe");
        assertThat(rows).hasSize(8);
        assertThat(rows.get(6).get("method").asString()).isEqualTo("encoder trained on");
        assertThat(Path.of(run, "probe.csv"))
                .content()
                .contains(String.format(
                        Locale.ROOT,
                        "\"encoder trained on\",0.1,%.5f,",
                        rows.get(6).get("accuracy").get("0.1").asDouble()));
        assertThat(rows.get(6).get("deviation")).hasSize(3);
        assertThat(Path.of(run, "probe.csv")).content().hasLineCount(8 * 3 + 1);
    }

    @Test
    void restoresImages() {
        String run = shell.trained(
                "restorer",
                "dncnn depth=3 width=8",
                "input.size=16",
                "input.channels=3",
                "input.repeats=1",
                "precision=fp32");
        Ended done = fovea(
                "restore",
                run,
                shell.shape().toString(),
                "-o",
                folder.resolve("clean").toString());
        assertThat(done.code()).isZero();
        assertThat(Image.read(folder.resolve("clean/shape.png")).width()).isEqualTo(32);
        Ended refused = fovea(
                "restore",
                run,
                shell.shape().toString(),
                "--mask",
                shell.shape().toString(),
                "-o",
                folder.resolve("filled").toString());
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("this one was trained against noise");
        Ended unguided = fovea("restore", run, shell.shape().toString(), "--amount", "30", "-o", folder + "/amount");
        assertThat(unguided.code()).isEqualTo(2);
        assertThat(unguided.err()).contains("takes no amount of degradation. Leave the amount 30.0 out");
    }

    @Test
    void oneBrokenImageDoesNotKeepTheOthersFromWhatIsMadeOfThem() throws IOException {
        String run = shell.trained("coder", "conv-autoencoder code=4 width=4", "input.size=16", "input.channels=3");
        Path broken = folder.resolve("broken.png");
        Files.writeString(broken, "<!DOCTYPE html>");
        for (String command : List.of("reconstruct", "anomaly")) {
            Path out = folder.resolve(command);
            Ended ended =
                    fovea(command, run, broken.toString(), shell.shape().toString(), "-o", out.toString(), "--json");
            assertThat(ended.code()).isEqualTo(2);
            JsonNode rows = ended.json().get(command.equals("anomaly") ? "anomalies" : "reconstructions");
            assertThat(rows.get(0).get("error").asString()).startsWith(broken + ": not an image");
            assertThat(rows.get(1).has("error")).isFalse();
            assertThat(out).isDirectoryContaining("glob:**/shape.png").isDirectoryNotContaining("glob:**/broken.png");
            Ended alone = fovea(command, run, broken.toString(), "-o", out.toString());
            assertThat(alone.code()).isEqualTo(2);
            assertThat(alone.err())
                    .startsWith("fovea: " + broken + ": not an image")
                    .hasLineCount(1);
        }
    }

    @Test
    void neverOverwritesWhatItReadsNorOneImageByAnother() throws IOException {
        Path image = shell.shape();
        byte[] before = Files.readAllBytes(image);
        Path other = Files.createDirectories(folder.resolve("other")).resolve("shape.jpg");
        Files.copy(image, other);
        for (String command : new String[] {"restore", "reconstruct", "anomaly"}) {
            Ended same = fovea(command, "no-model", image.toString(), "-o", folder.toString());
            assertThat(same.code()).isEqualTo(2);
            assertThat(same.err()).contains("-o: %1$s would be overwritten by what is made of %1$s".formatted(image));
            Ended both = fovea(command, "no-model", image.toString(), other.toString(), "-o", folder + "/out");
            assertThat(both.code()).isEqualTo(2);
            assertThat(both.err()).contains("%s and %s would both be written to".formatted(image, other));
        }
        Ended mask =
                fovea("restore", "no-model", other.toString(), "--mask", image.toString(), "-o", folder.toString());
        assertThat(mask.err()).contains("%s would be overwritten by what is made of %s".formatted(image, other));
        assertThat(Files.readAllBytes(image)).isEqualTo(before);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void compressesAndDecompresses() throws Exception {
        String run = shell.trained(
                "codec", "transform-codec width=8 latents=4", "input.size=32", "input.repeats=1", "precision=fp32");
        Path file = folder.resolve("shape.fvc");
        JsonNode coded = fovea("compress", run, shell.shape().toString(), "-o", file.toString(), "--json")
                .json();
        assertThat(coded.get("bytes").asLong()).isEqualTo(Files.size(file));
        assertThat(coded.get("bitsPerPixel").asDouble()).isEqualTo(8.0 * Files.size(file) / (32 * 32));
        Path made = folder.resolve("made.png");
        assertThat(fovea("decompress", file.toString(), "--model", run, "-o", made.toString())
                        .code())
                .isZero();
        byte[] image = Files.readAllBytes(made);
        Path elsewhere = folder.resolve("elsewhere.png");
        Process process = shell.start("decompress", file.toString(), "--model", run, "-o", elsewhere.toString());
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllBytes(elsewhere)).as("made by another process").isEqualTo(image);
        assertThat(Image.read(made).width()).isEqualTo(32);
        String other = shell.trained(
                "another", "transform-codec width=8 latents=4", "input.size=32", "input.repeats=1", "seed=3");
        assertThat(fovea(
                                "decompress",
                                file.toString(),
                                "--model",
                                Path.of(run).getParent().toString(),
                                "-o",
                                made.toString())
                        .code())
                .as("its model found among others")
                .isZero();
        assertThat(Files.readAllBytes(made)).isEqualTo(image);
        assertThat(fovea("decompress", file.toString(), "--model", other, "-o", made.toString())
                        .err())
                .contains("compressed by another model");
        assertThat(refused(
                        "decompress",
                        file.toString(),
                        "--model",
                        run,
                        "-o",
                        folder.resolve("made.xyz").toString()))
                .contains("name a file that ends in .png or .jpg");
        assertThat(refused(
                        "decompress",
                        file.toString(),
                        "--model",
                        run,
                        "-o",
                        folder.resolve("nowhere/made.png").toString()))
                .contains("there is no folder " + folder.resolve("nowhere") + ". Create it, or name another");
        Ended nowhere = fovea("decompress", file.toString(), "--model", other + "/samples", "-o", made.toString());
        assertThat(nowhere.code()).isEqualTo(2);
        assertThat(nowhere.err()).contains("Name the model that compressed this file");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 30));
        Ended damaged = fovea("decompress", file.toString(), "--model", run, "-o", made.toString());
        assertThat(damaged.code()).isEqualTo(2);
        assertThat(damaged.err()).contains("cut off");
        Path curves = folder.resolve("curves");
        Ended measured = fovea("evaluate", run, "--data", twice().toString(), "--curves", curves.toString(), "--json");
        assertThat(measured.code()).as(measured.err()).isZero();
        assertThat(measured.err()).contains("no chart of MS-SSIM");
        assertThat(Image.read(curves.resolve("rate-psnr.png")).width()).isGreaterThan(500);
        assertThat(measured.json().get("rates").get(0).get("bitsPerPixel").asDouble())
                .isEqualTo(coded.get("bitsPerPixel").asDouble());
        assertThat(curves.resolve("rate-ms-ssim.png")).doesNotExist();
        assertThat(measured.json().get("rates")).hasSize(1);
        assertThat(measured.json().get("jpeg")).hasSize(11);
        assertThat(measured.json().get("jpeg").get(10).get("quality").asInt()).isEqualTo(90);
    }

    @Test
    void findsWhatIsOdd() throws IOException {
        String backbone = shell.trained(
                "backbone", "conv 8 3, relu, maxpool 2, conv 8 3, relu, flatten, dense classes", "input.size=32");
        Ended unnamed = fovea("train", "padim", "--data", "shapes:test", "--only", "star", "--out", folder.toString());
        assertThat(unnamed.code()).isEqualTo(2);
        assertThat(unnamed.err()).contains("--set task.backbone=runs/flowers-1");
        Ended run = fovea(
                "train",
                "padim",
                "--data",
                "shapes:test",
                "--only",
                "star",
                "--out",
                folder.toString(),
                "--set",
                "task.backbone=" + backbone,
                "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json().has("imagesPerSecond")).as("no step was trained").isFalse();
        String detector = run.json().get("run").asString();
        JsonNode found = fovea(
                        "anomaly",
                        detector,
                        shell.shape().toString(),
                        "-o",
                        folder.resolve("maps").toString(),
                        "--json")
                .json();
        JsonNode anomaly = found.get("anomalies").get(0);
        assertThat(anomaly.get("anomalous").asBoolean())
                .isEqualTo(
                        anomaly.get("score").asDouble() > found.get("threshold").asDouble());
        assertThat(Image.read(Path.of(anomaly.get("output").asString())).width())
                .isEqualTo(256);
        theAreaIsTheShareOfPairsInOrder(detector);
        assertThat(fovea("evaluate", detector, "--data", "shapes:validation").err())
                .contains("pass --normal CLASS");
        refusesToScore(detector, "--share means nothing without --normal", "--share", "0.9");
        refusesToScore(
                detector,
                "the share of normal images to be called normal must be above 0 to 1, got 0.0",
                "--share",
                "0",
                "--normal",
                "shapes:validation");
        refusesToScore(detector, "score: is for autoencoders", "--score", "ssim");
        refusesToScore(detector, "nowhere", "--device", "nowhere");
        assertThat(fovea("evaluate", detector, "--data", "shapes:validation", "--normal", "star", "--device", "nowhere")
                        .err())
                .contains("nowhere");
    }

    private void theAreaIsTheShareOfPairsInOrder(String detector) throws IOException {
        var shapes = new Shapes(5, 30, 32);
        int star = shapes.classes().indexOf("star");
        Path data = folder.resolve("stars");
        var call = new ArrayList<>(List.of("anomaly", detector, "-o", folder + "/scored", "--json"));
        for (int i = 0; i < 30; i++) {
            Path image = data.resolve((shapes.label(i) == star ? "star/" : "other/") + i + ".png");
            Files.createDirectories(image.getParent());
            Image.write(image, shapes.image(i).toBufferedImage());
            call.add(image.toString());
        }
        var normal = new ArrayList<Double>();
        var others = new ArrayList<Double>();
        for (JsonNode row : fovea(call.toArray(String[]::new)).json().get("anomalies")) {
            (row.get("file").asString().contains("star/") ? normal : others)
                    .add(row.get("score").asDouble());
        }
        double inOrder = others.stream()
                .mapToDouble(score -> normal.stream().filter(n -> n < score).count())
                .sum();
        assertThat(normal).hasSize(3);
        assertThat(fovea("evaluate", detector, "--data", data.toString(), "--normal", "star", "--json")
                        .json()
                        .get("metrics")
                        .get("auroc")
                        .asDouble())
                .isCloseTo(inOrder / (3 * 27), within(1e-9));
    }

    private void refusesToScore(String detector, String sentence, String... options) {
        var arguments =
                new ArrayList<>(List.of("anomaly", detector, shell.shape().toString(), "-o", folder + "/maps"));
        arguments.addAll(List.of(options));
        Ended ended = fovea(arguments.toArray(String[]::new));
        assertThat(ended.code()).as(ended.err()).isEqualTo(2);
        assertThat(ended.err()).contains(sentence);
    }

    @Test
    void readsDataLaidOutAsMvtec() throws IOException {
        Path screws = folder.resolve("screws");
        var images = new Shapes(3, 40, 32);
        for (int i = 0; i < 40; i++) {
            String part = i < 20 ? "train/good" : i < 30 ? "test/good" : "test/bent";
            Path file = screws.resolve(part).resolve("%03d.png".formatted(i));
            Files.createDirectories(file.getParent());
            Image.write(file, images.image(i).toBufferedImage());
            if (i >= 30) {
                byte[] mask = new byte[32 * 32];
                Arrays.fill(mask, 300, 500, (byte) 255);
                Path beside = screws.resolve("ground_truth/bent/%03d_mask.png".formatted(i));
                Files.createDirectories(beside.getParent());
                Image.write(beside, new Image(32, 32, 1, mask).toBufferedImage());
            }
        }
        String coder = shell.trained("coder", "conv-autoencoder code=4 width=4", "input.size=32", "input.channels=3");
        Ended run = fovea(
                "train",
                "patchcore memory=20",
                "--data",
                screws.toString(),
                "--out",
                folder.toString(),
                "--set",
                "task.backbone=" + coder,
                "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode evaluated = fovea(
                        "evaluate",
                        run.json().get("run").asString(),
                        "--data",
                        screws + ":test",
                        "--normal",
                        "good",
                        "--masks",
                        screws + "/ground_truth",
                        "--json")
                .json();
        assertThat(evaluated.get("images").asInt()).isEqualTo(20);
        assertThat(evaluated.get("metrics").has("pixelAuroc")).isTrue();
        Ended classes = fovea("train", Shell.NET, "--data", screws.toString(), "--set", "input.size=32");
        assertThat(classes.code()).isEqualTo(2);
        assertThat(classes.err()).contains("the test part has a class 'bent' that the train part does not have");
        JsonNode scored = fovea("anomaly", coder, shell.shape().toString(), "-o", folder + "/maps", "--json")
                .json();
        assertThat(scored.get("anomalies").get(0).has("anomalous"))
                .as("an autoencoder has a threshold of its own")
                .isTrue();
    }

    @Test
    void fewImagesAndMoreOfThemAreTrainedOn() {
        String run = shell.trained("whole", "dcgan width=8", "input.size=32", "input.channels=3");
        Path more = folder.resolve("more");
        assertThat(fovea("generate", run, "-n", "40", "-o", more.toString()).code())
                .isZero();
        Ended few = fovea(
                "train",
                Shell.NET,
                "--data",
                "shapes",
                "--per-class",
                "4",
                "--extra",
                more.toString(),
                "--epochs",
                "1",
                "--set",
                "input.size=32",
                "--out",
                folder.toString());
        assertThat(few.code()).as(few.err()).isZero();
        assertThat(few.err()).contains("80 images");
    }

    @Test
    void seesClips() {
        Ended inspected = fovea("data", "inspect", "moving-shapes:validation", "--json");
        assertThat(inspected.json().get("kind").asString()).isEqualTo("clips");
        Ended trained = fovea(
                "train",
                "cnn-rnn hidden=16",
                "--data",
                "moving-shapes:validation",
                "--per-class",
                "3",
                "--epochs",
                "1",
                "--out",
                folder.toString(),
                "--json");
        assertThat(trained.code()).as(trained.err()).isZero();
        String run = trained.json().get("run").asString();
        Path clip = folder.resolve("clip.gif");
        Grid.animate(
                new MovingShapes(1, 1, 32, 16)
                        .frames(0, 0, 4, 8, 12).stream()
                                .map(Image::toBufferedImage)
                                .toList(),
                clip);
        assertThat(fovea("predict", run, clip.toString(), "--json")
                        .json()
                        .get("predictions")
                        .get(0)
                        .get("top"))
                .hasSize(5);
        Path why = folder.resolve("frames.png");
        assertThat(fovea("explain", run, clip.toString(), "-o", why.toString(), "--json")
                        .json()
                        .get("method")
                        .asString())
                .isEqualTo("occlusion");
        assertThat(Image.read(why).width())
                .as("frames side by side")
                .isGreaterThan(2 * Image.read(why).height());
        Ended image = fovea("predict", run, shell.shape().toString());
        assertThat(image.code()).isEqualTo(2);
        assertThat(image.err()).contains("not a clip. Expected a folder of numbered images");
    }

    @Test
    void tokenGenerationIsFasterWithItsCache() {
        JsonNode measured = fovea(
                        "bench",
                        "generate",
                        "pixel-transformer width=16 depth=1 heads=1",
                        "--input",
                        "1x12x12",
                        "--batch",
                        "2",
                        "--json")
                .json();
        assertThat(measured.get("tokensPerImage").asInt()).isEqualTo(144);
        assertThat(measured.get("ratio").asDouble())
                .isEqualTo(measured.get("secondsPlain").asDouble()
                        / measured.get("secondsCached").asDouble());
        assertThat(fovea("bench", "generate", "lenet5", "--input", "1x28x28").err())
                .contains("generates no tokens");
    }

    private static String refused(String... arguments) {
        Ended ended = fovea(arguments);
        assertThat(ended.code()).isEqualTo(2);
        return ended.err();
    }

    @Test
    void changesImagesByDiffusion() {
        String run = shell.trained("flow", "diffusion-unet width=16", "input.size=16", "input.channels=3");
        Path mask = folder.resolve("mask.png");
        byte[] white = new byte[32 * 32];
        Arrays.fill(white, 0, white.length / 2, (byte) 255);
        Image.write(mask, new Image(32, 32, 1, white).toBufferedImage());
        Path filled = folder.resolve("filled");
        String image = shell.shape().toString();
        Ended done = fovea(
                "generate",
                run,
                "-n",
                "3",
                "--inpaint",
                image,
                mask.toString(),
                "--steps",
                "2",
                "--sampler",
                "ddim",
                "-o",
                filled.toString());
        assertThat(done.code()).as(done.err()).isZero();
        byte[] first = Image.read(filled.resolve("000000.png")).pixels();
        byte[] third = Image.read(filled.resolve("000002.png")).pixels();
        assertThat(third).as("each its own").hasSize(16 * 16 * 3).isNotEqualTo(first);
        assertThat(Arrays.copyOfRange(third, 9 * 16 * 3, 16 * 16 * 3))
                .as("what the mask leaves alone")
                .isEqualTo(Arrays.copyOfRange(first, 9 * 16 * 3, 16 * 16 * 3));
        Path like = folder.resolve("like.png");
        assertThat(fovea(
                                "generate",
                                run,
                                "-n",
                                "2",
                                "--from",
                                image,
                                "--strength",
                                "0.5",
                                "--steps",
                                "2",
                                "--grid",
                                "-o",
                                like.toString())
                        .code())
                .isZero();
        assertThat(Image.read(like).width()).as("two of 7 times 16 pixels").isEqualTo(2 * (112 + 2) + 2);
        assertThat(refused(
                        "generate", run, "--inpaint", image, mask.toString(), "--from", image, "-o", filled.toString()))
                .contains("one of --inpaint and --from at a time");
        Image.write(mask, new Image(8, 8, 1, new byte[64]).toBufferedImage());
        assertThat(refused("generate", run, "--inpaint", image, mask.toString(), "-o", filled.toString()))
                .contains("inpaint: the mask has 8x8 pixels, the image 32x32");
    }

    @Test
    void generatesPixelsAndEvaluatesThem() {
        String run = shell.trained(
                "writer", "pixel-transformer levels=4 width=16 depth=1 heads=2", "input.size=8", "input.channels=1");
        Path lower = folder.resolve("lower");
        assertThat(fovea(
                                "generate",
                                run,
                                "-n",
                                "2",
                                "--complete",
                                shell.shape().toString(),
                                "--top-k",
                                "3",
                                "-o",
                                lower.toString())
                        .code())
                .isZero();
        byte[] one = Image.read(lower.resolve("000000.png")).pixels();
        byte[] two = Image.read(lower.resolve("000001.png")).pixels();
        assertThat(two).hasSize(8 * 8 * 3).isNotEqualTo(one);
        assertThat(Arrays.copyOf(two, 4 * 8 * 3))
                .as("the upper half is given")
                .isEqualTo(Arrays.copyOf(one, 4 * 8 * 3));
        JsonNode bits = fovea("evaluate", run, "--data", "shapes:validation", "--json")
                .json()
                .get("metrics");
        assertThat(bits.get("bitsPerDimension").asDouble())
                .as("less than the 2 bits of four equal levels")
                .isBetween(0.5, 2.0);
        String classifier = shell.trained("classifier", Shell.NET, "input.size=32");
        JsonNode evaluated = fovea(
                        "evaluate", run, "--data", "shapes:test", "--features", classifier, "-n", "20", "--json")
                .json();
        assertThat(evaluated.get("network").asString()).isEqualTo(Shell.NET);
        assertThat(evaluated.get("samples").asInt()).isEqualTo(20);
        assertThat(evaluated.get("reference").asString()).isEqualTo("shapes:test");
        assertThat(evaluated.get("missing").isArray()).isTrue();
        assertThat(evaluated.get("metrics").propertyNames()).contains("frechetDistance", "kernelDistance", "coverage");
    }

    @Test
    void imagesOfAnUnconditionalModelLieInOneFolder() {
        String run = shell.trained("tutorial", "tutorial-gan", "input.size=16", "input.channels=3");
        Path made = folder.resolve("made");
        assertThat(fovea("generate", run, "-n", "3", "-o", made.toString()).code())
                .isZero();
        assertThat(Image.read(made.resolve("000002.png")).width()).isEqualTo(16);
        assertThat(refused("generate", run, "--class", "star", "-o", made.toString()))
                .contains("not class-conditional, so no class can be chosen");
    }

    @Test
    void generatesImages() {
        String run = shell.trained("generator", "dcgan width=8", "input.size=16", "input.channels=3");
        Path grid = folder.resolve("grid.png");
        assertThat(fovea("generate", run, "-n", "4", "--grid", "-o", grid.toString())
                        .code())
                .isZero();
        assertThat(Image.read(grid).width())
                .as("two by two of 7 times 16 pixels")
                .isEqualTo(2 * (112 + 2) + 2);
        Path many = folder.resolve("many");
        assertThat(fovea("generate", run, "-n", "3", "--class", "star", "-o", many.toString())
                        .code())
                .isZero();
        assertThat(Image.read(many.resolve("star/000002.png")).width()).isEqualTo(16);
        Path walks = folder.resolve("walks.png");
        assertThat(fovea("generate", run, "-n", "4", "--interpolate", "-o", walks.toString(), "--json")
                        .json()
                        .get("images")
                        .asInt())
                .as("a walk of four for each of ten classes")
                .isEqualTo(40);
        assertThat(refused("generate", run, "-n", "1000000", "--grid", "-o", grid.toString()))
                .contains("-n: at most 1,000 images with --grid, got 1,000,000");
        assertThat(refused("generate", run, "--guidance", "2", "-o", many.toString()))
                .contains("--guidance is for a diffusion network");
        assertThat(refused("generate", run, "--top-k", "2", "-o", many.toString()))
                .contains("--top-k is for a token transformer");
        assertThat(refused(
                        "generate",
                        run,
                        "--grid",
                        "-o",
                        folder.resolve("grid.gif").toString()))
                .contains("name a file that ends in .png or .jpg, got");
        assertThat(refused("generate", run, "--strength", "0.3", "-o", many.toString()))
                .contains("--strength means nothing without --from");
        assertThat(refused("generate", run, "--class", "zebra", "-o", many.toString()))
                .contains("unknown class 'zebra'");
        Ended none = fovea("generate", run, "-n", "0", "-o", many.toString());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("must be 1 to 10000000, got 0");
        assertThat(fovea("evaluate", run, "--data", "shapes:test").err()).contains("--features RUN for a generator");
        Ended alone = fovea("evaluate", run, "--data", "shapes:test", "--student", "lenet5");
        assertThat(alone.code()).isEqualTo(2);
        assertThat(alone.err()).contains("--student means nothing without --features");
    }
}
