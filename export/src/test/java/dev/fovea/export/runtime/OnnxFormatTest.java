package dev.fovea.export.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.export.OnnxType;
import dev.fovea.export.OnnxValue;
import dev.fovea.export.OnnxWriter;
import dev.fovea.image.Image;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.nn.Layer;
import dev.fovea.run.SavedNet;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxFormatTest {

    private static final String CLASSES = "task: classification\nclasses: [cat, dog, cow]\n";

    @TempDir
    private Path folder;

    private static Layer net(Path file) {
        return Layer.of(ModelPackage.read(file).net());
    }

    private static Tensor images(int count) {
        return Tensor.rand(Random.of(new Seed(3)), count, 3, 8, 8);
    }

    private static void assertClose(Tensor actual, Tensor expected, double most) {
        assertThat(actual.shape()).containsExactly(expected.shape());
        assertThat(actual.sub(expected).abs().max().item()).isLessThan(most);
    }

    @ParameterizedTest
    @CsvSource({ // type, channels last, batch of the file (-1 for any), images
        "FLOAT32, false, -1, 5",
        "FLOAT32, false, 1, 3",
        "FLOAT32, false, 2, 5",
        "FLOAT32, false, 7, 2",
        "FLOAT32, true, -1, 2",
        "FLOAT64, false, -1, 2",
        "FLOAT16, true, 1, 2"
    })
    void computesWhatTheEngineComputes(OnnxType type, boolean last, long batch, int count) {
        OnnxValue.Dim dim = batch < 0 ? SmallOnnx.ANY : OnnxValue.Dim.of(batch);
        Path file = SmallOnnx.of().withInput(type, last, dim).write(folder, CLASSES);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor images = images(count).channelsLast();
            assertClose(net(file).forward(images), SmallOnnx.expected(images), type == OnnxType.FLOAT16 ? 1e-2 : 1e-5);
        }
    }

    @Test
    void givesBytesToAFileThatWantsThem() {
        Path file =
                SmallOnnx.of().withInput(OnnxType.UINT8, true, SmallOnnx.ANY).write(folder, CLASSES);
        var net = SavedNet.load(file, "cpu");
        var image = new Image(8, 8, 3, new byte[8 * 8 * 3]);
        for (int i = 0; i < image.pixels().length; i++) {
            image.pixels()[i] = (byte) (i % 256);
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor bytes = Tensor.of(values(image), 1, 8, 8, 3).permute(0, 3, 1, 2);
            Tensor expected = SmallOnnx.expected(bytes);
            assertClose(net.layer().forward(net.normalized(image)), expected, 1e-3);
        }
    }

    private static float[] values(Image image) {
        float[] values = new float[image.pixels().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = image.pixels()[i] & 0xFF;
        }
        return values;
    }

    @Test
    void swapsChannelsWhereTheFileWantsBlueFirst() {
        Path file = SmallOnnx.of().write(folder, CLASSES + "order: bgr\n");
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor images = images(2);
            assertClose(net(file).forward(images), SmallOnnx.expected(images.flip(1)), 1e-5);
        }
    }

    @Test
    void bringsProbabilitiesBackToLogits() {
        Path file = SmallOnnx.of().withActivation("Softmax").write(folder, CLASSES);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor images = images(2);
            assertClose(
                    net(file).forward(images).softmax(1),
                    SmallOnnx.expected(images).softmax(1),
                    1e-5);
        }
    }

    @Test
    void bringsIndependentProbabilitiesBackToLogits() {
        Path file = SmallOnnx.of().withActivation("Sigmoid").write(folder, CLASSES);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor images = images(2);
            assertClose(net(file).forward(images), SmallOnnx.expected(images), 1e-3);
        }
    }

    @Test
    void readsWhatTheFileBesideItSays() {
        Path file = SmallOnnx.of()
                .write(folder, CLASSES + "mean: [0.5, 0.4, 0.3]\nstd: 0.25\ncrop: 0.875\nfilter: bicubic\nsize: 8x8\n");
        ModelPackage.Config config = ModelPackage.readConfig(file);
        assertThat(config.classes()).containsExactly("cat", "dog", "cow");
        assertThat(config.task().type()).isEqualTo("classification");
        assertThat(config.preprocess().mean()).containsExactly(0.5, 0.4, 0.3);
        assertThat(config.preprocess().std()).containsExactly(0.25, 0.25, 0.25);
        assertThat(config.preprocess().crop()).isEqualTo(0.875);
        assertThat(config.architecture().text()).isEqualTo("small.onnx");
    }

    @Test
    void takesClassesFromATextFileOrNumbersThem() throws Exception {
        Files.writeString(folder.resolve("names.txt"), "cat\n dog\n\ncow\n");
        Path file = SmallOnnx.of().write(folder, "task: classification\nclasses: names.txt\n");
        assertThat(ModelPackage.readConfig(file).classes()).containsExactly("cat", "dog", "cow");
        SmallOnnx.of().write(folder, "task: classification\n");
        assertThat(ModelPackage.readConfig(file).classes()).containsExactly("0", "1", "2");
    }

    @Test
    void aFileThatSaysNothingGetsTheLineToWrite() throws Exception {
        Path file = SmallOnnx.of().write(folder, CLASSES);
        Files.delete(folder.resolve("small.yaml"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPackage.readConfig(file))
                .withMessage(
                        file + ": does not say what it is for, as files do that were exported here. Write small.yaml "
                                + "beside it, such as {task: classification, classes: [cat, dog], normalize: imagenet}");
        Files.writeString(
                folder.resolve("small.yaml"), "{task: classification, classes: [cat, dog, cow], normalize: imagenet}");
        assertThat(ModelPackage.readConfig(file).preprocess().std().get(0)).isEqualTo(0.229, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "task: classification, clases: [a, b, c] | unknown key 'clases', did you mean 'classes'?",
                "task: clasification | unknown task 'clasification', did you mean 'classification'?",
                "classes: [a, b, c] | task: expected the word of a task, such as classification",
                "task: classification, size: 9x9 | size: the graph takes images of 8, got 9",
                "task: classification, size: big | size: expected HEIGHTxWIDTH",
                "task: classification, mean: [1, 2] | mean: expected a number, or one for each of 3 channels",
                "task: classification, std: 0 | needs 3 means and positive deviations",
                "task: classification, classes: [a, b] | its output 'answer' has 3 values, there are 2 classes",
                "task: classification, classes: ../names.txt | which is not in the folder of the model",
                "task: classification, output: other | output: there is no 'other', there are [answer]",
                "task: classification, order: rbg | order: expected rgb, bgr, got \"rbg\"",
                "task: diffusion | ONNX files are not used as models for diffusion",
                "task: detection | has no output 'boxes'",
                "task: segmentation | Expected of segmentation logits [N, K, h, w]"
            })
    void saysWhatIsWrongBesideTheFile(String keys, String message) {
        Path file = SmallOnnx.of().write(folder, "{" + keys.strip() + "}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPackage.read(file))
                .withMessageContaining(message);
    }

    @Test
    void predictsEvaluatesAndHasNoWeights() {
        Path file = SmallOnnx.of().write(folder, CLASSES);
        var classifier = Classifier.load(file);
        var image = new Image(20, 10, 3, new byte[600]);
        float[] shares = classifier.probabilities(image);
        assertThat(shares[0] + shares[1] + shares[2]).isEqualTo(1, within(1e-5f));
        assertThat(classifier.parameters()).isZero();
        assertThat(Tasks.ALL.load(file, "cpu").predictor().predict(image).text())
                .contains("cat")
                .contains("dog");
    }

    @Test
    void isNothingToTrainOrToWrite() {
        Path file = SmallOnnx.of().write(folder, CLASSES);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classifier.load(file).save(folder.resolve("package")))
                .withMessage(
                        folder.resolve("package")
                                + ": the weights of 'small.onnx' are in that file alone, no package can be written of it. Copy the file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create("small.onnx", 3, 8, 8, 3))
                .withMessage("'small.onnx': the network of an ONNX file answers and cannot be built upon or trained. "
                        + "Name the run or package that it was exported from");
    }

    @Test
    void hasNoGradientsAndIsExplainedByOcclusion() {
        var net = SavedNet.load(SmallOnnx.of().write(folder, CLASSES), "cpu");
        var outputs = new dev.fovea.run.NetOutputs(net, logits -> logits.softmax(1));
        var image = new Image(8, 8, 3, new byte[8 * 8 * 3]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> outputs.explain(image, "saliency", 0))
                .withMessageStartingWith("saliency: needs a network with gradients, this has none; occlusion or rise");
        assertThat(outputs.method("")).isEqualTo("occlusion");
        assertThat(outputs.explain(image, "occlusion", 0)).hasNumberOfRows(8);
    }

    @Test
    void readsTheConfigThatTheFileCarries() {
        Path model = SmallOnnx.of().write(folder, "broken");
        var written = ModelPackage.readConfig(SmallOnnx.of().write(folder, CLASSES));
        String json = """
                {"format": 2, "task": {"type": "classification"}, "architecture": {"layers": "flatten, dense classes"},
                 "classes": ["a", "b", "c"],
                 "preprocess": {"height": 8, "width": 8, "channels": 3, "resize": "crop", "crop": 0.9, "filter": "bilinear",
                   "antialias": true, "mean": [0, 0, 0], "std": [1, 1, 1], "scaling": "channel",
                   "frames": {"length": 1, "stride": 1, "sampling": "uniform"}},
                 "loss": {"type": "cross-entropy", "labelSmoothing": 0, "classWeights": []}, "thresholds": {},
                 "calibration": {"temperature": 2, "images": 9}, "metrics": {},
                 "provenance": {"date": "", "engine": "", "run": "r", "command": "", "recipe": "", "epoch": "",
                   "data": {"name": "", "options": {}, "train": {"images": 0, "fingerprint": ""},
                     "validation": {"images": 0, "fingerprint": ""}}}}
                """;
        assertThat(written.calibration()).isEmpty();
        OnnxWriter.write(model, SmallOnnx.of().model(Map.of("config", json)));
        ModelPackage.Config config = ModelPackage.readConfig(model);
        assertThat(config.classes()).containsExactly("a", "b", "c");
        assertThat(config.preprocess().crop()).isEqualTo(0.9);
        assertThat(config.calibration()).containsExactly(Map.entry("temperature", 2.0));
        assertThat(Classifier.load(model).temperature()).isEqualTo(2);
    }

    @Test
    void answersSeveralThreadsAtOnce() throws Exception {
        Layer net = net(SmallOnnx.of().write(folder, CLASSES));
        List<float[]> inputs = java.util.stream.IntStream.range(0, 8)
                .mapToObj(i -> {
                    try (var scope = new Scope()) {
                        return Tensor.rand(Random.of(new Seed(i)), 192).toFloats();
                    }
                })
                .toList();
        var pool = Executors.newFixedThreadPool(4);
        try {
            var futures = new java.util.ArrayList<Future<Double>>();
            for (int repeat = 0; repeat < 200; repeat++) {
                float[] input = inputs.get(repeat % inputs.size());
                Callable<Double> answer = () -> {
                    try (var scope = new Scope();
                            var noGrad = new NoGrad()) {
                        Tensor images = Tensor.of(input, 1, 3, 8, 8);
                        return net.forward(images)
                                .sub(SmallOnnx.expected(images))
                                .abs()
                                .max()
                                .item();
                    }
                };
                futures.add(pool.submit(answer));
            }
            for (Future<Double> future : futures) {
                assertThat(future.get()).isLessThan(1e-5);
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void knowsTheNewestOperatorsThatTheRuntimeKnows() {
        byte[] newest = bytes(SmallOnnx.of().withOpset(OnnxHeader.NEWEST_OPSET));
        byte[] newer = bytes(SmallOnnx.of().withOpset(OnnxHeader.NEWEST_OPSET + 1));
        assertThat(new OnnxSession(newest, "newest").outputs()).containsExactly("answer");
        assertThatThrownBy(() -> new OnnxSession(newer, "newer"))
                .hasMessageContaining("newer: ONNX Runtime cannot use it");
    }

    private byte[] bytes(SmallOnnx model) {
        try {
            return Files.readAllBytes(model.write(folder, CLASSES));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void refusesAnInputOfAnotherSize() {
        Layer net = net(SmallOnnx.of().write(folder, CLASSES));
        try (var scope = new Scope()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> net.forward(Tensor.zeros(DType.FLOAT32, 1, 3, 9, 9)))
                    .withMessageStartingWith("ONNX Runtime cannot compute float32[1, 3, 9, 9]: Got invalid dimensions");
        }
    }

    @Test
    void aFolderThatRunsNoProgramsIsNamedWhereTheRuntimeCannotBeLoaded() {
        var cause = new UnsatisfiedLinkError("libonnxruntime.so: failed to map segment from shared object");
        assertThat(OnnxSession.unloadable(new ExceptionInInitializerError(cause)))
                .hasMessageContaining("(libonnxruntime.so: failed to map segment from shared object)")
                .hasMessageEndingWith(System.getProperty("java.io.tmpdir") + ", must allow programs to run");
    }
}
