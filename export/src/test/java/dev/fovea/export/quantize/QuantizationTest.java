package dev.fovea.export.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.export.OnnxAttribute;
import dev.fovea.export.OnnxExport;
import dev.fovea.export.OnnxGraph;
import dev.fovea.export.OnnxModel;
import dev.fovea.export.OnnxNode;
import dev.fovea.export.OnnxTensor;
import dev.fovea.export.OnnxType;
import dev.fovea.export.OnnxValue;
import dev.fovea.export.OnnxWriter;
import dev.fovea.export.runtime.OnnxFunction;
import dev.fovea.run.Subset;
import dev.fovea.task.classify.Classifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizationTest {

    @TempDir
    private Path folder;

    private final List<OnnxNode> nodes = new ArrayList<>();
    private final List<OnnxTensor> weights = new ArrayList<>();
    private int seed;

    private String weight(String name, double shift, double size, long... dims) {
        try (var scope = new Scope()) {
            float[] values = Tensor.randn(Random.of(new Seed(seed++)), dims)
                    .mul(size)
                    .add(shift)
                    .toFloats();
            var shape = new ArrayList<Long>();
            for (long dim : dims) {
                shape.add(dim);
            }
            weights.add(OnnxTensor.of(name, shape, values));
            return name;
        }
    }

    private String node(String op, String output, Map<String, OnnxAttribute> attributes, String... inputs) {
        nodes.add(new OnnxNode(output, op, "", List.of(inputs), List.of(output), attributes));
        return output;
    }

    private String convolution(String name, String input, int in, int out) {
        String convolved = node(
                "Conv",
                name,
                Map.of("pads", new OnnxAttribute.Wholes(List.of(1L, 1L, 1L, 1L))),
                input,
                weight(name + ".weight", 0, 0.3, out, in, 3, 3));
        return node(
                "BatchNormalization",
                name + ".norm",
                Map.of("epsilon", new OnnxAttribute.Real(1e-5f)),
                convolved,
                weight(name + ".scale", 1, 0.2, out),
                weight(name + ".shift", 0, 0.2, out),
                weight(name + ".mean", 0, 0.2, out),
                variance(name + ".variance", out));
    }

    private String variance(String name, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = 0.5f + i;
        }
        weights.add(OnnxTensor.of(name, List.of((long) count), values));
        return name;
    }

    /** Two convolutions with a shortcut around the second, means over all places, two products. */
    private OnnxModel residual() {
        String first = node("Relu", "first", Map.of(), convolution("one", "image", 3, 8));
        String sum =
                node("Relu", "sum", Map.of(), node("Add", "added", Map.of(), convolution("two", first, 8, 8), first));
        String flat = node("Flatten", "flat", Map.of(), node("GlobalAveragePool", "pooled", Map.of(), sum));
        String hidden = node(
                "Gemm",
                "hidden",
                Map.of("transB", new OnnxAttribute.Whole(1)),
                flat,
                weight("dense.weight", 0, 0.5, 16, 8),
                weight("dense.bias", 0, 0.1, 16));
        String turned = node(
                "Transpose",
                "turned",
                Map.of("perm", new OnnxAttribute.Wholes(List.of(1L, 0L))),
                weight("last.weight", 0, 0.5, 4, 16));
        node("MatMul", "answer", Map.of(), hidden, turned);
        OnnxValue.Dim any = OnnxValue.Dim.any("n");
        return new OnnxModel(
                8,
                "test",
                "",
                Map.of("", 13L),
                new OnnxGraph(
                        "residual",
                        nodes,
                        weights,
                        List.of(new OnnxValue(
                                "image",
                                OnnxType.FLOAT32,
                                List.of(any, OnnxValue.Dim.of(3), OnnxValue.Dim.of(16), OnnxValue.Dim.of(16)))),
                        List.of(new OnnxValue("answer", OnnxType.FLOAT32, List.of(any, OnnxValue.Dim.of(4))))),
                Map.of("config", CONFIG));
    }

    private static final String CONFIG = """
            {"format": 2, "task": {"type": "classification"}, "architecture": {"layers": "flatten, dense classes"},
             "classes": ["a", "b", "c", "d"],
             "preprocess": {"height": 16, "width": 16, "channels": 3, "resize": "stretch", "crop": 1, "filter": "bilinear",
               "antialias": true, "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25], "scaling": "channel",
               "frames": {"length": 1, "stride": 1, "sampling": "uniform"}},
             "loss": {"type": "cross-entropy", "labelSmoothing": 0, "classWeights": []}, "thresholds": {},
             "calibration": {}, "metrics": {},
             "provenance": {"date": "", "engine": "", "run": "r", "command": "", "recipe": "", "epoch": "",
               "data": {"name": "", "options": {}, "train": {"images": 0, "fingerprint": ""},
                 "validation": {"images": 0, "fingerprint": ""}}}}
            """;

    private static Dataset images(int count) {
        return Subset.evenly(Data.open("shapes", Data.Options.of()).train(), count);
    }

    private static OnnxModel with(OnnxModel model, OnnxGraph graph) {
        return new OnnxModel(model.irVersion(), "test", "", model.opsets(), graph, model.metadata());
    }

    private float[] answers(OnnxModel model, Tensor images) {
        Path file = folder.resolve("model.onnx");
        OnnxWriter.write(file, model);
        try (var noGrad = new NoGrad()) {
            return OnnxFunction.of(file).apply(images).get("answer").toFloats();
        }
    }

    @Test
    void foldsNormsAndTurnedWeightsWithoutChangingWhatIsComputed() {
        OnnxModel model = residual();
        OnnxModel folded = with(model, NormFolding.of(model.graph()));
        assertThat(folded.graph().nodes())
                .extracting(OnnxNode::op)
                .containsExactly(
                        "Conv", "Relu", "Conv", "Add", "Relu", "GlobalAveragePool", "Flatten", "Gemm", "MatMul");
        assertThat(folded.graph().initializers())
                .extracting(OnnxTensor::name)
                .doesNotContain("one.weight", "last.weight");
        try (var scope = new Scope()) {
            Tensor images = Tensor.randn(Random.of(new Seed(9)), 3, 3, 16, 16);
            assertThat(answers(folded, images)).containsExactly(answers(model, images), within(1e-4f));
        }
    }

    @Test
    void computesConvolutionsAndProductsInEightBitsCloseToTheNetwork() {
        OnnxModel model = residual();
        Quantization.Result result = Quantization.of(model, images(40));
        assertThat(result.nodes()).isEqualTo(4);
        assertThat(result.error()).isLessThan(0.03).isPositive();
        List<OnnxTensor> bytes = result.model().graph().initializers().stream()
                .filter(tensor -> tensor.type() == OnnxType.INT8)
                .filter(tensor -> tensor.name().endsWith("/quantized"))
                .toList();
        assertThat(bytes).hasSize(4);
        try (var scope = new Scope()) {
            Tensor images =
                    Tensor.rand(Random.of(new Seed(9)), 3, 3, 16, 16).sub(0.5).mul(4);
            float[] exact = answers(model, images);
            float[] rounded = answers(result.model(), images);
            for (int i = 0; i < exact.length; i++) {
                assertThat(rounded[i]).isEqualTo(exact[i], within(0.1f * largest(exact)));
            }
        }
    }

    private static float largest(float[] values) {
        float most = 0;
        for (float value : values) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }

    @Test
    void weightsHaveAScaleForEachOutputChannelAndBiasesThatOfTheProduct() {
        OnnxModel model = residual();
        Map<String, OnnxTensor> made = new HashMap<>();
        Quantization.of(model, images(8))
                .model()
                .graph()
                .initializers()
                .forEach(tensor -> made.put(tensor.name(), tensor));
        OnnxGraph folded = NormFolding.of(model.graph());
        OnnxTensor weight = folded.initializers().stream()
                .filter(tensor -> tensor.name().equals("one.norm/folded_weight"))
                .findFirst()
                .orElseThrow();
        float[] exact = Weights.values(weight);
        float[] scales = Weights.values(made.get("one/weight/scale"));
        assertThat(scales).hasSize(8);
        for (int i = 0; i < exact.length; i++) {
            float scale = scales[i / 27];
            float back = made.get("one/weight/quantized").data().get(i) * scale;
            assertThat(back).isEqualTo(exact[i], within(0.501f * scale));
        }
        float input = Weights.values(made.get("image/scale"))[0];
        assertThat(Weights.values(made.get("one/bias/scale"))[3]).isEqualTo(input * scales[3]);
    }

    @Test
    void theFileIsAModelWithTheSameClasses() {
        Path file = folder.resolve("eight.onnx");
        OnnxWriter.write(file, Quantization.of(residual(), images(8)).model());
        assertThat(Classifier.load(file).predict(images(1).image(0)).top()).hasSize(4);
    }

    @Test
    void refusesWhatItCannotDo() {
        OnnxModel model = residual();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantization.of(model, Dataset.empty(List.of("a"))))
                .withMessage(
                        "int8: ranges are measured on images, there is none. Name data like that the model is meant for");
        var plain = new OnnxGraph(
                "plain",
                List.of(new OnnxNode("answer", "Relu", "", List.of("image"), List.of("answer"), Map.of())),
                List.of(),
                model.graph().inputs(),
                model.graph().inputs());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantization.of(with(model, plain), images(2)))
                .withMessageStartingWith("int8: the network has no convolution or product with weights");
    }

    @Test
    void refusesTasksWhoseFilesAreNoModels() {
        OnnxExport export = OnnxExport.load(Path.of("../core/src/test/resources/packages/anomaly"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Int8Export(export, null))
                .withMessageStartingWith("int8: ONNX files are not used as models for anomaly");
    }

    @Test
    void rangesLeaveOutWhatIsRare() {
        var histogram = new Histogram();
        float[] values = new float[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 1000 / 1000f;
        }
        values[7] = 50;
        histogram.widen(values);
        histogram.count(values);
        assertThat(RangeRule.MIN_MAX.of(histogram)).isEqualTo(new ValueRange(0, 50));
        assertThat(RangeRule.PERCENTILE.of(histogram).high()).isEqualTo(1, within(0.05f));
        assertThat(RangeRule.SQUARED_ERROR.of(histogram).high()).isBetween(0.9f, 50f);
    }

    @Test
    void everyRangeHoldsZero() {
        for (double low : new double[] {-3.7, -0.01, 0, 2}) {
            ValueRange range = ValueRange.of(low, 1.3);
            assertThat(range.low()).isLessThanOrEqualTo(0);
            assertThat(range.zero()).isBetween(0, 255);
            assertThat(-range.zero() * range.scale()).isEqualTo(range.low(), within(range.scale()));
        }
    }
}
