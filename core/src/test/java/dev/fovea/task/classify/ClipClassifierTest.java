package dev.fovea.task.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.WrittenReport;
import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.MovingShapes;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.models.SequenceNet;
import dev.fovea.report.Grid;
import dev.fovea.run.Inputs;
import dev.fovea.run.Inspection;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Subset;
import dev.fovea.run.TrainingRun;
import dev.fovea.task.Tasks;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClipClassifierTest {

    private static final String BACKBONE = "backbone=resnet9-small pool=2 ";

    @TempDir
    private Path folder;

    /** Clips of 6 frames of which 2 classes are kept: left and right. */
    private static Splits shapes() {
        Dataset none = Dataset.empty(new MovingShapes(1, 1, 16, 6).classes());
        return Subset.ofClasses(
                new Splits(new MovingShapes(1, 160, 16, 6), new MovingShapes(2, 40, 16, 6), none, List.of()),
                List.of("left", "right"));
    }

    private static Recipe recipe(String model, String... settings) {
        var all = new ArrayList<>(List.of(
                "input.size=16",
                "input.frames.length=6",
                "epochs=1",
                "batch=16",
                "schedule.warmup=0",
                "precision=fp32"));
        all.addAll(List.of(settings));
        return Tasks.ALL.recipes().with(Tasks.ALL.recipe(model), all);
    }

    private TrainingRun.Result run(Recipe recipe, String name) {
        return Tasks.ALL.train(recipe, shapes(), RunSettings.in(folder, name));
    }

    private Path gif(int index) {
        Path file = folder.resolve("clip" + index + ".gif");
        Grid.animate(
                shapes().validation().frames(index, IntStream.range(0, 6).toArray()).stream()
                        .map(Image::toBufferedImage)
                        .toList(),
                file);
        return file;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cnn-rnn " + BACKBONE + "cell=lstm hidden=16 bidirectional=1",
                "cnn-transformer " + BACKBONE + "width=16 depth=1 heads=2",
                "cnn-tcn " + BACKBONE + "width=16 depth=2"
            })
    void trainsReportsAndComesBackTheSame(String model) throws IOException {
        comesBackTheSame(model);
    }

    @Test
    @Tag("slow")
    void aVideoNetworkTrainsReportsAndComesBackTheSame() throws IOException {
        comesBackTheSame("r3d18");
    }

    private void comesBackTheSame(String model) throws IOException {
        var run = run(recipe(model), "run");
        WrittenReport.of(run.folder(), "train-batch", "validation");
        assertThat(Files.exists(run.folder().resolve("mistakes.png")))
                .isEqualTo(run.validation().get("accuracy") < 1);
        assertThat(Files.exists(run.folder().resolve("gradient-through-time.png")))
                .isEqualTo(model.startsWith("cnn"));
        var classifier = Classifier.load(run.folder());
        assertThat(classifier.evaluate(shapes().validation()).result().accuracy())
                .isCloseTo(run.validation().get("accuracy"), within(1e-9));
        assertThat(classifier.predict(gif(0)).top()).hasSize(2);
        assertThat(classifier.explain(gif(0), "occlusion", "left")[0]).hasSize(6);
        assertThat(Explanation.of(classifier, gif(0), List.of(), "").image().getWidth())
                .isGreaterThan(6 * 16);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier.predict(new Shapes(1, 1, 16).image(0)))
                .withMessageContaining("is for clips of 6 frames, got an image");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cnn-rnn " + BACKBONE + "cell=gru hidden=16 layers=2",
                "cnn-rnn " + BACKBONE + "cell=lstm hidden=16 motion=0",
                "cnn-tcn " + BACKBONE + "width=16 depth=2"
            })
    void theLastAnswerOfAStreamIsThatForTheWholeClip(String model) {
        var classifier = Classifier.load(run(recipe(model), "stream").folder());
        Dataset clips = shapes().validation();
        Prediction whole = classifier.answer(classifier.prepared(clips, 3));
        FrameStream stream = classifier.stream();
        Prediction last = null;
        for (int f = 0; f < 6; f++) {
            last = stream.next(clips.frames(3, f).get(0));
        }
        assertThat(last.label()).isEqualTo(whole.label());
        assertThat(last.probability()).isCloseTo(whole.probability(), within(1e-5));
    }

    @Test
    void aNetworkForImagesRefusesClipsUnlessOneFrameOfEachIsAskedFor() {
        Recipe images = Tasks.ALL.recipes().with(Tasks.ALL.recipe("resnet9-small"), List.of("input.size=16"));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Inputs.of(images, shapes().train()))
                .withMessageStartingWith("resnet9-small: takes one image at a time, the data was read as 32 clips "
                        + "of which it would see one frame each. Read the data as images (format=folder)");
        Recipe oneFrame = Tasks.ALL.recipes().with(images, List.of("input.frames.length=1"));
        assertThat(Inputs.of(oneFrame, shapes().train()).frames().length()).isEqualTo(1);
        assertThat(TrainingRun.content(images)).isEqualTo(Data.Content.IMAGES);
        assertThat(TrainingRun.content(recipe("r3d18"))).isEqualTo(Data.Content.CLIPS);
    }

    @Test
    void aNetworkThatMustSeeTheWholeClipDoesNotStream() {
        var classifier =
                Classifier.load(run(recipe("cnn-transformer " + BACKBONE + "width=16 depth=1 heads=2"), "whole")
                        .folder());
        assertThatIllegalArgumentException()
                .isThrownBy(classifier::stream)
                .withMessageContaining("must see the whole clip at once");
    }

    /** A bright bar on a dark ground that goes one way or the other, and comes in again on the other side. */
    private record Bars(int seed, int size) implements Dataset {
        @Override
        public List<String> classes() {
            return List.of("left", "right");
        }

        @Override
        public Target target(int index) {
            return new Target.Label(index % 2);
        }

        @Override
        public String name(int index) {
            return "bar " + index;
        }

        @Override
        public boolean clips() {
            return true;
        }

        @Override
        public int frames(int index) {
            return 6;
        }

        @Override
        public Image image(int index) {
            return frames(index, 0).get(0);
        }

        @Override
        public List<Image> frames(int index, int... positions) {
            int start = new SplittableRandom(seed * 1000L + index).nextInt(16);
            return IntStream.of(positions)
                    .mapToObj(frame -> {
                        byte[] pixels = new byte[256];
                        int at = Math.floorMod(start + 2 * frame * (label(index) == 0 ? -1 : 1), 16);
                        for (int p = 0; p < 256; p++) {
                            pixels[p] = (byte) (p % 16 == at || p % 16 == (at + 1) % 16 ? 230 : 20);
                        }
                        return new Image(16, 16, 1, pixels);
                    })
                    .toList();
        }
    }

    @Test
    void tellsLeftFromRightWhereOneFrameCannot() {
        Splits bars = new Splits(new Bars(1, 160), new Bars(2, 60), Dataset.empty(List.of("left", "right")), List.of());
        String[] settings = {"input.channels=1", "input.size=32", "epochs=12", "optimizer.lr=3e-3"};
        double moving = Tasks.ALL
                .train(
                        recipe("cnn-rnn backbone=lenet5 pool=4 hidden=32", settings),
                        bars,
                        RunSettings.in(folder, "moving"))
                .validation()
                .get("accuracy");
        double still = Tasks.ALL
                .train(
                        Tasks.ALL.recipes().with(recipe("lenet5", settings), List.of("input.frames.length=1")),
                        bars,
                        RunSettings.in(folder, "still"))
                .validation()
                .get("accuracy");
        assertThat(moving).isGreaterThan(0.95);
        assertThat(still).isLessThan(0.75);
    }

    @Test
    void theGradientOfEveryStepIsMeasured() {
        Splits images = new Splits(
                new Shapes(1, 40, 28), new Shapes(2, 40, 28), Dataset.empty(new Shapes(1, 1, 28).classes()), List.of());
        var run = Tasks.ALL.train(
                Tasks.ALL.recipes().with(Tasks.ALL.recipe("row-gru read=columns"), List.of("epochs=1")),
                images,
                RunSettings.in(folder, "rows"));
        var network = Classifier.load(run.folder()).network();
        var net = (SequenceNet) network.net();
        assertThat(GradientThroughTime.of(network, net, images.validation()).norms())
                .hasSize(28)
                .allSatisfy(norm -> assertThat(norm).isPositive());
        assertThat(net.state().parameters().values()).noneMatch(dev.fovea.engine.Tensor::hasGrad);
    }

    @Test
    void aVanishingGradientIsANumber() {
        var halving = new GradientThroughTime(IntStream.range(0, 784)
                .mapToObj(t -> Math.pow(0.5, (783 - t) / 70.0))
                .toList());
        assertThat(halving.early()).isCloseTo(Math.pow(0.5, (784 - 79) / 70.0), within(1e-9));
        assertThat(new GradientThroughTime(List.of(3.0)).early()).isEqualTo(1);
    }

    @Test
    void aStoppedRunGoesOnBitIdentical() throws IOException {
        Recipe recipe = recipe(
                "cnn-rnn " + BACKBONE + "hidden=16",
                "epochs=2",
                "input.frames.length=4",
                "input.frames.sampling=random");
        var whole = run(recipe, "whole");
        var steps = new AtomicInteger();
        var part = Tasks.ALL.train(
                recipe, shapes(), RunSettings.in(folder, "part").withStop(() -> steps.incrementAndGet() == 3));
        assertThat(part.end()).isEqualTo(Listener.End.STOPPED);
        Tasks.ALL.resume(part.folder(), shapes(), RunSettings.in(folder, "part"));
        assertThat(Files.readAllBytes(part.folder().resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.folder().resolve("model/model.safetensors")));
    }

    @Test
    void imagesAndClipsAreNotTakenForEachOther() {
        Dataset none = Dataset.empty(new Shapes(1, 1, 16).classes());
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Tasks.ALL.train(
                        recipe("r3d18"),
                        new Splits(new Shapes(1, 20, 16), none, none, List.of()),
                        RunSettings.in(folder, "images")))
                .withMessageContaining("r3d18: is for clips, the data has images");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(recipe("resnet9-small"), "frames"))
                .withMessageContaining("takes one image at a time, got input.frames.length=6");
    }

    @Test
    void clipsAreInspected() {
        var found = Inspection.of(shapes());
        assertThat(found.sizes()).containsExactly(java.util.Map.entry("16x16, 6 frames", 40));
        assertThat(found.text()).contains("train", "32 clips");
        found.writeSheet(shapes(), folder.resolve("sheet.png"));
        assertThat(WrittenReport.colours(folder.resolve("sheet.png"))).isGreaterThan(100);
    }
}
