package dev.fovea.export.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.export.OnnxGraph;
import dev.fovea.export.OnnxModel;
import dev.fovea.export.OnnxNode;
import dev.fovea.export.OnnxTensor;
import dev.fovea.export.OnnxType;
import dev.fovea.export.OnnxValue;
import dev.fovea.export.OnnxValue.Dim;
import dev.fovea.export.OnnxWriter;
import dev.fovea.models.DetectionNet;
import dev.fovea.models.ModelPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxDetectorTest {

    private static final float[] BOXES = {0, 0, 4, 4, 2, 2, 8, 8};
    private static final float[] SCORES = {0.9f, 0.8f};

    @TempDir
    private Path folder;

    /** A file that gives the same about whatever image. */
    private Path file(String beside, OnnxTensor... outputs) throws IOException {
        var nodes = new ArrayList<OnnxNode>();
        var values = new ArrayList<OnnxValue>();
        var weights = new ArrayList<OnnxTensor>();
        for (OnnxTensor output : outputs) {
            String name = output.name();
            weights.add(new OnnxTensor("all_" + name, output.type(), output.dims(), output.data()));
            nodes.add(new OnnxNode(name, "Identity", "", List.of("all_" + name), List.of(name), Map.of()));
            values.add(new OnnxValue(
                    name, output.type(), output.dims().stream().map(Dim::of).toList()));
        }
        var image = new OnnxValue("image", OnnxType.FLOAT32, SmallOnnx.channelsFirst(Dim.of(1), 8));
        var graph = new OnnxGraph("detector", nodes, weights, List.of(image), values);
        Path file = folder.resolve("detector.onnx");
        OnnxWriter.write(file, new OnnxModel(8, "test", "", Map.of("", 17L), graph, Map.of()));
        Files.writeString(folder.resolve("detector.yaml"), "task: detection\nclasses: [cat, dog]\n" + beside);
        return file;
    }

    private static OnnxTensor reals(String name, List<Long> dims, float... values) {
        return OnnxTensor.of(name, dims, values);
    }

    private static OnnxTensor labels(long... values) {
        return OnnxTensor.of("labels", List.of((long) values.length), values);
    }

    private static DetectionNet.Found found(Path file) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var net = (DetectionNet) ModelPackage.read(file).net();
            return net.detect(Tensor.zeros(1, 3, 8, 8), new DetectionNet.Limits(0.1, 0.5, 10))
                    .get(0);
        }
    }

    private static void refused(Path file, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> found(file)).withMessageStartingWith(message);
    }

    @Test
    void theFirstLabelIsThatOfTheFileBeside() throws IOException {
        OnnxTensor boxes = reals("boxes", List.of(2L, 4L), BOXES);
        OnnxTensor scores = reals("scores", List.of(2L), SCORES);
        assertThat(found(file("", boxes, scores, labels(0, 1))).labels()).containsExactly(0, 1);
        assertThat(found(file("firstLabel: 1\n", boxes, scores, labels(2, 1))).labels())
                .containsExactly(1, 0);
    }

    @Test
    void refusesLabelsOfNoClass() throws IOException {
        OnnxTensor boxes = reals("boxes", List.of(2L, 4L), BOXES);
        OnnxTensor scores = reals("scores", List.of(2L), SCORES);
        for (long label : new long[] {2, -1, 1L << 40}) {
            refused(
                    file("", boxes, scores, labels(0, label)),
                    "the ONNX file gives the label %s, expected 0 to 1 for 2 classes".formatted(label));
        }
        refused(
                file("firstLabel: 1\n", boxes, scores, labels(0, 1)),
                "the ONNX file gives the label 0, expected 1 to 2 for 2 classes");
    }

    @Test
    void refusesBoxesThatAreNoNumbers() throws IOException {
        Path file = file(
                "",
                reals("boxes", List.of(2L, 4L), 0, 0, 4, 4, 2, Float.NaN, 8, 8),
                reals("scores", List.of(2L), SCORES),
                labels(0, 1));
        refused(file, "the ONNX file gives a box that ends at NaN");
    }

    @Test
    void refusesScoresThatAreNotOneForEachBoxAndClass() throws IOException {
        OnnxTensor boxes = reals("boxes", List.of(1L, 2L, 4L), BOXES);
        refused(
                file("", boxes, reals("scores", List.of(1L, 3L), 0.9f, 0.8f, 0.7f)),
                "the ONNX file gives 2 boxes and 3 scores, expected one for each box and each of 2 classes");
        assertThat(found(file("", boxes, reals("scores", List.of(1L, 2L, 2L), 0.9f, 0, 0, 0.8f)))
                        .labels())
                .containsExactly(0, 1);
    }
}
