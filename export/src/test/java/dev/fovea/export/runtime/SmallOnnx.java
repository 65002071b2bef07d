package dev.fovea.export.runtime;

import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.export.OnnxAttribute;
import dev.fovea.export.OnnxGraph;
import dev.fovea.export.OnnxModel;
import dev.fovea.export.OnnxNode;
import dev.fovea.export.OnnxTensor;
import dev.fovea.export.OnnxType;
import dev.fovea.export.OnnxValue;
import dev.fovea.export.OnnxWriter;
import dev.fovea.io.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small classifier as an ONNX file: convolution 3 to 4, ReLU, mean over the places, dense 4 to 3. */
record SmallOnnx(OnnxType type, List<OnnxValue.Dim> dims, boolean channelsLast, String activation, long opset) {

    static final OnnxValue.Dim ANY = OnnxValue.Dim.any("n");

    private static final float[] CONVOLUTION = drawn(1, 4 * 3 * 3 * 3);
    private static final float[] DENSE = drawn(2, 4 * 3);

    static SmallOnnx of() {
        return new SmallOnnx(OnnxType.FLOAT32, channelsFirst(ANY, 8), false, "", 17);
    }

    static List<OnnxValue.Dim> channelsFirst(OnnxValue.Dim batch, int side) {
        return List.of(batch, OnnxValue.Dim.of(3), OnnxValue.Dim.of(side), OnnxValue.Dim.of(side));
    }

    SmallOnnx withInput(OnnxType value, boolean last, OnnxValue.Dim batch) {
        List<OnnxValue.Dim> shape = last
                ? List.of(batch, OnnxValue.Dim.of(8), OnnxValue.Dim.of(8), OnnxValue.Dim.of(3))
                : channelsFirst(batch, 8);
        return new SmallOnnx(value, shape, last, activation, opset);
    }

    SmallOnnx withActivation(String value) {
        return new SmallOnnx(type, dims, channelsLast, value, opset);
    }

    SmallOnnx withOpset(long value) {
        return new SmallOnnx(type, dims, channelsLast, activation, value);
    }

    /** What it computes of float32 images [N, 3, H, W]. */
    static Tensor expected(Tensor images) {
        return images.conv2d(Tensor.of(CONVOLUTION, 4, 3, 3, 3), null, 1, 1, 1, 1)
                .relu()
                .mean(2, 3)
                .matmul(Tensor.of(DENSE, 4, 3));
    }

    OnnxModel model(Map<String, String> metadata) {
        var nodes = new ArrayList<OnnxNode>();
        String x = "image";
        if (type != OnnxType.FLOAT32) {
            nodes.add(node("Cast", List.of(x), "cast", Map.of("to", new OnnxAttribute.Whole(1))));
            x = "cast";
        }
        if (channelsLast) {
            nodes.add(node(
                    "Transpose",
                    List.of(x),
                    "first",
                    Map.of("perm", new OnnxAttribute.Wholes(List.of(0L, 3L, 1L, 2L)))));
            x = "first";
        }
        nodes.add(node(
                "Conv",
                List.of(x, "convolution"),
                "convolved",
                Map.of("pads", new OnnxAttribute.Wholes(List.of(1L, 1L, 1L, 1L)))));
        nodes.add(node("Relu", List.of("convolved"), "positive", Map.of()));
        nodes.add(node("GlobalAveragePool", List.of("positive"), "pooled", Map.of()));
        nodes.add(node("Flatten", List.of("pooled"), "flat", Map.of()));
        nodes.add(node("MatMul", List.of("flat", "dense"), activation.isEmpty() ? "answer" : "logits", Map.of()));
        if (!activation.isEmpty()) {
            nodes.add(node(activation, List.of("logits"), "answer", Map.of()));
        }
        var graph = new OnnxGraph(
                "small",
                nodes,
                List.of(
                        OnnxTensor.of("convolution", List.of(4L, 3L, 3L, 3L), CONVOLUTION),
                        OnnxTensor.of("dense", List.of(4L, 3L), DENSE)),
                List.of(new OnnxValue("image", type, dims)),
                List.of(new OnnxValue("answer", OnnxType.FLOAT32, List.of(dims.get(0), OnnxValue.Dim.of(3)))));
        return new OnnxModel(8, "test", "", Map.of("", opset), graph, metadata);
    }

    /** Writes it with a file beside it. */
    Path write(Path folder, String beside) {
        Path file = folder.resolve("small.onnx");
        OnnxWriter.write(file, model(Map.of()));
        AtomicFile.write(folder.resolve("small.yaml"), beside);
        return file;
    }

    private static OnnxNode node(String op, List<String> inputs, String output, Map<String, OnnxAttribute> attributes) {
        return new OnnxNode(output, op, "", inputs, List.of(output), attributes);
    }

    private static float[] drawn(int seed, int count) {
        try (var scope = new Scope()) {
            return Tensor.randn(Random.of(new Seed(seed)), count).toFloats();
        }
    }
}
